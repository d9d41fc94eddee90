"""The order of the examples, as `nox -s demo` runs it: killed half-way, and nothing done twice."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import Durable

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "order_processing"

pytestmark = pytest.mark.skipif(not EXAMPLE.is_dir(), reason="only in the repository")


@pytest.mark.parametrize(
    ("handler", "killed"),
    [
        ("handler.py", "hand_over"),
        ("handler.py", "reserve_stock"),
        ("handler.py", "confirm"),
        ("handler_async.py", "hand_over"),
        ("handler_async.py", "warehouse"),
    ],
)
def test_the_demo(durable: Durable, tmp_path: Path, handler: str, killed: str) -> None:
    ledger = tmp_path / "ledger.jsonl"
    result = durable(
        *("run", f"{EXAMPLE / handler}:handler", "--event", EXAMPLE / "order.json"),
        *("--skip-time", "--kill-at", killed, "--env", f"ORDER_LEDGER={ledger}"),
    )
    assert result.exit_code == 0, result.output
    assert "crashed: Runtime exited with error: signal: killed" in result.stdout
    calls = Counter(json.loads(line)["call"] for line in ledger.read_text().splitlines())
    assert calls["charge_card"] == 3
    assert calls["hand_over"] == 1
    if killed == "hand_over":
        assert calls == {"reserve_stock": 1, "charge_card": 3, "hand_over": 1, "confirm": 1}
        assert re.search(r"hand_over +step +SUCCEEDED +1 +2 ", result.stdout)
        assert re.search(r"charge_card +step +SUCCEEDED +3 +3 ", result.stdout)


def test_a_charge_that_was_interrupted_is_looked_up(durable: Durable, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    result = durable(
        *("run", f"{EXAMPLE}/handler.py:handler", "--event", EXAMPLE / "order.json"),
        *("--skip-time", "--kill-at", "charge_card", "--env", f"ORDER_LEDGER={ledger}"),
    )
    assert result.exit_code == 0, result.output
    assert re.search(r"charge_card +step +FAILED .*StepInterruptedError", result.stdout)
    assert re.search(r"find_payment +step +SUCCEEDED +1 +1 ", result.stdout)
    calls = Counter(json.loads(line)["call"] for line in ledger.read_text().splitlines())
    assert calls["charge_card"] == 3  # two refusals and a charge
