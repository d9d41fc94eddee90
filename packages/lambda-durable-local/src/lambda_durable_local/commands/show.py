"""`durable show`: an execution as it stands."""

import json
from contextlib import closing
from pathlib import Path

import click

from ..report import report
from ..store import SqliteStore
from ..views.ending import show_report
from ..views.screen import make_console
from .failing import readable_errors
from .finding import find
from .options import plain_option, store_option


@click.command()
@click.argument("name", required=False)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print a report for programs.")
@plain_option
@readable_errors
def show(*, name: str | None, store_path: Path, as_json: bool, plain: bool) -> None:
    """Show the execution NAME (or its ARN); without one, the latest."""
    with closing(SqliteStore(store_path, read_only=True)) as store:
        found = report(store, find(store, name))
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
        return
    console = make_console(plain=plain)
    start = found.row.start
    console.print(f"{start.function.name}  {start.name}", style="bold", soft_wrap=True)
    console.print(start.arn, style="dim", soft_wrap=True)
    console.print()
    show_report(console, found)
