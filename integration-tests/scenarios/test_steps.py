"""Steps: their results, retries and replay."""

from conftest import Scenario


def test_step_wait_step(scenario: Scenario) -> None:
    """What is before a wait is not done again after it."""
    event = {"items": ["tea", "pot"], "seconds": scenario.seconds(600, 2)}
    done = scenario.run("step_wait_step", event)
    assert done.result == "shipped tea+pot"
    assert done.outline == [
        "ExecutionStarted",
        "StepStarted reserve",
        "StepSucceeded reserve",
        "WaitStarted warehouse",
        "InvocationCompleted",
        "WaitSucceeded warehouse",
        "StepStarted ship",
        "StepSucceeded ship",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_multiple_steps(scenario: Scenario) -> None:
    """Many steps run in one invocation, in order."""
    done = scenario.run("multiple_steps", 5)
    assert done.result == [0, 2, 4, 6, 8]
    assert done.invocations == 1
    assert [each["Name"] for each in done.of("StepSucceeded")] == [
        f"double-{number}" for number in range(5)
    ]
