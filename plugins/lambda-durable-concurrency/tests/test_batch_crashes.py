"""Batches that are stopped around every checkpoint come to the same end, and repeat no step."""

from collections import Counter
from typing import Any

import pytest
from durable_programs import crashes

from lambda_durable_concurrency import all_completed, tolerated_failures

BIG = "x" * 100_000


async def steps(ctx: Any, item: int) -> int:
    first = await ctx.step(lambda: item, name="first")
    return first + await ctx.step(lambda: 1, name="second")


async def waits(ctx: Any, item: int) -> int:
    await ctx.wait(10 * item + 1)
    if item == 1:
        raise ValueError("planned")
    return await ctx.step(lambda: item, name="after")


async def nested(ctx: Any, item: int) -> list[int]:
    inner = await ctx.map([item, item + 1], steps, max_concurrency=1)
    await ctx.wait(5)
    return inner.results


async def big(ctx: Any, item: int) -> str:
    await ctx.wait(1)
    return f"{item}{BIG}"


PROGRAMS: dict[str, tuple[Any, dict[str, Any]]] = {
    "steps": (steps, {}),
    "one at a time": (steps, {"max_concurrency": 1}),
    "flat": (steps, {"nesting": "flat"}),
    "waits": (waits, {"completion": all_completed()}),
    "flat waits": (waits, {"completion": tolerated_failures(count=1), "nesting": "flat"}),
    "one wait at a time": (waits, {"completion": all_completed(), "max_concurrency": 1}),
    "nested": (nested, {"max_concurrency": 2}),
    "large": (big, {}),
    "large and flat": (big, {"nesting": "flat"}),
}


@pytest.mark.parametrize(("func", "options"), PROGRAMS.values(), ids=list(PROGRAMS))
def test_stopped_at_every_checkpoint(flavour: Any, func: Any, options: dict[str, Any]) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map([0, 1, 2], func, name="batch", **options)
        await ctx.wait(1)
        statuses = [item.status for item in batch]
        return [batch.results, [str(each) for each in batch.errors], statuses]

    ends = [(world, finished) for world, finished in crashes(flavour.handler(program))]
    expected = ends[0][1]
    assert expected.status == "SUCCEEDED", expected.error
    for world, finished in ends:
        assert finished.status == "SUCCEEDED", finished.error
        assert finished.value == expected.value
        succeeded = Counter(
            event["Id"] for event in world.events() if event["EventType"] == "StepSucceeded"
        )
        assert set(succeeded.values()) <= {1}
    assert ends[1][0].crashes == 1
