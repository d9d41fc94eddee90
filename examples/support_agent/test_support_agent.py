"""Tests of the agent: what the model says is set, and people answer at once."""

import pytest
import shop
from support_agent import TURNS, handler

from lambda_durable_testing import LocalRunner, crash_everywhere
from lambda_durable_testing.abc import Execution

CHEAP = {"text": "Where is my order A17? It has not come yet."}
DEAR = {"text": "Where is my order B20?"}


def no_refunds() -> dict[str, int]:
    """Begin anew, and have the refunds compared."""
    shop.refunded.clear()
    return shop.refunded


def agree(execution: Execution) -> None:
    """Answer for the clerk."""
    execution.callback("clerk").succeed(True)


def test_a_lost_parcel_is_refunded() -> None:
    refunded = no_refunds()
    result = LocalRunner(handler).run(CHEAP)
    assert result.result == {"text": "About order A17: 24.80 were refunded", "turns": 3}
    assert refunded == {"A17": 2480}


def test_a_clerk_agrees_to_a_large_refund() -> None:
    refunded = no_refunds()
    execution = LocalRunner(handler).start(DEAR)
    agree(execution)
    assert "690.00 were refunded" in execution.finish().result["text"]
    assert refunded == {"B20": 69_000}


def test_without_an_answer_there_is_no_refund() -> None:
    refunded = no_refunds()
    result = LocalRunner(handler).run(DEAR)
    assert "no refund" in result.result["text"]
    assert refunded == {}


def test_a_model_that_finds_no_end_is_stopped() -> None:
    runner = LocalRunner(handler)
    for turn in range(1, TURNS + 1):
        call = {"tool": "find_order", "arguments": {"order": "A17"}}
        runner.step(f"ask {turn}").returns({"text": "", "calls": [call]})
    assert runner.run(CHEAP).result == {"text": "A colleague will write to you.", "turns": TURNS}


def test_a_model_that_is_busy_is_asked_again() -> None:
    runner = LocalRunner(handler)
    answer = {"text": "Which order is it about?", "calls": []}
    ask = runner.step("ask 1").sequence(TimeoutError("busy"), answer)
    assert runner.run({"text": "Hello?"}).result["turns"] == 1
    ask.assert_called(times=2)


def test_a_tool_that_fails_is_told_to_the_model() -> None:
    runner = LocalRunner(handler)
    runner.step("find_parcel").raises(ValueError("the carrier does not know it"))
    result = runner.run(CHEAP)
    assert "the carrier does not know it" in result.result["text"]
    assert result.result["turns"] == 2


@pytest.mark.parametrize("question", [CHEAP, DEAR], ids=["cheap", "dear"])
def test_it_survives_every_crash(question: dict[str, str]) -> None:
    script = agree if question is DEAR else None
    crash_everywhere(handler, question, script=script, world=no_refunds, interleavings=10)
