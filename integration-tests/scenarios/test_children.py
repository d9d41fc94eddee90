"""Child contexts: nested, failing, and with a result that is not kept."""

from conftest import Scenario


def test_nested(scenario: Scenario) -> None:
    """Contexts stand in contexts, and what waits in one goes on there."""
    done = scenario.run("nests", ["tea", "pot"])
    assert done.result == ["shipped tea", "shipped pot"]
    assert done.invocations == 3
    assert [each["Name"] for each in done.of("ContextStarted")] == ["outer", "tea", "pot"]
    assert [each["Name"] for each in done.of("ContextSucceeded")] == ["tea", "pot", "outer"]
    (outer, tea, pot) = done.of("ContextStarted")
    assert tea["ParentId"] == pot["ParentId"] == outer["Id"]
    inside = {each["ParentId"] for each in done.of("StepStarted", "WaitStarted")}
    assert inside == {tea["Id"], pot["Id"]}


def test_failing(scenario: Scenario) -> None:
    """A context that fails can be recovered from."""
    done = scenario.run("recovers", "nothing")
    assert done.result == "shipped nothing"
    assert done.outline[1:] == [
        "ContextStarted failing",
        "StepStarted fail",
        "StepFailed fail",
        "ContextFailed failing",
        "StepStarted ship",
        "StepSucceeded ship",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_overflow(scenario: Scenario) -> None:
    """A result that is not kept is made anew in each invocation, from what is in it."""
    done = scenario.run("overflows")
    assert done.invocations == 3
    assert done.result["size"] == 300 * 1024
    # The last invocation ran the context's function again, whose step was not.
    (token,) = done.result["tokens"]
    (succeeded,) = done.of("StepSucceeded")
    assert succeeded["StepSucceededDetails"]["Result"]["Payload"] == f'"{token}"'
    assert len(done.of("StepStarted")) == 1
