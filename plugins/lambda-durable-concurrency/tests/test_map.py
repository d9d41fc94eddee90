"""One function for many items: what it gets, what may be given, and names."""

from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest
from durable_programs import World

from lambda_durable import ChildContextError
from lambda_durable_concurrency import all_completed


async def doubled(ctx: Any, item: int) -> int:
    return await ctx.step(lambda: item * 2, name="double")


@pytest.mark.parametrize(
    "items",
    [[1, 2, 3], (1, 2, 3), range(1, 4), deque([1, 2, 3]), {1: "a", 2: "b", 3: "c"}],
    ids=["list", "tuple", "range", "deque", "dict"],
)
def test_any_iterable(flavour: Any, world: World, items: Any) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.map(items, doubled)).results

    assert world.value(flavour.handler(program)) == [2, 4, 6]
    assert {"doubled", "map-item-0", "map-item-1", "map-item-2"} <= set(world.names())
    assert world.record("doubled")["SubType"] == "Map"
    assert world.record("map-item-0")["SubType"] == "MapIteration"


def test_a_generator_is_read_once_per_invocation(flavour: Any, world: World) -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for item in range(3):
            read.append(item)
            yield item

    async def waits(ctx: Any, item: int) -> int:
        await ctx.wait(10)
        return item

    async def program(event: Any, ctx: Any) -> Any:
        results = (await ctx.map(items(), waits, max_concurrency=1)).results
        await ctx.wait(1)
        return results

    assert world.value(flavour.handler(program)) == [0, 1, 2]
    assert read == [0, 1, 2] * world.invocations


def test_what_a_generator_raises_is_the_callers(flavour: Any, world: World) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("no more")

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.map(items(), doubled)
        except OSError as error:
            return str(error)

    assert world.value(flavour.handler(program)) == "no more"
    assert world.records() == []


def test_the_index(flavour: Any, world: World) -> None:
    async def with_index(ctx: Any, item: str, index: int) -> str:
        return f"{index}{item}"

    async def with_default(ctx: Any, item: str, index: int = -1) -> str:
        return f"{index}{item}"

    async def without(ctx: Any, item: str, suffix: str = "!") -> str:
        return f"{item}{suffix}"

    async def program(event: Any, ctx: Any) -> Any:
        batches = [await ctx.map(["a", "b"], func) for func in (with_index, with_default, without)]
        return [batch.results for batch in batches]

    assert world.value(flavour.handler(program)) == [["0a", "1b"], ["0a", "1b"], ["a!", "b!"]]


def test_names_of_items(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map(
            [3, 4], doubled, name="all", item_namer=lambda item, index: f"item-{item}"
        )
        await ctx.wait(1)
        return [batch["item-4"], [item.name for item in batch]]

    assert world.value(flavour.handler(program)) == [8, ["item-3", "item-4"]]
    assert {"all", "item-3", "item-4"} <= set(world.names())


def test_items_may_share_a_name(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map([3, 4], doubled, item_namer=lambda item, index: "same")
        return [batch["same"], batch[1]]

    assert world.value(flavour.handler(program)) == [6, 8]


def test_items_need_not_be_json(flavour: Any, world: World) -> None:
    async def kind(ctx: Any, item: object) -> str:
        return type(item).__name__

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.map([object(), {1}, 2j], kind)).results

    assert world.value(flavour.handler(program)) == ["object", "set", "complex"]


def test_lookup_of_what_is_not_there(flavour: Any, world: World) -> None:
    async def fails(ctx: Any, item: int) -> int:
        if item:
            raise ValueError(f"bad {item}")
        return item

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map([0, 1], fails, completion=all_completed())
        said = []
        for key in (5, "five", 1):
            try:
                said.append(batch[key])
            except (LookupError, ChildContextError) as error:
                said.append(f"{type(error).__name__}: {error}")
        return said

    assert world.value(flavour.handler(program)) == [
        "LookupError: no item 5 was begun in this batch (it has: 0, 1)",
        "LookupError: no item 'five' was begun in this batch (it has: 0, 1)",
        "ChildContextError: child context 'map-item-1' failed: ValueError: bad 1",
    ]


@pytest.mark.parametrize("nesting", ["nested", "flat"])
def test_a_branch_knows_new_ground_whatever_the_others_did(
    flavour: Any, world: World, nesting: str
) -> None:
    on_new_ground: list[bool] = []
    ran: list[str] = []

    async def waits(ctx: Any, item: int) -> None:
        if item == 2:
            await ctx.wait(60)
            ctx.start.step(lambda: ran.append("started"), name="started")
            await ctx.wait(60)
            on_new_ground.append(not ctx.is_replaying)
            ctx.start.step(lambda: ran.append("last"), name="last")
        await ctx.wait(60)

    async def program(event: Any, ctx: Any) -> Any:
        (await ctx.map(range(3), waits, nesting=nesting)).throw_if_error()

    world.value(flavour.handler(program))
    assert on_new_ground[0]
    assert ran == ["started", "last"]
