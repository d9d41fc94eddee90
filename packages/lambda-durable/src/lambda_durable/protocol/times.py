"""Timestamps: numbers of milliseconds in events, datetimes from boto3, ISO 8601 elsewhere."""

from datetime import UTC, datetime


def epoch_seconds(value: object) -> float | None:
    """Return seconds since 1970 for a timestamp of any kind the service sends, None for none.

    A number is milliseconds (the invocation event); a datetime without a zone is UTC.
    """
    if value is None:
        return None
    if isinstance(value, int | float):
        return value / 1000
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        msg = f"a timestamp is milliseconds, an ISO 8601 string or a datetime, not {value!r}"
        raise TypeError(msg)
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value.timestamp()
