"""`durable serve`: how it starts, drives its functions, and stops."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import FUNCTIONS, Durable
from served import WIRE, client_of, function, served

from lambda_durable_kernel import Errored, Invocation, Quotas, Returned, Settings
from lambda_durable_kernel.errors import TooManyRequestsError
from lambda_durable_local.api.rates import Rates
from lambda_durable_local.errors import StoreError
from lambda_durable_local.serving.calls import Calls
from lambda_durable_local.store import SqliteStore

Start = Callable[..., "subprocess.Popen[str]"]
HANDLER = f"{FUNCTIONS}/in_def.py:handler"
CALLBACK = {"Id": "c", "Type": "CALLBACK", "Action": "START"}


def where(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.fullmatch(r"listening on (http://\S+)\n", line)
    assert found is not None, line + (process.stderr.read() if process.stderr else "")
    return found[1]


def invoke(client: Any, name: str, payload: Any = None, **options: Any) -> Any:
    body = json.dumps({} if payload is None else payload).encode()
    return client.invoke(FunctionName=name, Payload=body, **options)


def until(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + 120
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def status(client: Any, arn: str) -> str:
    return client.get_durable_execution(DurableExecutionArn=arn)["Status"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_its_functions(start: Start, tmp_path: Path, how: int) -> None:
    notes = tmp_path / "notes"
    process = start(
        *("serve", f"{FUNCTIONS}/in_def.py:sleeping", "--port", 0, "--env", f"NOTES={notes}"),
        *("--store", tmp_path / "s.db"),
    )
    client = client_of(where(process))
    invoke(client, "in_def-sleeping", InvocationType="Event")
    until(lambda: notes.exists() and "slow begins" in notes.read_text())
    children = [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if parent_of(folder) == process.pid
    ]
    assert children
    process.send_signal(how)
    _, stderr = process.communicate(timeout=120)
    assert (process.returncode, stderr) == (0, "")
    for child in children:
        until(lambda child=child: not running(child))


def parent_of(folder: Path) -> int | None:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def running(pid: int) -> bool:
    try:
        return (Path(f"/proc/{pid}/stat")).read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(autouse=True)
def _nothing_is_held() -> None:
    """Forget what functions of earlier tests have put down."""
    wire = sys.modules.get("wire")
    while wire is not None and not wire.HELD.empty():
        wire.HELD.get()


def test_executions_go_on_where_they_were(start: Start, tmp_path: Path) -> None:
    store = ("--store", tmp_path / "s.db")
    process = start("serve", f"{WIRE}:handler", "--port", 0, *store)
    client = client_of(where(process))
    arn = invoke(client, "wire", {"updates": [CALLBACK]}, InvocationType="Event")[
        "DurableExecutionArn"
    ]
    kinds = until(
        lambda: [
            event
            for event in client.get_durable_execution_history(DurableExecutionArn=arn)["Events"]
            if event["EventType"] == "CallbackStarted"
        ]
    )
    id = kinds[0]["CallbackStartedDetails"]["CallbackId"]
    process.kill()
    process.communicate()
    again = start("serve", f"{WIRE}:handler", "--port", 0, *store)
    client = client_of(where(again))
    client.send_durable_execution_callback_success(CallbackId=id, Result=b"1")
    until(lambda: status(client, arn) == "SUCCEEDED")


def test_what_is_printed_has_the_function_s_name(start: Start) -> None:
    process = start("serve", HANDLER, "--port", 0, "--skip-time")
    answer = invoke(client_of(where(process)), "in_def")
    assert json.loads(answer["Payload"].read()) == ["first", "slow ends"]
    process.terminate()
    stdout, _ = process.communicate(timeout=120)
    assert stdout.count("in_def | handler begins\n") == 2
    assert "in_def | START RequestId: " in stdout


def test_two_services_on_one_store_or_port(start: Start, tmp_path: Path) -> None:
    store = ("--store", tmp_path / "s.db")
    first = start("serve", HANDLER, "--host", "inprocess", "--port", 0, *store)
    port = where(first).rpartition(":")[2]
    second = start("serve", HANDLER, "--host", "inprocess", "--port", 0, *store)
    _, stderr = second.communicate(timeout=120)
    assert second.returncode == 2
    assert f"s.db is in use by another process (its id: {first.pid})" in stderr
    third = start("serve", HANDLER, "--host", "inprocess", "--port", port)
    _, stderr = third.communicate(timeout=120)
    assert third.returncode == 2
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use" in stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "nothing to serve: give a --template, a TARGET or a --function"),
        ((HANDLER, "--bind", "0.0.0.0"), "can be reached from other machines: give a --token"),
        ((HANDLER, "--bind", "everywhere"), "can be reached from other machines"),
        ((HANDLER, "--token", "short"), "give 16 to 128 letters, digits"),
        ((HANDLER, HANDLER), "two functions are called 'in_def'"),
        ((HANDLER, "--quota", "operation=5"), "no quota 'operation'; did you mean operations"),
        ((HANDLER, "--quota", "operations=none"), "give a whole number from 1"),
        ((f"{FUNCTIONS}/in_def.py:hander",), "has no 'hander'; did you mean handler"),
        (("--template", "nowhere.yaml"), "nowhere.yaml"),
        ((HANDLER, "--env", "X"), "'X' is not NAME=VALUE"),
    ],
)
def test_what_cannot_be_served(durable: Durable, arguments: tuple[str, ...], reason: str) -> None:
    result = durable("serve", "--port", 0, "--host", "inprocess", *arguments)
    assert result.exit_code == 2
    assert reason in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


def test_another_address_with_a_token(start: Start) -> None:
    process = start(
        *("serve", HANDLER, "--host", "inprocess", "--port", 0, "--bind", "0.0.0.0"),
        *("--token", "new"),
    )
    assert process.stdout is not None
    token = process.stdout.readline().removeprefix("token ").strip()
    url = where(process)
    assert url.startswith("http://127.0.0.1:")
    with pytest.raises(Exception, match="UnrecognizedClientException"):
        client_of(url).list_functions()
    assert client_of(url, key=token).list_functions()["Functions"]
    environment = os.environ | {"LAMBDA_DURABLE_TOKEN": token}
    command = [sys.executable, "-m", "lambda_durable_local", "invoke", "in_def", "--endpoint", url]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("arn:")
    del environment["LAMBDA_DURABLE_TOKEN"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "takes it from the variable LAMBDA_DURABLE_TOKEN" in done.stderr


def test_functions_in_processes_have_the_token(start: Start) -> None:
    process = start(
        *("serve", f"{WIRE}:handler", "--port", 0, "--bind", "0.0.0.0", "--skip-time"),
        *("--token", "local-and-long-enough", f"{FUNCTIONS}/in_def.py:handler"),
    )
    client = client_of(where(process), key="local-and-long-enough")
    assert json.loads(invoke(client, "in_def")["Payload"].read()) == ["first", "slow ends"]


def test_skipped_time(tmp_path: Path) -> None:
    waits = {"Type": "WAIT", "Action": "START", "WaitOptions": {"WaitSeconds": 31_622_400}}
    updates = [{"Id": f"w{number}", **waits} for number in range(3)]
    with served([function("wire", "handler")], tmp_path / "s.db", skip_time=True) as service:
        answer = invoke(service.client, "wire", {"updates": updates})
        assert len(json.loads(answer["Payload"].read())) == 3
        told = service.client.get_durable_execution(
            DurableExecutionArn=answer["DurableExecutionArn"]
        )
        assert (told["EndTimestamp"] - told["StartTimestamp"]).days == 366


def test_no_more_invocations_at_once_than_allowed(tmp_path: Path) -> None:
    functions = [function("held", "held", concurrency=2)]
    with served(functions, tmp_path / "s.db") as service:
        wire = sys.modules["wire"]
        wire.RELEASED.clear()
        for _ in range(5):
            invoke(service.client, "held", InvocationType="Event")
        for _ in range(2):
            wire.HELD.get(timeout=120)
        invoke(service.client, "held", InvocationType="DryRun")
        assert wire.HELD.empty()
        wire.RELEASED.set()
        for _ in range(3):
            wire.HELD.get(timeout=120)


def test_functions_that_are_missing_are_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = tmp_path / "s.db"
    wait = {"Id": "w", "Type": "WAIT", "Action": "START", "WaitOptions": {"WaitSeconds": 1}}
    with served([function("a", "handler"), function("b", "handler")], store) as service:
        arn = invoke(service.client, "a", {"updates": [CALLBACK | wait]}, InvocationType="Event")[
            "DurableExecutionArn"
        ]
        until(
            lambda: (
                "InvocationCompleted"
                in str(service.client.get_durable_execution_history(DurableExecutionArn=arn))
            )
        )
    with served([function("b", "handler")], store) as service:
        until(lambda: "function 'a' has to be invoked, and nothing is known" in caplog.text)
        assert status(service.client, arn) == "RUNNING"
        assert invoke(service.client, "b")["StatusCode"] == 200
    with served([function("a", "handler")], store) as service:
        until(lambda: status(service.client, arn) == "SUCCEEDED")


def test_who_waits_is_told_when_the_service_stops(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    failures: list[Exception] = []

    with served([function("wire", "handler")], store) as service:

        def wait() -> None:
            with pytest.raises(service.client.exceptions.ServiceException) as told:
                invoke(service.client, "wire", {"updates": [CALLBACK]}, DurableExecutionName="n")
            failures.append(told.value)

        thread = threading.Thread(target=wait)
        thread.start()
        until(
            lambda: service.client.list_durable_executions_by_function(FunctionName="wire")[
                "DurableExecutions"
            ]
        )
    thread.join()
    assert "goes on when it starts again" in str(failures[0])
    with served([function("wire", "handler")], store) as service:
        (found,) = service.client.list_durable_executions_by_function(FunctionName="wire")[
            "DurableExecutions"
        ]
        assert found["Status"] == "RUNNING"


def test_quotas(tmp_path: Path) -> None:
    quotas = Quotas(operations=2, requests_per_second=1)
    settings = Settings(quotas=quotas)
    with served([function("wire", "handler")], tmp_path / "s.db", settings=settings) as service:
        client = service.client

        def ask_often() -> None:
            for _ in range(50):
                client.list_functions()

        with pytest.raises(client.exceptions.TooManyRequestsException, match="1 times a second"):
            ask_often()
        assert client.list_durable_executions_by_function(FunctionName="wire")


def test_an_execution_is_retained_for_a_time(tmp_path: Path) -> None:
    """What has ended is forgotten at its time, which is never skipped; nobody has to ask."""
    store = tmp_path / "s.db"
    functions = [function("wire", "handler", retention_days=1)]
    with served(functions, store, skip_time=True) as service:
        first = invoke(service.client, "wire")["DurableExecutionArn"]
        assert status(service.client, first) == "SUCCEEDED"
        wait = {"Id": "w", "Type": "WAIT", "Action": "START"}
        wait["WaitOptions"] = {"WaitSeconds": 2 * 86_400}
        invoke(service.client, "wire", {"updates": [wait]})

        def gone() -> bool:
            try:
                status(service.client, first)
            except service.client.exceptions.ResourceNotFoundException:
                return True
            return False

        until(gone)


def test_the_rate_of_each_operation() -> None:
    now = 0.0
    rates = Rates(2, clock=lambda: now)
    for _ in range(2):
        rates.take("a")
    with pytest.raises(TooManyRequestsError):
        rates.take("a")
    rates.take("b")
    now = 0.5
    rates.take("a")
    with pytest.raises(TooManyRequestsError):
        rates.take("a")
    now = 100.0
    for _ in range(2):
        rates.take("a")
    with pytest.raises(TooManyRequestsError):
        rates.take("a")


def test_a_full_disk_delays_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    full = threading.Event()
    save = SqliteStore.save

    def failing(store: SqliteStore, changes: Any) -> None:
        if full.is_set():
            raise StoreError("the disk is full")
        save(store, changes)

    monkeypatch.setattr(SqliteStore, "save", failing)
    with served([function("held", "held")], tmp_path / "s.db") as service:
        client, wire = service.client, sys.modules["wire"]
        wire.RELEASED.clear()
        arn = invoke(client, "held", InvocationType="Event")["DurableExecutionArn"]
        wire.HELD.get(timeout=120)
        full.set()
        with pytest.raises(client.exceptions.ServiceException, match="the disk is full"):
            client.stop_durable_execution(DurableExecutionArn=arn)
        wire.RELEASED.set()
        until(lambda: "the end of an invocation cannot be saved" in caplog.text)
        assert status(client, arn) == "RUNNING"
        full.clear()
        until(lambda: status(client, arn) == "SUCCEEDED")


def test_what_nobody_waits_for_is_made_after_a_restart_too(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    with served([function("busy", "held", durable=False, concurrency=0)], store) as service:
        for number in range(3):
            answer = invoke(service.client, "busy", number, InvocationType="Event")
            assert answer["StatusCode"] == 202
        assert sys.modules["wire"].HELD.empty()
    with served([function("other", "plain")], store) as service:
        assert invoke(service.client, "other", 1)["StatusCode"] == 200  # and nothing goes wrong
    with served([function("busy", "held", durable=False, concurrency=2)], store):
        held = sys.modules["wire"]
        assert {held.HELD.get(timeout=120) for _ in range(2)} == {0, 1}
        held.RELEASED.set()
        assert held.HELD.get(timeout=120) == 2
    with served([function("busy", "held", durable=False)], store) as service:
        invoke(service.client, "busy", "last", InvocationType="Event")
        assert sys.modules["wire"].HELD.get(timeout=120) == "last"


def test_what_nobody_waits_for_is_tried_three_times(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "s.db"
    calls = Calls(path)
    invocation = Invocation("i", "f", False, "1", "", None, 100.0, 103.0, tenant_id="t")
    calls.add(invocation)
    now = 100.0
    for wait in (60.0, 120.0, None):
        assert calls.take(now, lambda name: name != "f") is None
        call = calls.take(now, lambda name: name == "f")
        assert call is not None
        assert call.invocation(now) == replace(invocation, started_at=now, deadline=now + 3)
        assert calls.take(now, lambda _: True) is None
        calls.settle(call, Errored.crashed("gone"), now)
        assert calls.next_after(now) == (None if wait is None else now + wait)
        calls.close()
        calls = Calls(path)
        now += wait or 0.0
    assert "function 'f' failed 3 times" in caplog.text
    calls.add(invocation)
    call = calls.take(now, lambda _: True)
    assert call is not None
    calls.settle(call, Returned("1"), now)
    calls.close()
    calls = Calls(path)
    assert calls.take(now + 1e6, lambda _: True) is None
    calls.close()
