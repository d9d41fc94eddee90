"""A callback and its submitter as one operation."""

from typing import Any

import pytest
from callback_programs import Answer, World, program

from lambda_durable import MisuseError, hookimpl
from lambda_durable_callbacks import (
    CallbackError,
    CallbackFailedError,
    CallbackHeartbeatError,
    CallbackSubmitterError,
    CallbackTimeoutError,
)

INNER = "ask create callback id"


def twice(error: Exception, attempt: int, elapsed: float) -> float | None:
    """Try again once, after a second."""
    return 1 if attempt < 2 else None


def silent(callback_id: str) -> None:
    """Submit to nobody."""


def test_the_submitter_gets_the_id_and_its_arguments(flavour: Any, world: World) -> None:
    calls = []

    def ask(callback_id: str, who: str, level: int) -> object:
        calls.append((callback_id, who, level))
        return object()  # what it returns is of no use to anybody

    async def main(event: Any, ctx: Any) -> Any:
        return await ctx.wait_for_callback(ask, "ann", 3)

    done = world.run(flavour.handler(main), answers={INNER: '{"approved":true}'})
    assert done.value == {"approved": True}
    context, callback, step = world.records()
    assert calls == [(callback["CallbackDetails"]["CallbackId"], "ann", 3)]
    assert [each["Name"] for each in (context, callback, step)] == ["ask", INNER, "ask submitter"]
    assert [each["SubType"] for each in (context, callback, step)] == [
        "WaitForCallback",
        "Callback",
        "Step",
    ]
    assert {callback["ParentId"], step["ParentId"]} == {context["Id"]}
    assert world.events() == [
        "ExecutionStarted",
        "ContextStarted",
        "CallbackStarted",
        "StepStarted",
        "StepSucceeded",
        "InvocationCompleted",
        "CallbackSucceeded",
        "ContextSucceeded",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_an_async_submitter(flavour: Any, world: World) -> None:
    calls = []

    async def ask(callback_id: str) -> None:
        calls.append(callback_id)

    async def main(event: Any, ctx: Any) -> Any:
        result = await ctx.wait_for_callback(ask, name="approval")
        await ctx.wait(5)
        return result

    answers = {"approval create callback id": "yes"}
    done = world.run(flavour.handler(main), answers=answers)
    assert done.value == "yes"
    assert len(calls) == 1


def test_answered_before_the_submitter_returns(flavour: Any, world: World) -> None:
    def ask(callback_id: str) -> None:
        world.simulation.succeed_callback(callback_id, "7")

    async def main(event: Any, ctx: Any) -> Any:
        return await ctx.wait_for_callback(ask)

    done = world.run(flavour.handler(main))
    assert done.value == 7
    assert done.invocations == 1


def test_the_submitter_is_retried_and_keeps_its_callback(flavour: Any, world: World) -> None:
    ids = []

    def ask(callback_id: str) -> None:
        ids.append(callback_id)
        if len(ids) == 1:
            raise ConnectionError("refused")

    async def main(event: Any, ctx: Any) -> Any:
        return await ctx.wait_for_callback(ask, retry=twice)

    world.start(flavour.handler(main))
    world.simulation.advance(1)
    world.answer(INNER, "null")
    done = world.finish()
    assert (done.status, done.result) == ("SUCCEEDED", "null")
    assert ids == [ids[0]] * 2


def _told(error: CallbackError) -> list[Any]:
    cause = error.cause
    return [
        type(error).__name__,
        str(error),
        error.name,
        error.operation_id,
        error.callback_id,
        error.error_type,
        error.error_message,
        error.error_data,
        error.stack_trace,
        [type(cause).__name__, str(cause)],
    ]


async def _failing(submit: Any, ctx: Any, **options: Any) -> list[Any]:
    """Return what the error says when it is raised, three times: live, and on replay."""
    told = []
    try:
        await ctx.wait_for_callback(submit, name="ask", **options)
    except CallbackError as error:
        told = _told(error)
    await ctx.wait(1)
    return told


@pytest.mark.parametrize(
    ("answer", "options", "cls", "error_type"),
    [
        ({"ErrorType": "Rejected", "ErrorMessage": "no"}, {}, CallbackFailedError, "Rejected"),
        ({"ErrorType": "ValueError", "ErrorData": "{}"}, {}, CallbackFailedError, "ValueError"),
        ({"ErrorType": "Callback.Timeout"}, {}, CallbackFailedError, "Callback.Timeout"),
        ({}, {}, CallbackFailedError, None),
        (None, {"timeout": 60}, CallbackTimeoutError, "Callback.Timeout"),
        (
            None,
            {"timeout": 60, "heartbeat_timeout": 30},
            CallbackHeartbeatError,
            "Callback.Heartbeat",
        ),
    ],
)
def test_each_error_is_the_same_live_and_on_replay(
    flavour: Any, world: World, answer: Answer, options: Any, cls: Any, error_type: str | None
) -> None:
    live: list[Any] = []

    async def main(event: Any, ctx: Any) -> Any:
        told = await _failing(silent, ctx, **options)
        live.append(told)
        return told

    done = world.run(flavour.handler(main), answers={} if answer is None else {INNER: answer})
    name, message, operation, id, callback_id, *rest = done.value
    context, callback, _ = world.records()[:3]
    assert name == cls.__name__
    assert (operation, id) == ("ask", context["Id"])
    assert message.startswith("callback 'ask' failed: ")
    assert callback_id == callback["CallbackDetails"]["CallbackId"]
    assert rest[0] == error_type
    assert rest[2] == (answer or {}).get("ErrorData")  # type: ignore[union-attr]  # a dict here
    # What people and tools look for stands where they look for it.
    kept = context["ContextDetails"]["Error"]
    sent = callback["CallbackDetails"].get("Error", {})
    for key in ("ErrorType", "ErrorMessage", "StackTrace"):
        assert kept.get(key) == sent.get(key)


def test_errors_are_replayed_from_the_context_alone(flavour: Any, world: World) -> None:
    """The service leaves out the operations inside a closed context."""
    told = []

    async def main(event: Any, ctx: Any) -> Any:
        try:
            await ctx.wait_for_callback(silent, name="ask")
        except CallbackFailedError as error:
            told.append(_told(error))
        await ctx.wait(1)

    answer = {"ErrorType": "ValueError", "ErrorMessage": "no", "ErrorData": "42"}
    world.run(flavour.handler(main), answers={INNER: answer})
    assert len(told) == 2
    assert told[0] == told[1]


def test_a_submitter_that_fails_for_good(flavour: Any, world: World) -> None:
    told = []

    def ask(callback_id: str) -> None:
        raise ConnectionError("refused")

    async def main(event: Any, ctx: Any) -> Any:
        try:
            await ctx.wait_for_callback(ask, retry=twice)
        except CallbackSubmitterError as error:
            told.append(_told(error))
        await ctx.wait(1)

    world.run(flavour.handler(main))
    assert told[0] == told[1]
    name, message, operation, _, callback_id, *_, stack, cause = told[0]
    assert name == "CallbackSubmitterError"
    assert message == "submitter of callback 'ask' failed: ConnectionError: refused"
    assert operation == "ask"
    assert callback_id == world.record(INNER)["CallbackDetails"]["CallbackId"]
    assert any("ConnectionError" in line for line in stack)
    assert cause == ["ConnectionError", "refused"]
    assert world.record("ask submitter")["StepDetails"]["Attempt"] == 2


def test_the_cause_of_a_live_failure_has_its_traceback(flavour: Any, world: World) -> None:
    def ask(callback_id: str) -> None:
        raise ConnectionError("refused")

    async def main(event: Any, ctx: Any) -> Any:
        with pytest.raises(CallbackSubmitterError) as caught:
            await ctx.wait_for_callback(ask)
        traceback = caught.value.cause and caught.value.cause.__traceback__
        return traceback is not None

    assert world.run(flavour.handler(main)).value is True


def test_an_error_that_is_not_caught_reaches_who_started_the_execution(
    flavour: Any, world: World
) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        await ctx.wait_for_callback(silent, name="ask")

    answer = {"ErrorType": "Rejected", "ErrorMessage": "no", "ErrorData": "42"}
    done = world.run(flavour.handler(main), answers={INNER: answer})
    assert done.status == "FAILED"
    assert done.error is not None
    assert {key: done.error.get(key) for key in answer} == answer


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ({"ErrorData": 20_000, "ErrorMessage": 5}, ("ErrorData", "ErrorMessage")),
        ({"ErrorData": 40_000, "ErrorMessage": 5}, ("ErrorMessage",)),
        ({"ErrorData": 10_000, "ErrorMessage": 25_000}, ("ErrorMessage",)),
        ({"ErrorData": 10, "ErrorMessage": 60_000}, ()),
    ],
)
def test_large_errors_are_cut_and_keep_what_is_needed(
    flavour: Any, size: dict[str, int], kept: tuple[str, ...]
) -> None:
    world = World(error_bytes=1_048_576)  # as at AWS; the error of a context is cut all the same
    told = []

    async def main(event: Any, ctx: Any) -> Any:
        try:
            await ctx.wait_for_callback(silent, name="ask")
        except CallbackFailedError as error:
            told.append(_told(error))
        await ctx.wait(1)

    answer = {key: "\u00fc" * (length // 2) for key, length in size.items()}
    world.run(flavour.handler(main), answers={INNER: {"ErrorType": "Large", **answer}})
    assert told[0] == told[1]
    name, _, _, _, callback_id, error_type, message, data, *_ = told[0]
    assert (name, error_type) == ("CallbackFailedError", "Large")
    assert callback_id == world.record(INNER)["CallbackDetails"]["CallbackId"]
    assert ("ErrorMessage" in kept) == (message == answer["ErrorMessage"])
    assert ("ErrorData" in kept) == (data == answer["ErrorData"])
    assert message.startswith(answer["ErrorMessage"][:100])


def test_a_context_that_another_sdk_closed(flavour: Any, world: World) -> None:
    from lambda_durable_callbacks.failing import failed_context
    from lambda_durable_callbacks.waiting import WaitForCallback

    raised = []

    class Elsewhere(WaitForCallback):
        async def flow(self, here: Any, /) -> Any:
            for type in ("Callback.Timeout", "Callback.Heartbeat", "Rejected"):
                kept = {"ErrorType": type, "ErrorData": '{"any": "thing"}'}
                raised.append(failed_context(here, kept))
            raised.append(failed_context(here, {}))

    async def main(event: Any, ctx: Any) -> Any:
        await ctx.run(Elsewhere(silent))

    world.run(flavour.handler(main))
    assert [type(error) for error in raised] == [
        CallbackTimeoutError,
        CallbackHeartbeatError,
        CallbackFailedError,
        CallbackFailedError,
    ]
    assert {error.callback_id for error in raised} == {""}
    assert raised[0].error_data == '{"any": "thing"}'


def test_a_large_result_is_kept_once(flavour: Any, world: World) -> None:
    calls = []
    large = "x" * 300_000

    async def main(event: Any, ctx: Any) -> Any:
        result = await ctx.wait_for_callback(calls.append, name="ask")
        await ctx.wait(1)
        return result == large

    done = world.run(flavour.handler(main), answers={INNER: f'"{large}"'})
    assert done.value is True
    assert len(calls) == 1
    details = world.record("ask")["ContextDetails"]
    assert details["ReplayChildren"] is True
    assert not details.get("Result")
    assert done.invocations == 3


def test_no_result_is_none(flavour: Any, world: World) -> None:
    results = []

    async def main(event: Any, ctx: Any) -> Any:
        results.append(await ctx.wait_for_callback(silent, name="ask"))
        await ctx.wait(1)
        return await ctx.step(lambda: "end", name="end")

    assert world.run(flavour.handler(main), answers={INNER: None}).value == "end"
    assert results == [None, None]


def test_inside_a_child_context(flavour: Any, world: World) -> None:
    @program
    async def child(inner: Any) -> Any:
        return await inner.wait_for_callback(silent, name="ask")

    async def main(event: Any, ctx: Any) -> Any:
        return await ctx.run_in_child_context(child, name="wrapper")

    assert world.run(flavour.handler(main), answers={INNER: "1"}).value == 1
    assert world.record("ask")["ParentId"] == world.record("wrapper")["Id"]


def test_several_at_a_time(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        futures = [ctx.start.wait_for_callback(silent, name=name) for name in "abc"]
        return [await future.result() for future in futures]

    answers = {f"{name} create callback id": f'"{name}"' for name in "cab"}
    assert world.run(flavour.handler(main), answers=answers).value == ["a", "b", "c"]


class Observer:
    """A plugin that listens."""

    def __init__(self) -> None:
        self.told: list[tuple[str | None, str, bool | None]] = []

    @hookimpl
    def durable_operation_started(self, event: Any) -> None:
        """Note a start."""
        self.told.append(
            (event.operation.name, "begins again" if event.replayed else "begins", None)
        )

    @hookimpl
    def durable_operation_settled(self, event: Any) -> None:
        """Note an outcome."""
        self.told.append((event.operation.name, str(event.status), event.replayed))


def test_observers_are_told_of_all_three(flavour: Any, world: World) -> None:
    observer = Observer()

    async def main(event: Any, ctx: Any) -> Any:
        return await ctx.wait_for_callback(silent, name="ask")

    world.run(flavour.handler(main, plugins=[observer]), answers={INNER: "1"})
    assert observer.told == [
        ("ask", "begins", None),
        (INNER, "begins", None),
        ("ask submitter", "begins", None),
        ("ask submitter", "SUCCEEDED", False),
        (INNER, "SUCCEEDED", True),
        ("ask", "begins again", None),
        ("ask", "SUCCEEDED", False),
    ]


def test_durable_calls_in_the_submitter_are_refused(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        def ask(callback_id: str) -> None:
            ctx.wait(5)

        try:
            await ctx.wait_for_callback(ask, retry=twice)
        except CallbackSubmitterError as error:
            return [
                isinstance(error.cause, MisuseError),
                "inside the body of the step" in str(error),
            ]

    assert world.run(flavour.handler(main)).value == [True, True]


def test_long_names_leave_room_for_the_inner_ones(flavour: Any, world: World) -> None:
    name = "n" * 256

    async def main(event: Any, ctx: Any) -> Any:
        return await ctx.wait_for_callback(silent, name=name)

    inner = f"{'n' * 237} create callback id"
    assert world.run(flavour.handler(main), answers={inner: "1"}).value == 1
    assert [len(each["Name"]) for each in world.records()] == [256] * 3
