"""The event of an execution: from a file, from standard input, or as it was typed."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from lambda_durable.protocol import Limits

from .errors import EventError
from .targets import did_you_mean


def payload(given: str | None, *, limit: int | None = Limits.PAYLOAD_BYTES) -> str:
    """Return the event as compact JSON text; raise EventError if it is none, or over `limit` bytes.

    `given` is `-` for standard input, the path of a file, or JSON; None is an empty object.
    """
    if given is None:
        return "{}"
    text, source = _read(given)
    try:
        value: Any = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _not_json(source, text, error) from None
    except ValueError as error:
        raise EventError(f"{source} is not JSON: {error}") from None
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    size = len(compact.encode("utf-8", "surrogatepass"))
    if limit is not None and size > limit:
        raise EventError(
            f"the event takes {size:,} bytes; Lambda takes at most {limit:,} (6 MB). Put large "
            "data elsewhere (S3) and pass where it is, or use --no-quotas"
        )
    return compact


def _read(given: str) -> tuple[str, str]:
    if given == "-":
        return _decoded(sys.stdin.buffer.read(), "standard input"), "standard input"
    if given.lstrip()[:1] in ("{", "[", '"'):
        return given, "--event"
    path = Path(given)
    if path.is_file():
        try:
            return _decoded(path.read_bytes(), given), given
        except OSError as error:
            raise EventError(f"{given} cannot be read: {error.strerror}") from None
    try:  # a number, true, null
        json.loads(given)
    except ValueError:
        raise EventError(f"--event {given!r}: {_no_file(path)}") from None
    return given, "--event"


def _decoded(data: bytes, source: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EventError(
            f"{source} is not UTF-8 text: byte {error.start + 1} is 0x{data[error.start]:02x}"
        ) from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a value that JSON has")


def _not_json(source: str, text: str, error: json.JSONDecodeError) -> EventError:
    if not text.strip():
        return EventError(f"{source} is empty, not JSON; for an empty event, write {{}}")
    lines = text.splitlines() or [""]
    line = lines[min(error.lineno, len(lines)) - 1]
    first = max(0, error.colno - 40)
    pointer = " " * (error.colno - 1 - first) + "^"
    return EventError(
        f"{source}, line {error.lineno}, column {error.colno}: not JSON: {error.msg}",
        [f"  {line[first : first + 80]}", f"  {pointer}"],
    )


def _no_file(path: Path) -> str:
    if path.is_dir():
        return f"{path} is a folder; give a file"
    if not path.parent.is_dir():
        return f"there is no file {path}, and no folder {path.parent} either"
    known = {file.name: str(file) for file in path.parent.glob("*.json")}
    return f"there is no such file, and it is no JSON either{did_you_mean(path.name, known)}"
