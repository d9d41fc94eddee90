"""What the words of the contexts can be given, beside functions and values."""

from typing import Any, Final, Literal, TypeAlias

StepSemantics: TypeAlias = Literal["at-least-once", "at-most-once"]
"""What happens to an attempt that was interrupted: it is run again, or counted as failed."""

NO_PAYLOAD: Final[Any] = object()
"""Stands for a payload that was not given; None is one, and travels as `null`."""
