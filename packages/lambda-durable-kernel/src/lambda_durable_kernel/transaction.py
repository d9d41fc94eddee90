"""One request or one timer: what it may read, and the executions it changes together."""

from collections.abc import Callable, Mapping

from .execution import Execution
from .model import Change, FunctionSpec
from .settings import Settings


class Transaction:
    """The surroundings of a transition; all that it changes is saved at once, or not at all."""

    __slots__ = ("_find", "_found", "functions", "new_id", "now", "settings")

    def __init__(
        self,
        now: float,
        settings: Settings,
        functions: Mapping[str, FunctionSpec],
        new_id: Callable[[], str],
        find: Callable[[str], Execution | None],
    ) -> None:
        self.now = now
        self.settings = settings
        self.functions = functions
        self.new_id = new_id
        self._find = find
        self._found: dict[str, Execution] = {}

    @property
    def executions(self) -> list[Execution]:
        """The executions that were looked at or added."""
        return list(self._found.values())

    def find(self, arn: str) -> Execution | None:
        """Return the open execution with that ARN, None if it has ended or never was."""
        execution = self._found.get(arn) or self._find(arn)
        if execution is not None:
            self._found[arn] = execution
        return execution

    def add(self, execution: Execution) -> None:
        """Take a new execution along."""
        execution.create()
        self._found[execution.start.arn] = execution

    def changes(self) -> list[Change]:
        """Return what is to be saved."""
        return [execution.take_change() for execution in self._found.values()]
