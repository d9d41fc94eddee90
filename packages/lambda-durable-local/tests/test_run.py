"""`durable run`: on both hosts and in both flavours, from the start to the end."""

import json
from pathlib import Path

import pytest
from conftest import FUNCTIONS, Durable, ReportOf

HOSTS = pytest.mark.parametrize("host", ["process", "inprocess"])


@HOSTS
def test_a_wait_and_two_steps(durable: Durable, flavour: Path, host: str) -> None:
    result = durable("run", f"{flavour}:handler", "--host", host, "--skip-time")
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    shown = [" ".join(line[1:]) for line in lines if line and line[0].startswith("0:0")]
    assert shown[0] == "invocation 1 begins"
    assert shown[1] == "note step succeeded"
    assert shown[2].startswith("pause wait waits 1 min, until")
    assert shown[-1] == "invocation 2 finished"
    assert ["...", "1", "min", "skipped"] in lines
    assert ["|", "handler", "begins"] in lines
    assert '[\n  "first",\n  "slow ends"\n]\n' in result.stdout
    assert "2 invocations, 3 checkpoint requests, 3 operations" in result.stdout
    assert not any(line.endswith(" ") for line in result.stdout.splitlines())


@HOSTS
def test_retries(report: ReportOf, flavour: Path, host: str) -> None:
    told = report(f"{flavour}:retrying", "--host", host, "--skip-time")
    assert told["result"] == "at last"
    (step,) = told["operations"]
    assert (step["status"], step["attempts"], step["runs"]) == ("SUCCEEDED", 3, 3)
    assert told["invocations"] == 3


def test_real_time(durable: Durable, tmp_path: Path) -> None:
    (tmp_path / "short.py").write_text(
        "from lambda_durable import durable_execution\n"
        "@durable_execution\n"
        "def handler(event, ctx):\n"
        "    ctx.wait(1)\n"
        "    return event\n"
    )
    result = durable("run", f"{tmp_path}/short.py:handler", "--event", '{"a": "\u00fc"}')
    assert result.exit_code == 0
    assert "skipped" not in result.stdout
    assert '"a": "\u00fc"' in result.stdout


@HOSTS
def test_an_execution_that_fails(durable: Durable, host: str) -> None:
    result = durable("run", f"{FUNCTIONS}/in_def.py:failing", "--host", host)
    assert result.exit_code == 1
    assert "FAILED\nValueError: the order is\nnot for us\n" in result.stdout
    assert 'in failing: raise ValueError("the order is\\nnot for us")' in result.stdout


@HOSTS
def test_functions_that_a_handler_invokes(report: ReportOf, flavour: Path, host: str) -> None:
    other = FUNCTIONS / "in_def.py"
    told = report(
        f"{flavour}:calling",
        *("--event", '{"x": 4, "call": ["child", "plain"]}', "--host", host, "--skip-time"),
        *("--function", f"child={flavour}:child", "--function", f"plain={other}:plain"),
        *("--env", "COLOUR=blue"),
    )
    assert told["status"] == "SUCCEEDED", told["error"]
    first, second = told["result"]
    assert first == 5
    if host == "inprocess":
        second.pop("function_name")  # one process, one environment
        second["function_name"] = "plain"
    assert second == {
        "x": 4,
        "name": "plain",
        "arn": "arn:aws:lambda:us-east-1:123456789012:function:plain:$LATEST",
        "version": "$LATEST",
        "memory": "128",
        "group": "/aws/lambda/plain",
        "stream": "[$LATEST]local",
        "tenant": None,
        "id": 36,
        "env": "blue",
        "function_name": "plain",
    }


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("broken", "KeyError: 'no such thing'"),
        ("unmarshalled", "Unable to marshal response: Object of type set"),
        ("nobody", "Function not found: nobody"),
    ],
)
def test_functions_that_fail(report: ReportOf, function: str, reason: str) -> None:
    known = (
        []
        if function == "nobody"
        else ["--function", f"{function}={FUNCTIONS}/in_def.py:{function}"]
    )
    event = json.dumps({"x": 1, "call": [function]})
    told = report(f"{FUNCTIONS}/in_def.py:calling", "--event", event, *known)
    assert told["status"] == "FAILED"
    error = told["operations"][0]["error"]
    assert reason in f"{error['ErrorType']}: {error['ErrorMessage']}"


def test_a_function_is_invoked_while_its_caller_runs(durable: Durable) -> None:
    target = f"{FUNCTIONS}/in_async.py:both"
    plain = f"plain={FUNCTIONS}/in_def.py:plain"
    result = durable("run", target, "--function", plain)
    assert result.exit_code == 0, result.output
    called = result.stdout.index("call plain            invoke     succeeded")
    assert called < result.stdout.index("slow                  step       succeeded")


def test_a_time_out_kills_the_process(report: ReportOf, notes: Path) -> None:
    told = report(
        f"{FUNCTIONS}/in_def.py:sleeping",
        *("--timeout", "1.5", "--skip-time", "--env", f"NOTES={notes}"),
    )
    assert told["status"] == "FAILED"
    assert told["error"]["ErrorType"] == "Sandbox.Timedout"
    assert told["error"]["ErrorMessage"] == "Task timed out after 1.50 seconds"
    assert told["invocations"] == 5
    # Where a process is slow to start, its body has no time to begin; in none does it end.
    begun = notes.read_text().splitlines() if notes.exists() else []
    assert len(begun) <= 5
    assert set(begun) <= {"slow begins"}


def test_the_time_of_an_invocation_does_not_begin_before_its_process_is_ready(
    report: ReportOf, tmp_path: Path
) -> None:
    (tmp_path / "slow_import.py").write_text(
        "import os, time\n"
        "from lambda_durable import durable_execution\n"
        "if os.path.exists(os.environ['NOTES']):\n"
        "    time.sleep(6)\n"
        "open(os.environ['NOTES'], 'a').close()\n"
        "@durable_execution\n"
        "def handler(event, ctx):\n"
        "    return ctx.step(lambda: 'done', name='work')\n"
    )
    told = report(
        *(f"{tmp_path}/slow_import.py:handler", "--timeout", "5", "--skip-time"),
        *("--kill-at", "work", "--env", f"NOTES={tmp_path / 'notes'}"),
    )
    assert (told["status"], told["invocations"]) == ("SUCCEEDED", 2)


def test_the_execution_has_a_time_too(report: ReportOf) -> None:
    told = report(f"{FUNCTIONS}/in_def.py:handler", "--skip-time", "--execution-timeout", "30")
    assert told["status"] == "TIMED_OUT"
    assert told["error"] == {"ErrorMessage": "Execution timed out after 30 seconds."}


def test_json_is_alone_on_standard_output(durable: Durable) -> None:
    target = f"{FUNCTIONS}/in_def.py:handler"
    result = durable("run", target, "--skip-time", "--json", "--name", "one", "--event", "{}")
    told = json.loads(result.stdout)
    assert "invocation 1" in result.stderr
    assert (told["name"], told["function"], told["status"]) == ("one", "in_def", "SUCCEEDED")
    assert (told["input"], told["result"], told["error"]) == ({}, ["first", "slow ends"], None)
    assert (told["invocations"], told["checkpoints"]) == (2, 3)
    assert told["started_at"].endswith("Z")
    names = [(each["name"], each["type"], each["status"]) for each in told["operations"]]
    assert names == [
        ("note", "STEP", "SUCCEEDED"),
        ("pause", "WAIT", "SUCCEEDED"),
        ("slow", "STEP", "SUCCEEDED"),
    ]


def test_quiet_is_the_result_alone(durable: Durable) -> None:
    target = f"{FUNCTIONS}/in_def.py:handler"
    result = durable("run", target, "--skip-time", "--quiet")
    assert result.stdout == '[\n  "first",\n  "slow ends"\n]\n'
    assert result.stderr == ""
    failed = durable("run", f"{FUNCTIONS}/in_def.py:failing", "--quiet")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert failed.stderr.startswith("FAILED\n")


def test_a_module_and_another_folder(
    durable: Durable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "shop" / "orders"
    package.mkdir(parents=True)
    (tmp_path / "shop" / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "prices.py").write_text("PRICE = 7\n")
    (package / "app.py").write_text(
        "from lambda_durable import durable_execution\n"
        "from .prices import PRICE\n"
        "@durable_execution\n"
        "def handler(event, ctx):\n"
        "    return ctx.step(lambda: PRICE, name='price')\n"
    )
    monkeypatch.chdir(tmp_path)
    for target in ("shop.orders.app:handler", "shop/orders/app.py:handler"):
        result = durable("run", target, "--quiet")
        assert result.stdout == "7\n", result.output


def test_an_event_from_standard_input(durable: Durable) -> None:
    arguments = (f"{FUNCTIONS}/in_def.py:calling", "--event", "-", "--quiet")
    result = durable("run", *arguments, input='{"x": 1, "call": []}')
    assert result.stdout == "[]\n"


def test_an_input_over_the_quota_is_taken_without_quotas(durable: Durable, tmp_path: Path) -> None:
    event = tmp_path / "large.json"
    event.write_text(json.dumps({"call": [], "x": "x" * 7_000_000}))
    arguments = (f"{FUNCTIONS}/in_def.py:calling", "--event", event, "--quiet")
    assert durable("run", *arguments).exit_code == 2
    assert durable("run", *arguments, "--no-quotas").exit_code == 0
