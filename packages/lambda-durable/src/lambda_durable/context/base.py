"""What both contexts can say about themselves."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from ..logs import ContextLogger
    from ..scope import Scope


class ContextBase:
    """The members that need no runtime; the words are in the two contexts themselves."""

    __slots__ = ("_logger", "_runtime", "_scope")

    def __init__(self, scope: "Scope", runtime: Any) -> None:
        self._scope = scope
        self._runtime = runtime
        self._logger: ContextLogger | None = None

    @property
    def execution_arn(self) -> str:
        """The ARN of this execution; the same in all its invocations."""
        return self._scope.execution.arn

    @property
    def is_replaying(self) -> bool:
        """True while the next operation of this context is already recorded.

        For logging and metrics only: code that acts differently on replay breaks replay.
        """
        return self._scope.replaying

    @property
    def lambda_context(self) -> Any:
        """The context object that Lambda passed to this invocation."""
        return self._scope.execution.lambda_context

    @property
    def logger(self) -> "ContextLogger":
        """A logger whose records carry the execution; silent while this context replays."""
        if self._logger is None:
            from ..logs import ContextLogger  # with logging, which not every handler needs

            self._logger = ContextLogger(self._scope)
        return self._logger

    def now(self) -> "datetime":
        """Return a time in UTC that is the same on every replay; it costs no operation.

        It is when the latest of the operations ended whose outcome this context was handed, in
        whole milliseconds and by the service's clock; before the first, what the context around
        knew when this one was called, and at the very start when the execution began. So it does
        not advance between two operations: for the time of day, read the clock in a step.

        As for `random` and `uuid4`, what counts is the order of calls in this context, so tasks
        that run side by side in it should have child contexts of their own. Inside a step, where
        the standard library serves, and from other threads all three raise MisuseError.
        """
        from .. import replay_values  # few handlers ask for these values

        return replay_values.now(self._scope)

    def random(self) -> float:
        """Return a random number from 0 up to 1 that is the same on every replay.

        It costs no operation. For other distributions seed a generator with it:
        `random.Random(ctx.random())`. Not for secrets: who knows the execution can derive it.
        """
        from .. import replay_values  # as above

        return replay_values.random(self._scope)

    def uuid4(self) -> "UUID":
        """Return a random UUID (version 4) that is the same on every replay.

        It costs no operation, and no two executions or contexts get the same one. Not for
        secrets: who knows the execution can derive it.
        """
        from .. import replay_values  # as above

        return replay_values.uuid4(self._scope)

    def run(self, operation: Any, /) -> Any:
        """Run a durable operation of your own, and return its result; see the two contexts."""
        raise NotImplementedError

    def _word(self, hook: str, **arguments: Any) -> Any:
        """Run the operation that a plugin supplies for a word."""
        return self.run(self._scope.execution.plugins.word(hook, arguments))

    def _combine(self, how: str, futures: "Sequence[Any]", name: str | None) -> Any:
        """Run the operation that a plugin supplies for combining futures."""
        from ..futures import places  # most handlers combine nothing

        return self._word("durable_combine", how=how, futures=places(futures), name=name)

    def _manager(self, hook: str, **arguments: Any) -> Any:
        """Return the context manager that a plugin supplies for a word."""
        return self._scope.execution.plugins.word(hook, {"context": self, **arguments})
