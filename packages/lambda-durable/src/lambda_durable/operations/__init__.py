"""The standard operations, each a flow over the effects; one module each, loaded on first use."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .child import ChildContext
    from .condition import Condition
    from .invoke import Invoke
    from .step import Step
    from .wait import Wait
else:
    from ..lazy import on_first_use

    __getattr__, __dir__ = on_first_use(
        __name__,
        {
            "child": ("ChildContext",),
            "condition": ("Condition",),
            "invoke": ("Invoke",),
            "step": ("Step",),
            "wait": ("Wait",),
        },
    )

__all__ = ["ChildContext", "Condition", "Invoke", "Step", "Wait"]
