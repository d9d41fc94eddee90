"""Generated programs with branches, futures, races, callbacks, sagas and retried blocks.

Those whose names begin with `Racy` may end in several ways. Whatever way it was the first time,
each later invocation has to see the same: a ledger keeps what was seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from behaviour.programs import ChildFailed, Ledger, Step, leaves, nested, run_all
from hypothesis import strategies as st

from lambda_durable import ChildContextError, DurableError, OperationError
from lambda_durable_concurrency import all_completed, first_successful, min_successful
from lambda_durable_kernel import Simulation

LONG = 10_000_000
"""Seconds that nothing else in a program takes together."""


@dataclass
class Witness(Ledger):
    """A ledger that also knows what handlers were given, and who completes callbacks."""

    simulation: Simulation | None = None
    seen: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def saw(self, ctx: Any, value: Any) -> Any:
        """Note what the operations up to here have come to; it may never change."""
        scope = getattr(ctx, "context", ctx)._scope
        key = (scope.prefix, scope.count)
        if self.seen.setdefault(key, value) != value:
            self.wrong.append(f"{key}: {self.seen[key]!r} became {value!r}")
        return value

    def complete(self, callback_id: str, kind: str) -> None:
        """Do what the other side does; it may have done so before."""
        assert self.simulation is not None
        try:
            if kind == "succeeds":
                self.simulation.succeed_callback(callback_id, '"approved"')
            elif kind == "fails":
                self.simulation.fail_callback(callback_id, {"ErrorMessage": "no", "ErrorType": "X"})
        except Exception as error:
            if "already" not in str(error) and "closed" not in str(error):
                raise


def _outcomes(batch: Any) -> list[Any]:
    items = [[i.index, i.name, i.status, i.result, _shown(i.error)] for i in batch]
    return [batch.completion_reason, items]


def _shown(error: Exception | None) -> Any:
    if isinstance(error, OperationError):
        return [type(error).__name__, error.error_type, error.error_message]
    return None if error is None else [type(error).__name__, str(error)]


def _body(statements: tuple[Any, ...], ledger: Ledger, *, fails: bool = False) -> Any:
    async def body(own: Any, *_: Any) -> Any:
        result = await run_all(statements, own, ledger)
        if fails:
            raise ChildFailed("planned")
        return result

    return body


@dataclass(frozen=True)
class Parallel:
    bodies: tuple[tuple[Any, ...], ...]
    failing: frozenset[int]
    limit: int | None
    flat: bool

    async def run(self, ctx: Any, ledger: Any) -> Any:
        branches = {
            f"b{index}": _body(body, ledger, fails=index in self.failing)
            for index, body in enumerate(self.bodies)
        }
        batch = await ctx.parallel(
            branches,
            max_concurrency=self.limit,
            completion=all_completed(),
            nesting="flat" if self.flat else "nested",
        )
        return ledger.saw(ctx, _outcomes(batch))


@dataclass(frozen=True)
class Map:
    count: int
    body: tuple[Any, ...]
    limit: int | None
    flat: bool
    large: bool

    async def run(self, ctx: Any, ledger: Any) -> Any:
        async def each(own: Any, item: int, index: int) -> Any:
            result = await run_all(self.body, own, ledger)
            return [item, index, result, "x" * 150_000 if self.large else ""]

        batch = await ctx.map(
            range(self.count),
            each,
            max_concurrency=self.limit,
            completion=all_completed(),
            nesting="flat" if self.flat else "nested",
        )
        batch.throw_if_error()
        return ledger.saw(ctx, [[*r[:3], len(r[3])] for r in batch.results])


@dataclass(frozen=True)
class Early:
    """Ends early, one branch at a time, so that there is one way to end."""

    failing: tuple[bool, ...]
    needed: int

    async def run(self, ctx: Any, ledger: Any) -> Any:
        bodies = [_body((Step(n),), ledger, fails=bad) for n, bad in enumerate(self.failing)]
        completion = min_successful(self.needed) if self.needed <= len(bodies) else None
        batch = await ctx.parallel(bodies, max_concurrency=1, completion=completion)
        return ledger.saw(ctx, _outcomes(batch))


@dataclass(frozen=True)
class Started:
    """Several at once, awaited in another order."""

    bodies: tuple[tuple[Any, ...], ...]
    order: tuple[int, ...]
    how: str

    async def run(self, ctx: Any, ledger: Any) -> Any:
        futures = [ctx.start.run_in_child_context(_body(body, ledger)) for body in self.bodies]
        if self.how == "all":
            return ledger.saw(ctx, list(await ctx.all(*futures)))
        if self.how == "settled":
            return ledger.saw(ctx, _outcomes(await ctx.settled(*futures)))
        values = {index: await futures[index] for index in self.order if index < len(futures)}
        return ledger.saw(ctx, [values[index] for index in sorted(values)])


@dataclass(frozen=True)
class Race:
    """Something against a wait that is longer than everything."""

    body: tuple[Any, ...]
    fails: bool
    any: bool

    async def run(self, ctx: Any, ledger: Any) -> Any:
        contender = ctx.start.run_in_child_context(_body(self.body, ledger, fails=self.fails))
        try:
            if self.any:
                other = _body((), ledger, fails=not self.fails)
                winner = await ctx.any(contender, ctx.start.run_in_child_context(other))
            else:
                winner = await ctx.race(contender, ctx.start.wait(LONG))
        except DurableError as error:
            return ledger.saw(ctx, _shown(error))
        return ledger.saw(ctx, winner)


@dataclass(frozen=True)
class Callback:
    kind: str
    waits: bool
    heartbeat: bool

    async def run(self, ctx: Any, ledger: Any) -> Any:
        options: dict[str, Any] = {}
        if self.kind == "silent":
            options = {"timeout": 500, **({"heartbeat_timeout": 60} if self.heartbeat else {})}
        try:
            if self.waits:
                value = await ctx.wait_for_callback(ledger.complete, self.kind, **options)
            else:
                callback = await ctx.create_callback("approval", **options)
                await ctx.step(ledger.complete, callback.callback_id, self.kind)
                value = await callback.result()
        except OperationError as error:
            return ledger.saw(ctx, _shown(error))
        return ledger.saw(ctx, value)


@dataclass(frozen=True)
class Saga:
    body: tuple[Any, ...]
    compensations: int
    fails: bool

    async def run(self, ctx: Any, ledger: Any) -> Any:
        undone: list[int] = []

        def undo(number: int) -> int:
            ledger.ran()
            return number

        try:
            async with ctx.saga() as saga:
                for number in range(self.compensations):
                    saga.add_compensation(undo, number)
                saga.add_cleanup(undo, 100)
                result = await run_all(self.body, ctx, ledger)
                if self.fails:
                    raise ChildFailed("planned")
        except ChildFailed:
            return ledger.saw(ctx, ["undone", undone])
        return ledger.saw(ctx, result)


@dataclass(frozen=True)
class Retried:
    body: tuple[Any, ...]
    failures: int
    gives_up: bool

    async def run(self, ctx: Any, ledger: Any) -> Any:
        attempts = 0

        async def block(own: Any) -> Any:
            nonlocal attempts
            attempts += 1
            result = await run_all(self.body, own, ledger)
            if attempts <= self.failures:
                raise ChildFailed(f"attempt {attempts}")
            return result

        def retry(error: Exception, attempt: int, elapsed: float) -> int | None:
            return None if self.gives_up and attempt == self.failures else 7

        try:
            return ledger.saw(ctx, await ctx.with_retry(block, retry=retry))
        except ChildContextError as error:
            return ledger.saw(ctx, _shown(error))


@dataclass(frozen=True)
class RacyRace:
    bodies: tuple[tuple[Any, ...], ...]
    seconds: int

    async def run(self, ctx: Any, ledger: Any) -> Any:
        futures = [ctx.start.run_in_child_context(_body(body, ledger)) for body in self.bodies]
        winner = await ctx.race(*futures, ctx.start.wait(self.seconds))
        return ledger.saw(ctx, winner)


@dataclass(frozen=True)
class RacyBatch:
    bodies: tuple[tuple[Any, ...], ...]
    failing: frozenset[int]
    limit: int | None
    policy: str
    flat: bool

    async def run(self, ctx: Any, ledger: Any) -> Any:
        branches = [_body(b, ledger, fails=i in self.failing) for i, b in enumerate(self.bodies)]
        policies: dict[str, Callable[[], Any]] = {
            "fail fast": lambda: None,
            "first": first_successful,
            "half": lambda: (
                lambda p: "CUSTOM_COMPLETION_SUCCEEDED" if 2 * p.succeeded >= p.total else None
            ),
        }
        batch = await ctx.parallel(
            branches,
            max_concurrency=self.limit,
            completion=policies[self.policy](),
            nesting="flat" if self.flat else "nested",
        )
        return ledger.saw(ctx, _outcomes(batch))


_limit = st.sampled_from([None, 1, 2])


def _concurrent(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    body = st.lists(inner, max_size=2).map(tuple)
    bodies = st.lists(body, min_size=1, max_size=3).map(tuple)
    failing = st.frozensets(st.integers(0, 2))
    return st.one_of(
        nested(inner),
        st.builds(Parallel, bodies, failing, _limit, st.booleans()),
        st.builds(Map, st.integers(0, 4), body, _limit, st.booleans(), st.booleans()),
        st.builds(Started, bodies, st.permutations(range(3)).map(tuple), _hows),
        st.builds(Race, body, st.booleans(), st.booleans()),
        st.builds(Saga, body, st.integers(0, 2), st.booleans()),
        st.builds(Retried, body, st.integers(1, 2), st.booleans()),
        st.builds(RacyRace, bodies, st.integers(1, 1000)),
        st.builds(RacyBatch, bodies, failing, _limit, _policies, st.booleans()),
    )


_hows = st.sampled_from(["each", "all", "settled"])
_policies = st.sampled_from(["fail fast", "first", "half"])
_kinds = st.sampled_from(["succeeds", "fails", "silent"])
_leaves = st.one_of(
    leaves,
    st.builds(Callback, _kinds, st.booleans(), st.booleans()),
    st.builds(Early, st.lists(st.booleans(), max_size=4).map(tuple), st.integers(1, 2)),
)
concurrent_programs = st.lists(
    st.recursive(_leaves, _concurrent, max_leaves=5), min_size=1, max_size=2
).map(tuple)
