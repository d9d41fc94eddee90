"""Programs with callbacks: one text for both flavours, a service in memory, and the other side."""

from collections.abc import Callable, Generator, Mapping
from functools import wraps
from typing import Any

from lambda_durable import DurableHandler, durable_execution
from lambda_durable_kernel import (
    CheckpointMoment,
    Finished,
    Quotas,
    Retries,
    Settings,
    Simulation,
    SimulationBlockedError,
)

Answer = str | dict[str, Any] | None
"""What the other side sends: a result as text, an error, or nothing at all as a result."""


class Done:
    """An awaitable that has its value already, for `def` handlers."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Generator[Any, None, Any]:
        return self.value
        yield


class Plain:
    """A member of a `def` handler's world whose words, and what they return, can be awaited."""

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._wrapped, name)
        if name == "start":
            return PlainStart(member)
        if not callable(member):
            return member
        return lambda *args, **kw: Done(_wrapped(member(*map(_plain, args), **kw)))

    def __await__(self) -> Generator[Any, None, Any]:
        return self.result().__await__()  # type: ignore[no-any-return]  # a future or a callback


class PlainStart(Plain):
    """`ctx.start` of a `def` handler: its words return at once."""

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._wrapped, name)
        return lambda *args, **kw: Plain(member(*map(_plain, args), **kw))


def _wrapped(value: Any) -> Any:
    return Plain(value) if hasattr(value, "callback_id") and hasattr(value, "result") else value


def _plain(argument: Any) -> Any:
    """Return a function of a context, written as `async def`, as a `def` handler's child."""
    if not getattr(argument, "is_program", False):
        return argument
    return lambda context, *args: _finish(argument(Plain(context), *args))


def program(func: Callable[..., Any]) -> Callable[..., Any]:
    """Mark an `async def` function that gets a context, to be run in a child context."""
    func.is_program = True  # type: ignore[attr-defined]  # a mark of these tests
    return func


def _finish(coroutine: Any) -> Any:
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise AssertionError("the program awaits something that is not durable")


class Threads:
    """`def` handlers."""

    name = "threads"

    def handler(self, func: Callable[..., Any], **options: Any) -> DurableHandler[Any, Any]:
        """Make a handler of an `async def` program."""

        @wraps(func)
        def handler(event: Any, context: Any) -> Any:
            return _finish(func(event, Plain(context)))

        return durable_execution(**options)(handler)


class Tasks:
    """`async def` handlers."""

    name = "tasks"

    def handler(self, func: Callable[..., Any], **options: Any) -> DurableHandler[Any, Any]:
        """Make a handler of an `async def` program."""
        return durable_execution(**options)(func)


class Crash(BaseException):
    """The process is gone."""


class World:
    """A service in memory, one function, and an other side that answers callbacks by name."""

    def __init__(self, crash_at: tuple[int, str] | None = None, error_bytes: int = 32_767) -> None:
        settings = Settings(
            retries=Retries(attempts=10_000), quotas=Quotas(error_bytes=error_bytes)
        )
        self.simulation = Simulation(on_checkpoint=self._told, settings=settings)
        self.checkpoints = 0
        self.arn = ""
        self._crash_at = crash_at

    def start(self, handler: DurableHandler[Any, Any], event: Any = None) -> str:
        """Start an execution and run it until it rests."""

        def host(_: str, envelope: Any, told: Any) -> Any:
            return handler.run_invocation(envelope, None, service=told.service)

        self.simulation.register("main", host)
        self.arn = self.simulation.start("main", event)
        self.simulation.settle()
        return self.arn

    def run(
        self,
        handler: DurableHandler[Any, Any],
        event: Any = None,
        *,
        answers: Mapping[str, Answer] | None = None,
    ) -> Finished:
        """Run an execution to its end; a callback is answered once nothing else is due."""
        self.start(handler, event)
        waiting = dict(answers or {})
        while not self.simulation.is_closed(self.arn):
            if not self._answer_one(waiting) and not self.simulation.step():
                raise SimulationBlockedError(f"nothing answers; left are {list(waiting)}")
            self.simulation.settle()
        return self.simulation.outcome(self.arn)

    def answer(self, name: str, answer: Answer) -> None:
        """Complete an open callback."""
        id = self.simulation.callback_id(self.arn, name)
        if isinstance(answer, dict):
            self.simulation.fail_callback(id, answer)
        else:
            self.simulation.succeed_callback(id, answer)

    def finish(self) -> Finished:
        """Run the execution to its end; nothing is answered any more."""
        return self.simulation.finish(self.arn)

    def records(self) -> list[dict[str, Any]]:
        """Return all operations but the EXECUTION itself."""
        operations = self.simulation.service.operations(self.arn)
        return [each for each in operations if each["Type"] != "EXECUTION"]

    def record(self, name: str) -> dict[str, Any]:
        """Return the operation with a name."""
        return next(each for each in self.records() if each.get("Name") == name)

    def events(self) -> list[str]:
        """Return the types of the execution's events."""
        events = self.simulation.service.history(self.arn, max_items=1000)["Events"]
        return [event["EventType"] for event in events]

    def _answer_one(self, waiting: dict[str, Answer]) -> bool:
        opened = [
            each.get("Name")
            for each in self.records()
            if each["Type"] == "CALLBACK" and each["Status"] == "STARTED"
        ]
        for name in waiting:
            if name in opened:
                self.answer(name, waiting.pop(name))
                return True
        return False

    def _told(self, moment: CheckpointMoment) -> None:
        self.checkpoints += moment.phase == "before"
        if self._crash_at == (self.checkpoints, moment.phase):
            self._crash_at = None
            raise Crash
