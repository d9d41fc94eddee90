"""The JavaScript SDK's operations, in its own runtime, on the local service."""

import pytest
from serving import Peers


@pytest.mark.usefixtures("javascript")
def test_an_order_of_the_javascript_sdk(runner: Peers) -> None:
    """Every operation works, with retries, waits and a callback that is completed from outside."""
    arn = runner.start("javascript-order", {"items": ["tea", "pot"]})
    runner.complete(runner.suspended_at(arn), b'{"by": "ann"}')
    done = runner.finish(arn)
    assert done.result == {
        "reserved": {"items": ["tea", "pot"], "at": 1.5},
        "attempts": 2,
        "labels": ["TEA", "POT"],
        "carriers": [5, 7],
        "packed": "small box",
        "polled": 3,
        "approved": {"by": "ann"},
    }
    assert len(done.of("StepFailed", name="charge")) == 1
    assert len(done.of("StepSucceeded", name="reserve")) == 1
    assert len(done.of("StepSucceeded", name="print")) == 2
    assert [each["Name"] for each in done.of("WaitSucceeded")] == ["warehouse", "glue"]
    assert len(done.of("StepSucceeded", name="poll")) == 3
    subtypes = {each["SubType"] for each in done.of("ContextSucceeded")}
    assert subtypes == {
        *("Map", "MapIteration", "Parallel", "ParallelBranch"),
        *("RunInChildContext", "WaitForCallback"),
    }
    assert done.outline[-1] == "ExecutionSucceeded"
