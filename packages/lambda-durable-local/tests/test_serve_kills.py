"""`kill -9` of the service, or of its functions' processes, loses nothing that was acknowledged.

LAMBDA_DURABLE_KILLS=100 kills it as often; a few kills are enough to notice most mistakes.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from conftest import FUNCTIONS
from served import WIRE, client_of

KILLS = int(os.environ.get("LAMBDA_DURABLE_KILLS", "4"))
ORDERS = 6 + KILLS
LETTERS = {"order": "abcde", "child": "xy"}
CALLBACK = {"Id": "c", "Type": "CALLBACK", "Action": "START"}

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(300 + 60 * KILLS)]


class Service:
    """`durable serve` on one port and one store, however often it is started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = 0
        self.process: subprocess.Popen[str]

    def start(self) -> None:
        kills = FUNCTIONS / "kills.py"
        command = [
            *(sys.executable, "-m", "lambda_durable_local", "serve", "--skip-time"),
            *("--port", str(self._port), "--store", str(self._folder / "s.db")),
            *("--log-dir", str(self._folder / "logs")),
            *("--env", f"NOTES={self._folder / 'notes'}"),
            *("--function", f"order={kills}:order", "--function", f"child={kills}:child"),
            f"{WIRE}:handler",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), line
        self.url = line.split()[-1]
        self._port = int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def kill_a_function(self) -> None:
        """Kill one of the processes that run functions, if there is one."""
        children = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == self.process.pid:
                    children.append(int(folder.name))
        if children:
            with suppress(ProcessLookupError):
                os.kill(random.choice(children), signal.SIGKILL)

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate()


@pytest.fixture
def service(tmp_path: Path) -> Any:
    service = Service(tmp_path)
    service.start()
    yield service
    service.stop()


def persistently(call: Callable[[], Any], stop: threading.Event) -> Any:
    """Return what a call answers, asked again while nobody is there to answer."""
    while not stop.wait(0.02):
        try:
            return call()
        except (ConnectionError, HTTPClientError):
            continue
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 500:
                raise
    return None


def complete_callbacks(client: Any, stop: threading.Event) -> None:
    """Complete each callback that is open; a second time it is closed, and that is all right."""
    while not stop.wait(0.05):
        page = persistently(
            lambda: client.list_durable_executions_by_function(
                FunctionName="wire", Statuses=["RUNNING"]
            ),
            stop,
        )
        for each in (page or {}).get("DurableExecutions", []):
            arn = each["DurableExecutionArn"]
            history = persistently(
                lambda arn=arn: client.get_durable_execution_history(DurableExecutionArn=arn), stop
            )
            for event in (history or {}).get("Events", []):
                if event["EventType"] == "CallbackStarted":
                    id = event["CallbackStartedDetails"]["CallbackId"]
                    try:
                        client.send_durable_execution_callback_success(CallbackId=id, Result=b"1")
                    except (ConnectionError, HTTPClientError, ClientError):
                        continue


def place_orders(client: Any, stop: threading.Event) -> None:
    for number in range(ORDERS):
        event = {"name": f"o{number}", "child": "child", "callback": CALLBACK}
        persistently(
            lambda event=event: client.invoke(
                FunctionName="order",
                Qualifier="$LATEST",
                InvocationType="Event",
                DurableExecutionName=event["name"],
                Payload=json.dumps(event).encode(),
            ),
            stop,
        )


@pytest.mark.parametrize("what", ["service", "function"])
def test_kills_lose_nothing(service: Service, tmp_path: Path, what: str) -> None:
    client = client_of(service.url, connect_timeout=5, read_timeout=300)
    stop = threading.Event()
    threads = [
        threading.Thread(target=call, args=(client, stop))
        for call in (place_orders, complete_callbacks)
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            while_it_works(tmp_path / "notes")
            if what == "service":
                service.kill()
                service.start()
            else:
                service.kill_a_function()
        threads[0].join()
        check(client, stop, tmp_path / "notes")
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def while_it_works(notes: Path) -> None:
    """Wait for a moment at which a kill interrupts something.

    One in four comes as soon as the last one, whatever there is by then; the others come once work
    has gone on, on a machine however slow.
    """
    if random.random() < 0.25:
        time.sleep(random.uniform(0.0, 0.5))
        return
    before = notes.stat().st_size if notes.exists() else 0
    until = time.monotonic() + 20
    while not notes.exists() or notes.stat().st_size == before:
        if time.monotonic() > until:  # all is done, or waits for another kill to recover from
            return
        time.sleep(0.01)
    time.sleep(random.uniform(0.0, 0.3))


def check(client: Any, stop: threading.Event, notes: Path) -> None:
    for number in range(ORDERS):
        name = f"o{number}"
        event = {"name": name, "child": "child", "callback": CALLBACK}
        # A named start of what is there already: answered when the execution has ended.
        answer = persistently(
            lambda event=event: client.invoke(
                FunctionName="order",
                DurableExecutionName=event["name"],
                Payload=json.dumps(event).encode(),
            ),
            stop,
        )
        told = json.loads(answer["Payload"].read())
        expected = [*"abcd", ["x", "y"], {"c": ["SUCCEEDED", "1"]}, [2, 4, 6], "e"]
        assert told == expected, told
        history = client.get_durable_execution_history(
            DurableExecutionArn=answer["DurableExecutionArn"], MaxItems=1000
        )["Events"]
        assert [event["EventId"] for event in history] == list(range(1, len(history) + 1))
        ended = Counter(
            each["Name"]
            for each in history
            if each["EventType"] == "StepSucceeded" and "ParentId" not in each
        )
        assert ended == Counter(LETTERS["order"])
        assert sum(each["EventType"] == "ExecutionSucceeded" for each in history) == 1
    check_notes(notes)


def check_notes(notes: Path) -> None:
    """No body begins again once a later one has begun: its end was acknowledged by then."""
    begun: dict[str, str] = {}
    for line in notes.read_text().splitlines():
        execution, letter = line.split()
        letters = LETTERS["child" if execution.endswith("-child") else "order"]
        before = begun.get(execution, letters[0])
        assert letters.index(letter) - letters.index(before) in (0, 1), f"{line} after {before}"
        begun[execution] = letter
    assert len(begun) == 2 * ORDERS
