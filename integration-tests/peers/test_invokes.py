"""Functions of different SDKs invoke each other: each gets the other's result, or its error."""

import pytest
from serving import Peers

OURS = ("plain", "awaited")
SDKS = (*OURS, "official", "javascript")
PAIRS = [(one, other) for one in SDKS for other in SDKS if one != other and {one, other} != {*OURS}]


@pytest.fixture(params=PAIRS, ids=lambda pair: f"{pair[0]} asks {pair[1]}")
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Give who asks and who answers; skip where one of them is not installed."""
    if "javascript" in request.param:
        request.getfixturevalue("javascript")
    asking, answering = request.param
    return asking, answering


def test_an_answer(runner: Peers, pair: tuple[str, str]) -> None:
    """The asking function uses no compute while the other waits, and gets its result."""
    asking, answering = pair
    event = {"function": f"{answering}-answer:$LATEST", "text": "tea"}
    done = runner.run(f"{asking}-ask", event)
    assert done.result == {"upper": "TEA", "by": answering}
    assert done.outline == [
        "ExecutionStarted",
        "ChainedInvokeStarted ask",
        "InvocationCompleted",
        "ChainedInvokeSucceeded ask",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]
    (started,) = done.of("ChainedInvokeStarted")
    asked = runner.finish(started["ChainedInvokeStartedDetails"]["DurableExecutionArn"])
    assert asked.outline == [
        "ExecutionStarted",
        "StepStarted upper",
        "StepSucceeded upper",
        "WaitStarted think",
        "InvocationCompleted",
        "WaitSucceeded think",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_a_refusal(runner: Peers, pair: tuple[str, str]) -> None:
    """What the other function raises is an error of the invoke, with its message."""
    asking, answering = pair
    event = {"function": f"{answering}-answer:$LATEST", "text": "bad"}
    done = runner.run(f"{asking}-ask", event)
    assert done.status == "SUCCEEDED"
    assert "no bad words" in done.result["failed"]
    (failed,) = done.of("ChainedInvokeFailed")
    error = failed["ChainedInvokeFailedDetails"]["Error"]["Payload"]
    assert error["ErrorMessage"] == "no bad words"
    assert error["ErrorType"] == ("Error" if answering == "javascript" else "ValueError")
