"""Tests of the quote: the functions that it invokes are the real ones, or stand-ins."""

import json
from datetime import timedelta
from pathlib import Path

import delivery
import prices
import quote

from lambda_durable_testing import LocalRunner, crash_everywhere

BASKET = json.loads(Path(__file__).with_name("event.json").read_text(encoding="utf-8"))


def make_runner() -> LocalRunner:
    """Return a runner that knows all three functions."""
    runner = LocalRunner(quote.handler)
    runner.function("prices").runs(prices.handler)
    runner.function("delivery").runs(delivery.handler)
    return runner


def test_a_quote() -> None:
    result = make_runner().run(BASKET)
    assert result.result == {"cents": 2 * 1490 + 6900, "days": 2}
    assert result.duration == timedelta(minutes=10)


def test_a_quote_without_a_date() -> None:
    runner = make_runner()
    runner.function("delivery").raises(ConnectionError("the carrier is closed"))
    assert runner.run(BASKET).result == {"cents": 9880, "days": None}


def test_the_other_function_alone() -> None:
    assert LocalRunner(delivery.handler).run({"city": "Wick"}).result["days"] == 4


def test_it_survives_every_crash() -> None:
    crash_everywhere(make_runner(), BASKET)
