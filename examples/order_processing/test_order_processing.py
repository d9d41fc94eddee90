"""Tests of the order: whole executions, with and without a crash."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lambda_durable_kernel import CheckpointMoment, Finished, Simulation

HERE = Path(__file__).parent


def process(handler: str, ledger: Path, *options: str) -> dict[str, Any]:
    """Run the order to its end and return the report."""
    command = [sys.executable, "-m", "lambda_durable_local", "run", f"{HERE / handler}:handler"]
    done = subprocess.run(
        [*command, "--event", str(HERE / "order.json"), "--skip-time", "--json", *options],
        env={"ORDER_LEDGER": str(ledger), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.parametrize("handler", ["handler.py", "handler_async.py"])
def test_an_order(handler: str, tmp_path: Path) -> None:
    report = process(handler, tmp_path / "ledger")
    assert report["status"] == "SUCCEEDED"
    assert report["result"]["payment"] == "P-4242-10375"
    assert report["result"]["calls"] == {
        "reserve_stock": 1,
        "charge_card": 3,
        "hand_over": 1,
        "confirm": 1,
    }


@pytest.mark.parametrize("handler", ["handler.py", "handler_async.py"])
def test_a_parcel_is_handed_over_once(handler: str, tmp_path: Path) -> None:
    report = process(handler, tmp_path / "ledger", "--kill-at", "hand_over")
    assert report["result"]["calls"]["hand_over"] == 1
    runs = {each["name"]: each["runs"] for each in report["operations"]}
    assert runs["hand_over"] == 2


def test_a_charge_that_was_cut_off_is_looked_up(tmp_path: Path) -> None:
    report = process("handler.py", tmp_path / "ledger", "--kill-at", "charge_card")
    assert report["status"] == "SUCCEEDED"
    names = [each["name"] for each in report["operations"]]
    assert names[:4] == ["reserve_stock", "pay", "charge_card", "find_payment"]


@pytest.mark.parametrize("module", ["handler", "handler_async"])
def test_stopped_at_every_checkpoint_in_turn(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setenv("ORDER_CARRIER_SECONDS", "0")
    handler = importlib.import_module(module).handler
    order = json.loads((HERE / "order.json").read_text(encoding="utf-8"))

    def run(crash_at: tuple[int, str] | None) -> tuple[Finished, int]:
        monkeypatch.setenv("ORDER_LEDGER", str(tmp_path / f"ledger-{crash_at}"))
        moments = []

        def crash(moment: CheckpointMoment) -> None:
            moments.append(moment)
            requests = sum(each.phase == "before" for each in moments)
            if (requests, moment.phase) == crash_at:
                raise SystemExit("the process is gone")

        simulation = Simulation(
            lambda _, event, told: handler.run_invocation(event, None, service=told.service),
            on_checkpoint=crash,
        )
        finished = simulation.register("order").run("order", order)
        return finished, sum(each.phase == "before" for each in moments)

    whole, requests = run(None)
    assert whole.status == "SUCCEEDED"
    for number in range(1, requests + 1):
        for phase in ("before", "after"):
            again, _ = run((number, phase))
            assert (again.status, again.result) == (whole.status, whole.result), (number, phase)
