"""Arguments that cannot be right: an error at the call that names the value and the way out."""

from datetime import timedelta
from typing import Any

import pytest
from callback_programs import World

from lambda_durable import InvalidInputError, MisuseError, UnknownNameError


def submit(callback_id: str) -> None:
    """Submit to nobody."""


TIMES = [
    ({"timeout": 0}, "timeout of a callback (leave it out for none) must be longer than zero, not"),
    ({"timeout": -5}, "must be longer than zero, not -5"),
    ({"heartbeat_timeout": timedelta(0)}, "the heartbeat_timeout of a callback (leave it out for"),
    ({"timeout": 100_000_000}, "at most 99999999 seconds"),
    ({"timeout": timedelta(days=1158)}, "at most 99999999 seconds"),
    ({"timeout": "60"}, "must be a timedelta or a number of seconds, not '60'"),
    ({"timeout": True}, "must be a timedelta or a number of seconds, not True"),
    ({"timeout": float("nan")}, "must be a finite duration, not nan"),
    (
        {"timeout": 60, "heartbeat_timeout": 61},
        "heartbeat_timeout=61 is longer than timeout=60, so it would never be noticed",
    ),
]
NAMES = [
    ({"name": ""}, "name is empty"),
    ({"name": "n" * 257}, "has 257 characters"),
    ({"name": "\u00fc"}, "not printable ASCII"),
]


@pytest.mark.parametrize("word", ["create_callback", "wait_for_callback"])
@pytest.mark.parametrize(("options", "message"), [*TIMES, *NAMES])
def test_arguments(flavour: Any, world: World, word: str, options: Any, message: str) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        arguments = [submit] if word == "wait_for_callback" else []
        with pytest.raises(InvalidInputError) as caught:
            await getattr(ctx, word)(*arguments, **options)
        return str(caught.value)

    assert message in world.run(flavour.handler(main)).value
    assert world.records() == []


JSN = ({"serializer": "jsn"}, UnknownNameError, "did you mean 'json'")
FIVE = ({"serializer": 5}, InvalidInputError, "must be a name or an object with dumps and loads")
RETRIES = [
    ({"retry": "trnsient"}, UnknownNameError, "there is no retry strategy named 'trnsient'"),
    ({"retry": 5}, InvalidInputError, "retry must be a name or a function"),
]


@pytest.mark.parametrize(
    ("word", "options", "error", "message"),
    [
        *(("create_callback", *case) for case in (JSN, FIVE)),
        *(("wait_for_callback", *case) for case in (JSN, FIVE, *RETRIES)),
    ],
)
def test_names_are_looked_up_before_anything_is_sent(
    flavour: Any, world: World, word: str, options: Any, error: Any, message: str
) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        arguments = [submit] if word == "wait_for_callback" else []
        with pytest.raises(error) as caught:
            await getattr(ctx, word)(*arguments, **options)
        return str(caught.value)

    assert message in world.run(flavour.handler(main)).value
    assert world.records() == []


def test_a_submitter_that_was_called_already(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        with pytest.raises(InvalidInputError) as caught:
            await ctx.wait_for_callback(submit("id"))
        return str(caught.value)

    assert "expected a function, not None" in world.run(flavour.handler(main)).value


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({}, {}),
        ({"timeout": 99_999_999}, {"Timeout": 99_999_999}),
        ({"timeout": 0.2, "heartbeat_timeout": 1}, {"Timeout": 1, "HeartbeatTimeout": 1}),
        ({"heartbeat_timeout": timedelta(minutes=2)}, {"HeartbeatTimeout": 120}),
    ],
)
def test_durations_as_they_are_sent(flavour: Any, world: World, options: Any, sent: Any) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        await ctx.create_callback("approval", **options)

    world.run(flavour.handler(main))
    events = world.simulation.service.history(world.arn)["Events"]
    details = next(each for each in events if each["EventType"] == "CallbackStarted")
    shown = {key: value for key, value in details["CallbackStartedDetails"].items() if value}
    shown.pop("CallbackId")
    assert shown == sent


def test_a_result_awaited_inside_a_step(flavour: Any, world: World) -> None:
    async def main(event: Any, ctx: Any) -> Any:
        callback = await ctx.create_callback("approval")
        messages = []

        def body() -> None:
            with pytest.raises(MisuseError) as caught:
                callback.result()
            messages.append(str(caught.value))

        await ctx.step(body)
        return messages

    (message,) = world.run(flavour.handler(main)).value
    assert "was called inside the body of the step 'body'" in message


def test_a_result_awaited_after_its_invocation(flavour: Any, world: World) -> None:
    kept = []

    async def main(event: Any, ctx: Any) -> Any:
        kept.append(await ctx.create_callback("approval"))

    world.run(flavour.handler(main))
    with pytest.raises(MisuseError, match="whose invocation has ended"):
        kept[0].result()


def test_code_that_changed_its_callback(flavour: Any, world: World) -> None:
    names = iter(["before", "after"])

    async def main(event: Any, ctx: Any) -> Any:
        return await (await ctx.create_callback(next(names))).result()

    done = world.run(flavour.handler(main), answers={"before": "1"})
    assert done.status == "FAILED"
    assert done.error is not None
    assert "NonDeterminismError" in done.error["ErrorType"]
