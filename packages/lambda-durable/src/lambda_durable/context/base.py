"""What both contexts can say about themselves."""

from typing import TYPE_CHECKING, Any

from ..scope import Scope

if TYPE_CHECKING:
    from ..logs import ContextLogger


class ContextBase:
    """The members that need no runtime; the words are in the two contexts themselves."""

    __slots__ = ("_logger", "_scope")

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
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
