"""Crashes on demand: a function's process is killed while a named operation runs."""

from collections import Counter
from collections.abc import Callable, Iterable

from lambda_durable_kernel import CheckpointMoment


class Killed(BaseException):
    """Ends a session; the host answers by killing the process."""


class Kills:
    """Ends a session once for each name it was given, a name twice if it was given twice.

    It does so when the operation's START was saved and its end was not; if both arrive together,
    before they are saved. Either way the process is gone after the operation began, and nobody has
    recorded how it ended. `on_kill` is told the name, and whether the body had run to its end.
    """

    def __init__(self, names: Iterable[str], on_kill: Callable[[str, bool], None]) -> None:
        self._left = Counter(names)
        self._on_kill = on_kill

    @property
    def left(self) -> list[str]:
        """The names of operations that did not run."""
        return sorted(self._left.elements())

    def __call__(self, moment: CheckpointMoment) -> None:
        """Take part in a checkpoint, as a session asks for it."""
        begun = {update.get("Name") for update in moment.updates if update["Action"] == "START"}
        ended = {update.get("Name") for update in moment.updates if update["Action"] != "START"}
        due = ended if moment.phase == "before" else begun - ended
        for name in due:
            if name is not None and self._left[name] > 0:
                self._left[name] -= 1
                self._on_kill(name, moment.phase == "before")
                raise Killed(name)
