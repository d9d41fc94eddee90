"""`durable show`: an execution as it stands."""

import json
from pathlib import Path

import click

from ..views.ending import show_report
from ..views.screen import make_console
from .failing import readable_errors
from .finding import find
from .options import plain_option
from .places_to_look import (
    execution_argument,
    function_option,
    json_option,
    opened,
    source_options,
)


@click.command()
@execution_argument
@source_options
@function_option
@json_option
@plain_option
@readable_errors
def show(
    *,
    name: str | None,
    store_path: Path | None,
    endpoint: str | None,
    function: str | None,
    as_json: bool,
    plain: bool,
) -> None:
    """Show the execution NAME (or its ARN, or the beginning of one); without one, the latest."""
    with opened(store_path, endpoint) as source:
        found = source.report(find(source, name, function))
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
        return
    console = make_console(plain=plain)
    start = found.row.start
    console.print(f"{start.function.name}  {start.name}", style="bold", soft_wrap=True)
    console.print(start.arn, style="dim", soft_wrap=True)
    console.print()
    show_report(console, found)
