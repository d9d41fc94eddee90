"""What every operation of one's own must do; see `lambda_durable.DurableOperation`."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from lambda_durable import (
    AsyncDurableContext,
    DurableContext,
    DurableHandler,
    Place,
    durable_execution,
)
from lambda_durable.checks import checked_name, checked_subtype
from lambda_durable.effects import DurableOperation, Effect
from lambda_durable.protocol import OperationType

from ..crashes import crash_everywhere
from ..crashes.exploring import FAULTS
from ..local import LocalRunner
from ..recorded import Recording, replay
from ..recorded.forwarding import Forwarded
from ..started import LocalExecution

_TYPES: Final = frozenset(OperationType) - {OperationType.EXECUTION}
_FAULTS: Final = tuple(each for each in FAULTS if each != "refused")
"""A checkpoint that is refused for good ends the execution, whatever the operation does."""
_ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+")


class OperationKit:
    """The promises of an operation: one outcome, whatever flavour, crash or replay."""

    flavours: tuple[str, ...] = ("def", "async")
    """The kinds of handlers that it runs in."""

    def make_operation(self) -> DurableOperation[Any]:
        """Return a new operation, as a `def` handler uses it."""
        raise NotImplementedError

    def make_async_operation(self) -> DurableOperation[Any]:
        """Return a new operation, as an `async def` handler uses it; by default the same."""
        return self.make_operation()

    def drive(self, execution: LocalExecution) -> None:
        """Play the part of the outside, such as completing callbacks; by default nothing."""

    def prepare(self, runner: LocalRunner) -> None:
        """Register what the operation invokes; by default nothing."""

    def test_it_says_what_it_is(self) -> None:
        """Type, subtype and name are what the service takes, and no other each time."""
        first, second = self.make_operation(), self.make_operation()
        assert first.type in _TYPES, f"{first.type!r} is none of the types {sorted(_TYPES)}"
        if first.subtype is not None:
            checked_subtype(first.subtype)
        checked_name(first.name)
        described = [(each.type, each.subtype, each.name) for each in (first, second)]
        assert described[0] == described[1], f"it is {described[0]}, and then {described[1]}"

    def test_first_run_and_replay_agree(self) -> None:
        """The handler sees the same outcome live and in every later invocation."""
        for flavour in self.flavours:
            seen = list[Any]()
            self._finished(flavour, seen)
            assert len(seen) > 1, "it was never replayed"
            for value in seen[1:]:
                assert value == seen[0], f"{flavour}: first {seen[0]!r:.200}, then {value!r:.200}"

    def test_its_flow_awaits_effects_only(self) -> None:
        """All that its flow awaits is an effect: it performs nothing itself."""
        for flavour in self.flavours:
            strange = list[Any]()
            self._finished(flavour, [], partial(self._seen, flavour, strange))
            assert not strange, f"its flow awaited {strange[0]!r:.200}, which is no effect"

    def test_flavours_agree(self) -> None:
        """A `def` and an `async def` handler see the same outcome."""
        seen = list[Any]()
        for flavour in self.flavours:
            self._finished(flavour, seen)
        assert all(value == seen[0] for value in seen), f"the outcomes differ: {seen!r:.400}"

    def test_its_flow_can_be_run_again(self) -> None:
        """A flow begins anew on the same object when there is news; nothing is left of before."""
        for flavour in self.flavours:
            seen, again = list[Any](), list[Any]()
            self._finished(flavour, seen)
            operation = self._made(flavour)
            self._finished(flavour, again, partial(_same, operation))
            assert all(value == seen[0] for value in again), (
                f"{flavour}: made anew for each run it gives {seen[0]!r:.200}, used again {again!r}"
            )

    def test_crashes_change_nothing(self) -> None:
        """Wherever its invocation dies, the outcome is the same, and nothing kept is done again."""
        for flavour in self.flavours:
            runner = self._runner(self._handler(flavour, []))
            crash_everywhere(runner, script=self.drive, faults=_FAULTS, interleavings=5)

    def test_replays_do_nothing(self) -> None:
        """In every state that it was in, it finds its records and asks for no others."""
        for flavour in self.flavours:
            handler = self._handler(flavour, [])
            execution = self._started(handler)
            events = execution.finish().history
            replay(handler, Recording.from_events(execution.arn, events)).check()

    def _made(self, flavour: str) -> DurableOperation[Any]:
        return self.make_operation() if flavour == "def" else self.make_async_operation()

    def _seen(self, flavour: str, strange: list[Any]) -> DurableOperation[Any]:
        return _Seen(self._made(flavour), strange)

    def _finished(
        self,
        flavour: str,
        seen: list[Any],
        make: Callable[[], DurableOperation[Any]] | None = None,
    ) -> None:
        result = self._started(self._handler(flavour, seen, make)).finish()
        assert result.succeeded, f"in a `{flavour}` handler it does not come to its end:\n{result}"

    def _started(self, handler: DurableHandler[Any, Any]) -> LocalExecution:
        execution = self._runner(handler).start()
        self.drive(execution)
        return execution

    def _runner(self, handler: DurableHandler[Any, Any]) -> LocalRunner:
        runner = LocalRunner(handler)
        self.prepare(runner)
        return runner

    def _handler(
        self,
        flavour: str,
        seen: list[Any],
        make: Callable[[], DurableOperation[Any]] | None = None,
    ) -> DurableHandler[Any, Any]:
        """Return a handler that runs the operation, and is replayed after it."""
        made = make or (lambda: self._made(flavour))

        def run_operation(event: Any, ctx: DurableContext) -> str:
            try:
                outcome: Any = ctx.run(made())
            except Exception as error:  # noqa: BLE001 - how it fails is an outcome too
                outcome = type(error), str(error)
            seen.append(outcome)
            ctx.wait(1, name="replayed after this")
            return _shown(outcome)

        async def run_async_operation(event: Any, ctx: AsyncDurableContext) -> str:
            try:
                outcome: Any = await ctx.run(made())
            except Exception as error:  # noqa: BLE001 - as above
                outcome = type(error), str(error)
            seen.append(outcome)
            await ctx.wait(1, name="replayed after this")
            return _shown(outcome)

        return durable_execution(run_operation if flavour == "def" else run_async_operation)


class _Seen(Forwarded[Any]):
    """An operation that tells what its flow awaits, and stops at what is no effect."""

    def __init__(self, operation: DurableOperation[Any], strange: list[Any]) -> None:
        super().__init__(operation)
        self._strange = strange

    async def replied(self, effect: Any, here: Place) -> Any:
        """Return the runtime's reply."""
        if not isinstance(effect, Effect):
            self._strange.append(effect)
            raise TypeError(f"{effect!r:.200} is no effect")
        return await effect


def _same(operation: DurableOperation[Any]) -> DurableOperation[Any]:
    return operation


def _shown(outcome: Any) -> str:
    return _ADDRESS.sub("", repr(outcome))
