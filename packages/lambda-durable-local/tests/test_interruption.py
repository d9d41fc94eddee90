"""A run that is interrupted, by Ctrl-C or worse, is taken up again by the same command."""

import json
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import FUNCTIONS, Durable

Start = Callable[..., "subprocess.Popen[str]"]
TARGET = f"{FUNCTIONS}/in_def.py:handler"


def wait_for(notes: Path, text: str) -> None:
    until = time.monotonic() + 120
    while not (notes.exists() and text in notes.read_text()):
        assert time.monotonic() < until, f"no {text!r} in {notes}"
        time.sleep(0.02)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_resumes_with_the_same_store(
    start: Start, durable: Durable, tmp_path: Path, notes: Path, flavour: Path, how: int
) -> None:
    store = tmp_path / "s.db"
    arguments = (
        *("run", f"{flavour}:handler", "--store", store, "--skip-time"),
        *("--event", '{"seconds": 30}', "--env", f"NOTES={notes}"),
    )
    process = start(*arguments)
    wait_for(notes, "slow begins")
    process.send_signal(how)
    stdout, stderr = process.communicate(timeout=120)
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert f"to go on:\n  durable {shlex.join(str(each) for each in arguments)}\n" in stderr
        assert "RUNNING" in stdout
    time.sleep(0.2)
    result = durable(*arguments)
    assert result.exit_code == 0, result.output
    assert re.search(r"execution \S+, begun \S+, was not finished: going on", result.stdout)
    # The function's process did not outlive the command and end its work unseen.
    assert notes.read_text().splitlines() == ["first", "slow begins", "slow begins", "slow ends"]
    assert "3 operations, 1 min" in result.stdout  # the time did not go back

    if how == signal.SIGKILL:
        again = durable(*arguments)  # it is finished: a new one
        assert "going on" not in again.stdout
        assert notes.read_text().count("first") == 2


def test_without_a_store_there_is_one_to_go_on_with(start: Start, notes: Path) -> None:
    arguments = ("run", f"{FUNCTIONS}/in_def.py:sleeping", "--env", f"NOTES={notes}", "--quiet")
    process = start(*arguments)
    wait_for(notes, "slow begins")
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=120)
    found = re.search(r"--store (\S+)\n", stderr)
    assert found is not None, stderr
    store = Path(found[1])
    assert store.exists()
    for file in store.parent.iterdir():
        file.unlink()
    store.parent.rmdir()


def test_the_temporary_store_is_removed(durable: Durable, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert durable("run", TARGET, "--skip-time").exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_other_events_and_names_start_anew(
    start: Start, durable: Durable, tmp_path: Path, notes: Path
) -> None:
    store = tmp_path / "s.db"
    common = ("run", TARGET, "--store", store, "--skip-time", "--env", f"NOTES={notes}")
    process = start(*common, "--event", '{"seconds": 60}')
    wait_for(notes, "slow begins")
    process.kill()
    process.communicate(timeout=120)
    result = durable(*common, "--event", '{"seconds": 0}')
    assert result.exit_code == 0
    assert "going on" not in result.stdout
    listed = json.loads(durable("list", "--store", store, "--json").stdout)
    # The other one was left alone: its timers did not fire either.
    assert sorted(each["status"] for each in listed) == ["RUNNING", "SUCCEEDED"]


def test_a_name_that_has_ended_gives_its_result(
    durable: Durable, tmp_path: Path, notes: Path
) -> None:
    arguments = (
        *("run", TARGET, "--store", tmp_path / "s.db", "--name", "order-1", "--skip-time"),
        *("--env", f"NOTES={notes}"),
    )
    assert durable(*arguments).exit_code == 0
    again = durable(*arguments)
    assert again.exit_code == 0
    assert re.search(r"execution order-1, begun \S+, has ended already", again.stdout)
    assert notes.read_text().count("first") == 1


def test_the_function_it_needs_is_not_given(
    start: Start, durable: Durable, tmp_path: Path, notes: Path
) -> None:
    store = tmp_path / "s.db"
    common = ("run", f"{FUNCTIONS}/in_def.py:calling", "--store", store)
    event = ("--event", '{"x": 1, "call": ["child"]}')
    process = start(*common, *event, "--function", f"child={FUNCTIONS}/in_def.py:child")
    time.sleep(0.2)
    until = time.monotonic() + 120
    while "child's pause" not in (durable("history", "--store", store, "in_def").output):
        assert time.monotonic() < until
        listed = durable("list", "--store", store)
        if "child" in listed.output:
            break
        time.sleep(0.1)
    process.kill()
    process.communicate(timeout=120)
    result = durable(*common, *event, "--skip-time")
    assert result.exit_code == 2
    assert "function 'child' has to be invoked, and nothing is known of it" in result.stderr
    result = durable(
        *common, *event, "--skip-time", "--function", f"child={FUNCTIONS}/in_def.py:child"
    )
    assert result.exit_code == 0, result.output


def test_ctrl_c_in_this_process(start: Start, notes: Path, tmp_path: Path) -> None:
    process = start(
        *("run", f"{FUNCTIONS}/in_def.py:sleeping", "--host", "inprocess"),
        *("--env", f"NOTES={notes}", "--store", tmp_path / "s.db"),
    )
    wait_for(notes, "slow begins")
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in stderr
