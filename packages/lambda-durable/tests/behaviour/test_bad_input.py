"""Bad input is refused early, with the value, the rule and the way out."""

from datetime import timedelta
from typing import Any

import pytest

from lambda_durable import InvalidInputError, NotDurableError, durable_execution

from .world import World

CALLS = [
    (lambda c: c.step(len, [], name="x" * 257), "257 characters"),
    (lambda c: c.step(len, [], name="naïve"), "printable ASCII"),
    (lambda c: c.step(len, [], name="tab\t"), "printable ASCII"),
    (lambda c: c.step(len, [], name=""), "leave it out"),
    (lambda c: c.step(len, [], name=3), "must be a string"),
    (lambda c: c.step(3), "pass the function itself"),
    (lambda c: c.step(len, [], semantics="exactly-once"), "'at-least-once' or 'at-most-once'"),
    (lambda c: c.step(len, [], retry=3), "must be a name or a function"),
    (lambda c: c.step(len, [], retry="transiant"), "no retry strategy named 'transiant'"),
    (lambda c: c.step(len, [], serializer="jsn"), "did you mean 'json'"),
    (lambda c: c.step(len, [], serializer="nope"), "lambda-durable[serializers]"),
    (lambda c: c.step(len, [], serializer=object()), "dumps and loads"),
    (lambda c: c.wait(0), "longer than zero"),
    (lambda c: c.wait(timedelta(seconds=-1)), "longer than zero"),
    (lambda c: c.wait(31_622_401), "at most 31622400 seconds"),
    (lambda c: c.wait(10**400), "at most 31622400 seconds"),
    (lambda c: c.wait(float("nan")), "finite"),
    (lambda c: c.wait(float("inf")), "finite"),
    (lambda c: c.wait("5"), "timedelta or a number of seconds"),
    (lambda c: c.wait(True), "timedelta or a number of seconds"),
    (lambda c: c.invoke(""), "name or ARN"),
    (lambda c: c.invoke("two words"), "neither a function's name nor an ARN"),
    (lambda c: c.invoke("f", tenant_id="x" * 257), "tenant_id"),
    (lambda c: c.invoke("f", {1, 2}), "type builtins.set"),
    (lambda c: c.invoke("f", "x" * 1_048_577), "1048579 bytes"),
    (lambda c: c.run_in_child_context(len, subtype="no spaces"), "letters, digits"),
    (lambda c: c.run_in_child_context(len, map_error=3), "map_error must be a function"),
    (lambda c: c.wait_for_condition(len, 1, until=3), "until must be a function"),
    (lambda c: c.wait_for_condition(len, 1, until=bool, strategy="nope"), "wait strategy named"),
]


@pytest.mark.parametrize(("call", "words"), CALLS)
def test_a_call_with_bad_arguments(flavour: Any, world: World, call: Any, words: str) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        await call(ctx)

    finished = world.run(flavour.handler(program))
    assert finished.status == "FAILED"
    assert finished.error is not None
    assert words in finished.error["ErrorMessage"]
    assert world.records() == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({1, 2}, "of type builtins.set"),
        ({"a": [1, object()]}, "value['a'][1] is of type builtins.object"),
        (float("nan"), "nan, which JSON does not know"),
        ({(1, 2): 3}, "the key (1, 2)"),
        ("\ud800", "surrogates"),
    ],
)
def test_a_step_result_that_cannot_be_kept(
    flavour: Any, world: World, value: Any, words: str
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        await ctx.step(lambda: value, name="odd", retry=lambda *_: 1)

    finished = world.run(flavour.handler(program))
    assert finished.status == "FAILED"
    assert finished.error is not None
    assert words in finished.error["ErrorMessage"]
    assert "lambda-durable[serializers]" in finished.error["ErrorMessage"]
    assert finished.invocations == 1


def test_a_handlers_result_that_is_no_json(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        return {"when": object()}

    finished = world.run(flavour.handler(program))
    assert finished.error is not None
    assert finished.error["ErrorMessage"].startswith(
        "the handler's result cannot be kept as JSON: value['when'] is of type builtins.object. "
    )
    assert "no serializer is asked: return JSON values" in finished.error["ErrorMessage"]


def test_until_must_not_be_async(flavour: Any, world: World) -> None:
    async def until(state: Any) -> bool:
        return True

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.wait_for_condition(lambda s: s, 1, name="c", until=until)

    finished = world.run(flavour.handler(program))
    assert finished.error is not None
    assert "until must be a plain function" in finished.error["ErrorMessage"]


ENVELOPE = {
    "DurableExecutionArn": "arn:aws:lambda:x",
    "CheckpointToken": "dG9rZW4=",
    "InitialExecutionState": {"Operations": []},
}
EVENTS = [
    ({"order": 1}, "an ordinary one (its keys: order)"),
    (None, "of type NoneType"),
    ("text", "of type str"),
    ({**ENVELOPE, "CheckpointToken": ""}, "CheckpointToken is ''"),
    ({**ENVELOPE, "DurableExecutionArn": 5}, "DurableExecutionArn is 5"),
    ({**ENVELOPE, "InitialExecutionState": []}, "InitialExecutionState is []"),
    ({**ENVELOPE, "InitialExecutionState": {"Operations": {}}}, "Operations is {}"),
    ({**ENVELOPE, "InitialExecutionState": {"Operations": [{"Id": "1"}]}}, "Id, Type and Status"),
    ({**ENVELOPE, "InitialExecutionState": {"NextMarker": 1}}, "NextMarker is 1"),
    (ENVELOPE, "no operation of type EXECUTION"),
]


@pytest.mark.parametrize(("event", "words"), EVENTS)
def test_an_event_that_is_no_durable_invocation(flavour: Any, event: Any, words: str) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        raise AssertionError("must not run")

    with pytest.raises(NotDurableError) as raised:
        flavour.handler(program)(event, None)
    assert words in str(raised.value)


def test_an_input_that_is_no_json(flavour: Any) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        raise AssertionError("must not run")

    execution = {
        "Id": "e",
        "Type": "EXECUTION",
        "Status": "STARTED",
        "ExecutionDetails": {"InputPayload": "{not json"},
    }
    event = {**ENVELOPE, "InitialExecutionState": {"Operations": [execution]}}
    output = flavour.handler(program)(event, None)
    assert output["Status"] == "FAILED"
    assert "not JSON: '{not json'" in output["Error"]["ErrorMessage"]


def no_arguments() -> None: ...
def three(event: Any, context: Any, more: Any) -> None: ...
def generator(event: Any, context: Any) -> Any:
    yield 1


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (no_arguments, "write it as (event, context)"),
        (three, "write it as (event, context)"),
        (generator, "is a generator"),
        (5, "expects a function"),
    ],
)
def test_a_function_that_cannot_be_a_handler(function: Any, words: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        durable_execution(function)
    assert words in str(raised.value)


def test_a_handler_is_still_a_function() -> None:
    from lambda_durable import DurableContext

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        """What it does."""
        return [event, type(ctx).__name__]

    class Fake(DurableContext):
        def __init__(self) -> None:
            pass

    assert handler(1, Fake()) == [1, "Fake"]
    assert handler.__name__ == "handler"
    assert handler.__doc__ == "What it does."
    assert handler.function(1, None) == [1, "NoneType"]
