"""`check_determinism`: runs a workflow once, then replays it where everything else is different."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Final

from lambda_durable import DurableHandler
from lambda_durable.errors import DurableError

from ..crashes.running import Script
from ..listening import LISTENER
from ..local import LocalRunner
from ..recorded import Recording, replay
from ..started import LocalExecution
from .surroundings import Surroundings
from .tracing import Trace, Traces, loaded, traced

_SURROUNDINGS: Final = (Surroundings(0.0, 1), Surroundings(400.2, 2))
_SECONDS: Final = 60
_ADVICE: Final = (
    "Whatever a workflow decides by has to come from its event or from a step: read the clock, "
    "make random numbers and ids in steps, and sort what comes out of a set."
)


class NotDeterministicError(DurableError, AssertionError):
    """Replays of a workflow ask for different operations; the message shows where first."""


@dataclass(frozen=True, slots=True)
class Determinism:
    """What was tried, when all replays asked for the same."""

    prefixes: int
    """How many prefixes of the execution were replayed, each in all surroundings."""
    in_own_processes: bool
    """Whether hashes were seeded anew too; a handler inside a function cannot be imported."""


def check_determinism(
    handler: DurableHandler[Any, Any] | LocalRunner,
    event: Any = None,
    *,
    script: Script | None = None,
) -> Determinism:
    """Run a workflow, then replay it at each prefix under another clock, randomness and hashes.

    No body of a step runs in the replays. They take place in new processes that import the
    handler, so that hashes are seeded anew; a handler that is defined inside a function is
    replayed in this one, with another clock and randomness only. `script(execution)` plays the
    outside's part in the run. Raises NotDeterministicError at the first difference, with both
    traces.
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    runner = handler if isinstance(handler, LocalRunner) else LocalRunner(handler)
    execution = runner.fresh().start(event)
    token = LISTENER.set(None)
    try:
        if script is not None:
            script(execution)
        execution.finish()
    finally:
        LISTENER.reset(token)
    return check_execution(execution)


def check_execution(execution: LocalExecution) -> Determinism:
    """Replay an execution of the local runner, as `check_determinism` does."""
    service = execution.runner.simulation.service
    recording = Recording.from_service(service, execution.arn)
    return check_recording(execution.runner.handler, recording)


def check_recording(handler: DurableHandler[Any, Any], recording: Recording) -> Determinism:
    """Replay an execution that was recorded, as `check_determinism` does."""
    replayed = replay(handler, recording)
    if not replayed.passed:
        raise NotDeterministicError(
            f"the replays of {recording.name} do not ask for what its first run did\n\n{replayed}"
        )
    target = _target(handler)
    found = _in_processes(target, recording) if target is not None else None
    traces = found or [traced(handler, recording, each) for each in _SURROUNDINGS]
    for first, second in zip(*traces, strict=True):
        if first.compared != second.compared:
            raise NotDeterministicError(_message(recording, first, second))
    return Determinism(len(traces[0]), found is not None)


def _target(handler: DurableHandler[Any, Any]) -> str | None:
    """Return where another process finds the handler, None if it cannot."""
    module = sys.modules.get(handler.function.__module__)
    found: Any = module
    for part in handler.function.__qualname__.split("."):
        found = getattr(found, part, None)
    if module is None or found is not handler:
        return None
    name = module.__name__ if module.__name__ != "__main__" else getattr(module, "__file__", None)
    return f"{name}:{handler.function.__qualname__}" if name else None


def _in_processes(target: str, recording: Recording) -> list[Traces] | None:
    """Return the traces of one process each, None if the handler cannot be imported there."""
    started = [_start(target, recording, each) for each in _SURROUNDINGS]
    answers = [_answer(*each) for each in started]
    if any(answer is None for answer in answers):
        return None
    return [loaded(answer) for answer in answers if answer is not None]


def _start(
    target: str, recording: Recording, surroundings: Surroundings
) -> tuple[subprocess.Popen[str], str]:
    asked = {
        "path": sys.path,
        "target": target,
        "arn": recording.arn,
        "events": recording.events,
        "surroundings": surroundings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "lambda_durable_testing.determinism.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "PYTHONHASHSEED": str(surroundings.seed),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )
    return process, json.dumps(asked)


def _answer(process: subprocess.Popen[str], asked: str) -> str | None:
    try:
        out, err = process.communicate(asked, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise NotDeterministicError(
            f"the replay in a process of its own did not end within {_SECONDS} s; the handler, or "
            "its module when it is imported, waits for something"
        ) from None
    if process.returncode:
        raise NotDeterministicError(f"the replay in a process of its own failed:\n{err[-2000:]}")
    return None if out.startswith('{"error"') else out


def _message(recording: Recording, first: Trace, second: Trace) -> str:
    one, other = _marked(first, second), _marked(second, first)
    return "\n".join(
        [
            f"{recording.name} is not deterministic. Replayed after {first.after}, it asks for",
            *one,
            f"with {_SURROUNDINGS[0]}, and for",
            *other,
            f"with {_SURROUNDINGS[1]}.",
            "",
            _ADVICE,
        ]
    )


def _marked(trace: Trace, other: Trace) -> list[str]:
    """Return the lines of a trace, those marked that the other has not."""
    known = {each.compared for each in other.asked}
    lines = [f"  {' ' if each.compared in known else '>'} {each}" for each in trace.asked]
    mark = " " if trace.ending == other.ending else ">"
    return [*lines, f"  {mark} then {trace.ending}"]
