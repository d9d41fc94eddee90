"""Tells `async def` functions from ordinary ones, and cancellations from other ends."""

import sys
from collections.abc import Callable
from functools import partial
from inspect import iscoroutinefunction
from typing import Any


def is_async(function: Callable[..., Any]) -> bool:
    """Return whether calling `function` gives a coroutine, as far as it can be known before."""
    while isinstance(function, partial):
        function = function.func
    if iscoroutinefunction(function):
        return True
    return iscoroutinefunction(getattr(type(function), "__call__", None))  # noqa: B004 - the method itself is wanted


def is_cancellation(error: BaseException) -> bool:
    """Return whether an exception is asyncio's CancelledError, without importing asyncio."""
    cancelled = getattr(sys.modules.get("asyncio"), "CancelledError", None)
    return cancelled is not None and isinstance(error, cancelled)
