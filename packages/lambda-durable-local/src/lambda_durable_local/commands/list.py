"""`durable list`: executions, of a store or at an endpoint."""

import json
import time
from pathlib import Path

import click

from ..report import summary
from ..views.executions_table import executions_table
from ..views.screen import make_console, print_table
from .failing import readable_errors
from .options import plain_option
from .places_to_look import function_option, json_option, opened, source_options


@click.command("list")
@source_options
@function_option
@json_option
@plain_option
@readable_errors
def list_executions(
    *,
    store_path: Path | None,
    endpoint: str | None,
    function: str | None,
    as_json: bool,
    plain: bool,
) -> None:
    """List executions, the newest first; at an endpoint, the newest 1,000 of each function."""
    with opened(store_path, endpoint) as source:
        rows = source.rows(function)
    if as_json:
        click.echo(json.dumps([summary(row) for row in rows], indent=2))
    elif not rows:
        click.echo("no executions yet", err=True)
    else:
        print_table(make_console(plain=plain), executions_table(rows, time.time()))
