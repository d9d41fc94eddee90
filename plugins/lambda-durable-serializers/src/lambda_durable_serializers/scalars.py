"""Standard types that JSON has no word for, each with its tag and its text.

| tag | type | written as |
|---|---|---|
| `!decimal` | Decimal | its text: `"1.50"`, `"NaN"` |
| `!uuid` | UUID | its text |
| `!bytes` | bytes | base64 |
| `!datetime` | datetime | ISO 8601, then `[zone]` for a ZoneInfo and `[fold=1]` (RFC 9557) |
| `!date` | date | ISO 8601 |
| `!time` | time | as datetime |
| `!timedelta` | timedelta | `[days, seconds, microseconds]` |

The modules are imported when a value is there to be written or read, not before.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from .nodes import is_list


class Scalar(NamedTuple):
    """How one type is written below its tag, and read back."""

    tag: str
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def _encode_date(value: Any) -> str:
    text: str = value.isoformat()
    return text


def _encode_timedelta(value: Any) -> list[int]:
    return [value.days, value.seconds, value.microseconds]


def _encode_moment(value: Any) -> str:
    text: str = value.isoformat()
    zone = getattr(value.tzinfo, "key", None)
    if isinstance(zone, str):
        text += f"[{zone}]"
    return f"{text}[fold=1]" if value.fold else text


def _parts(text: Any) -> tuple[str, str | None, int]:
    """Split the text of a moment into ISO 8601, zone and fold."""
    iso, *suffixes = _text(text).split("[")
    fold = suffixes[-1:] == ["fold=1]"]
    zones = [suffix.removesuffix("]") for suffix in (suffixes[:-1] if fold else suffixes)]
    return iso, (zones[0] if zones else None), int(fold)


def _decode_datetime(text: Any) -> Any:
    from datetime import datetime

    iso, zone, fold = _parts(text)
    value = datetime.fromisoformat(iso)
    if zone is None:
        return value.replace(fold=fold)
    from zoneinfo import ZoneInfo

    local = value.replace(tzinfo=ZoneInfo(zone), fold=fold)
    if value.tzinfo is None or local.utcoffset() == value.utcoffset():
        return local
    return value.astimezone(ZoneInfo(zone))  # the zone's rules changed: the instant stays


def _decode_time(text: Any) -> Any:
    from datetime import time

    iso, zone, fold = _parts(text)
    value = time.fromisoformat(iso).replace(fold=fold)
    if zone is None:
        return value
    from zoneinfo import ZoneInfo

    return value.replace(tzinfo=ZoneInfo(zone))


def _decode_date(text: Any) -> Any:
    from datetime import date

    return date.fromisoformat(_text(text))


def _decode_timedelta(parts: Any) -> Any:
    from datetime import timedelta

    if is_list(parts):
        days, seconds, microseconds = parts
        return timedelta(days, seconds, microseconds)
    return timedelta(seconds=_number(parts))


def _decode_decimal(text: Any) -> Any:
    from decimal import Decimal

    return Decimal(text if isinstance(text, str) else repr(_number(text)))


def _decode_uuid(text: Any) -> Any:
    from uuid import UUID

    return UUID(_text(text))


def _encode_bytes(value: bytes) -> str:
    from binascii import b2a_base64

    return b2a_base64(value, newline=False).decode()


def _decode_bytes(text: Any) -> bytes:
    from binascii import a2b_base64

    return a2b_base64(_text(text), strict_mode=True)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r:.80} is no number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.80} is no text")
    return value


SCALARS: Final = {
    ("decimal", "Decimal"): Scalar("!decimal", str, _decode_decimal),
    ("uuid", "UUID"): Scalar("!uuid", str, _decode_uuid),
    ("builtins", "bytes"): Scalar("!bytes", _encode_bytes, _decode_bytes),
    ("datetime", "datetime"): Scalar("!datetime", _encode_moment, _decode_datetime),
    ("datetime", "date"): Scalar("!date", _encode_date, _decode_date),
    ("datetime", "time"): Scalar("!time", _encode_moment, _decode_time),
    ("datetime", "timedelta"): Scalar(
        "!timedelta",
        _encode_timedelta,
        _decode_timedelta,
    ),
}
"""By module and name of the type, so that nothing is imported to look one up."""

SCALARS_BY_TAG: Final = {scalar.tag: scalar for scalar in SCALARS.values()}


def scalar_of(type: Any) -> Scalar | None:
    """Return how a type is written, None if it is no standard scalar; subclasses are not."""
    return SCALARS.get((getattr(type, "__module__", ""), getattr(type, "__qualname__", "")))
