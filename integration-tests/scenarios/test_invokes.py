"""Invokes of other functions, durable and plain."""

from conftest import Scenario


def test_a_durable_function(scenario: Scenario) -> None:
    """Another execution runs, and its result comes back."""
    event = {"function": scenario.reference("is_invoked"), "payload": "tea"}
    done = scenario.run("invokes", event)
    assert done.result == "shipped tea"
    assert done.outline == [
        "ExecutionStarted",
        "ChainedInvokeStarted other",
        "InvocationCompleted",
        "ChainedInvokeSucceeded other",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]
    (started,) = done.of("ChainedInvokeStarted")
    other = scenario.finish(started["ChainedInvokeStartedDetails"]["DurableExecutionArn"])
    assert other.result == "shipped tea"
    assert other.invocations == 2


def test_a_plain_function(scenario: Scenario) -> None:
    """A function that is not durable is invoked in the same way."""
    event = {"function": scenario.reference("is_plain"), "payload": "tea"}
    done = scenario.run("invokes", event)
    assert done.result == "TEA"
    assert "DurableExecutionArn" not in done.of("ChainedInvokeStarted")[0].get(
        "ChainedInvokeStartedDetails", {}
    )


def test_a_function_that_fails(scenario: Scenario) -> None:
    """The error of the other execution is raised in this one."""
    done = scenario.run("invokes_in_vain", scenario.reference("fails"))
    assert done.status == "SUCCEEDED"
    assert "always fails" in done.result
    assert len(done.of("ChainedInvokeFailed", name="other")) == 1
