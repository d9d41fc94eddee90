"""Generated programs: small trees of durable operations, and how to run them.

A program's result depends on nothing but the program: failures are planned by attempt number, and
a step that a crash may interrupt for good has attempts enough.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from lambda_durable import (
    ChildContextError,
    ConditionNotMetError,
    InvokeError,
    StepError,
    current_step,
)

ATTEMPTS = 8


@dataclass(frozen=True)
class Step:
    value: int
    failures: int = 0
    fatal: bool = False
    at_most_once: bool = False


@dataclass(frozen=True)
class Wait:
    seconds: int


@dataclass(frozen=True)
class Child:
    body: tuple[Any, ...]
    fails: bool = False
    virtual: bool = False
    large: bool = False


@dataclass(frozen=True)
class Condition:
    checks: int
    gives_up: bool = False


@dataclass(frozen=True)
class Invoke:
    value: int
    function: str = "plain"


@dataclass(frozen=True)
class Finally:
    body: tuple[Any, ...]
    cleanup: tuple[Any, ...]


small = st.integers(0, 3)
leaves = st.one_of(
    st.builds(Step, small, failures=st.integers(0, 2), at_most_once=st.booleans()),
    st.builds(Step, small, fatal=st.just(True), at_most_once=st.booleans()),
    st.builds(Wait, st.integers(1, 100_000)),
    st.builds(Condition, st.integers(1, 3), gives_up=st.booleans()),
    st.builds(Invoke, small, function=st.sampled_from(["plain", "durable", "failing"])),
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    body = st.lists(inner, min_size=0, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Child, body, fails=st.booleans(), virtual=st.booleans(), large=st.booleans()),
        st.builds(Finally, body, body),
    )


programs = st.lists(st.recursive(leaves, nested, max_leaves=4), min_size=1, max_size=3).map(tuple)


class ChildFailed(Exception):
    """Raised by the children that are planned to fail."""


@dataclass
class Ledger:
    """Which bodies ran, and what of it must not have."""

    bodies: Counter[tuple[str, int]] = field(default_factory=Counter)
    at_most_once: set[tuple[str, int]] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def ran(self, *, at_most_once: bool = False) -> None:
        """Note that the body of the current step runs."""
        step = current_step()
        key = (step.operation_id, step.attempt)
        self.bodies[key] += 1
        if step.operation_id in self.settled:
            self.wrong.append(f"{step.name} ran after it had succeeded")
        if at_most_once and self.bodies[key] > 1:
            self.wrong.append(f"{step.name} ran twice in attempt {step.attempt}")


def compiled(program: tuple[Any, ...], ledger: Ledger) -> Any:
    """Return the handler, as `async def`, that carries the program out."""

    async def handler(event: Any, ctx: Any) -> Any:
        return await run_all(program, ctx, ledger)

    return handler


async def run_all(body: tuple[Any, ...], ctx: Any, ledger: Ledger) -> list[Any]:
    """Run statements in order and return what each came to."""
    return [await run_one(statement, ctx, ledger) for statement in body]


async def run_one(statement: Any, ctx: Any, ledger: Ledger) -> Any:
    """Run one statement."""
    match statement:
        case Step():
            return await _step(statement, ctx, ledger)
        case Wait(seconds):
            return await ctx.wait(seconds)
        case Child():
            return await _child(statement, ctx, ledger)
        case Condition():
            return await _condition(statement, ctx, ledger)
        case Invoke(value, function):
            try:
                return await ctx.invoke(function, value)
            except InvokeError as error:
                return [error.error_type, error.error_message]
        case Finally(body, cleanup):
            try:
                return await run_all(body, ctx, ledger)
            finally:
                await run_all(cleanup, ctx, ledger)
        case _:
            return await statement.run(ctx, ledger)


async def _step(step: Step, ctx: Any, ledger: Ledger) -> Any:
    def body() -> int:
        ledger.ran(at_most_once=step.at_most_once)
        if step.fatal or current_step().attempt <= step.failures:
            raise ValueError(f"planned {step.value}")
        return step.value

    def retry(error: Exception, attempt: int, elapsed: float) -> int | None:
        if isinstance(error, ValueError) and step.fatal:
            return None
        return 3 if attempt < ATTEMPTS else None

    semantics = "at-most-once" if step.at_most_once else "at-least-once"
    try:
        return await ctx.step(body, name=f"step {step.value}", retry=retry, semantics=semantics)
    except StepError as error:
        return [str(error), repr(error.cause)]


async def _child(child: Child, ctx: Any, ledger: Ledger) -> Any:
    async def inner(context: Any) -> Any:
        result = await run_all(child.body, context, ledger)
        if child.fails:
            raise ChildFailed("planned")
        return [result, "x" * 300_000] if child.large else result

    try:
        value = await ctx.run_in_child_context(inner, virtual=child.virtual)
    except ChildContextError as error:
        return [error.error_message, type(error.cause).__name__]
    except ChildFailed as error:  # a virtual context lets it pass
        return str(error)
    return [value[0], len(value[1])] if child.large else value


async def _condition(condition: Condition, ctx: Any, ledger: Ledger) -> Any:
    def check(state: int) -> int:
        ledger.ran()
        return state + 1

    def strategy(state: int, attempt: int, elapsed: float) -> int | None:
        return None if condition.gives_up and attempt >= condition.checks else 20

    goal = 1_000 if condition.gives_up else condition.checks
    try:
        return await ctx.wait_for_condition(
            check, 0, until=lambda state: state >= goal, strategy=strategy
        )
    except ConditionNotMetError as error:
        return [str(error), error.state]
