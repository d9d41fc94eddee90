"""Hosts of execution environments for tests, with what they logged."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from lambda_durable_kernel import DurableService, Errored, Invocation, Returned, Session
from lambda_durable_local.functions import LocalFunction
from lambda_durable_local.hosts.environments import EnvironmentHost, process_launcher
from lambda_durable_local.hosts.launches import Launcher, Service
from lambda_durable_local.hosts.pool import Environments
from lambda_durable_local.targets import Target, parse

FUNCTIONS = Path(__file__).parent / "functions"
SERVICE = Service("http://127.0.0.1:9", access_key="key-1")
_NUMBERS = count(1)


@dataclass
class Runner:
    """Invokes one plain function and keeps its log."""

    host: EnvironmentHost
    function: LocalFunction
    lines: list[str] = field(default_factory=list)

    def invoke(self, tenant: str | None = None, **event: Any) -> Returned | Errored:
        """Return how an invocation ended."""
        now = time.time()
        invocation = Invocation(
            id=f"id-{next(_NUMBERS)}",
            function=self.function.name,
            durable=False,
            event=json.dumps(event),
            execution_arn="arn",
            operation_id="1",
            started_at=now,
            deadline=now + self.function.timeout,
            tenant_id=tenant,
        )
        return self.host.invoke(invocation, Session(DurableService(), time.time))

    def answer(self, tenant: str | None = None, **event: Any) -> Any:
        """Return what the function answers."""
        outcome = self.invoke(tenant, **event)
        assert isinstance(outcome, Returned), (outcome, self.lines)
        return json.loads(outcome.text())

    def error(self, **event: Any) -> dict[str, Any]:
        """Return the error that an invocation ends in."""
        outcome = self.invoke(**event)
        assert isinstance(outcome, Errored), outcome
        return dict(outcome.error)


@contextmanager
def running(
    target: Target | str = f"{FUNCTIONS / 'in_lambda.py'}:handler",
    *,
    environments: Environments | None = None,
    python: str = sys.executable,
    launcher: Launcher | None = None,
    **options: Any,
) -> Iterator[Runner]:
    """Give a runner for a function; its processes end with the block."""
    found = parse(target) if isinstance(target, str) else target
    function = LocalFunction(options.pop("name", "fn"), found, **({"timeout": 60.0} | options))
    shared = environments if environments is not None else Environments()
    launcher = launcher or process_launcher(function, SERVICE, python=python)
    lines: list[str] = []
    host = EnvironmentHost(function, shared, launcher, on_line=lines.append)
    try:
        yield Runner(host, function, lines)
    finally:
        host.close()
        if environments is None:
            shared.close()
