"""Waits alone."""

from conftest import Scenario

WAITED = [
    "ExecutionStarted",
    "WaitStarted pause",
    "InvocationCompleted",
    "WaitSucceeded pause",
    "InvocationCompleted",
    "ExecutionSucceeded",
]


def test_wait_only(scenario: Scenario) -> None:
    """A wait ends its invocation, and another one goes on."""
    done = scenario.run("waits", 2)
    assert done.result == "waited"
    assert done.outline == WAITED


def test_longer_wait(scenario: Scenario) -> None:
    """A wait lasts at least as long as it was asked to, a month if need be."""
    seconds = scenario.seconds(30 * 86_400, 60)
    done = scenario.run("waits_long", seconds)
    assert done.result == "waited long"
    assert done.outline == WAITED
    (started,), (ended,) = done.of("WaitStarted"), done.of("WaitSucceeded")
    assert started["WaitStartedDetails"]["Duration"] == seconds
    waited = ended["EventTimestamp"] - started["EventTimestamp"]
    assert waited.total_seconds() >= seconds
