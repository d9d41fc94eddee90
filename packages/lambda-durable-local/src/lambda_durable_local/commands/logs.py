"""`durable logs`: what a function, or one of its executions, has logged."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from lambda_durable.protocol import EventType

from ..errors import LocalError
from ..sources.endpoint import AWS, client, readable
from ..sources.remote import RemoteSource
from .failing import readable_errors
from .finding import find, find_function
from .places_to_look import endpoint_option, json_option, remote


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

    Of an execution these are the lines that hold its ARN, or the id of one of its requests.
    """
    with remote(endpoint) as source:
        function, wanted = _meaning(source, name)
        if source.place == AWS:
            lines = _from_cloudwatch(function)
        elif log_dir is not None:
            lines = _from_file(log_dir / f"{function}.log")
        else:
            raise click.UsageError("give --log-dir, the folder of `durable serve --log-dir`")
        shown = [line for line in lines if not wanted or any(each in line for each in wanted)]
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
