"""Whatever is interrupted after any checkpoint comes to the same end."""

from itertools import product
from typing import Any

from callback_programs import World, program

from lambda_durable import DurableError
from lambda_durable_callbacks import CallbackError

ANSWERS = {
    "first": '{"n":1}',
    "second": {"ErrorType": "Rejected", "ErrorMessage": "no"},
    "ask create callback id": '"yes"',
    "inner create callback id": "[1,2]",
    "refused create callback id": {"ErrorType": "Rejected", "ErrorData": "7"},
}


def once_more(error: Exception, attempt: int, elapsed: float) -> float | None:
    """Try again once."""
    return 2 if attempt < 2 else None


class Submitters:
    """What was submitted, and which step had ended before it was submitted again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.wrong: list[str] = []

    def ask(self, callback_id: str, name: str) -> None:
        """Note a submission; one that was recorded may not be repeated."""
        done = [each for each in self.world.records() if each.get("Name") == f"{name} submitter"]
        if done and done[0]["Status"] == "SUCCEEDED":
            self.wrong.append(name)

    def refuse(self, callback_id: str) -> None:
        """Fail."""
        raise ConnectionError("refused")


def _main(submitters: Submitters) -> Any:
    async def told(awaitable: Any) -> Any:
        try:
            return await awaitable
        except CallbackError as error:
            return [type(error).__name__, str(error), error.callback_id]

    @program
    async def child(ctx: Any) -> Any:
        return await ctx.wait_for_callback(submitters.ask, "inner", name="inner")

    async def main(event: Any, ctx: Any) -> Any:
        async def waited(name: str, **options: Any) -> Any:
            return await ctx.wait_for_callback(submitters.ask, name, name=name, **options)

        async def refused() -> Any:
            return await ctx.wait_for_callback(submitters.refuse, name="broken", retry=once_more)

        async def result(callback: Any) -> Any:
            return await callback.result()

        first = await ctx.create_callback("first")
        second = await ctx.create_callback("second", timeout=100_000)
        late = await ctx.create_callback("late", timeout=50_000, heartbeat_timeout=40_000)
        return [
            await told(waited("ask")),
            await told(result(second)),
            await told(waited("refused")),
            await ctx.run_in_child_context(child, name="child"),
            await told(refused()),
            await told(waited("silent", timeout=20)),
            await told(result(first)),
            await told(result(late)),
            await told(result(second)),
        ]

    return main


def test_stopped_after_each_checkpoint_in_turn(flavour: Any) -> None:
    whole = World()
    submitters = Submitters(whole)
    expected = whole.run(flavour.handler(_main(submitters)), answers=ANSWERS)
    assert expected.status == "SUCCEEDED", expected.error
    kinds = [each if isinstance(each, str | dict) else each[0] for each in expected.value]
    assert kinds == [
        "yes",
        "CallbackFailedError",
        "CallbackFailedError",
        1,
        "CallbackSubmitterError",
        "CallbackTimeoutError",
        {"n": 1},
        "CallbackHeartbeatError",
        "CallbackFailedError",
    ]
    assert whole.checkpoints > 12
    for number, phase in product(range(1, whole.checkpoints + 1), ("before", "after")):
        world = World(crash_at=(number, phase))
        submitters = Submitters(world)
        done = world.run(flavour.handler(_main(submitters)), answers=ANSWERS)
        assert (done.status, done.result) == (expected.status, expected.result), (number, phase)
        assert submitters.wrong == []


def test_a_submitter_that_was_interrupted_runs_again(flavour: Any) -> None:
    calls = []
    world = World(crash_at=(2, "before"))  # the first opens the callback, the second ends the step

    async def main(event: Any, ctx: Any) -> Any:
        return await ctx.wait_for_callback(calls.append, name="ask")

    done = world.run(flavour.handler(main), answers={"ask create callback id": "1"})
    assert done.value == 1
    assert calls == [calls[0]] * 2


def test_an_id_that_the_service_does_not_give_ends_the_invocation(
    flavour: Any, monkeypatch: Any
) -> None:
    world = World()
    service = world.simulation.service
    original, answers = service.checkpoint, []

    def without_an_id(*args: Any, **kw: Any) -> Any:
        answer = original(*args, **kw)
        answers.append(answer)
        if len(answers) > 1:
            return answer
        operations = answer["NewExecutionState"]["Operations"]
        bare = [{k: v for k, v in each.items() if k != "CallbackDetails"} for each in operations]
        return {**answer, "NewExecutionState": {"Operations": bare}}

    monkeypatch.setattr(service, "checkpoint", without_an_id)

    async def main(event: Any, ctx: Any) -> Any:
        try:
            return len((await ctx.create_callback("approval")).callback_id) > 0
        except DurableError as error:
            return str(error)

    done = world.run(flavour.handler(main))
    assert done.value is True
    assert done.invocations == 2
    assert "without an id" in str(world.simulation.invocations[0].outcome)
