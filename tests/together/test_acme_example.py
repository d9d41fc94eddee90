"""The third-party example, stopped at every checkpoint in turn."""

import importlib
from pathlib import Path

import pytest

from lambda_durable import durable_execution
from lambda_durable_kernel import CheckpointMoment, Finished, Simulation

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "plugins"


class Crash(BaseException):
    """The process is gone."""


def test_acmes_handler_comes_to_the_same_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.syspath_prepend(str(EXAMPLES / "acme-durable" / "src"))
    acme = importlib.import_module("acme_durable")
    example = importlib.import_module("acme_handler")
    handler = durable_execution(plugins=[acme])(example.handler.function)

    def run(crash_at: tuple[int, str] | None) -> tuple[Finished, int]:
        example.attempts.clear()
        requests = 0

        def on_checkpoint(moment: CheckpointMoment) -> None:
            nonlocal requests
            requests += moment.phase == "before"
            if (requests, moment.phase) == crash_at:
                raise Crash

        simulation = Simulation(
            lambda _, event, told: handler.run_invocation(event, None, service=told.service),
            on_checkpoint=on_checkpoint,
        )
        return simulation.register("acme").run("acme", {"customer": "7"}), requests

    whole, requests = run(None)
    assert (whole.status, whole.value) == ("SUCCEEDED", 3)
    for number in range(1, requests + 1):
        for phase in ("before", "after"):
            again, _ = run((number, phase))
            assert (again.status, again.result) == (whole.status, whole.result), (number, phase)
