"""Finds what a command is about: an execution or a function, by its name or how that begins."""

import re
from collections.abc import Sequence

from lambda_durable_kernel.model import ExecutionRow

from ..errors import LocalError
from ..sources.base import Source
from ..targets import did_you_mean

_ARN = re.compile(r"arn:[^/]+/durable-execution/[^/]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def find(source: Source, name: str | None, function: str | None = None) -> str:
    """Return the ARN of an execution; without a name, that of the latest.

    `name` is an execution's name or ARN, or the beginning of one that only one begins with.
    """
    if name is not None and _is_complete(name):
        return name
    if name is not None and ":" not in name and len(exact := source.named(name, function)) == 1:
        return exact[0].start.arn
    rows = source.rows(function)
    if not rows:
        raise LocalError(f"{source.place} holds no executions yet")
    if name is None:
        return next((row for row in rows if row.start.parent is None), rows[0]).start.arn
    found = [row for row in rows if name in (row.start.name, row.start.arn)]
    found = found or [
        row for row in rows if row.start.name.startswith(name) or row.start.arn.startswith(name)
    ]
    if len(found) == 1:
        return found[0].start.arn
    if found:
        raise _ambiguous(name, found)
    near = did_you_mean(name, [row.start.name for row in rows])
    raise LocalError(f"{source.place} has no execution called {name!r}{near}")


def _is_complete(name: str) -> bool:
    return _ARN.fullmatch(name) is not None


def _ambiguous(name: str, found: Sequence[ExecutionRow]) -> LocalError:
    if all(row.start.name == name for row in found):
        what = f"{len(found)} executions are called {name!r}"
    else:
        what = f"{len(found)} executions begin with {name!r}"
    return LocalError(f"{what}; give the ARN of one", [row.start.arn for row in found[:20]])


def find_function(names: Sequence[str], name: str) -> str:
    """Return the function that a name, or its beginning, means; an ARN as it is."""
    if ":" in name or name in names:
        return name
    found = [each for each in names if each.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise LocalError(f"{len(found)} functions begin with {name!r}: {', '.join(found[:20])}")
    raise LocalError(f"there is no function {name!r}{did_you_mean(name, list(names))}")
