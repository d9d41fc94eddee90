"""Compares what the history holds at a place with what the code asks for, and says it readably."""

import sys
from os.path import dirname

from .events import OperationInfo
from .protocol import Operation

_PACKAGE = dirname(__file__)


def difference(record: Operation, now: OperationInfo) -> str | None:
    """Return what differs between a record and the operation that the code asks for, or None."""
    if record["Type"] != now.type:
        return "type"
    if record.get("SubType") != now.subtype:
        return "subtype"
    if record.get("Name") != now.name:
        return "name"
    if record.get("ParentId") != now.parent_id:
        return "parent"
    return None


def explain(record: Operation, now: OperationInfo, place: str, wrong: str) -> str:
    """Return the message of a NonDeterminismError, with the line of the handler that called."""
    then = OperationInfo(
        now.execution_arn,
        record["Id"],
        record.get("ParentId"),
        record["Type"],
        record.get("SubType"),
        record.get("Name"),
    )
    return (
        f"the code does not repeat what this execution did before: {place} has another {wrong}.\n"
        f"  recorded: {_described(then)}\n"
        f"  code now: {_described(now)}\n"
        f"  called at {_caller()}\n"
        "On every run the handler must make the same durable calls in the same order. Usual "
        "causes: code was changed while executions were running (publish a version and invoke by "
        "it), or a branch depends on the clock, on randomness, on the environment or on data from "
        "outside a step (move that into a step)."
    )


def _described(info: OperationInfo) -> str:
    name = f" {info.name!r}" if info.name else " without a name"
    subtype = f", subtype {info.subtype}" if info.subtype else ""
    parent = f", parent {info.parent_id[:8]}..." if info.parent_id else ""
    return f"{info.type}{name}{subtype}{parent}"


def _caller() -> str:
    """Return file, line and function of the innermost frame outside this package."""
    frame = sys._getframe(1)  # noqa: SLF001 - documented; inspect.stack() reads source files
    while frame is not None and dirname(frame.f_code.co_filename).startswith(_PACKAGE):
        if frame.f_back is None:
            break
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}"
