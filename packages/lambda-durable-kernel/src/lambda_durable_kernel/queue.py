"""Invocations to make, in the order in which they became due, and by function."""

from collections.abc import Collection, Iterator
from heapq import merge
from itertools import count
from operator import itemgetter
from typing import NamedTuple


class Task(NamedTuple):
    """An invocation to make: of an execution's handler, or of a plain function it invokes."""

    execution_arn: str
    operation_id: str | None
    """The chained invoke's operation, for a plain function."""
    function: str


class TaskQueue:
    """Tasks in order; those of functions that have no room are passed over at no cost."""

    __slots__ = ("_by_function", "_numbers")

    def __init__(self) -> None:
        self._by_function: dict[str, dict[Task, int]] = {}
        self._numbers = count()

    def add(self, task: Task) -> None:
        """Append a task, unless it is there already."""
        tasks = self._by_function.setdefault(task.function, {})
        if task not in tasks:
            tasks[task] = next(self._numbers)

    def discard(self, task: Task) -> None:
        """Remove a task if it is there."""
        tasks = self._by_function.get(task.function)
        if tasks is not None and tasks.pop(task, None) is not None and not tasks:
            del self._by_function[task.function]

    def __contains__(self, task: Task) -> bool:
        return task in self._by_function.get(task.function, ())

    def without(self, functions: Collection[str]) -> Iterator[Task]:
        """Yield the tasks of all but some functions, the longest due first."""
        queues = [
            tasks.items() for name, tasks in self._by_function.items() if name not in functions
        ]
        return (task for task, _ in merge(*queues, key=itemgetter(1)))
