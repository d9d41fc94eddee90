"""`durable history`: the events of an execution."""

import json
from pathlib import Path

import click

from ..sources.rebuilding import operations
from ..views.events_table import events_table
from ..views.screen import make_console, print_table
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
def history(
    *,
    name: str | None,
    store_path: Path | None,
    endpoint: str | None,
    function: str | None,
    as_json: bool,
    plain: bool,
) -> None:
    """Show the history of the execution NAME (or its ARN, or the beginning of one).

    Without a name it is that of the latest.
    """
    with opened(store_path, endpoint) as source:
        events = source.events(find(source, name, function))
    if as_json:
        click.echo(json.dumps(list(events), indent=2))
    else:
        table = events_table(events, operations(events))
        print_table(make_console(plain=plain), table)
