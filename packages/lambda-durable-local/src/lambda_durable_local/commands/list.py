"""`durable list`: the executions of a store."""

import json
import time
from contextlib import closing
from pathlib import Path

import click

from ..report import summary
from ..store import SqliteStore
from ..views.executions_table import executions_table
from ..views.screen import make_console, print_table
from .failing import readable_errors
from .options import plain_option, store_option
from .rows import all_rows


@click.command("list")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print a list for programs.")
@plain_option
@readable_errors
def list_executions(*, store_path: Path, as_json: bool, plain: bool) -> None:
    """List executions, the newest first."""
    with closing(SqliteStore(store_path, read_only=True)) as store:
        rows = all_rows(store)
    if as_json:
        click.echo(json.dumps([summary(row) for row in rows], indent=2))
    else:
        print_table(make_console(plain=plain), executions_table(rows, time.time()))
