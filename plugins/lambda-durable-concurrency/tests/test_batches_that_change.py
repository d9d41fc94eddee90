"""Code that does not repeat its batch: an error that says so, not other results."""

from typing import Any

import pytest
from durable_programs import World

from lambda_durable_concurrency import NamedBranch, all_completed

BIG = "x" * 70_000


async def item(ctx: Any, given: Any) -> Any:
    return await ctx.step(lambda: given, name="step")


async def waits(ctx: Any, given: Any) -> Any:
    await ctx.wait(5)
    return given


async def one(ctx: Any) -> int:
    return 1


async def other(ctx: Any) -> int:
    await ctx.wait(5)
    return 2


def _refused(flavour: Any, world: World, first: Any, then: Any) -> str:
    async def program(event: Any, ctx: Any) -> Any:
        await (first if world.invocations == 0 else then)(ctx)
        await ctx.wait(1)
        await ctx.wait(1)

    finished = world.run(flavour.handler(program))
    assert finished.status == "FAILED"
    assert finished.error is not None
    assert finished.error["ErrorType"].endswith("NonDeterminismError")
    return str(finished.error["ErrorMessage"])


@pytest.mark.parametrize("func", [item, waits], ids=["finished", "going on"])
@pytest.mark.parametrize("given", [[1, 2, 3], [BIG] * 4], ids=["whole", "summary"])
def test_fewer_items(flavour: Any, world: World, func: Any, given: Any) -> None:
    said = _refused(
        flavour,
        world,
        lambda ctx: ctx.map(given, func, name="batch", max_concurrency=1),
        lambda ctx: ctx.map(given[:2], func, name="batch", max_concurrency=1),
    )
    assert "'batch' has 2 branches now, but branch " in said
    assert "was begun before" in said


@pytest.mark.parametrize("given", [[1, 2], [BIG] * 4], ids=["whole", "summary"])
def test_more_items_than_were_all(flavour: Any, world: World, given: Any) -> None:
    said = _refused(
        flavour,
        world,
        lambda ctx: ctx.map(given, item, name="batch"),
        lambda ctx: ctx.map([*given, 1], item, name="batch"),
    )
    assert f"has {len(given) + 1} branches now, but had completed all when it had" in said


def test_branches_in_another_order(flavour: Any, world: World) -> None:
    a, b = NamedBranch("a", one), NamedBranch("b", one)
    said = _refused(
        flavour, world, lambda ctx: ctx.parallel([a, b]), lambda ctx: ctx.parallel([b, a])
    )
    assert "branch 0 of" in said
    assert "is named 'b' now, and was 'a'" in said


def test_branches_in_another_order_while_they_go_on(flavour: Any, world: World) -> None:
    a, b = NamedBranch("a", other), NamedBranch("b", other)
    said = _refused(
        flavour, world, lambda ctx: ctx.parallel([a, b]), lambda ctx: ctx.parallel([b, a])
    )
    assert "another name" in said


def test_a_map_that_becomes_a_parallel(flavour: Any, world: World) -> None:
    said = _refused(
        flavour,
        world,
        lambda ctx: ctx.map([1], item, name="batch"),
        lambda ctx: ctx.parallel([one], name="batch"),
    )
    assert "another subtype" in said


def test_a_large_flat_batch_that_becomes_nested(flavour: Any, world: World) -> None:
    async def big(ctx: Any, given: Any) -> str:
        return BIG

    said = _refused(
        flavour,
        world,
        lambda ctx: ctx.map(range(4), big, nesting="flat", completion=all_completed()),
        lambda ctx: ctx.map(range(4), big, completion=all_completed()),
    )
    assert "was nesting= changed?" in said
