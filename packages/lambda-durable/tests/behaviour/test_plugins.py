"""Plugins: providers, observers and surroundings, in both flavours."""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest

from lambda_durable import InvalidInputError, PluginError, durable_execution, hookimpl
from lambda_durable.plugins import Plugins

from .flavours import Threads
from .world import World


async def small(event: Any, ctx: Any) -> Any:
    async def child(own: Any) -> Any:
        return await own.step(lambda: 1, name="inner")

    await ctx.step(lambda: 2, name="outer")
    await ctx.wait(3, name="rest")
    return await ctx.run_in_child_context(child)


class Recorder:
    """Keeps every event."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    @hookimpl
    def durable_invocation_started(self, event: Any) -> None:
        self.seen.append(("invocation started", event.is_first))

    @hookimpl
    def durable_invocation_finished(self, event: Any) -> None:
        self.seen.append(("invocation finished", event.status))

    @hookimpl
    def durable_operation_started(self, event: Any) -> None:
        self.seen.append(("started", event.operation.name, event.replayed))

    @hookimpl
    def durable_operation_settled(self, event: Any) -> None:
        self.seen.append(("settled", event.operation.name, event.status, event.replayed))

    @hookimpl
    def durable_attempt_started(self, event: Any) -> None:
        self.seen.append(("attempt", event.operation.name, event.attempt))

    @hookimpl
    def durable_attempt_finished(self, event: Any) -> None:
        self.seen.append(("attempt done", event.operation.name, event.error))


def test_observers_see_what_happens_in_order(flavour: Any, world: World) -> None:
    recorder = Recorder()
    world.run(flavour.handler(small, plugins=[recorder]))
    assert recorder.seen == [
        ("invocation started", True),
        ("started", "outer", False),
        ("attempt", "outer", 1),
        ("attempt done", "outer", None),
        ("settled", "outer", "SUCCEEDED", False),
        ("started", "rest", False),
        ("invocation finished", "PENDING"),
        ("invocation started", False),
        ("settled", "rest", "SUCCEEDED", True),
        ("started", "child", False),
        ("started", "inner", False),
        ("attempt", "inner", 1),
        ("attempt done", "inner", None),
        ("settled", "inner", "SUCCEEDED", False),
        ("settled", "child", "SUCCEEDED", False),
        ("invocation finished", "SUCCEEDED"),
    ]


def test_what_goes_on_is_told_as_replayed_and_what_ended_is_not_told_again(
    flavour: Any, world: World
) -> None:
    recorder = Recorder()
    attempts: list[int] = []

    def flaky() -> str:
        attempts.append(1)
        if len(attempts) == 1:
            raise ConnectionError
        return "done"

    async def program(event: Any, ctx: Any) -> Any:
        async def child(own: Any) -> Any:
            return await own.step(flaky, name="flaky", retry=lambda *_: 1)

        await ctx.step(lambda: 1, name="first")
        return await ctx.run_in_child_context(child)

    world.run(flavour.handler(program, plugins=[recorder]))
    starts = [each for each in recorder.seen if each[0] in ("started", "invocation started")]
    assert starts == [
        ("invocation started", True),
        ("started", "first", False),
        ("started", "child", False),
        ("started", "flaky", False),
        ("invocation started", False),
        ("started", "child", True),
        ("started", "flaky", True),
    ]
    assert [each for each in recorder.seen if each[0] == "settled"] == [
        ("settled", "first", "SUCCEEDED", False),
        ("settled", "flaky", "SUCCEEDED", False),
        ("settled", "child", "SUCCEEDED", False),
    ]


def test_an_end_is_told_once_though_the_handler_comes_to_it_later(
    flavour: Any, world: World
) -> None:
    """The short wait ends while the handler rests at the long one, and is awaited after that."""
    recorder = Recorder()

    async def program(event: Any, ctx: Any) -> Any:
        short = ctx.start.wait(5, name="short")
        await ctx.wait(60, name="long")
        await short
        await ctx.wait(1, name="last")

    world.run(flavour.handler(program, plugins=[recorder]))
    ends = [each for each in recorder.seen if each[0] in ("settled", "invocation finished")]
    assert ends == [
        ("invocation finished", "PENDING"),
        ("settled", "short", "SUCCEEDED", True),
        ("invocation finished", "PENDING"),
        ("settled", "long", "SUCCEEDED", True),
        ("invocation finished", "PENDING"),
        ("settled", "last", "SUCCEEDED", True),
        ("invocation finished", "SUCCEEDED"),
    ]


def test_an_invocation_is_told_with_its_operations_and_its_end(flavour: Any, world: World) -> None:
    seen: list[Any] = []
    started: list[float] = []
    began = world.simulation.now

    class Plugin:
        @hookimpl
        def durable_invocation_started(self, event: Any) -> None:
            seen.append((len(event.operations), list(event.updated_operation_ids)))
            started.append(event.execution_started_at)

        @hookimpl
        def durable_invocation_finished(self, event: Any) -> None:
            invocation = event.invocation
            seen.append((len(invocation.operations), invocation.is_first, event.output))

    world.run(flavour.handler(small, plugins=[Plugin()]))
    (wait,) = (each["Id"] for each in world.records() if each["Type"] == "WAIT")
    assert seen == [
        (0, []),
        (2, True, {"Status": "PENDING"}),
        (2, [wait]),
        (4, False, {"Status": "SUCCEEDED", "Result": "1"}),
    ]
    assert started == pytest.approx([began, began])


def test_how_an_execution_failed_is_in_the_output(flavour: Any, world: World) -> None:
    outputs: list[Any] = []

    class Plugin:
        @hookimpl
        def durable_invocation_finished(self, event: Any) -> None:
            outputs.append((event.status, event.error, event.output["Error"]["ErrorMessage"]))

    async def program(event: Any, ctx: Any) -> Any:
        raise ValueError("no such order")

    world.run(flavour.handler(program, plugins=[Plugin()]))
    assert outputs == [("FAILED", None, "no such order")]


def test_settled_operations_come_with_their_record(flavour: Any, world: World) -> None:
    records: list[Any] = []

    class Plugin:
        @hookimpl
        def durable_operation_settled(self, event: Any) -> None:
            details = event.record["StepDetails"]
            error = details.get("Error") or {}
            records.append((details["Attempt"], details.get("Result"), error.get("ErrorMessage")))

    def boom() -> None:
        raise ValueError("boom")

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.step(lambda: "a", name="fine")
        await ctx.step(boom)

    world.run(flavour.handler(program, plugins=[Plugin()]))
    assert records == [(1, '"a"', None), (1, None, "boom")]


def test_attempts_come_with_their_times(flavour: Any, world: World) -> None:
    times: list[float] = []
    began = world.simulation.now

    class Plugin:
        @hookimpl
        def durable_attempt_started(self, event: Any) -> None:
            times.append(event.started_at)

        @hookimpl
        def durable_attempt_finished(self, event: Any) -> None:
            times.extend([event.started_at, event.ended_at])

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.wait(10, name="before")
        await ctx.step(lambda: world.simulation.advance(7), name="slow")

    world.run(flavour.handler(program, plugins=[Plugin()]))
    assert [time - began for time in times] == pytest.approx([10, 10, 17], abs=0.01)


def test_checkpoints_are_observed(flavour: Any, world: World) -> None:
    answered = []

    class Plugin:
        @hookimpl
        def durable_checkpoint_answered(self, event: Any) -> None:
            answered.append((len(event.updates), len(event.changed), len(event.operations)))

    world.run(flavour.handler(small, plugins=[Plugin()]))
    assert answered == [(2, 1, 1), (1, 1, 2), (3, 2, 4), (1, 1, 4)]


def test_an_observers_exception_goes_no_further(
    flavour: Any, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        @hookimpl
        def durable_attempt_started(self, event: Any) -> None:
            raise RuntimeError("observer broke")

        @hookimpl
        def durable_around_call(self, call: Any) -> Any:
            raise RuntimeError("surroundings broke")

    assert world.run(flavour.handler(small, plugins=[Broken()])).value == 1
    assert "observer broke" in caplog.text
    assert "surroundings broke" in caplog.text


def test_surroundings_are_open_while_user_code_runs(flavour: Any, world: World) -> None:
    inside: ContextVar[str] = ContextVar("inside", default="nothing")
    seen = []

    class Plugin:
        @hookimpl
        def durable_around_call(self, call: Any) -> Any:
            @contextmanager
            def around() -> Any:
                token = inside.set(f"{call.kind} {call.operation and call.operation.name}")
                try:
                    yield
                finally:
                    inside.reset(token)

            return around()

    async def program(event: Any, ctx: Any) -> Any:
        seen.append(inside.get())
        await ctx.step(lambda: seen.append(inside.get()), name="s")

        async def child(own: Any) -> None:
            seen.append(inside.get())

        await ctx.run_in_child_context(child)
        seen.append(inside.get())

    world.run(flavour.handler(program, plugins=[Plugin()]))
    assert seen == ["handler None", "attempt s", "context child", "handler None"]
    assert inside.get() == "nothing"


class Named:
    """Registers names."""

    def __init__(self, *names: str) -> None:
        self.names = names

    @hookimpl
    def durable_retry_strategies(self) -> Any:
        return {name: lambda error, attempt, elapsed: 1 for name in self.names}


def test_names_and_defaults_come_from_plugins(flavour: Any, world: World) -> None:
    class Shouting:
        def dumps(self, value: Any, where: Any) -> str:
            return str(value).upper()

        def loads(self, text: str, type: Any, where: Any) -> Any:
            return [text, getattr(type, "__name__", str(type)), where.operation_name]

    class Plugin:
        @hookimpl
        def durable_serializers(self) -> Any:
            return {"shouting": Shouting()}

        @hookimpl
        def durable_serializer(self, type: Any) -> Any:
            return Shouting() if type is bytes else None

        @hookimpl
        def durable_retry(self, operation: Any) -> Any:
            return (lambda error, attempt, elapsed: 1) if operation.name == "flaky" else None

    attempts = []

    def flaky() -> int:
        attempts.append(1)
        if len(attempts) == 1:
            raise ValueError
        return 1

    def typed() -> bytes:
        return b"x"

    async def program(event: Any, ctx: Any) -> Any:
        return [
            await ctx.step(str, "by name", name="n", serializer="shouting"),
            await ctx.step(typed),
            await ctx.step(flaky),
        ]

    value = world.run(flavour.handler(program, plugins=[Plugin()])).value
    assert value == [["BY NAME", "Any", "n"], ["B'X'", "bytes", "typed"], 1]


def test_a_name_given_twice_is_an_error_that_says_by_whom(flavour: Any, world: World) -> None:
    class Other(Named):
        pass

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.step(lambda: 1, name="s", retry="mine")

    plugins = [Named("mine"), Other("mine")]
    finished = world.run(flavour.handler(program, plugins=plugins))
    assert finished.error is not None
    message = finished.error["ErrorMessage"]
    assert "'mine' is registered twice, by Named and by Other" in message
    assert finished.error["ErrorType"].endswith("PluginError")


def test_a_strategy_that_raises_stops_the_execution(flavour: Any, world: World) -> None:
    def strategy(error: Exception, attempt: int, elapsed: float) -> float:
        return 1 / 0

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.step(int, "x", retry=strategy)
        except Exception:  # noqa: BLE001 - it must not be seen here
            return "swallowed"

    finished = world.run(flavour.handler(program))
    assert finished.status == "FAILED"
    assert finished.error is not None
    assert "ZeroDivisionError" in finished.error["ErrorMessage"]


def test_a_hook_that_does_not_exist_is_refused() -> None:
    class Wrong:
        @hookimpl
        def durable_nonsense(self) -> None: ...

    with pytest.raises(PluginError, match="durable_nonsense"):
        Plugins((Wrong(),))


def test_a_hook_without_its_mark_is_refused() -> None:
    class Forgetful:
        def durable_invocation_started(self, event: Any) -> None: ...

    with pytest.raises(PluginError, match=r"Forgetful is not marked .* decorate it with @hookimpl"):
        Plugins((Forgetful(),))


@pytest.mark.parametrize(
    ("plugins", "words"),
    [
        ("acme_durable", "a list of modules and objects with hooks, not 'acme_durable'"),
        (3, "a list of modules and objects with hooks, not 3"),
        (["acme_durable"], "import the module and pass it itself"),
        ([Recorder], "pass an instance of it: Recorder()"),
    ],
)
def test_what_is_no_plugin_is_refused_at_once(plugins: Any, words: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        durable_execution(plugins=plugins)
    assert words in str(raised.value)


def test_a_listed_plugin_that_is_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMBDA_DURABLE_PLUGINS", "not_there_at_all")
    with pytest.raises(PluginError, match="not_there_at_all"):
        Plugins()


def test_a_serializer_that_does_io_runs_off_the_loop(flavour: Any, world: World) -> None:
    import threading

    threads = []

    class Slow:
        does_io = True

        def dumps(self, value: Any, where: Any) -> str:
            threads.append(threading.current_thread())
            return str(value)

        def loads(self, text: str, type: Any, where: Any) -> Any:
            threads.append(threading.current_thread())
            return int(text)

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.step(lambda: 7, name="s", serializer=Slow())

    assert world.run(flavour.handler(program)).value == 7
    off_loop = flavour.name == "tasks"
    assert all((t is not threading.main_thread()) == off_loop for t in threads)


def test_a_serializer_that_breaks_its_contract_stops_the_execution(
    flavour: Any, world: World
) -> None:
    class Bytes:
        def dumps(self, value: Any, where: Any) -> Any:
            return b"bytes"

        def loads(self, text: str, type: Any, where: Any) -> Any:
            return text

    ran = []

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.step(lambda: ran.append(1), name="s", serializer=Bytes(), retry=lambda *_: 1)

    finished = world.run(flavour.handler(program))
    assert finished.error is not None
    assert finished.error["ErrorType"].endswith("PluginError")
    assert ran == [1]


def test_an_observer_of_checkpoints_cannot_block_the_invocation(world: World) -> None:
    kept: list[Any] = []

    class Meddling:
        @hookimpl
        def durable_checkpoint_answered(self, event: Any) -> None:
            if kept:
                kept.pop().step(len, [1], name="meddled")

    async def program(event: Any, ctx: Any) -> Any:
        kept.append(ctx.context)
        return await ctx.step(len, [], name="s")

    assert world.run(Threads().handler(program, plugins=[Meddling()])).status == "SUCCEEDED"


def test_an_observer_of_starts_is_told_where_others_can_go_on(world: World) -> None:
    kept: list[Any] = []

    class Meddling:
        @hookimpl
        def durable_operation_started(self, event: Any) -> None:
            if kept:
                kept.pop().step(len, [1], name="meddled")

    async def program(event: Any, ctx: Any) -> Any:
        kept.append(ctx.context)
        return await ctx.step(len, [], name="s")

    assert world.run(Threads().handler(program, plugins=[Meddling()])).value == 0
