"""One text for both flavours: programs are written as `async def` and run on either runtime.

For the thread runtime a program's words are called on a plain `DurableContext`; what they return
is wrapped so that `await` gives it back. Nothing is ever pending there, so the program runs
through in one go, on the thread and on the code of a `def` handler.
"""

from collections.abc import Callable, Generator, Mapping
from functools import wraps
from typing import Any

from lambda_durable import DurableContext, DurableHandler, durable_execution
from lambda_durable.futures import Future


class Done:
    """An awaitable that has its value already."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Generator[Any, None, Any]:
        return self.value
        yield


class Plain:
    """A `DurableContext` whose words can be awaited, and take functions written as `async def`."""

    def __init__(self, context: DurableContext) -> None:
        self.context = context

    @property
    def start(self) -> Any:
        """The words that return futures."""
        return Plain(self.context.start)  # type: ignore[arg-type]  # it has the words of a context

    def saga(self, **options: Any) -> Any:
        """Open a saga with `async with`."""
        return _PlainManager(self.context.saga(**options))

    def __getattr__(self, name: str) -> Any:
        member = getattr(self.context, name)
        if name not in _WORDS:
            return member

        def word(*arguments: Any, **options: Any) -> Any:
            return _awaitable(member(*_WORDS[name](arguments), **options))

        return word


class PlainFuture:
    """A future or a callback of a plain context that can be awaited."""

    def __init__(self, future: Any) -> None:
        self.future = future

    def result(self) -> Done:
        """Wait for it."""
        return Done(self.future.result())

    def __await__(self) -> Generator[Any, Any, Any]:
        return self.result().__await__()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.future, name)


class _PlainManager:
    def __init__(self, manager: Any) -> None:
        self._manager = manager

    async def __aenter__(self) -> Any:
        return self._manager.__enter__()

    async def __aexit__(self, *raised: object) -> Any:
        return self._manager.__exit__(*raised)


def _awaitable(value: Any) -> Any:
    return PlainFuture(value) if isinstance(value, Future) else Done(_with_await(value))


def _with_await(value: Any) -> Any:
    """Return a callback so that its result can be awaited; anything else as it is."""
    return PlainFuture(value) if hasattr(value, "callback_id") else value


def _as_given(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return arguments


def _function_first(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return _plain(arguments[0]), *arguments[1:]


def _function_second(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return arguments[0], _plain(arguments[1]), *arguments[2:]


def _branches(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    (branches,) = arguments
    if isinstance(branches, Mapping):
        return ({name: _plain(func) for name, func in branches.items()},)
    return ([_plain(func) if callable(func) else func for func in branches],)


def _futures(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(getattr(future, "future", future) for future in arguments)


_WORDS: dict[str, Callable[[tuple[Any, ...]], tuple[Any, ...]]] = {
    **dict.fromkeys(
        ("step", "wait", "invoke", "wait_for_condition", "run"),
        _as_given,
    ),
    **dict.fromkeys(("create_callback", "wait_for_callback"), _as_given),
    **dict.fromkeys(("run_in_child_context", "with_retry"), _function_first),
    "map": _function_second,
    "parallel": _branches,
    **dict.fromkeys(("all", "any", "race", "settled"), _futures),
}


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


class Stage:
    """A handler for one program after the other: to make one takes longer than most programs."""

    def __init__(self, flavour: Any) -> None:
        self._program: Callable[..., Any] | None = None
        self._handler: DurableHandler[Any, Any] = flavour.handler(self._played)

    def handler(self, program: Callable[..., Any]) -> DurableHandler[Any, Any]:
        """Return the handler, which plays this program from now on."""
        self._program = program
        return self._handler

    async def _played(self, event: Any, ctx: Any) -> Any:
        assert self._program is not None
        return await self._program(event, ctx)


STAGES = {flavour.name: Stage(flavour) for flavour in FLAVOURS}
