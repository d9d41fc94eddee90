"""The local service as a whole: a store, functions, the driver and the API, on one socket."""

import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from lambda_durable_kernel import DurableService, Settings
from lambda_durable_kernel.model import Change

from ..api.access import Access
from ..api.app import LambdaApi
from ..api.backend import Backend
from ..api.endings import Endings
from ..clocks import SkippingClock, WallClock
from ..functions import LocalFunction
from ..hosts.base import Host
from ..hosts.launches import Service
from ..store import SqliteStore
from .calls import Calls
from .driver import ServiceDriver
from .hosting import Hosting, HostKind
from .listening import Server, url


@dataclass(frozen=True, slots=True)
class ServePlan:
    """What is to be served, and how."""

    functions: Sequence[LocalFunction]
    store: Path
    """The file that keeps executions."""
    host: HostKind = "process"
    python: str = sys.executable
    log_dir: Path | None = None
    skip_time: bool = False
    token: str | None = None
    """What every client has to give; None answers this machine alone."""
    settings: Settings = field(default_factory=Settings)


def serve(
    plan: ServePlan,
    listening: socket.socket,
    *,
    on_ready: Callable[[Server], None] = lambda server: None,
) -> None:
    """Answer on a socket until SIGTERM or Ctrl-C, or until `should_exit` of the server is set.

    Raise LocalError if a function, the store or the logs cannot be used.
    """
    with ExitStack() as stack:
        stack.enter_context(listening)
        reached = Service(url(listening), plan.token or "local")
        hosting = Hosting(plan.host, reached, python=plan.python, log_dir=plan.log_dir)
        stack.callback(hosting.close)
        hosts = hosting.hosts(plan.functions)
        for host in hosts.values():
            stack.callback(host.close)
        durable = {each.name: _is_durable(each, hosts[each.name]) for each in plan.functions}
        store = stack.enter_context(closing(SqliteStore(plan.store)))
        clock = _clock(plan, store)
        endings, news = Endings(), threading.Event()

        def changed(changes: Sequence[Change]) -> None:
            endings.changed(changes)
            news.set()

        service = DurableService(store, plan.settings, on_change=changed)
        for each in plan.functions:
            service.register(each.spec(durable=durable[each.name]))
        service.recover(clock.now())
        functions = {each.name: each for each in plan.functions}
        calls = stack.enter_context(closing(Calls(plan.store)))
        driver = ServiceDriver(service, functions, hosts, calls, clock, news)
        backend = Backend(service, clock.now, functions, endings, driver.call, driver.accept)
        api = LambdaApi(backend, Access(plan.token))
        stack.callback(api.close)
        server = Server(api, on_ready=lambda: on_ready(server), on_stop=endings.close)
        driver.start()
        stack.callback(driver.stop)
        server.run(sockets=[listening])


def _is_durable(function: LocalFunction, host: Host) -> bool:
    """Return whether a function is durable, once it is known that it can be run."""
    found = host.load().durable
    return found if function.durable is None else function.durable


def _clock(plan: ServePlan, store: SqliteStore) -> WallClock:
    """Return the clock, which is never behind what is stored."""
    times = [
        event["EventTimestamp"] / 1000
        for arn in store.open_executions()
        for event in store.events(arn, 0, 1, reverse=True)
    ]
    not_before = max(times, default=0.0)
    return SkippingClock(not_before) if plan.skip_time else WallClock(not_before)
