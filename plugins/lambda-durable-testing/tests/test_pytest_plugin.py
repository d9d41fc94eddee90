"""The pytest plugin as its users meet it: tests that pass, and what they see of those that fail."""

import subprocess
import sys

import pytest

PROGRAM = """
import pytest
from lambda_durable import DurableContext, durable_execution

def charge(card):
    return f"paid with {card}"

@durable_execution
def handler(event, ctx: DurableContext):
    paid = ctx.step(charge, event["card"])
    ctx.wait(3600, name="warehouse")
    return paid
"""

# Plugins of others would only be loaded for nothing.
OPTIONS = (
    *("-p", "lambda_durable_testing.pytest_plugin", "-p", "no:cacheprovider"),
    *("-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "no:timeout"),
)


def run(pytester: pytest.Pytester, tests: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(test_orders=PROGRAM + tests)
    return pytester.runpytest_inprocess(*OPTIONS, *options)


def test_the_runner_and_its_clock(pytester: pytest.Pytester) -> None:
    tests = """
def test_order(durable_runner, durable_clock):
    runner = durable_runner(handler)
    began = durable_clock().now
    assert runner.run({"card": "4242"}).result == "paid with 4242"
    assert (durable_clock().now - began).total_seconds() == 3600
"""
    run(pytester, tests).assert_outcomes(passed=1)


def test_the_marker_sets_the_runner_up(pytester: pytest.Pytester) -> None:
    tests = """
@pytest.mark.durable(execution_timeout=60)
def test_order(durable_runner):
    assert durable_runner(handler).run({"card": "4242"}).status == "TIMED_OUT"
"""
    run(pytester, tests, "--strict-markers").assert_outcomes(passed=1)


def test_a_failure_shows_the_execution(pytester: pytest.Pytester) -> None:
    tests = """
from lambda_durable_testing import run

def test_order():
    assert run(handler, {"card": "4242"}).result == "paid"
"""
    result = run(pytester, tests)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*Durable execution of handler*",
            "execution SUCCEEDED, 2 invocations, 1 h",
            "charge*step*SUCCEEDED*paid with 4242*",
            "warehouse*wait*SUCCEEDED*1 h",
        ]
    )


def test_a_failure_shows_an_execution_that_is_on_its_way(pytester: pytest.Pytester) -> None:
    tests = """
from lambda_durable_testing import LocalRunner

@durable_execution
def asks(event, ctx):
    ctx.step(charge, "4242")
    ctx.invoke("prices")

def test_order():
    LocalRunner(asks).run()
"""
    result = run(pytester, tests)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*'prices', which the test has not registered*", "execution RUNNING*", "charge*step*"]
    )
    text = result.stdout.str()
    assert "lambda_durable_testing/local.py" not in text, "the line of the test is shown"


def test_a_failure_shows_the_snapshot_alone(pytester: pytest.Pytester) -> None:
    tests = """
def test_order(durable_runner, durable_snapshot):
    durable_snapshot(durable_runner(handler).run({"card": "4242"}))
"""
    text = run(pytester, tests).stdout.str()
    assert text.count("warehouse") == 1, text


@pytest.mark.parametrize("is_ci", [False, True])
def test_a_result_that_is_not_there_is_shown_once(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, is_ci: bool
) -> None:
    if is_ci:
        monkeypatch.setenv("CI", "true")  # pytest's summary is not cut there
    tests = """
from lambda_durable_testing import run

def test_order():
    run(handler, {"card": "4242"}, steps={"charge": ValueError("no money")}).result
"""
    result = run(pytester, tests)
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert text.count("execution FAILED") == 1, text
    summary = text.partition("short test summary info")[2]
    if is_ci:
        assert "the execution has no result: ValueError: no money\n" in summary


def test_snapshots(pytester: pytest.Pytester) -> None:
    tests = """
def test_order(durable_runner, durable_snapshot):
    durable_snapshot(durable_runner(handler).run({"card": CARD}))
CARD = "4242"
"""
    result = run(pytester, tests)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*there is no snapshot *--durable-snapshot-update*"])
    run(pytester, tests, "--durable-snapshot-update").assert_outcomes(passed=1)
    run(pytester, tests).assert_outcomes(passed=1)
    snapshot = pytester.path / "snapshots" / "test_orders" / "test_order.txt"
    assert "warehouse" in snapshot.read_text()

    result = run(pytester, tests.replace("4242", "1111"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*differs from *test_order.txt*", "*-charge*paid with 4242*", "*+charge*paid with 1111*"]
    )


def test_determinism_on_request(pytester: pytest.Pytester) -> None:
    tests = """
import time
from lambda_durable_testing import run

@durable_execution
def dated(event, ctx):
    ctx.step(charge, "x", name=f"day {int(time.time()) // 86400}")

def test_dated():
    assert run(dated).succeeded
"""
    run(pytester, tests).assert_outcomes(passed=1)
    result = run(pytester, tests, "--durable-determinism")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*is not deterministic*", "*step 'day *"])
    marked = tests.replace(
        "def test_dated", "@pytest.mark.durable(determinism=True)\ndef test_dated"
    )
    run(pytester, marked).assert_outcomes(failed=1)


def test_recordings_are_collected(pytester: pytest.Pytester) -> None:
    assert "--durable-recordings" in run(pytester, "", "--help").stdout.str()


def test_unittest(pytester: pytest.Pytester) -> None:
    tests = """
import unittest
from lambda_durable_testing import LocalRunner

class Orders(unittest.TestCase):
    def test_order(self):
        runner = LocalRunner(handler)
        runner.step("charge").returns("paid")
        self.assertEqual(runner.run({"card": "4242"}).result, "paid")
        runner.step("charge").assert_called_with("4242")
"""
    pytester.makepyfile(test_orders=PROGRAM.replace("import pytest", "") + tests)
    done = pytester.run(sys.executable, "-m", "unittest", "-q", "test_orders")
    assert done.ret == 0, done.stderr.str()


def test_the_same_file_runs_here_and_deployed(pytester: pytest.Pytester) -> None:
    functions = pytester.makepyfile(
        functions="""
from datetime import timedelta
from lambda_durable import DurableContext, durable_execution

def ask(callback_id):
    pass

@durable_execution
def order(event, ctx: DurableContext):
    ctx.wait(timedelta(hours=2), name="warehouse")
    approval = ctx.wait_for_callback(ask, name="approval")
    return {"items": event["items"], "by": approval["by"]}
"""
    )
    pytester.makepyfile(
        test_order="""
import pytest
from functions import order

@pytest.mark.durable(patience=50)
def test_an_order(durable_runner):
    execution = durable_runner(order).start({"items": 2})
    execution.callback("approval").succeed({"by": "ann"})
    result = execution.finish()
    assert result.result == {"items": 2, "by": "ann"}
    assert result.operations["warehouse"].status == "SUCCEEDED"
    assert result.operations["approval submitter"].attempts == 1

def test_a_wrong_order(durable_runner):
    execution = durable_runner(order).start({"items": 2})
    execution.callback("approval").fail("too dear")
    assert execution.finish().succeeded
"""
    )
    options = [*OPTIONS, "test_order.py"]
    pytester.runpytest_inprocess(*options).assert_outcomes(passed=1, failed=1)
    command = [
        *(sys.executable, "-m", "lambda_durable_local", "serve", "--skip-time", "--port", "0"),
        f"--function=order={functions}:order",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            while line and not line.startswith("listening on "):
                line = process.stdout.readline()
            endpoint = line.split()[-1]
            result = pytester.runpytest_inprocess(f"--durable-endpoint={endpoint}", *options)
        finally:
            process.terminate()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*Durable execution of order*", "execution FAILED*", "approval*FAILED*too dear"]
    )
