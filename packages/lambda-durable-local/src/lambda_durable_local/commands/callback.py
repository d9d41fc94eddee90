"""`durable callback`: the callbacks that executions at an endpoint wait for."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click

from lambda_durable.protocol import ExecutionStatus

from ..errors import LocalError
from ..report import Report, as_iso, waits_until
from ..sources.base import Source
from ..views.callbacks_table import callbacks_table
from ..views.screen import make_console, print_table
from .failing import readable_errors
from .finding import find
from .options import plain_option
from .places_to_look import (
    endpoint_option,
    execution_argument,
    function_option,
    json_option,
    opened,
    remote,
    source_options,
)


class OpenCallback(NamedTuple):
    """A callback that nobody has completed; times are milliseconds."""

    execution: str
    arn: str
    name: str | None
    id: str
    since: int
    until: int | None

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON's types."""
        until = None if self.until is None else as_iso(self.until)
        return {**self._asdict(), "since": as_iso(self.since), "until": until}


@click.group()
def callback() -> None:
    """List, complete and keep alive the callbacks that executions wait for.

    An ID is that of a callback, or the name or ARN of an execution that waits for one.
    """


@callback.command("list")
@execution_argument
@source_options
@function_option
@json_option
@plain_option
@readable_errors
def list_callbacks(
    *,
    name: str | None,
    store_path: Path | None,
    endpoint: str | None,
    function: str | None,
    as_json: bool,
    plain: bool,
) -> None:
    """List open callbacks, of one execution or of all."""
    with opened(store_path, endpoint) as source:
        if name is not None:
            arns = [find(source, name, function)]
        else:
            rows = source.rows(function)
            arns = [row.start.arn for row in rows if row.progress.status in _OPEN]
        found = [each for arn in arns for each in open_callbacks(source.report(arn))]
    if as_json:
        click.echo(json.dumps([each.as_json() for each in found], indent=2))
    elif not found:
        click.echo("nobody waits for a callback", err=True)
    else:
        rows_shown = [
            (each.execution, each.name, each.since, each.until, each.id) for each in found
        ]
        print_table(make_console(plain=plain), callbacks_table(rows_shown, time.time() * 1000))


_id_argument = click.argument("id")
_name_option = click.option(
    "--name", "callback_name", help="Which callback, of an execution that waits for several."
)


@callback.command()
@_id_argument
@click.option("--result", metavar="FILE|-|TEXT", help="The result, sent as it is: usually JSON.")
@_name_option
@endpoint_option
@function_option
@json_option
@readable_errors
def succeed(*, result: str | None, **options: Any) -> None:
    """Complete a callback with a result."""
    sent = {} if result is None else {"Result": _bytes(result)}
    _send("send_durable_execution_callback_success", "succeeded", sent, **options)


@callback.command()
@_id_argument
@click.option("--error-type", help="The type of the error.")
@click.option("--message", help="The message of the error.")
@click.option("--data", help="The data of the error.")
@_name_option
@endpoint_option
@function_option
@json_option
@readable_errors
def fail(*, error_type: str | None, message: str | None, data: str | None, **options: Any) -> None:
    """Complete a callback with an error."""
    error = {"ErrorType": error_type, "ErrorMessage": message, "ErrorData": data}
    given = {key: value for key, value in error.items() if value is not None}
    sent = {"Error": given} if given else {}
    _send("send_durable_execution_callback_failure", "failed", sent, **options)


@callback.command()
@_id_argument
@_name_option
@endpoint_option
@function_option
@json_option
@readable_errors
def heartbeat(**options: Any) -> None:
    """Start a callback's heartbeat time-out anew."""
    _send("send_durable_execution_callback_heartbeat", "is alive", {}, **options)


_OPEN = frozenset({ExecutionStatus.RUNNING, ExecutionStatus.PAUSING, ExecutionStatus.PAUSED})


def open_callbacks(report: Report) -> Iterator[OpenCallback]:
    """Yield the callbacks that an execution waits for."""
    start = report.row.start
    for record in report.operations:
        if record["Type"] == "CALLBACK" and record["Status"] == "STARTED":
            yield OpenCallback(
                start.name,
                start.arn,
                record.get("Name"),
                record["CallbackDetails"]["CallbackId"],
                record["StartTimestamp"],
                waits_until(record, report),
            )


def _send(
    operation: str,
    done: str,
    sent: dict[str, Any],
    *,
    id: str,
    callback_name: str | None,
    endpoint: str | None,
    function: str | None,
    as_json: bool,
) -> None:
    with remote(endpoint) as source:
        callback_id = _callback_id(source, id, callback_name, function)
        source.call(operation, CallbackId=callback_id, **sent)
    if as_json:
        click.echo(json.dumps({"callback_id": callback_id, "done": done}, indent=2))
    else:
        click.echo(f"the callback {done}")


def _callback_id(source: Source, id: str, name: str | None, function: str | None) -> str:
    """Return the id of the callback that is meant."""
    # Names of executions are short, ids of callbacks hold an ARN.
    if len(id) > 100 and not id.startswith("arn:"):
        return id
    report = source.report(find(source, id, function))
    found = [each for each in open_callbacks(report) if name is None or each.name == name]
    if len(found) == 1:
        return found[0].id
    called = "" if name is None else f" called {name!r}"
    if not found:
        raise LocalError(f"{id} waits for no callback{called}")
    raise LocalError(
        f"{id} waits for {len(found)} callbacks{called}; say which with --name, or give its id",
        [f"  {each.name}  {each.id}" for each in found],
    )


def _bytes(given: str) -> bytes:
    if given == "-":
        return sys.stdin.buffer.read()
    path = Path(given)
    try:
        if path.is_file():
            return path.read_bytes()
    except OSError:  # too long for a path: it is the text
        pass
    return given.encode("utf-8", "surrogateescape")
