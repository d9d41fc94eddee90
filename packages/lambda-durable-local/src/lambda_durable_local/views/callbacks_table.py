"""Open callbacks as a table, a line each."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from .table import plain_table
from .texts import moment


def callbacks_table(
    rows: Iterable[tuple[str, str | None, int, int | None, str]], now: float
) -> Table:
    """Return the table of execution, name, beginning, time-out and id; times are milliseconds."""
    table = plain_table(
        ("execution", "left"), ("callback", "left"), ("since", "left"), ("until", "left"), last="id"
    )
    for execution, name, since, until, id in rows:
        table.add_row(
            execution,
            name or "",
            moment(since, now),
            "" if until is None else moment(until, now),
            Text(id, style="dim", overflow="fold", no_wrap=False),
        )
    return table
