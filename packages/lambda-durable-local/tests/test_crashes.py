"""A function's process dies, and the execution goes on in another one."""

import json
from pathlib import Path

import pytest
from conftest import FUNCTIONS, Durable, ReportOf


@pytest.mark.parametrize(
    ("how", "reason"),
    [("exit", "exit status 3"), ("kill", "signal: killed")],
)
def test_a_process_that_dies(
    durable: Durable, flavour: Path, notes: Path, how: str, reason: str
) -> None:
    event = json.dumps({"how": how})
    result = durable(
        *("run", f"{flavour}:dying", "--event", event),
        *("--skip-time", "--env", f"NOTES={notes}"),
    )
    assert result.exit_code == 0, result.output
    assert f"crashed: Runtime exited with error: {reason}" in result.stdout
    assert '[\n  "before",\n  "alive"\n]' in result.stdout
    assert notes.read_text().count("die") == 2


def test_killed_while_a_body_runs(durable: Durable, flavour: Path, notes: Path) -> None:
    result = durable(
        *("run", f"{flavour}:handler", "--event", '{"seconds": 30}', "--skip-time"),
        *("--kill-at", "slow", "--env", f"NOTES={notes}"),
    )
    assert result.exit_code == 0, result.output
    assert "SIGKILL to the function's process, while it ran" in result.stdout
    assert "crashed: Runtime exited with error: signal: killed" in result.stdout
    assert "slow: interrupted, so its body began 2 times" in result.stdout
    assert notes.read_text().splitlines() == ["first", "slow begins", "slow begins", "slow ends"]


def test_killed_between_a_body_and_its_record(report: ReportOf, flavour: Path, notes: Path) -> None:
    told = report(
        *(f"{flavour}:handler", "--skip-time", "--kill-at", "slow", "--env", f"NOTES={notes}"),
    )
    assert told["status"] == "SUCCEEDED"
    assert notes.read_text().splitlines() == ["first", *(["slow begins", "slow ends"] * 2)]


def test_killed_at_a_wait(report: ReportOf, flavour: Path, notes: Path) -> None:
    told = report(
        *(f"{flavour}:handler", "--skip-time", "--kill-at", "pause", "--env", f"NOTES={notes}"),
    )
    assert told["status"] == "SUCCEEDED"
    assert told["invocations"] == 3
    assert notes.read_text().splitlines() == ["first", "slow begins", "slow ends"]


def test_killed_twice(report: ReportOf, notes: Path) -> None:
    target = f"{FUNCTIONS}/in_def.py:handler"
    kills = ("--kill-at", "slow", "--kill-at", "slow")
    told = report(
        *(target, "--event", '{"seconds": 30}', "--skip-time", *kills),
        *("--env", f"NOTES={notes}"),
    )
    assert told["status"] == "SUCCEEDED"
    # In the middle, then after its end but before that was saved, then not any more.
    assert notes.read_text().splitlines() == [
        "first",
        "slow begins",
        *(["slow begins", "slow ends"] * 2),
    ]


def test_at_most_once_is_not_run_again(report: ReportOf, notes: Path) -> None:
    target = f"{FUNCTIONS}/in_def.py:charging"
    told = report(target, "--skip-time", "--kill-at", "slow", "--env", f"NOTES={notes}")
    assert told["result"] == "StepInterruptedError"
    (step,) = told["operations"]
    assert (step["attempts"], step["runs"]) == (1, 1)
    assert not notes.exists() or notes.read_text() == "slow begins\n"


def test_a_name_that_does_not_occur(durable: Durable) -> None:
    target = f"{FUNCTIONS}/in_def.py:handler"
    result = durable("run", target, "--skip-time", "--kill-at", "slwo")
    assert result.exit_code == 0
    assert "--kill-at slwo: no operation of that name ran" in result.stdout


def test_needs_a_process_to_kill(durable: Durable) -> None:
    target = f"{FUNCTIONS}/in_def.py:handler"
    result = durable("run", target, "--host", "inprocess", "--kill-at", "slow")
    assert result.exit_code == 2
    assert "it needs --host process" in result.stderr
