"""Conditions: when to stop and which errors are meant, alone and combined."""

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_durable.errors import InvalidInputError, InvokeError
from lambda_durable_retry import errors, stop_after
from lambda_durable_retry.conditions import Condition


def holds(condition: Condition, error: Exception, attempt: int = 1, elapsed: float = 0.0) -> bool:
    return condition.holds(error, attempt, elapsed)


def test_stop_after_counts_the_first_attempt() -> None:
    condition = stop_after(attempts=3)
    assert [holds(condition, OSError(), n) for n in (1, 2, 3, 4)] == [False, False, True, True]


def test_stop_after_an_elapsed_time() -> None:
    condition = stop_after(elapsed=timedelta(minutes=1))
    assert [holds(condition, OSError(), 1, t) for t in (59.9, 60, 61)] == [False, True, True]


def test_stop_after_either_limit() -> None:
    condition = stop_after(attempts=3, elapsed=60)
    assert holds(condition, OSError(), 3, 0)
    assert holds(condition, OSError(), 1, 60)
    assert not holds(condition, OSError(), 2, 59)


class Busy(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(f"busy, code {code}")
        self.code = code


@pytest.mark.parametrize(
    ("condition", "error", "fits"),
    [
        (errors(OSError, ValueError), TimeoutError(), True),
        (errors(OSError, ValueError), KeyError(), False),
        (errors(message=r"code \d"), Busy(4), True),
        (errors(message=r"^code"), Busy(4), False),
        (errors(message=re.compile("BUSY", re.IGNORECASE)), Busy(4), True),
        (errors(Busy, when=lambda error: error.code == 4), Busy(4), True),  # type: ignore[attr-defined]
        (errors(Busy, when=lambda error: error.code == 4), Busy(5), False),  # type: ignore[attr-defined]
        (errors(Busy, message="code 5"), Busy(4), False),
        (errors(Busy, message="code 4"), OSError("code 4"), False),
    ],
)
def test_errors_must_fit_all_that_is_given(
    condition: Condition, error: Exception, fits: bool
) -> None:
    assert holds(condition, error) is fits


def test_an_operation_error_is_judged_by_its_cause_too() -> None:
    inner = InvokeError("inner")
    inner.__cause__ = Busy(4)
    outer = InvokeError("outer")
    outer.__cause__ = inner
    assert holds(errors(Busy), outer)
    assert holds(errors(InvokeError), outer)
    assert not holds(errors(OSError), outer)


def test_another_error_is_not_judged_by_its_cause() -> None:
    error = ValueError("no such customer")
    error.__cause__ = Busy(4)
    assert not holds(errors(Busy), error)


@given(st.integers(1, 6), st.floats(0, 100), st.booleans())
def test_conditions_obey_the_laws_of_logic(attempt: int, elapsed: float, is_os: bool) -> None:
    error = OSError() if is_os else ValueError()
    a, b, c = stop_after(attempts=3), stop_after(elapsed=50), errors(OSError)

    def says(condition: Condition) -> bool:
        return holds(condition, error, attempt, elapsed)

    assert says(a | b | c) == (says(a) or says(b) or says(c))
    assert says(a & b & c) == (says(a) and says(b) and says(c))
    assert says(~(a | c)) == says(~a & ~c)
    assert says(~~a) == says(a)
    assert says(a | b & c) == says((a | b) & (a | c))


def test_representations_are_source_text() -> None:
    condition = (stop_after(attempts=5) | stop_after(elapsed=3600)) & ~errors(OSError, message="x")
    text = "(stop_after(attempts=5) | stop_after(elapsed=3600)) & ~errors(OSError, message='x')"
    assert repr(condition) == text
    assert eval(text) == condition


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: stop_after(), r"stop_after\(\) needs a limit"),
        (lambda: stop_after(attempts=0), r"attempts=0 must be at least 1"),
        (lambda: stop_after(attempts=2.5), r"attempts=2.5 must be a whole number"),  # type: ignore[arg-type]
        (lambda: stop_after(attempts=True), r"attempts=True must be a whole number"),
        (lambda: stop_after(elapsed=0), r"elapsed=0 must be more than 0"),
        (lambda: stop_after(elapsed=float("nan")), r"elapsed=nan must be a timedelta"),
        (lambda: errors(), r"errors\(\) needs a criterion"),
        (lambda: errors(KeyboardInterrupt), r"must be given classes of Exception"),  # type: ignore[arg-type]
        (lambda: errors("OSError"), r"must be given classes of Exception"),  # type: ignore[arg-type]
        (lambda: errors(message="("), r"must be a regular expression .*re\.escape"),
        (lambda: errors(message=b"x"), r"must be a regular expression"),  # type: ignore[arg-type]
        (lambda: errors(when=5), r"when=5 must be a function"),  # type: ignore[arg-type]
        (lambda: stop_after(attempts=1) | 5, r"5 cannot be combined"),  # type: ignore[operator]
    ],
)
def test_bad_arguments_are_refused_with_value_and_rule(make: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        make()
