"""The standard operations, each a flow over the effects; one module each."""

from .child import ChildContext
from .condition import Condition
from .invoke import NO_PAYLOAD, Invoke
from .step import Step, StepSemantics
from .wait import Wait

__all__ = ["NO_PAYLOAD", "ChildContext", "Condition", "Invoke", "Step", "StepSemantics", "Wait"]
