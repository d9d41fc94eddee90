"""Programs for both flavours from one text, and a service in memory that can crash at will.

A program is written as `async def`. For `def` handlers its words are called on a plain context, and
what they return is wrapped so that `await` gives it back; nothing is ever pending there.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from functools import wraps
from typing import Any

from lambda_durable import DurableHandler, durable_execution
from lambda_durable.batches import NamedBranch
from lambda_durable_kernel import CheckpointMoment, Finished, Quotas, Retries, Settings, Simulation

Function = Callable[..., Any]


class Done:
    """An awaitable that has its value already."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Generator[Any, None, Any]:
        return self.value
        yield


class Future:
    """A future or a callback of a `def` handler, to be awaited."""

    def __init__(self, future: Any) -> None:
        self.future = future
        self.place = future.place

    def result(self) -> Done:
        """Wait for it."""
        return Done(self.future.result())

    def __await__(self) -> Generator[Any, None, Any]:
        return self.result().__await__()


class Manager:
    """A context manager of a `def` handler, for `async with`."""

    def __init__(self, manager: Any) -> None:
        self.manager = manager

    async def __aenter__(self) -> Any:
        return self.manager.__enter__()

    async def __aexit__(self, *raised: object) -> Any:
        return self.manager.__exit__(*raised)


class Plain:
    """A `DurableContext`, or its `start`, whose words can be awaited."""

    def __init__(self, words: Any, done: Callable[[Any], Any] = Done) -> None:
        self.words = words
        self.done = done

    @property
    def start(self) -> Any:
        """The words that return futures."""
        return Plain(self.words.start, Future)

    def saga(self, **options: Any) -> Manager:
        """Open a saga with `async with`."""
        return Manager(self.words.saga(**options))

    def __getattr__(self, name: str) -> Any:
        member = getattr(self.words, name)
        if not callable(member) or name in {"now", "random", "uuid4"}:
            return member

        def word(*arguments: Any, **options: Any) -> Any:
            value = member(*_arguments(name, arguments), **options)
            return self.done(Future(value) if hasattr(value, "callback_id") else value)

        return word


def _arguments(word: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments of a word with programs among them made plain functions."""
    if word in {"run_in_child_context", "with_retry"}:
        return plain(arguments[0]), *arguments[1:]
    if word == "map":
        return arguments[0], *(plain(func) for func in arguments[1:])
    if word == "parallel":
        return _branches(arguments[0]), *arguments[1:]
    if word in {"all", "any", "race", "settled"}:
        return tuple(getattr(each, "future", each) for each in arguments)
    return arguments


def _branches(branches: Any) -> Any:
    if isinstance(branches, Mapping):
        return {name: plain(func) for name, func in branches.items()}
    is_text = isinstance(branches, str)
    return map(plain, branches) if hasattr(branches, "__iter__") and not is_text else branches


def plain(func: Any) -> Any:
    """Return a program's function as a `def` handler has it; anything else as it is."""
    if isinstance(func, NamedBranch):
        return NamedBranch(func.name, plain(func.func))
    if not hasattr(func, "__code__"):
        return func

    @wraps(func)
    def call(context: Any, *arguments: Any) -> Any:
        return finished(func(Plain(context), *arguments))

    return call


def finished(coroutine: Any) -> Any:
    """Run a program that waits for nothing, to its end."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise AssertionError("the program awaits something that is not durable")


class Threads:
    """`def` handlers."""

    name = "threads"

    def handler(self, program: Function, **options: Any) -> DurableHandler[Any, Any]:
        """Make a handler of a program."""

        @wraps(program)
        def handler(event: Any, context: Any) -> Any:
            return finished(program(event, Plain(context)))

        return durable_execution(**options)(handler)


class Tasks:
    """`async def` handlers."""

    name = "tasks"

    def handler(self, program: Function, **options: Any) -> DurableHandler[Any, Any]:
        """Make a handler of a program."""
        return durable_execution(**options)(program)


FLAVOURS: list[Any] = [Threads(), Tasks()]


class Crash(BaseException):
    """The process is gone."""


class World:
    """A service in memory and one execution in it."""

    def __init__(self, crash_at: tuple[int, str] | None = None) -> None:
        quotas = Quotas(operations=1_000_000)
        settings = Settings(retries=Retries(attempts=10_000), quotas=quotas)
        self.simulation = Simulation(on_checkpoint=self._told, settings=settings)
        self.checkpoints = 0
        self.crashes = 0
        self.arn = ""
        self._crash_at = crash_at

    def start(self, handler: DurableHandler[Any, Any], event: Any = None) -> str:
        """Start an execution; nothing runs yet."""

        def host(_: str, envelope: Any, told: Any) -> Any:
            return handler.run_invocation(envelope, None, service=told.service)

        self.simulation.register("main", host)
        self.arn = self.simulation.start("main", event)
        return self.arn

    def run(self, handler: DurableHandler[Any, Any], event: Any = None) -> Finished:
        """Run an execution to its end."""
        return self.simulation.finish(self.start(handler, event))

    def value(self, handler: DurableHandler[Any, Any], event: Any = None) -> Any:
        """Run an execution to its end and return its result."""
        finished = self.run(handler, event)
        assert finished.status == "SUCCEEDED", finished.error
        return finished.value

    def records(self) -> list[dict[str, Any]]:
        """Return all operations but the EXECUTION itself."""
        operations = self.simulation.service.operations(self.arn)
        return [each for each in operations if each["Type"] != "EXECUTION"]

    def record(self, name: str) -> dict[str, Any]:
        """Return the operation with a name."""
        return next(each for each in self.records() if each.get("Name") == name)

    def names(self) -> list[str | None]:
        """Return the names of all operations."""
        return [each.get("Name") for each in self.records()]

    def events(self) -> list[dict[str, Any]]:
        """Return the execution's events."""
        found: list[dict[str, Any]] = []
        marker: str | None = None
        while True:
            page = self.simulation.service.history(self.arn, max_items=1000, marker=marker)
            found += page["Events"]
            marker = page.get("NextMarker")
            if not marker:
                return found

    @property
    def invocations(self) -> int:
        """How many invocations were made."""
        return len(self.simulation.invocations)

    def _told(self, moment: CheckpointMoment) -> None:
        self.checkpoints += moment.phase == "before"
        if self._crash_at == (self.checkpoints, moment.phase):
            self._crash_at = None
            self.crashes += 1
            raise Crash


def crashes(handler: DurableHandler[Any, Any]) -> Iterator[tuple[World, Finished]]:
    """Yield a program's end without a crash, then its ends with one around each checkpoint."""
    whole = World()
    yield whole, whole.run(handler)
    for number in range(1, whole.checkpoints + 1):
        for phase in ("before", "after"):
            world = World(crash_at=(number, phase))
            yield world, world.run(handler)
