"""Threads that wait for an answer are woken when there is none to come, whoever was to send."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from lambda_durable.errors import Suspension
from lambda_durable.execution import Execution
from lambda_durable.plugins import Plugins
from lambda_durable.runtimes.sending import Sender


class Gate:
    """A service that answers once it is let."""

    def __init__(self) -> None:
        self.called, self.open = threading.Event(), threading.Event()

    def checkpoint(self, execution_arn: str, token: str, updates: Sequence[Any]) -> Any:
        self.called.set()
        self.open.wait()
        operations = [{**update, "Status": "STARTED"} for update in updates]
        return {"CheckpointToken": "next", "NewExecutionState": {"Operations": operations}}

    def get_state(self, execution_arn: str, token: str, marker: str) -> Any:
        raise AssertionError(marker)


def update(number: int) -> Any:
    return {"Id": f"wait-{number}", "Type": "WAIT", "Action": "START"}


def started(sender: Sender, number: int, outcomes: list[object]) -> threading.Thread:
    def put() -> None:
        try:
            sender.put(update(number), durable=True)
            outcomes.append("answered")
        except Suspension as ending:
            outcomes.append(ending)

    thread = threading.Thread(target=put)
    thread.start()
    return thread


def test_those_who_wait_are_woken_when_the_next_sender_finds_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    execution = Execution(
        arn="arn", token="t", operations=(), plugins=Plugins(()), clock=lambda: 0.0
    )
    service = Gate()
    sender = Sender(execution, service)
    outcomes: list[object] = []
    first = started(sender, 0, outcomes)
    service.called.wait()
    others = [started(sender, number, outcomes) for number in (1, 2, 3)]
    while len(sender._waiters) < len(others):
        threading.Event().wait(0.001)
    woken = sender._wake

    def ends_after_the_answer() -> None:
        woken()
        execution.end(Suspension("the end"))  # before the one who is to send has come to it

    monkeypatch.setattr(sender, "_wake", ends_after_the_answer)
    service.open.set()
    for thread in (first, *others):
        thread.join(30)
        assert not thread.is_alive(), "it waits for an answer that nobody asks for"
    assert len(outcomes) == 4
    assert sum(isinstance(each, Suspension) for each in outcomes) == 4
