"""Every example runs on the local service, in processes that are killed on the way."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CHAINED = HERE / "chained_functions"
OTHERS = {
    CHAINED / "quote.py": [
        *("--function", f"prices={CHAINED / 'prices.py'}:handler"),
        *("--function", f"delivery={CHAINED / 'delivery.py'}:handler"),
    ]
}
RUNS = [
    ("expense_approval/expense_approval.py", "event.json", "tell"),
    ("expense_approval/expense_approval_async.py", "event.json", "tell"),
    ("file_fan_out/file_fan_out.py", "event.json", "list_files"),
    ("file_fan_out/file_fan_out_async.py", "event.json", "list_files"),
    ("trip_booking/trip_booking.py", "event.json", "book_hotel"),
    ("trip_booking/trip_booking.py", "too_many.json", "compensate hotel"),
    ("trip_booking/trip_booking_async.py", "event.json", "rent_car"),
    ("trip_booking/trip_booking_async.py", "too_many.json", "compensate flight"),
    ("export_job/export_job.py", "event.json", "rows_of"),
    ("support_agent/support_agent.py", "event.json", "ask 2"),
    ("chained_functions/quote.py", "event.json", "prices"),
    ("nightly_cleanup/nightly_cleanup.py", "event.json", "delete"),
]


def run(file: str, event: str, *options: str) -> dict[str, Any]:
    """Run an example to its end and return the report."""
    path = HERE / file
    done = subprocess.run(
        [
            *(sys.executable, "-m", "lambda_durable_local", "run", f"{path}:handler"),
            *("--event", str(path.with_name(event)), "--skip-time", "--json", *options),
            *OTHERS.get(path, []),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def names(report: dict[str, Any]) -> list[str]:
    """Return what operations there are; which of two at once is the first may differ."""
    return sorted(str(operation["name"]) for operation in report["operations"])


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("file", "event", "killed"), RUNS)
def test_a_killed_function_comes_to_the_same_end(file: str, event: str, killed: str) -> None:
    whole = run(file, event)
    again = run(file, event, "--kill-at", killed)
    assert whole["status"] == "SUCCEEDED"
    # A job's number is made of its execution's.
    for report in (whole, again):
        report["result"].pop("job", None)
    assert again["result"] == whole["result"]
    assert names(again) == names(whole)


def test_no_example_is_left_out() -> None:
    tried = {file for file, _, _ in RUNS}
    handlers = {
        str(file.relative_to(HERE))
        for file in HERE.glob("*/*.py")
        if "@durable_execution" in file.read_text(encoding="utf-8")
        and file.with_name("event.json").exists()
    }
    assert handlers - {"chained_functions/delivery.py"} == tried
