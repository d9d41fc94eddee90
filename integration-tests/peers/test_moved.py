"""An execution that the official Python SDK began is ended by ours, after the code was changed."""

from pathlib import Path

import pytest
from serving import serving


@pytest.mark.parametrize("flavour", ["plain", "awaited"])
def test_an_execution_is_moved_over(tmp_path: Path, flavour: str) -> None:
    """Results that are recorded are read, nothing is done again, and what is open goes on."""
    store = tmp_path / "executions.db"
    with serving(store, "MovedHandler=moved_official.handler") as runner:
        arn = runner.start("moved", {"items": ["tea", "pot"]})
        callback_id = runner.suspended_at(arn)
        begun = runner.history(arn)
    with serving(store, f"MovedHandler=moved_{flavour}.handler") as runner:
        runner.complete(callback_id, b"by ann")
        done = runner.finish(arn)
    assert done.status == "SUCCEEDED", done.error
    assert done.result == {
        "reserved": "{'by': 'official', 'at': datetime.datetime(2026, 3, 1, 0, 0, tzinfo=datetime"
        ".timezone.utc), 'price': Decimal('1.50'), 'raw': b'x'}",
        "paid": "('official', 3)",
        "labels": ["tea by official", "pot by official"],
        "quotes": ["('official', 5)", "('official', 7)"],
        "polled": 2,
        "answered": {"upper": "TEA", "by": "official"},
        "approved": "by ann",
        "shipped": f"shipped by {flavour}",
    }
    assert done.events[: len(begun)] == begun
    assert [line for line in done.outline[len(begun) :] if "Invocation" not in line] == [
        "CallbackSucceeded approval create callback id",
        "ContextSucceeded approval",
        "StepStarted ship",
        "StepSucceeded ship",
        "ExecutionSucceeded",
    ]
