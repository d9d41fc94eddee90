"""How results are read: as JSON or text, by type, or by a serializer."""

from typing import Any

import pytest
from callback_programs import World

from lambda_durable import SerializationError
from lambda_durable.abc import Where
from lambda_durable.plain_json import PlainJson
from lambda_durable_callbacks.results import JSON_OR_TEXT, STRING_OR_TEXT, TEXT

WHERE = Where("", "id")


class Reversed:
    """A serializer of one's own."""

    def dumps(self, value: str, where: Where, /) -> str:
        return value[::-1]

    def loads(self, text: str, type: Any, where: Where, /) -> str:
        return text[::-1]


class Unsteady(PlainJson):
    """A serializer whose store cannot be reached at first."""

    does_io = True

    def __init__(self) -> None:
        self.failures = 1

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        if self.failures:
            self.failures -= 1
            raise SerializationError("no connection", retryable=True)
        return super().loads(text, type, where)


async def _both(ctx: Any, world: World, sent: str | None, **options: Any) -> list[Any]:
    """Return what both words give for the same payload."""

    def submit(callback_id: str) -> str:
        world.simulation.succeed_callback(callback_id, sent)
        return "sent"

    callback = await ctx.create_callback("created", **options)
    await ctx.step(submit, callback.callback_id, name="send")
    return [await callback.result(), await ctx.wait_for_callback(submit, **options)]


@pytest.mark.parametrize(
    ("sent", "options", "expected"),
    [
        ('{"by":"ann","n":[1,null]}', {}, {"by": "ann", "n": [1, None]}),
        ('"quoted"', {}, "quoted"),
        ("42", {}, 42),
        ("plain text", {}, "plain text"),
        ('{"cut off', {}, '{"cut off'),
        ("NaN", {}, "NaN"),
        ("-Infinity", {}, "-Infinity"),
        ("", {}, ""),
        (None, {}, None),
        ("42", {"result_type": int}, 42),
        ("42", {"result_type": str}, "42"),
        ('"42"', {"result_type": str}, "42"),
        ('{"a":1}', {"result_type": str}, '{"a":1}'),
        ("yes", {"result_type": str}, "yes"),
        (None, {"result_type": str}, None),
        ('"42"', {"serializer": "text"}, '"42"'),
        ("42", {"serializer": "json"}, 42),
        ("42", {"serializer": Reversed()}, "24"),
    ],
)
def test_reading(flavour: Any, world: World, sent: Any, options: Any, expected: Any) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        results = await _both(ctx, world, sent, **options)
        await ctx.wait(1)  # and once more on replay
        return [results, [repr(each) for each in results]]

    done = world.run(flavour.handler(main))
    assert done.value == [[expected] * 2, [repr(expected)] * 2]


def test_the_handlers_serializer_is_not_asked(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        return await _both(ctx, world, "42")

    assert world.run(flavour.handler(main, serializer=Reversed())).value == [42, 42]


@pytest.mark.parametrize("word", ["create_callback", "wait_for_callback"])
def test_what_cannot_be_read_is_an_error_each_time(flavour: Any, world: World, word: str) -> None:
    messages = []

    async def main(event: Any, ctx: Any) -> Any:
        try:
            if word == "create_callback":
                await (await ctx.create_callback("ask", serializer="json")).result()
            else:
                await ctx.wait_for_callback(lambda id: None, name="ask", serializer="json")
        except SerializationError as error:
            messages.append(str(error))
        await ctx.wait(1)

    name = "ask" if word == "create_callback" else "ask create callback id"
    done = world.run(flavour.handler(main), answers={name: "no json"})
    assert done.status == "SUCCEEDED"
    assert messages[0].startswith("the payload of 'ask' is not JSON")
    assert messages == [messages[0]] * 2


def test_a_serializer_out_of_reach_is_asked_again_later(flavour: Any, world: World) -> None:
    unsteady = Unsteady()

    async def main(event: Any, ctx: Any) -> Any:
        return await ctx.wait_for_callback(lambda id: None, name="ask", serializer=unsteady)

    done = world.run(flavour.handler(main), answers={"ask create callback id": "[1]"})
    assert done.value == [1]
    assert done.invocations == 3


def test_what_is_written() -> None:
    assert JSON_OR_TEXT.dumps({"a": [1]}, WHERE) == '{"a":[1]}'
    assert STRING_OR_TEXT.dumps("yes", WHERE) == '"yes"'
    assert TEXT.dumps('"as it is', WHERE) == '"as it is'
    with pytest.raises(
        SerializationError, match="'text' writes strings only, not 5; pass a string"
    ):
        TEXT.dumps(5, WHERE)
