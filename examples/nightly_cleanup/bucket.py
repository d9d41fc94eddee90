"""A fake of a bucket with uploads: some were made long ago, and no order ever came for them."""

from datetime import UTC, datetime, timedelta
from typing import TypedDict

PAGE = 10
FIRST_UPLOAD = datetime(2025, 11, 1, tzinfo=UTC)

uploads: dict[str, datetime] = {}


class Page(TypedDict):
    """Some keys, and where the next page begins; None after the last one."""

    keys: list[str]
    next: str | None


def fill() -> dict[str, datetime]:
    """Put 25 uploads into the bucket, two a day, and return what it holds."""
    uploads.clear()
    for number in range(25):
        uploads[f"uploads/{number:03}.png"] = FIRST_UPLOAD + timedelta(hours=12 * number)
    return uploads


def list_old(before: datetime, start: str | None) -> Page:
    """Return the next keys of uploads that are older, from a key on."""
    found = [key for key, made in sorted(uploads.items()) if made < before and key >= (start or "")]
    return {"keys": found[:PAGE], "next": found[PAGE] if len(found) > PAGE else None}


def delete(keys: list[str]) -> int:
    """Delete uploads; what is gone already is no error. Return how many were named."""
    for key in keys:
        uploads.pop(key, None)
    return len(keys)


fill()
