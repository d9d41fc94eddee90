"""What both contexts can say about themselves."""

from typing import TYPE_CHECKING, Any

from ..scope import Scope

if TYPE_CHECKING:
    from ..logs import ContextLogger


class ContextBase:
    """The members that need no runtime; the words are in the two contexts themselves."""

    __slots__ = ("_logger", "_runtime", "_scope")

    def __init__(self, scope: Scope, runtime: Any) -> None:
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

    def run(self, operation: Any, /) -> Any:
        """Run a durable operation of your own, and return its result; see the two contexts."""
        raise NotImplementedError

    def _word(self, hook: str, **arguments: Any) -> Any:
        """Run the operation that a plugin supplies for a word."""
        return self.run(self._scope.execution.plugins.word(hook, arguments))

    def _manager(self, hook: str, **arguments: Any) -> Any:
        """Return the context manager that a plugin supplies for a word."""
        return self._scope.execution.plugins.word(hook, {"context": self, **arguments})
