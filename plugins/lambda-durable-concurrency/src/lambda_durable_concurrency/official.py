"""What the official AWS SDK for Python keeps of a batch, read as if it were ours.

For executions that are moved over. Each of its values is `{"t": tag, "v": value}`: `br` for a
batch, `l` and `m` for lists and objects, `n s i f b` for what JSON has itself, others for more.
"""

import json
from typing import Any, Final

_BARE: Final = frozenset("nsifb")


def as_ours(value: Any) -> Any:
    """Return a batch of the official SDK as our payload is, and anything else as it is."""
    if not (
        isinstance(value, dict) and value.get("t") == "br" and isinstance(value.get("v"), dict)
    ):
        return value
    try:
        kept = value["v"]
        entries = [_entry(each["v"]) for each in kept["all"]["v"]]
        return {"all": entries, "completionReason": _plain(kept["completionReason"])}
    except (KeyError, TypeError, ValueError):
        return value


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    entry = {"index": _plain(item["index"]), "status": _plain(item["status"])}
    if entry["status"] == "FAILED":
        return entry | {"error": _plain(item["error"])}
    if entry["status"] != "SUCCEEDED":
        return entry
    try:
        return entry | {"result": _plain(item["result"])}
    except ValueError:  # only a serializer that knows the official format can read it
        return entry | {"payload": json.dumps(item["result"])}


def _plain(node: dict[str, Any]) -> Any:
    """Return a value as plain JSON; ValueError if it has a type that plain JSON has not."""
    tag, inner = node["t"], node["v"]
    if tag in _BARE:
        return inner
    if tag == "l":
        return [_plain(item) for item in inner]
    if tag == "m":
        return {key: _plain(item) for key, item in inner.items()}
    raise ValueError(f"{tag!r} is no tag of plain JSON")
