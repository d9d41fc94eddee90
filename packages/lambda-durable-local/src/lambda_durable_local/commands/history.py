"""`durable history`: the events of an execution."""

import json
from contextlib import closing
from pathlib import Path

import click

from ..store import SqliteStore
from ..views.events_table import events_table
from ..views.screen import make_console, print_table
from .failing import readable_errors
from .finding import find
from .options import plain_option, store_option


@click.command()
@click.argument("name", required=False)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print the events in the service's shape.")
@plain_option
@readable_errors
def history(*, name: str | None, store_path: Path, as_json: bool, plain: bool) -> None:
    """Show the history of the execution NAME (or its ARN); without one, of the latest."""
    with closing(SqliteStore(store_path, read_only=True)) as store:
        arn = find(store, name)
        events = store.events(arn, 0, None, reverse=False)
        operations = [each.record for each in store.operations(arn)]
    if as_json:
        click.echo(json.dumps(events, indent=2))
    else:
        print_table(make_console(plain=plain), events_table(events, operations))
