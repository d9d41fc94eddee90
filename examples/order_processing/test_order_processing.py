"""Tests of the order: whole executions, with and without a crash."""

import json
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any

import handler
import handler_async
import pytest

from lambda_durable import DurableHandler
from lambda_durable_testing import crash_everywhere

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


@pytest.mark.parametrize("handler", [handler.handler, handler_async.handler])
def test_it_survives_every_crash(
    handler: DurableHandler[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDER_CARRIER_SECONDS", "0")
    order = json.loads((HERE / "order.json").read_text(encoding="utf-8"))
    ledgers = count()

    def fresh_ledger() -> None:
        monkeypatch.setenv("ORDER_LEDGER", str(tmp_path / f"ledger-{next(ledgers)}"))

    crash_everywhere(handler, order, world=fresh_ledger, interleavings=10)
