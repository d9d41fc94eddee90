"""`durable invoke`: start an execution, or call a function, at an endpoint."""

import json
from typing import Any

import click

from .. import events
from ..report import read_json
from .failing import readable_errors
from .finding import find_function
from .places_to_look import endpoint_option, function_argument, json_option, remote


@click.command()
@function_argument
@click.option("--event", metavar="FILE|-|JSON", help="The event; an empty object without it.")
@click.option(
    "--name",
    "execution_name",
    help="The execution's name; a name that was used gives that execution.",
)
@click.option("--wait", is_flag=True, help="Wait for the end, and print the result.")
@click.option("--qualifier", default="$LATEST", show_default=True, help="The version or alias.")
@endpoint_option
@json_option
@readable_errors
def invoke(
    *,
    name: str,
    event: str | None,
    execution_name: str | None,
    wait: bool,
    qualifier: str,
    endpoint: str | None,
    as_json: bool,
) -> None:
    """Invoke the function NAME (or its ARN, or the beginning of its name).

    Prints the execution's ARN, with --wait its result. Exit status: 1 if it was waited for and did
    not succeed.
    """
    payload = events.payload(event)
    asked: dict[str, Any] = {"InvocationType": "RequestResponse" if wait else "Event"}
    if execution_name is not None:
        asked["DurableExecutionName"] = execution_name
    with remote(endpoint) as source:
        function = find_function(source.every_function, name)
        if ":" not in function:
            asked["Qualifier"] = qualifier
        answer = source.invoke(
            FunctionName=function, Payload=payload.encode("utf-8", "replace"), **asked
        )
        output = answer["Payload"].decode("utf-8", "replace")
    failed = "FunctionError" in answer
    arn = answer.get("DurableExecutionArn")
    if as_json:
        told = {"arn": arn, "status": answer["StatusCode"], "failed": failed}
        if wait:
            told["output"] = read_json(output)
        click.echo(json.dumps(told, indent=2))
    elif wait:
        click.echo(json.dumps(read_json(output), indent=2, ensure_ascii=False), err=failed)
    else:
        click.echo(arn or f"{function} was invoked")
    if failed:
        raise SystemExit(1)
