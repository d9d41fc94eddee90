"""`durable logs`: what a function, or one of its executions, has logged."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click

from lambda_durable.protocol import EventType

from ..errors import LocalError
from ..sources.endpoint import AWS, client, readable
from ..sources.remote import RemoteSource
from .failing import readable_errors
from .finding import find, find_function
from .places_to_look import endpoint_option, json_option, remote

_JSON: Final = r'\{"time":"[^"]*","type":"platform\.%s","record":\{"requestId":"([^"]+)'
_BEGINS: Final = re.compile(rf"START RequestId: (\S+)|{_JSON % 'start'}")
_ENDS: Final = re.compile(rf"REPORT RequestId: (\S+)|{_JSON % 'report'}")


@click.command()
@click.argument("name")
@click.option(
    "--log-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of `durable serve --log-dir`; not needed at AWS.",
)
@endpoint_option
@json_option
@readable_errors
def logs(*, name: str, log_dir: Path | None, endpoint: str | None, as_json: bool) -> None:
    """Print the log of the function NAME, or what belongs to the execution NAME.

    Of an execution these are the lines that hold its ARN or the id of one of its requests, and what
    was printed while no other invocation of the function ran.
    """
    with remote(endpoint) as source:
        function, wanted = _meaning(source, name)
        if source.place == AWS:
            lines = _from_cloudwatch(function)
        elif log_dir is not None:
            lines = _from_file(log_dir / f"{function}.log")
        else:
            raise click.UsageError("give --log-dir, the folder of `durable serve --log-dir`")
        shown = list(belonging(lines, wanted) if wanted else lines)
    if as_json:
        click.echo(json.dumps([_record(line) for line in shown], indent=2))
    else:
        for line in shown:
            click.echo(line)


def _meaning(source: RemoteSource, name: str) -> tuple[str, Sequence[str]]:
    """Return the function, and what its lines have to hold one of; nothing is all of them."""
    functions = source.every_function
    if name in functions:
        return name, ()
    try:
        arn = find(source, name)
    except LocalError as error:
        try:
            return find_function(functions, name), ()
        except LocalError:
            raise error from None
    ids = [
        event["InvocationCompletedDetails"]["RequestId"]
        for event in source.events(arn)
        if event["EventType"] == EventType.INVOCATION_COMPLETED
    ]
    return arn.split(":")[6], (arn, *ids)


def belonging(lines: Iterable[str], wanted: Sequence[str]) -> Iterator[str]:
    """Yield the lines that hold one of the wanted texts, or can come from nobody else.

    What a function prints has no id of its own. It lies between the lines with which Lambda begins
    and ends an invocation; where invocations overlap, nobody can tell whose it is.
    """
    running: set[str] = set()
    for line in lines:
        begins, ends = _BEGINS.match(line), _ENDS.match(line)
        if begins is not None:
            running.add(begins[1] or begins[2])
        if any(each in line for each in wanted) or (running and running <= {*wanted}):
            yield line
        if ends is not None:
            running.discard(ends[1] or ends[2])


def _from_file(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                yield line.rstrip("\n")
    except OSError as error:
        raise LocalError(f"{path} cannot be read: {error.strerror}") from error


def _from_cloudwatch(function: str) -> Iterator[str]:
    logs = client(AWS, service="logs")
    with readable(AWS):
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{function}"
        )
        for page in pages:
            for event in page["events"]:
                yield event["message"].rstrip("\n")


def _record(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line
