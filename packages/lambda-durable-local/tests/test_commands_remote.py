"""Commands that talk to an endpoint, typed as a user would."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Durable
from served import Served, function, served

from lambda_durable_local.commands.logs import belonging
from lambda_durable_local.sources.rebuilding import operations

CALLBACK = {"Id": "c", "Type": "CALLBACK", "Action": "START", "Name": "approval"}
CALLBACK |= {"CallbackOptions": {"TimeoutSeconds": 3600}}
WAIT = {"Id": "w", "Type": "WAIT", "Action": "START", "Name": "pause"}
WAIT |= {"WaitOptions": {"WaitSeconds": 7200}}
CONTEXT = {"Id": "x", "Type": "CONTEXT", "Action": "START", "Name": "inside"}
STEP = {"Id": "s", "Type": "STEP", "Action": "SUCCEED", "Name": "count", "Payload": "1"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    functions = [function("orders", "handler"), function("other", "handler")]
    functions.append(function("plain", "plain"))
    with served(functions, tmp_path_factory.mktemp("store") / "s.db") as running:
        yield running


@pytest.fixture
def at(service: Served, durable: Durable) -> Any:
    """Return a function that runs a command at the service's endpoint."""

    def run(*arguments: object, status: int = 0) -> Any:
        result = durable(*arguments, "--endpoint", service.url)
        assert result.exit_code == status, result.output
        return json.loads(result.stdout) if "--json" in arguments else result

    return run


def settled(at: Any, name: str, status: str = "STARTED") -> dict[str, Any]:
    """Return an execution once its invocation is over and its operations are there."""
    until = time.monotonic() + 120
    while True:
        found = at("show", name, "--json")
        if found["operations"] and found["invocations"]:
            return found
        assert time.monotonic() < until
        time.sleep(0.02)


def waiting(at: Any, name: str, *updates: dict[str, Any]) -> dict[str, Any]:
    event = json.dumps({"updates": updates})
    at("invoke", "orders", "--event", event, "--name", name)
    return settled(at, name)


def test_invoke_and_wait(at: Any) -> None:
    event = json.dumps({"updates": [STEP]})
    result = at("invoke", "orders", "--event", event, "--wait")
    assert json.loads(result.stdout) == {"s": ["SUCCEEDED", "1"]}
    told = at("invoke", "ord", "--event", event, "--wait", "--json", "--name", "waited")
    assert told["output"] == {"s": ["SUCCEEDED", "1"]}
    assert told["failed"] is False
    assert "/durable-execution/waited/" in told["arn"]
    assert at("invoke", told["arn"].split("/")[0], "--wait").stdout == "{}\n"
    assert at("invoke", "orders").stdout.startswith("arn:aws:lambda:")
    result = at("invoke", "plain", "--event", '"fail"', "--wait", status=1)
    assert "as you wish" in result.stderr
    assert result.stdout == ""
    assert at("invoke", "plain").stdout == "plain was invoked\n"


def test_functions_that_are_not_there(at: Any) -> None:
    result = at("invoke", "order", status=0)
    assert result.exit_code == 0
    result = at("invoke", "o", status=2)
    assert result.stderr == "Error: 2 functions begin with 'o': orders, other\n"
    result = at("invoke", "plaine", status=2)
    assert result.stderr == "Error: there is no function 'plaine'; did you mean plain?\n"
    result = at("invoke", "orders", "--event", "{}", "--qualifier", "a b", status=2)
    assert "'Qualifier' failed to satisfy constraint" in result.stderr


def test_an_execution_that_waits(at: Any) -> None:
    told = waiting(at, "big-order", CONTEXT, WAIT | {"ParentId": "x"}, CALLBACK)
    assert told["status"] == "RUNNING"
    assert [each["name"] for each in told["operations"]] == ["inside", "pause", "approval"]
    assert told["operations"][1]["waits_until"].endswith("Z")
    shown = at("show", "big-o").stdout
    assert re.search(r"^  pause +wait +STARTED .* waits, until \d", shown, re.MULTILINE)
    assert re.search(r"^approval +callback +STARTED .* its callback, until \d", shown, re.MULTILINE)
    kinds = [event["EventType"] for event in at("history", "big-order", "--json")]
    assert kinds[:2] == ["ExecutionStarted", "ContextStarted"]
    assert "waits 2 h" in at("history", told["arn"][:-10]).stdout
    listed = at("list", "--json", "--function", "orders")
    assert [each["status"] for each in listed if each["name"] == "big-order"] == ["RUNNING"]
    assert listed[0]["invocations"] is None
    assert re.search(r"^orders +big-order +RUNNING", at("list").stdout, re.MULTILINE)


def test_callbacks(at: Any) -> None:
    waiting(at, "for-ann", CALLBACK)
    (found,) = at("callback", "list", "for-ann", "--json")
    assert (found["execution"], found["name"]) == ("for-ann", "approval")
    assert found["until"].endswith("Z")
    shown = at("callback", "list").stdout
    assert re.search(r"^for-ann +approval +\d", shown, re.MULTILINE)
    assert at("callback", "heartbeat", "for-ann").stdout == "the callback is alive\n"
    result = at("callback", "succeed", "for-ann", "--name", "nobody", status=2)
    assert result.stderr == "Error: for-ann waits for no callback called 'nobody'\n"
    assert at("callback", "succeed", found["id"], "--result", '{"by": "ann"}').stdout == (
        "the callback succeeded\n"
    )
    result = at("callback", "fail", found["id"], status=2)
    assert result.stderr.startswith("Error: CallbackTimeoutException: ")


def test_a_callback_that_fails(at: Any, tmp_path: Path) -> None:
    waiting(at, "for-bob", CALLBACK, CALLBACK | {"Id": "d", "Name": "second"})
    result = at("callback", "fail", "for-bob", status=2)
    assert "for-bob waits for 2 callbacks; say which with --name" in result.stderr
    told = at(
        *("callback", "fail", "for-bob", "--name", "second", "--json"),
        *("--error-type", "No", "--message", "not today", "--data", "x"),
    )
    assert told["done"] == "failed"
    file = tmp_path / "result.json"
    file.write_text("[1]")
    at("callback", "succeed", "for-bob", "--result", file)
    found = settled(at, "for-bob")
    assert found["operations"][0]["result"] == "[1]"
    expected = {"ErrorType": "No", "ErrorMessage": "not today", "ErrorData": "x"}
    assert found["operations"][1]["error"] == expected


def test_pause_resume_stop_and_delete(at: Any) -> None:
    told = waiting(at, "to-stop", CALLBACK)
    arn = told["arn"]
    result = at("delete", "to-stop", status=2)
    assert "ResourceConflictException" in result.stderr
    assert at("pause", "to-st", "--reason", "lunch").stdout == f"paused {arn}\n"
    assert at("show", "to-stop", "--json")["status"] == "PAUSED"
    shown = at("show", "to-stop").stdout
    assert re.search(r"^PAUSED since [\d:]{8}: lunch\napproval waits for its", shown, re.MULTILINE)
    assert at("resume", "to-stop").stdout == f"resumed {arn}\n"
    assert "StopTimestamp" in at("stop", "to-stop", "--message", "enough", "--json")
    assert at("show", arn, "--json")["error"] == {"ErrorMessage": "enough"}
    assert re.search(
        r"^approval +callback +STARTED +- +unfinished$", at("show", arn).stdout, re.MULTILINE
    )
    assert "DeletionRequestTimestamp" in at("delete", "to-stop", "--json")


def test_prefixes_must_be_clear(at: Any) -> None:
    for name in ("twin-1", "twin-2"):
        at("invoke", "orders", "--name", name)
    result = at("show", "twin", status=2)
    assert "2 executions begin with 'twin'; give the ARN of one" in result.stderr
    assert result.stderr.count("/durable-execution/twin-") == 2
    result = at("show", "twinn-1", status=2)
    assert "has no execution called 'twinn-1'; did you mean twin-1" in result.stderr
    for function_name in ("orders", "other"):
        at("invoke", function_name, "--name", "same")
    assert "2 executions are called 'same'" in at("show", "same", status=2).stderr
    assert at("show", "same", "--function", "other", "--json")["function"] == "other"


def test_operations_as_the_store_and_as_the_history_has_them(
    at: Any, service: Served, durable: Durable
) -> None:
    retry = STEP | {"Action": "RETRY", "StepOptions": {"NextAttemptDelaySeconds": 900}}
    del retry["Payload"]
    inner = STEP | {"ParentId": "x", "Id": "t"}
    waiting(at, "compared", CONTEXT, inner, retry, CALLBACK, WAIT)
    stored = json.loads(durable("show", "compared", "--store", service.store, "--json").stdout)
    told = at("show", "compared", "--json")
    for report in (stored, told):
        del report["checkpoints"]
    assert told == stored


def test_every_kind_of_event_is_understood() -> None:
    def event(type: str, at: int, **details: Any) -> dict[str, Any]:
        return {"EventType": type, "EventTimestamp": at, "Id": "1", f"{type}Details": details}

    failed = {"Error": {"Payload": {"ErrorType": "E"}}, "RetryDetails": {"CurrentAttempt": 1}}
    failed["RetryDetails"] |= {"NextAttemptDelaySeconds": 2}
    (step,) = operations([event("StepStarted", 5), event("StepFailed", 10, **failed)])
    assert (step["Status"], step["StepDetails"]["NextAttemptTimestamp"]) == ("PENDING", 2010)
    (invoke,) = operations(
        [event("ChainedInvokeStarted", 5), event("ChainedInvokeTimedOut", 6, Error={})]
    )
    assert (invoke["Status"], invoke["EndTimestamp"]) == ("TIMED_OUT", 6)
    assert operations([event("ExecutionStarted", 1), event("InvocationCompleted", 2)]) == []


def test_the_last_attempt_counts() -> None:
    def event(type: str, at: int, attempt: int = 0, **details: Any) -> dict[str, Any]:
        if attempt:
            details["RetryDetails"] = {"CurrentAttempt": attempt}
        if attempt == 1:
            details["RetryDetails"]["NextAttemptDelaySeconds"] = 2
        return {"EventType": type, "EventTimestamp": at, "Id": "1", f"{type}Details": details}

    error, result = {"Error": {"Payload": {"ErrorType": "E"}}}, {"Result": {"Payload": "1"}}
    started = event("StepStarted", 5)
    failed, polled = event("StepFailed", 6, 1, **error), event("StepSucceeded", 6, 1, **result)
    (again,) = operations([started, failed, event("StepStarted", 2010)])
    assert again["StepDetails"] == {"Error": {"ErrorType": "E"}, "Attempt": 1}
    (succeeded,) = operations([started, failed, event("StepSucceeded", 2011, 2, **result)])
    assert succeeded["StepDetails"] == {"Result": "1", "Attempt": 2}
    (gave_up,) = operations([started, polled, event("StepFailed", 2011, 2, **error)])
    assert gave_up["StepDetails"] == {"Error": {"ErrorType": "E"}, "Attempt": 2}


def test_logs(at: Any, tmp_path: Path) -> None:
    told = at("invoke", "orders", "--wait", "--name", "logged", "--json")
    (request,) = (
        event["InvocationCompletedDetails"]["RequestId"]
        for event in at("history", told["arn"], "--json")
        if event["EventType"] == "InvocationCompleted"
    )
    lines = [f"START {request}", "other", json.dumps({"executionArn": told["arn"]})]
    (tmp_path / "orders.log").write_text("\n".join(lines) + "\n")
    assert at("logs", "orders", "--log-dir", tmp_path).stdout.splitlines() == lines
    of_one = at("logs", "logged", "--log-dir", tmp_path)
    assert of_one.stdout.splitlines() == [lines[0], lines[2]]
    assert at("logs", "logged", "--log-dir", tmp_path, "--json")[1] == {"executionArn": told["arn"]}
    assert "other.log cannot be read" in at("logs", "oth", "--log-dir", tmp_path, status=2).stderr
    assert "give --log-dir" in at("logs", "orders", status=2).stderr


def test_what_a_function_prints_belongs_to_the_invocation_that_runs() -> None:
    def start(id: str) -> str:
        return f"START RequestId: {id} Version: $LATEST"

    def end(id: str) -> list[str]:
        return [f"END RequestId: {id}", f"REPORT RequestId: {id}\tDuration: 1 ms"]

    ours = [start("id-a"), "mine", *end("id-a")]
    alone = ["at import", *ours, "between", start("x"), "theirs", *end("x")]
    assert list(belonging(alone, ["arn:ours", "id-a"])) == ours
    overlap = [
        start("id-a"),
        "mine",
        start("x"),
        "whose?",
        "arn:ours",
        *end("x"),
        "mine",
        *end("id-a"),
    ]
    assert list(belonging(overlap, ["arn:ours", "id-a"])) == [
        *(start("id-a"), "mine", "arn:ours", "mine", *end("id-a"))
    ]
    record = '{"time":"2026-01-01T00:00:00.000Z","type":"platform.%s","record":{"requestId":"%s",'
    in_json = [record % ("start", "id-a"), "mine", record % ("report", "id-a"), "between"]
    assert list(belonging(in_json, ["arn:ours", "id-a"])) == in_json[:3]


def test_a_list_has_no_column_that_nobody_knows(at: Any) -> None:
    at("invoke", "orders", "--name", "listed")
    (heading, *_) = at("list").stdout.splitlines()
    assert heading.split() == ["function", "name", "status", "started", "took", "result"]


def test_a_history_tells_of_attempts_time_outs_and_targets(at: Any) -> None:
    retry = {"Id": "r", "Name": "count", "Type": "STEP", "Action": "RETRY"}
    retry |= {"Error": {"ErrorType": "E", "ErrorMessage": "no"}}
    retry |= {"StepOptions": {"NextAttemptDelaySeconds": 900}}
    poll = {"Id": "p", "Name": "poll", "Type": "STEP", "Action": "RETRY", "Payload": "[7]"}
    poll |= {"StepOptions": {"NextAttemptDelaySeconds": 60}}
    invoke = {"Id": "i", "Name": "call", "Type": "CHAINED_INVOKE", "Action": "START"}
    invoke |= {"Payload": "[1]", "ChainedInvokeOptions": {"FunctionName": "plain"}}
    waiting(at, "told", CALLBACK, retry, poll, invoke)
    shown = " ".join(at("history", "told").stdout.split())
    assert re.search(r"approval waits for its callback, until [\d: -]+: W", shown)
    assert "count attempt 1 failed, again in 15 min: E: no" in shown
    assert "poll checked once, again in 1 min: [7]" in shown
    assert "call invokes plain [1]" in shown


def test_nothing_to_list_is_said(durable: Durable, tmp_path: Path) -> None:
    with served([function("orders", "handler")], tmp_path / "empty.db") as empty:
        for command, said in (
            (("list",), "no executions yet\n"),
            (("callback", "list"), "nobody waits for a callback\n"),
        ):
            result = durable(*command, "--endpoint", empty.url)
            assert (result.exit_code, result.stdout, result.stderr) == (0, "", said)
            assert durable(*command, "--endpoint", empty.url, "--json").stdout == "[]\n"


def test_nobody_answers(durable: Durable) -> None:
    result = durable("list", "--endpoint", "http://127.0.0.1:9")
    assert result.exit_code == 2
    assert "nothing answers at http://127.0.0.1:9: start the service" in result.stderr
    result = durable("list", "--endpoint", "localhost")
    assert "'localhost' is neither a URL" in result.stderr
    result = durable("list", "--endpoint", "aws", "--store", "s.db")
    assert "give --store or --endpoint, not both" in result.stderr


def test_the_endpoint_of_the_environment(
    service: Served, durable: Durable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", service.url)
    assert durable("list").exit_code == 0


def test_completion(service: Served, durable: Durable, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "_DURABLE_COMPLETE=bash_complete" in durable("completion", "bash").stdout

    def completed(line: str) -> list[str]:
        words = line.split(" ")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        monkeypatch.setenv("_DURABLE_COMPLETE", "bash_complete")
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", service.url)
        from click.testing import CliRunner

        from lambda_durable_local.command_line import main

        shown = CliRunner().invoke(main, [], prog_name="durable", env={}).stdout
        return [each.partition(",")[2] for each in shown.splitlines()]

    assert completed("durable hist") == ["history"]
    assert completed("durable invoke ord") == ["orders"]
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9")
    assert "--endpoint" in completed("durable show --e")
