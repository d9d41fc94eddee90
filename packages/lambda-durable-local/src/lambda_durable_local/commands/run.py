"""`durable run`: one execution from its start, or from where it was interrupted, to its end."""

import sys
from pathlib import Path
from typing import Any

import click

from lambda_durable.protocol import ExecutionStatus, Limits

from .carrying_out import Display, carry_out
from .failing import readable_errors
from .options import plain_option
from .places import place_of
from .plans import make_plan

INTERRUPTED = 130


@click.command()
@click.argument("target")
@click.option("--event", metavar="FILE|-|JSON", help="The event; an empty object without it.")
@click.option("--name", help="The execution's name; a name that was used gives that execution.")
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="NAME=TARGET",
    help="A further function that the handler invokes, durable or plain.",
)
@click.option(
    "--host",
    type=click.Choice(["process", "inprocess"]),
    default="process",
    show_default=True,
    help="Where functions run: in processes of their own, or in this one (for a debugger).",
)
@click.option("--python", default=sys.executable, help="The interpreter of functions' processes.")
@click.option("--env", "variables", multiple=True, metavar="NAME=VALUE", help="For all functions.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, max=900, min_open=True),
    default=900.0,
    show_default=True,
    help="Seconds that one invocation may take.",
)
@click.option(
    "--execution-timeout",
    type=click.IntRange(1, Limits.EXECUTION_TIMEOUT_SECONDS),
    help="Seconds that the execution may take.  [default: 366 days]",
)
@click.option("--skip-time", is_flag=True, help="Jump over the time in which nothing runs.")
@click.option(
    "--store",
    "store_path",
    type=click.Path(path_type=Path),
    help="The file that keeps executions; the same command with it goes on where it stopped.",
)
@click.option(
    "--kill-at",
    "kills",
    multiple=True,
    metavar="NAME",
    help="Kill the function's process once, while the operation of that name runs.",
)
@click.option("--no-quotas", is_flag=True, help="Lift the service's limits of size and number.")
@click.option("--json", "as_json", is_flag=True, help="Print a report for programs.")
@click.option("--quiet", is_flag=True, help="Print nothing but the result, as JSON.")
@plain_option
@readable_errors
def run(
    *, store_path: Path | None, as_json: bool, quiet: bool, plain: bool, **options: Any
) -> None:
    """Run TARGET's durable function once, and show what it does.

    TARGET is path/to/file.py:NAME or package.module:NAME.

    Exit status: 0 if the execution succeeded, 1 if it ended otherwise, 2 for bad usage, 130 after
    Ctrl-C.
    """
    plan = make_plan(**options)
    display = Display(as_json=as_json, quiet=quiet, plain=plain)
    with place_of(store_path) as place:
        report = carry_out(plan, place, display)
    succeeded = report.row.progress.status == ExecutionStatus.SUCCEEDED
    sys.exit(0 if succeeded else 1 if report.row.progress.closed else INTERRUPTED)
