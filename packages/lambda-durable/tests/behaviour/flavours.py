"""One text for both flavours: programs are written as `async def` and run on either runtime.

For the thread runtime a program's words are called on a plain `DurableContext`; what they return
is wrapped so that `await` gives it back. Nothing is ever pending there, so the program runs
through in one go, on the thread and on the code of a `def` handler.
"""

from collections.abc import Callable, Generator
from functools import wraps
from typing import Any

from lambda_durable import DurableContext, DurableHandler, durable_execution


class Done:
    """An awaitable that has its value already."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Generator[Any, None, Any]:
        return self.value
        yield


class Plain:
    """A `DurableContext` whose words can be awaited."""

    def __init__(self, context: DurableContext) -> None:
        self.context = context

    @property
    def start(self) -> Any:
        """The words that return futures."""
        return PlainStart(self.context.start)

    def __getattr__(self, name: str) -> Any:
        member = getattr(self.context, name)
        if name == "run_in_child_context":
            return lambda func, *args, **kw: Done(member(_plain(func), *args, **kw))
        if name in {"step", "wait", "invoke", "wait_for_condition", "run"}:
            return lambda *args, **kw: Done(member(*args, **kw))
        return member


class PlainStart:
    """What `ctx.start` is for a plain context, its futures awaitable."""

    def __init__(self, start: Any) -> None:
        self._start = start

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._start, name)
        if name == "run_in_child_context":
            return lambda func, *args, **kw: PlainFuture(member(_plain(func), *args, **kw))
        return lambda *args, **kw: PlainFuture(member(*args, **kw))


class PlainFuture:
    """A future of a plain context that can be awaited."""

    def __init__(self, future: Any) -> None:
        self.future = future
        self.place = future.place

    def result(self) -> Done:
        """Wait for it."""
        return Done(self.future.result())

    def __await__(self) -> Generator[Any, Any, Any]:
        return self.result().__await__()


def _finish(program: Any) -> Any:
    try:
        program.send(None)
    except StopIteration as stop:
        return stop.value
    program.close()
    raise AssertionError("the program awaits something that is not durable")


def _plain(func: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(func)
    def call(context: DurableContext, *args: Any) -> Any:
        return _finish(func(Plain(context), *args))

    return call


class Threads:
    """`def` handlers on threads."""

    name = "threads"

    def handler(self, program: Callable[..., Any], **options: Any) -> DurableHandler[Any, Any]:
        """Make a handler of an `async def` program."""

        @wraps(program)
        def handler(event: Any, context: DurableContext) -> Any:
            return _finish(program(event, Plain(context)))

        return durable_execution(**options)(handler)


class Tasks:
    """`async def` handlers on asyncio."""

    name = "tasks"

    def handler(self, program: Callable[..., Any], **options: Any) -> DurableHandler[Any, Any]:
        """Make a handler of an `async def` program."""
        return durable_execution(**options)(program)


FLAVOURS = [Threads(), Tasks()]
