"""Near the end of an invocation's time a batch begins no more branches; a later one goes on."""

from typing import Any

import pytest
from durable_programs import World

from lambda_durable.runtimes import deadline


class Context:
    """Lambda's context; each invocation has 30 s."""

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


@pytest.mark.parametrize("nesting", ["nested", "flat"])
def test_a_long_map(
    flavour: Any, world: World, monkeypatch: pytest.MonkeyPatch, nesting: str
) -> None:
    now, begun = 0.0, []

    def body(item: int) -> int:
        nonlocal now
        now += 12
        return item

    async def works(ctx: Any, item: int) -> int:
        begun.append((world.invocations, item))
        return await ctx.step(body, item, name="step")

    async def program(event: Any, ctx: Any) -> Any:
        return (await ctx.map(range(9), works, max_concurrency=1, nesting=nesting)).results

    monkeypatch.setattr(deadline, "monotonic", lambda: now)
    handler = flavour.handler(program)
    world.simulation.register(
        "main",
        lambda _, event, told: handler.run_invocation(event, Context(), service=told.service),
    )
    assert world.simulation.run("main").value == list(range(9))
    assert [item for invocation, item in begun if invocation == 0] == [0, 1, 2]
    assert world.invocations == 3
