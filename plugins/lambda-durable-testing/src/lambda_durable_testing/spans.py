"""Spans of time as tests give them."""

from datetime import timedelta

from lambda_durable.abc import Duration
from lambda_durable.errors import InvalidInputError


def seconds(duration: Duration) -> float:
    """Return a span of time in seconds; refuse what is none, or goes back."""
    span = duration.total_seconds() if isinstance(duration, timedelta) else duration
    if isinstance(span, bool) or not isinstance(span, int | float) or not 0 <= span < 1e10:
        raise InvalidInputError(
            f"time is a timedelta or seconds, and never goes back; {duration!r:.80} is neither"
        )
    return float(span)
