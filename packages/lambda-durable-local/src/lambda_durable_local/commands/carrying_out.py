"""Carries out a plan in the foreground and shows what happens, as it happens and at the end."""

import json
import time
from contextlib import ExitStack
from dataclasses import dataclass

import click
from rich.console import Console
from rich.text import Text

from lambda_durable_kernel.model import ExecutionRow

from ..printing import printing_to
from ..report import Report, read_json, report
from ..running import Begun, Plan, Run
from ..store import SqliteStore
from ..views.ending import outcome, show_report
from ..views.progress import Progress
from ..views.screen import Screen, make_console
from ..views.texts import moment
from .places import Place


@dataclass(frozen=True, slots=True)
class Display:
    """How a run is shown."""

    as_json: bool
    quiet: bool
    plain: bool

    def console(self) -> Console:
        """Return where progress goes: beside standard output if that is for a program."""
        console = make_console(plain=self.plain, stderr=self.as_json)
        console.quiet = self.quiet
        return console


def carry_out(plan: Plan, place: Place, display: Display) -> Report:
    """Run a plan to the execution's end, or to Ctrl-C, and return how the execution stands then."""
    console = display.console()
    progress = Progress(Screen(console), plan.function.name)
    began = time.monotonic()
    with ExitStack() as stack:
        stack.callback(progress.close)
        if plan.host == "inprocess":
            own = plan.function.name
            stack.enter_context(printing_to(lambda line: progress.log(own, line)))
        run = Run(plan, progress)
        stack.callback(run.close)
        run.load()
        store = SqliteStore(place.path)
        stack.callback(store.close)
        stack.callback(run.close)  # before the store is closed
        begun = run.begin(store, lambda known: _show_start(console, plan, known))
        interrupted = _finish(begun)
        run.close()
        found = report(store, begun.arn)
    _show_end(console, display, found, time.monotonic() - began)
    for name in run.kills_left:
        console.print(Text(f"--kill-at {name}: no operation of that name ran", style="yellow"))
    if interrupted:
        place.keep = True
        _show_interrupted(place, found)
    return found


def _finish(begun: Begun) -> bool:
    """Bring the execution to its end; return whether Ctrl-C came before."""
    try:
        begun.finish()
    except KeyboardInterrupt:
        return True
    return False


def _show_start(console: Console, plan: Plan, known: ExecutionRow | None) -> None:
    heading = Text(plan.function.name, style="bold")
    heading.append(f"  {plan.function.target.text}", style="dim")
    console.print(heading, soft_wrap=True)
    if known is not None:
        at = moment(known.start.started_at * 1000, time.time() * 1000)
        verb = "has ended already" if known.progress.closed else "was not finished: going on"
        told = f"execution {known.start.name}, begun {at}, {verb}"
        console.print(Text(told, style="yellow"), soft_wrap=True)
    console.print()


def _show_end(console: Console, display: Display, found: Report, seconds: float) -> None:
    if display.as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
    elif display.quiet:
        _show_result(display, found)
    else:
        console.print()
        show_report(console, found, real_seconds=seconds)


def _show_result(display: Display, found: Report) -> None:
    """Print a result so that a program can read it; what is none goes to standard error."""
    progress = found.row.progress
    if progress.status == "SUCCEEDED":
        value = read_json(progress.result or "null")
        click.echo(json.dumps(value, indent=2, ensure_ascii=False))
    else:
        make_console(plain=display.plain, stderr=True).print(outcome(found), soft_wrap=True)


def _show_interrupted(place: Place, found: Report) -> None:
    if found.row.progress.closed:
        return
    click.echo("\nInterrupted. What is done is kept; to go on:", err=True)
    click.echo(f"  {place.command_to_go_on()}", err=True)
