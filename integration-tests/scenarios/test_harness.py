"""What the scenarios stand on: targets that cannot be had, engines, templates, outlines."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from containers import base_image, engine
from containers.commands import CommandError, run
from executions import Execution
from targets.base import Function
from targets.local import template

HERE = Path(__file__).resolve().parent


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the one folder in which programs are found; no Docker engine answers there."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    program(folder, "docker", "exit 1")
    return folder


def program(folder: Path, name: str, text: str) -> None:
    """Write a shell script that is found as a program."""
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def scenarios(*options: str) -> "subprocess.CompletedProcess[str]":
    """Run a scenario in containers."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_waits.py"),
            *("--target", "docker", *options),
        ],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_target_that_cannot_be_had_is_an_error(programs: Path) -> None:
    """Nothing that was asked for is left out silently."""
    done = scenarios()
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "no containers can be had here: no Docker engine answers" in done.stdout
    assert "passed" not in done.stdout


def test_a_target_can_be_left_out(programs: Path) -> None:
    """It is then said how many scenarios were skipped, and why."""
    done = scenarios("--where-possible")
    assert done.returncode == 0
    assert "4 skipped" in done.stdout
    assert "no containers can be had here: no Docker engine answers" in done.stdout


def test_an_engine_that_answers_is_taken(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started then."""
    program(programs, "docker", "echo 28.0")
    with engine.engine() as host:
        assert host == ""
    monkeypatch.setenv("DOCKER_HOST", "unix:///somewhere")
    with engine.engine() as host:
        assert host == "unix:///somewhere"


def test_an_engine_is_started_by_root_alone(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others are told so."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(engine.NoEngineError, match=r"none can be installed: .* by root alone"):
        engine.engine().__enter__()
    program(programs, "dockerd", "exit 1")
    with pytest.raises(engine.NoEngineError, match="only root can start one"):
        engine.engine().__enter__()


def test_an_engine_that_does_not_start_says_why(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of its lines is shown."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program(programs, "dockerd", "echo one >&2; echo no cgroups here >&2; exit 1")
    with pytest.raises(engine.NoEngineError, match="dockerd said last: no cgroups here"):
        engine.engine().__enter__()


def test_a_started_engine_is_ended_and_leaves_nothing(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a place and a socket of its own."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program(programs, "docker", '[ -n "$DOCKER_HOST" ] && [ -e "${DOCKER_HOST#unix://}" ]')
    makes_its_socket = "while [ $# -gt 0 ]; do [ $1 = --host ] && : > ${2#unix://}; shift; done"
    program(programs, "dockerd", f"{makes_its_socket}; exec /bin/sleep 600")
    told: list[str] = []
    with engine.engine(told.append) as host:
        folder = Path(host.removeprefix("unix://")).parent
        assert folder.is_dir()
        assert told == [f"no Docker engine answered: started one, {host}"]
    assert not folder.exists()


def test_a_base_image_is_made_where_none_can_be_pulled(programs: Path, tmp_path: Path) -> None:
    """The file that was made is kept, and imported."""
    kept = tmp_path / "base.tar"
    kept.touch()
    calls = tmp_path / "calls"
    program(programs, "docker", f'echo "$@" >> {calls}; [ "$1" = import ] || exit 1')
    told: list[str] = []
    assert base_image.base_image("theirs:1", kept, {}, told.append) == base_image.OURS
    assert told[-1].startswith("taking Debian")
    *_, last = calls.read_text().splitlines()
    assert last.endswith(f"{kept} {base_image.OURS}")
    program(programs, "docker", "exit 0")
    assert base_image.base_image("theirs:1", kept, {}, told.append) == "theirs:1"


def test_a_command_that_fails_says_why(programs: Path) -> None:
    """Its last line is enough."""
    program(programs, "tool", "echo progress; echo the reason >&2; exit 3")
    with pytest.raises(CommandError, match="`tool --now` failed: the reason"):
        run("tool", "--now")
    with pytest.raises(CommandError, match="there is no `nothing` command"):
        run("nothing")


def test_templates_of_processes_and_images() -> None:
    """Functions are deployed as users would deploy them."""
    functions = [
        Function("plain-one", "plain.steps.one", timeout=5, execution_timeout=None),
        Function("awaited-two", "awaited.steps.two", durable=False),
    ]
    how = {"plain": {"CodeUri": "here"}, "awaited": {"ImageUri": "image:1"}}
    made = template(functions, how)["Resources"]
    one, two = made["PlainOne"]["Properties"], made["AwaitedTwo"]["Properties"]
    assert (one["Handler"], one["CodeUri"], one["Timeout"]) == ("plain.steps.one", "here", 5)
    assert one["DurableConfig"] == {"RetentionPeriodInDays": 1}
    assert two["ImageConfig"] == {"Command": ["awaited.steps.two"]}
    assert "DurableConfig" not in two
    assert "Handler" not in two


def test_outlines_leave_out_what_differs_between_runs() -> None:
    """Times, ids and names of executions are not in them."""
    error = {"Error": {"Payload": {"ErrorType": "Runtime.ExitError"}}}
    events: list[dict[str, Any]] = [
        {"EventType": "ExecutionStarted", "Name": "scenario-1"},
        {"EventType": "StepStarted", "Name": "ship", "Id": "1"},
        {"EventType": "InvocationCompleted", "InvocationCompletedDetails": error},
    ]
    execution = Execution("arn", "RUNNING", None, {}, events)
    assert execution.outline == [
        "ExecutionStarted",
        "StepStarted ship",
        "InvocationCompleted Runtime.ExitError",
    ]
