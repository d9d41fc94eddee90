"""Strategies: what they answer over a run of failures, and that they are values."""

import copy
import pickle
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import lambda_durable_retry as plugin
from lambda_durable.abc import RetryStrategy, WaitStrategy
from lambda_durable.errors import InvalidInputError
from lambda_durable.events import OperationInfo
from lambda_durable_retry import (
    errors,
    exponential,
    fixed,
    linear,
    poll,
    retry,
    stop_after,
    wait_exponential,
    wait_jitter,
)
from lambda_durable_retry.presets import DEFAULT, EAGER, NONE, STEADY, TRANSIENT


def answers(strategy: RetryStrategy, error: Exception | None = None) -> list[Any]:
    """Return the delays until the strategy stops, as if attempts took no time."""
    delays: list[Any] = []
    elapsed, attempt = 0.0, 1
    while attempt < 1000:
        delay = strategy(error or OSError("try again"), attempt, elapsed)
        if delay is None:
            return delays
        assert isinstance(delay, int)
        delays.append(delay)
        elapsed += delay
        attempt += 1
    raise AssertionError("never stopped")


def most() -> float:
    return 1.0


@pytest.mark.parametrize(
    ("strategy", "delays"),
    [
        (exponential(random=most), [5, 10, 20, 40, 60]),
        (exponential(attempts=4, initial=1, factor=3, jitter="none"), [1, 3, 9]),
        (exponential(attempts=None, elapsed=100, jitter="none"), [5, 10, 20, 40, 60]),
        (linear(), [1, 2, 3, 4, 5]),
        (linear(initial=10, increment=0, attempts=3), [10, 10]),
        (fixed(), [5, 5, 5, 5]),
        (fixed(timedelta(minutes=1), attempts=2), [60]),
        (fixed(attempts=1), []),
        (exponential(on=ValueError), []),
        (exponential(on=(ValueError, OSError), random=most, attempts=2), [5]),
        (exponential(on=lambda error: "again" in str(error), random=most, attempts=2), [5]),
        (exponential(on=errors(message="later"), random=most), []),
        (retry(1, stop=lambda error, attempt, elapsed: elapsed >= 3), [1, 1, 1]),
        (retry(lambda error, attempt, elapsed: [7, 8, None][attempt - 1]), [7, 8]),
        (retry(2, stop=stop_after(attempts=9) | errors(OSError)), []),
        (NONE, []),
    ],
)
def test_delays_until_it_stops(strategy: RetryStrategy, delays: list[int]) -> None:
    assert answers(strategy) == delays


def test_default_has_six_attempts_and_full_jitter() -> None:
    assert len(answers(DEFAULT)) == 5
    limits = [5, 10, 20, 40, 60]
    assert all(delay <= most for delay, most in zip(answers(DEFAULT), limits, strict=True))
    assert answers(DEFAULT, TypeError()) == []
    assert repr(DEFAULT) == (
        "retry(wait_exponential(initial=5, factor=2, maximum=60), stop=stop_after(attempts=6), "
        "on=uninterrupted, jitter='full')"
    )


def test_transient_gives_up_within_two_minutes_and_on_anything_else_at_once() -> None:
    delays = answers(TRANSIENT)
    assert len(delays) == 7
    assert 60 <= sum(delays) <= 123
    assert answers(TRANSIENT, ValueError()) == []


@pytest.mark.parametrize(("strategy", "hours"), [(EAGER, 1), (STEADY, 24)])
def test_ready_made_wait_strategies_give_up(strategy: WaitStrategy[Any], hours: int) -> None:
    elapsed, checks = 0.0, 0
    while (delay := strategy({}, checks + 1, elapsed)) is not None:
        assert isinstance(delay, int)
        elapsed += delay
        checks += 1
    assert hours * 3600 <= elapsed <= hours * 3600 + 60
    assert checks > 100


def test_a_wait_strategy_is_made_of_the_same_parts_and_sees_the_state() -> None:
    strategy = poll(
        wait_exponential(initial=1, maximum=8) + (lambda state, attempt, elapsed: state["more"]),
        stop=stop_after(attempts=3) | errors(OSError),
    )
    assert strategy({"more": 5}, 2, 0.0) == 7
    assert strategy({"more": 5}, 3, 0.0) is None


def test_only_an_exception_is_retried() -> None:
    assert fixed(on=errors(Exception))(Exception(), 1, 0.0) == 5
    for on in (errors(Exception), ~errors(OSError)):
        assert fixed(on=on)(KeyboardInterrupt(), 1, 0.0) is None


def busy(error: Exception) -> bool:
    return "busy" in str(error)


def everything() -> Any:
    return retry(
        wait_exponential(initial=2) + wait_jitter(3) + 1,
        stop=stop_after(attempts=5, elapsed=60) & ~errors(OSError, message="x"),
        on=errors(ValueError, when=busy),
        jitter="half",
        random=most,
    )


def test_strategies_are_values() -> None:
    strategy = everything()
    assert strategy == everything()
    assert hash(strategy) == hash(everything())
    assert strategy != exponential()
    assert exponential() != fixed()
    assert fixed() != 5
    assert len({strategy, everything(), fixed(), fixed(5.0)}) == 2
    assert copy.deepcopy(strategy) == strategy
    assert pickle.loads(pickle.dumps(strategy)) == strategy


@pytest.mark.parametrize("name", ["wait", "on", "anything"])
def test_strategies_are_frozen(name: str) -> None:
    strategy = fixed()
    with pytest.raises(AttributeError, match="Retry is frozen"):
        setattr(strategy, name, None)
    with pytest.raises(AttributeError):
        delattr(strategy, name)
    assert not hasattr(strategy, "__dict__")


def test_representations_are_source_text() -> None:
    assert repr(everything()) == (
        "retry(wait_exponential(initial=2, factor=2, maximum=31622400) + wait_jitter(3) + 1, "
        "stop=stop_after(attempts=5, elapsed=60) & ~errors(OSError, message='x'), "
        "on=errors(ValueError, when=busy), jitter='half', random=most)"
    )
    assert eval(repr(everything())) == everything()
    assert eval(repr(poll(60))) == poll(60)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: exponential(attempts=0), r"attempts=0 must be at least 1"),
        (lambda: exponential(attempts="6"), r"attempts='6' must be a whole number"),  # type: ignore[arg-type]
        (lambda: exponential(initial=61), r"maximum=60 is less than initial=61"),
        (lambda: linear(elapsed=-1), r"elapsed=-1 must be more than 0"),
        (lambda: fixed(0), r"delay=0 must be more than 0"),
        (lambda: fixed(jitter="some"), r"jitter='some' must be 'none', 'half' or 'full'"),  # type: ignore[arg-type]
        (lambda: fixed(random=0.5), r"random=0.5 must be a function"),  # type: ignore[arg-type]
        (lambda: fixed(on="OSError"), r"on='OSError' must be a function"),  # type: ignore[arg-type]
        (lambda: fixed(on=BaseException), r"must be given classes of Exception"),  # type: ignore[arg-type]
        (lambda: fixed(on=()), r"errors\(\) needs a criterion"),
        (lambda: retry(5, stop=5), r"stop=5 must be a function"),  # type: ignore[arg-type]
    ],
)
def test_bad_arguments_are_refused_with_value_and_rule(make: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        make()


def operation(type: str, subtype: str | None) -> OperationInfo:
    return OperationInfo("arn", "id", None, type, subtype, "name")


def test_the_hooks_are_reachable_from_the_package_and_give_names() -> None:
    assert plugin.durable_retry_strategies() == {"default": DEFAULT, "transient": TRANSIENT}
    assert plugin.durable_wait_strategies() == {"eager": EAGER, "steady": STEADY}


@pytest.mark.parametrize(
    ("type", "subtype", "chosen"),
    [
        ("STEP", "Step", DEFAULT),
        ("STEP", "WaitForCondition", None),
        ("STEP", None, None),
        ("STEP", "Custom", None),
        ("CONTEXT", "RunInChildContext", DEFAULT),
    ],
)
def test_default_is_chosen_for_plain_steps_and_blocks_alone(
    type: str, subtype: str, chosen: Any
) -> None:
    assert plugin.durable_retry(operation(type, subtype)) is chosen


def test_the_code_of_the_readme_runs() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    namespace: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL):
        exec(block, namespace)
    assert answers(namespace["composed"], FileNotFoundError()) == []
    assert len(answers(namespace["composed"], FileNotFoundError("try again"))) == 4
    assert namespace["every_minute"]({"failed": False}, 1, 0.0) == 60
    assert namespace["every_minute"]({"failed": True}, 1, 0.0) is None


def test_importing_it_loads_nothing_expensive() -> None:
    code = (
        "import sys, lambda_durable.invocation, lambda_durable.operations\n"
        "lambda_durable.operations.Step\n"  # what every step loads
        "before = set(sys.modules)\n"
        "import lambda_durable_retry\n"
        "print(*sorted(n for n in set(sys.modules) - before if '_retry' not in n))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
