"""Functions side by side: order, names, failures, and what a replay sees of them."""

import threading
from typing import Any

import pytest
from durable_programs import World

from lambda_durable import ChildContextError, DurableContext, durable_execution
from lambda_durable.batches import BatchResult
from lambda_durable_concurrency import NamedBranch, all_completed


async def one(ctx: Any) -> int:
    return await ctx.step(lambda: 1, name="one")


async def two(ctx: Any) -> int:
    return await ctx.step(lambda: 2, name="two")


async def fails(ctx: Any) -> None:
    raise LookupError("nobody there")


def shown(batch: BatchResult[Any]) -> list[Any]:
    """Return everything of a batch that a replay must repeat."""
    items = [
        [
            item.index,
            item.name,
            item.status,
            item.result,
            str(item.error),
            type(item.error).__name__,
            repr(getattr(item.error, "cause", None)),
            getattr(item.error, "operation_id", None),
            getattr(item.error, "stack_trace", None),
        ]
        for item in batch
    ]
    return [items, batch.completion_reason, batch.status]


def test_results_are_in_order(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.parallel([one, two], name="both")
        return [batch.results, batch.completion_reason, batch.status, len(batch), batch[1]]

    assert world.value(flavour.handler(program)) == [
        [1, 2],
        "ALL_COMPLETED",
        "SUCCEEDED",
        2,
        2,
    ]
    assert {
        (record.get("Name"), record["SubType"]): record["Status"] for record in world.records()
    } == {
        ("both", "Parallel"): "SUCCEEDED",
        ("parallel-branch-0", "ParallelBranch"): "SUCCEEDED",
        ("parallel-branch-1", "ParallelBranch"): "SUCCEEDED",
        ("one", "Step"): "SUCCEEDED",
        ("two", "Step"): "SUCCEEDED",
    }
    assert world.record("one")["ParentId"] == world.record("parallel-branch-0")["Id"]
    assert world.record("parallel-branch-0")["ParentId"] == world.record("both")["Id"]


def test_branches_run_side_by_side(flavour: Any, world: World) -> None:
    barrier = threading.Barrier(3, timeout=30)

    async def meets(ctx: Any) -> int:
        await ctx.step(barrier.wait, name="meet")
        return 1

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.parallel([meets] * 3)).results

    assert world.value(flavour.handler(program)) == [1, 1, 1]


@pytest.mark.usefixtures("unhurried")
def test_the_end_of_a_branch_travels_with_what_follows(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.parallel([one, two, one], max_concurrency=1)).results

    assert world.value(flavour.handler(program)) == [1, 2, 1]
    order = [(each["EventType"], each["Name"]) for each in world.events() if each.get("Name")]
    assert order[1:6] == [
        ("ContextStarted", "parallel-branch-0"),
        ("StepStarted", "one"),
        ("StepSucceeded", "one"),
        ("ContextSucceeded", "parallel-branch-0"),
        ("ContextStarted", "parallel-branch-1"),
    ]
    # One per step, and one for the end of the last branch and of the batch.
    assert world.checkpoints == 4


def test_names(flavour: Any, world: World) -> None:
    first, second = NamedBranch("first", one), NamedBranch("second", two)

    async def program(event: Any, ctx: Any) -> Any:
        found = await ctx.parallel([first, two, second])
        by_key = [found[first], found["second"], found[1], found.item("first").index]
        mapped = await ctx.parallel({"a": one, "b": two})
        await ctx.wait(1)
        return [by_key, mapped["a"], mapped["b"], [item.name for item in found]]

    assert world.value(flavour.handler(program)) == [
        [1, 2, 2, 0],
        1,
        2,
        ["first", None, "second"],
    ]
    assert {"first", "parallel-branch-1", "second", "a", "b"} <= set(world.names())


def test_a_failure_is_the_same_on_replay(flavour: Any, world: World) -> None:
    seen: list[Any] = []

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.parallel([one, fails, NamedBranch("bad", fails)], completion=event)
        seen.append(shown(batch))
        await ctx.wait(5)
        try:
            batch.throw_if_error()
        except ChildContextError as error:
            return [str(error), repr(error.cause), error.error_type]

    async def tolerant(event: Any, ctx: Any) -> Any:
        return await program(all_completed(), ctx)

    expected = [
        "child context 'parallel-branch-1' failed: LookupError: nobody there",
        "LookupError('nobody there')",
        "LookupError",
    ]
    assert world.value(flavour.handler(tolerant)) == expected
    assert len(seen) == 2
    assert seen[0] == seen[1]
    items, reason, status = seen[0]
    assert (reason, status) == ("ALL_COMPLETED", "FAILED")
    assert [item[2] for item in items] == ["SUCCEEDED", "FAILED", "FAILED"]
    assert world.record("parallel-branch-1")["Status"] == "FAILED"
    assert next(each for each in world.records() if each["SubType"] == "Parallel")["Status"] == (
        "SUCCEEDED"
    )


def test_an_empty_batch_is_complete_at_once(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.parallel([], name="none")
        return [batch.results, batch.completion_reason, batch.status, len(batch)]

    assert world.value(flavour.handler(program)) == [[], "ALL_COMPLETED", "SUCCEEDED", 0]
    assert [each["EventType"] for each in world.events()][1:3] == [
        "ContextStarted",
        "ContextSucceeded",
    ]


def test_a_batch_in_a_batch(flavour: Any, world: World) -> None:
    async def inner(ctx: Any) -> Any:
        await ctx.wait(5)
        batch = await ctx.parallel([one, two], max_concurrency=1)
        await ctx.wait(5)
        return batch.results

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.parallel([inner, inner])
        await ctx.wait(5)
        return batch.results

    assert world.value(flavour.handler(program)) == [[1, 2], [1, 2]]


def test_results_are_what_a_replay_gives(flavour: Any, world: World) -> None:
    async def pair(ctx: Any) -> Any:
        return (1, 2)  # JSON has no tuples

    async def program(event: Any, ctx: Any) -> Any:
        results = (await ctx.parallel([pair])).results
        return isinstance(results[0], list)

    assert world.value(flavour.handler(program)) is True


def test_a_started_batch_is_a_future(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        future = ctx.start.parallel([one, two])
        await ctx.wait(5)
        return (await future.result()).results

    assert world.value(flavour.handler(program)) == [1, 2]


def test_an_error_inside_that_ends_the_execution_ends_it(flavour: Any, world: World) -> None:
    async def grows(ctx: Any) -> Any:
        await ctx.step(lambda: 1, name="before" if world.invocations == 0 else "after")
        await ctx.wait(5)

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.parallel([grows, one], completion=all_completed())

    finished = world.run(flavour.handler(program))
    assert finished.status == "FAILED"
    assert finished.error is not None
    assert finished.error["ErrorType"].endswith("NonDeterminismError")


def test_callable_objects_and_methods_are_branches(world: World) -> None:
    class Doubles:
        def __call__(self, ctx: DurableContext) -> int:
            return 2

        def method(self, ctx: DurableContext) -> int:
            return 3

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        return ctx.parallel([Doubles(), Doubles().method]).results

    assert world.value(handler) == [2, 3]


@pytest.mark.parametrize("nesting", ["nested", "flat"])
@pytest.mark.parametrize("how", ["the context around", "inside a step", "an unknown name"])
def test_a_wrong_program_is_no_outcome_of_a_branch(
    flavour: Any, world: World, how: str, nesting: str
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        async def branch(own: Any, item: int) -> Any:
            match how:
                case "the context around":
                    return await ctx.step(lambda: item, name="of another context")
                case "inside a step":
                    return await own.step(lambda: own.step(lambda: item), name="outer")
            return await own.step(lambda: item, retry="nobody gives it")

        try:
            return (await ctx.map([1, 2], branch, nesting=nesting)).results
        except ChildContextError as error:
            await ctx.wait(1)  # and the same on replay
            return [error.error_type, error.error_message]

    kind, message = world.value(flavour.handler(program))
    assert kind.endswith("UnknownNameError" if how == "an unknown name" else "MisuseError")
    assert {
        "the context around": "use the context that was passed to that function",
        "inside a step": "was called inside the body of the step 'outer'",
        "an unknown name": "no retry strategy named 'nobody gives it'",
    }[how] in message
