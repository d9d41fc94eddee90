"""An invocation in which nothing is to be done."""

import selectors
import threading
import time
from types import ModuleType
from typing import Any

import pytest
from behaviour.world import World


class Watch:
    """What a test's code asks of the machine while it is watched: threads, and timed waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.started: list[str] = []
        self.timeouts: list[float] = []
        self.waited = threading.Event()
        start, wait, sleep = threading.Thread.start, threading.Condition.wait, time.sleep
        select = selectors.DefaultSelector.select

        def starts(thread: threading.Thread) -> None:
            self.started.append(thread.name)
            start(thread)

        def waits(condition: Any, timeout: float | None = None) -> bool:
            note(timeout)
            return wait(condition, timeout)

        def sleeps(seconds: float) -> None:
            note(seconds)
            sleep(seconds)

        def selects(selector: Any, timeout: float | None = None) -> Any:
            note(timeout)
            return select(selector, timeout)

        def note(seconds: float | None) -> None:
            if seconds:
                self.timeouts.append(seconds)
                self.waited.set()

        monkeypatch.setattr(threading.Thread, "start", starts)
        monkeypatch.setattr(threading.Condition, "wait", waits)
        monkeypatch.setattr(time, "sleep", sleeps)
        monkeypatch.setattr(selectors.DefaultSelector, "select", selects)


def test_an_invocation_of_nothing_starts_no_thread_and_waits_for_nothing(
    flavour: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def program(event: Any, ctx: Any) -> str:
        return "nothing"

    before = threading.active_count()
    watch = Watch(monkeypatch)
    assert world.run(flavour.handler(program)).value == "nothing"
    assert (watch.started, watch.timeouts, world.requests) == ([], [], 0)
    assert threading.active_count() == before


def test_officially_it_starts_two_threads_and_polls(
    official: Any, sdk: ModuleType, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(monkeypatch)

    def program(event: Any, ctx: Any) -> str:
        watch.waited.wait()  # the second thread is at work
        return "nothing"

    assert world.run(official(program)).value == "nothing"
    # It ends when that thread looks up from its queue, after up to a tenth of a second.
    assert len(watch.started) == 2
    assert 0 < max(watch.timeouts) <= 0.1
