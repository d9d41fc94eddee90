"""`durable stop`, `pause`, `resume` and `delete`: change an execution at an endpoint."""

import json
from typing import Any

import click

from ..sources.rebuilding import in_milliseconds
from .failing import readable_errors
from .finding import find
from .places_to_look import (
    endpoint_option,
    function_option,
    json_option,
    needed_execution_argument,
    remote,
)


@click.command()
@needed_execution_argument
@click.option("--error-type", help="The type of the error that it ends with.")
@click.option("--message", help="The message of the error that it ends with.")
@endpoint_option
@function_option
@json_option
@readable_errors
def stop(*, error_type: str | None, message: str | None, **options: Any) -> None:
    """End the execution NAME (or its ARN, or the beginning of one) as STOPPED."""
    error = {"ErrorType": error_type, "ErrorMessage": message}
    given = {key: value for key, value in error.items() if value is not None}
    _change("stop_durable_execution", "stopped", {"Error": given} if given else {}, **options)


@click.command()
@needed_execution_argument
@click.option("--reason", help="Why; it is shown in the history.")
@click.option("--time-goes-on", is_flag=True, help="Do not stop the execution's time-out.")
@endpoint_option
@function_option
@json_option
@readable_errors
def pause(*, reason: str | None, time_goes_on: bool, **options: Any) -> None:
    """Make no further invocations of the execution NAME; one that runs ends at its next step."""
    asked: dict[str, Any] = {"ExecutionTimeoutPaused": not time_goes_on}
    if reason is not None:
        asked["Reason"] = reason
    _change("pause_durable_execution", "paused", asked, **options)


@click.command()
@needed_execution_argument
@click.option("--reason", help="Why; it is shown in the history.")
@endpoint_option
@function_option
@json_option
@readable_errors
def resume(*, reason: str | None, **options: Any) -> None:
    """End the pause of the execution NAME (or its ARN, or the beginning of one)."""
    asked = {} if reason is None else {"Reason": reason}
    _change("resume_durable_execution", "resumed", asked, **options)


@click.command()
@needed_execution_argument
@endpoint_option
@function_option
@json_option
@readable_errors
def delete(**options: Any) -> None:
    """Forget the execution NAME (or its ARN, or the beginning of one), which must have ended."""
    _change("delete_durable_execution", "deleted", {}, **options)


def _change(
    operation: str,
    done: str,
    asked: dict[str, Any],
    *,
    name: str,
    endpoint: str | None,
    function: str | None,
    as_json: bool,
) -> None:
    with remote(endpoint) as source:
        arn = find(source, name, function)
        answer = source.call(operation, DurableExecutionArn=arn, **asked)
    if as_json:
        click.echo(json.dumps({"arn": arn, **in_milliseconds(answer)}, indent=2))
    else:
        click.echo(f"{done} {arn}")
