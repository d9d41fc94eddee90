"""Programs for both flavours from one text, and a service in memory that can crash at will.

A program is written as `async def`. For `def` handlers its words are called on a plain context,
where nothing is ever pending, so that it runs through in one go.
"""

from collections.abc import Callable, Generator, Iterator
from functools import wraps
from typing import Any

from lambda_durable import DurableHandler, durable_execution
from lambda_durable_kernel import CheckpointMoment, Finished, Retries, Settings, Simulation

TAKE_PROGRAMS = {"with_retry", "run_in_child_context"}


class Done:
    """An awaitable that has its value already."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Generator[Any, None, Any]:
        return self.value
        yield


class Plain:
    """A context of a `def` handler, its `start`, or a future, to be used in a program."""

    def __init__(self, words: Any) -> None:
        self.words = words

    def __getattr__(self, name: str) -> Any:
        member = getattr(self.words, name)
        if name == "start":
            return Plain(member)

        def word(*arguments: Any, **options: Any) -> Any:
            if name in TAKE_PROGRAMS and callable(arguments[0]):
                arguments = plain(arguments[0]), *arguments[1:]
            value = member(*arguments, **options)
            return Plain(value) if hasattr(value, "place") else Done(value)

        return word

    def __await__(self) -> Generator[Any, None, Any]:
        value: Generator[Any, None, Any] = self.result().__await__()
        return value


def plain(program: Callable[..., Any]) -> Callable[..., Any]:
    """Return a program as a function of a plain context."""

    @wraps(program)
    def call(context: Any, *arguments: Any) -> Any:
        coroutine = program(Plain(context), *arguments)
        try:
            coroutine.send(None)
        except StopIteration as stop:
            return stop.value
        raise AssertionError("the program awaits something that is not durable")

    return call


def threads(program: Callable[..., Any], **options: Any) -> DurableHandler[Any, Any]:
    """Make a `def` handler of a program."""
    run = plain(program)
    return durable_execution(**options)(lambda event, context: run(context))


def tasks(program: Callable[..., Any], **options: Any) -> DurableHandler[Any, Any]:
    """Make an `async def` handler of a program."""

    async def handler(event: Any, context: Any) -> Any:
        return await program(context)

    return durable_execution(**options)(handler)


class Crash(BaseException):
    """The process is gone."""


class World:
    """A service in memory and one execution in it."""

    def __init__(self, crash_at: tuple[int, str] | None = None) -> None:
        settings = Settings(retries=Retries(attempts=10_000))
        self.simulation = Simulation(on_checkpoint=self._told, settings=settings)
        self.checkpoints = 0
        self.arn = ""
        self._crash_at = crash_at

    def run(self, handler: DurableHandler[Any, Any]) -> Finished:
        """Run an execution to its end."""

        def host(_: str, envelope: Any, told: Any) -> Any:
            return handler.run_invocation(envelope, None, service=told.service)

        self.simulation.register("main", host)
        self.arn = self.simulation.start("main")
        return self.simulation.finish(self.arn)

    def value(self, handler: DurableHandler[Any, Any]) -> Any:
        """Run an execution to its end and return its result."""
        finished = self.run(handler)
        assert finished.status == "SUCCEEDED", finished.error
        return finished.value

    def records(self) -> list[dict[str, Any]]:
        """Return all operations but the EXECUTION itself."""
        operations = self.simulation.service.operations(self.arn)
        return [each for each in operations if each["Type"] != "EXECUTION"]

    def names(self) -> list[str | None]:
        """Return the names of all operations."""
        return [each.get("Name") for each in self.records()]

    def _told(self, moment: CheckpointMoment) -> None:
        self.checkpoints += moment.phase == "before"
        if self._crash_at == (self.checkpoints, moment.phase):
            self._crash_at = None
            raise Crash


def crashes(handler: DurableHandler[Any, Any]) -> Iterator[tuple[World, Finished]]:
    """Yield a program's end without a crash, then its ends with one around each checkpoint."""
    whole = World()
    yield whole, whole.run(handler)
    for number in range(1, whole.checkpoints + 1):
        for phase in ("before", "after"):
            world = World(crash_at=(number, phase))
            yield world, world.run(handler)
