"""The commands that look at a store, and at what is installed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import FUNCTIONS, Durable

from lambda_durable_local.contributions import contribution


@pytest.fixture
def store(durable: Durable, tmp_path: Path) -> Path:
    """Return a store with two executions, one of which failed."""
    path = tmp_path / "s.db"
    common = ("--store", path, "--skip-time", "--quiet")
    target = f"{FUNCTIONS}/in_def.py"
    durable("run", f"{target}:handler", "--name", "first", *common, "--kill-at", "pause")
    durable("run", f"{target}:failing", "--name", "second", *common)
    return path


def test_list(durable: Durable, store: Path) -> None:
    lines = durable("list", "--store", store).stdout.splitlines()
    assert lines[0].split() == [
        *("function", "name", "status", "started", "took", "invocations", "result")
    ]
    rows = [line.split() for line in lines[1:]]
    assert rows[0][:3] == ["in_def-failing", "second", "FAILED"]
    assert rows[1][:3] == ["in_def", "first", "SUCCEEDED"]
    told = json.loads(durable("list", "--store", store, "--json").stdout)
    assert [each["status"] for each in told] == ["FAILED", "SUCCEEDED"]
    assert told[1]["result"] == ["first", "slow ends"]


def test_show(durable: Durable, store: Path) -> None:
    shown = durable("show", "first", "--store", store).stdout
    assert shown.startswith("in_def  first\narn:aws:lambda:")
    assert re.search(r"^pause +wait +SUCCEEDED +1 min$", shown, re.MULTILINE)
    assert re.search(r'^slow +step +SUCCEEDED +1 +1 +\S.*"slow ends"$', shown, re.MULTILINE)
    told = json.loads(durable("show", "second", "--store", store, "--json").stdout)
    assert told["error"]["ErrorType"] == "ValueError"
    assert durable("show", told["arn"], "--store", store).stdout.startswith("in_def-failing")


def test_history(durable: Durable, store: Path) -> None:
    shown = durable("history", "first", "--store", store).stdout
    kinds = re.findall(r"^ ?\d+ +\d:\d\d:\d\d\.\d{3} +(\w+)", shown, re.MULTILINE)
    assert kinds == [
        *("ExecutionStarted", "StepStarted", "StepSucceeded", "WaitStarted"),
        *("InvocationCompleted", "InvocationCompleted", "WaitSucceeded"),
        *("StepStarted", "StepSucceeded"),
        *("InvocationCompleted", "ExecutionSucceeded"),
    ]
    assert "crashed: Runtime exited with error: signal: killed" in shown
    told = json.loads(durable("history", "first", "--store", store, "--json").stdout)
    assert [each["EventType"] for each in told] == kinds


def test_an_unknown_name(durable: Durable, store: Path) -> None:
    result = durable("show", "frist", "--store", store)
    assert result.exit_code == 2
    assert result.stderr == f"Error: {store} has no execution called 'frist'; did you mean first?\n"


def test_plugins(durable: Durable) -> None:
    shown = durable("plugins").stdout
    assert "lambda_durable_retry" in shown
    assert "  retry strategies  default, transient\n" in shown
    assert "lambda_durable.defaults" in shown
    assert "  wait strategies   patient\n" in shown
    told = json.loads(durable("plugins", "--json").stdout)
    assert told[-1]["names"]["serializers"] == ["json"]
    assert "durable_service" in told[-1]["hooks"]


def test_plugins_that_are_named(durable: Durable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMBDA_DURABLE_PLUGINS", "no_such_plugin")
    result = durable("plugins")
    assert result.exit_code == 2
    assert (
        "plugin 'no_such_plugin' (from LAMBDA_DURABLE_PLUGINS) cannot be imported" in result.stderr
    )
    monkeypatch.setenv("LAMBDA_DURABLE_PLUGINS", "")
    assert durable("plugins").stdout.startswith("lambda_durable.defaults")


def test_only_marked_functions_are_hooks() -> None:
    class Plugin:
        def durable_retry(self) -> None: ...

    assert contribution(Plugin()).hooks == []


def test_version_and_help(durable: Durable) -> None:
    assert durable("--version").stdout.startswith("durable ")
    shown = durable("run", "--help").stdout
    for option in ("--event", "--skip-time", "--store", "--kill-at", "--host", "--no-quotas"):
        assert option in shown


def test_a_terminal(store: Path) -> None:
    """On a terminal there are colours, lines fit the width, and the status is removed."""
    leader, follower = os.openpty()
    os.set_blocking(leader, False)
    command = [sys.executable, "-m", "lambda_durable_local", "run", "--skip-time"]
    process = subprocess.Popen(
        [*command, f"{FUNCTIONS}/in_def.py:retrying"],
        stdout=follower,
        stderr=follower,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "70"},
    )
    os.close(follower)
    shown = b""
    while process.poll() is None:
        try:
            shown += os.read(leader, 65536)
        except OSError:
            continue
    os.close(leader)
    text = shown.decode()
    assert process.returncode == 0
    assert "\x1b[32m" in text
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "\n")
    lines = [line for line in plain.splitlines() if line.startswith("0:0")]
    assert len(lines) > 6
    assert max(len(line) for line in lines) <= 70
    assert "ConnectionError" in plain
