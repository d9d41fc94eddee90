"""The contexts that handlers work with, one for each flavour; their words are the same."""

from .awaited import AsyncDurableContext
from .plain import DurableContext

__all__ = ["AsyncDurableContext", "DurableContext"]
