"""Waits: the curves, their sums, and what happens far out."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_durable.errors import InvalidInputError
from lambda_durable_retry import poll, retry, wait_exponential, wait_jitter, wait_linear
from lambda_durable_retry.waits import Wait

LONGEST = 31_622_400


def delays(wait: Wait, attempts: int, random: float = 0.5) -> list[float | None]:
    return [wait.seconds(None, n, 0.0, lambda: random) for n in range(1, attempts + 1)]


def test_exponential_multiplies_up_to_its_maximum() -> None:
    assert delays(wait_exponential(initial=2, factor=3, maximum=50), 5) == [2, 6, 18, 50, 50]


def test_linear_adds_up_to_its_maximum() -> None:
    wait = wait_linear(initial=timedelta(seconds=1), increment=2.5, maximum=8)
    assert delays(wait, 5) == [1, 3.5, 6, 8, 8]


def test_durations_functions_and_jitter_are_added() -> None:
    def by_attempt(subject: object, attempt: int, elapsed: float) -> timedelta:
        return timedelta(minutes=attempt)

    wait = timedelta(seconds=1) + wait_exponential(initial=1) + by_attempt + wait_jitter(4) + 10
    assert delays(wait, 2) == [1 + 1 + 60 + 2 + 10, 1 + 2 + 120 + 2 + 10]


def test_a_function_that_stops_stops_the_sum() -> None:
    wait = wait_linear() + (lambda subject, attempt, elapsed: None if attempt > 1 else 0)
    assert delays(wait, 2) == [1, None]


@given(
    st.integers(1, 10**9),
    st.floats(1e-6, LONGEST),
    st.floats(1, 1e6),
    st.sampled_from(["none", "half", "full"]),
    st.floats(0, 1, exclude_max=True),
)
def test_no_attempt_overflows_and_every_delay_suits_the_service(
    attempt: int, initial: float, factor: float, jitter: Any, random: float
) -> None:
    strategy = retry(
        wait_exponential(initial=initial, factor=factor) + wait_linear(increment=LONGEST),
        jitter=jitter,
        random=lambda: random,
    )
    delay = strategy(ValueError(), attempt, 0.0)
    assert isinstance(delay, int)
    assert 1 <= delay <= LONGEST


def test_attempt_one_hundred_thousand_waits_the_maximum() -> None:
    assert delays(wait_exponential(factor=10, maximum=77), 100_000)[-1] == 77


@pytest.mark.parametrize(
    ("jitter", "random", "delay"),
    [
        ("none", 0.9, 100),
        ("half", 0.0, 50),
        ("half", 0.5, 75),
        ("full", 0.0, 1),
        ("full", 0.25, 25),
    ],
)
def test_jitter_makes_part_of_the_delay_random(jitter: Any, random: float, delay: int) -> None:
    assert retry(100, jitter=jitter, random=lambda: random)(OSError(), 1, 0.0) == delay


def test_live_jitter_stays_in_its_bounds_and_varies() -> None:
    strategy = retry(1000, jitter="half")
    seen = {strategy(OSError(), 1, 0.0) for _ in range(200)}
    assert all(delay is not None and 500 <= delay <= 1000 for delay in seen)
    assert len(seen) > 20


def test_delays_are_rounded_up_but_not_for_noise_in_the_last_digit() -> None:
    assert poll(1.2)(None, 1, 0.0) == 2
    just_above_three = 10 * (0.1 * 3)
    assert just_above_three > 3
    assert poll(just_above_three)(None, 1, 0.0) == 3


@pytest.mark.parametrize("answer", [-5, 0, timedelta(0), timedelta(seconds=-9)])
def test_a_function_may_say_at_once(answer: Any) -> None:
    assert retry(lambda error, attempt, elapsed: answer)(OSError(), 1, 0.0) == 1


@pytest.mark.parametrize("answer", ["5", True, float("nan"), object()])
def test_a_function_may_not_answer_nonsense(answer: Any) -> None:
    with pytest.raises(InvalidInputError, match="return a timedelta, a number of seconds, or None"):
        retry(lambda error, attempt, elapsed: answer)(OSError(), 1, 0.0)


def test_an_infinite_answer_is_the_longest_delay() -> None:
    assert poll(lambda state, attempt, elapsed: float("inf"))(None, 1, 0.0) == LONGEST


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: wait_exponential(initial=0), r"initial=0 must be more than 0"),
        (lambda: wait_exponential(initial=-1), r"initial=-1 must be more than 0"),
        (lambda: wait_exponential(initial=9, maximum=8), r"maximum=8 is less than initial=9"),
        (lambda: wait_exponential(factor=0.9), r"factor=0.9 must be at least 1"),
        (lambda: wait_exponential(factor=float("nan")), r"factor=nan must be a number"),
        (lambda: wait_exponential(factor=timedelta(1)), r"factor=.* must be a number"),  # type: ignore[arg-type]
        (lambda: wait_linear(increment=-1), r"increment=-1 must be 0 or more"),
        (lambda: wait_linear(maximum=float("inf")), r"maximum=inf is more than the service"),
        (lambda: wait_linear(initial=timedelta(days=367)), r"initial=.* is more than the service"),
        (lambda: wait_jitter("3"), r"up_to='3' must be a timedelta or a number"),  # type: ignore[arg-type]
        (lambda: wait_jitter(True), r"up_to=True must be a timedelta or a number"),
        (lambda: wait_linear() + "x", r"\+='x' is no wait"),  # type: ignore[operator]
        (lambda: retry(object()), r"wait=.* is no wait"),  # type: ignore[arg-type]
        (lambda: poll(10**400), r"is more than the service can wait"),
    ],
)
def test_bad_arguments_are_refused_with_value_and_rule(make: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        make()
