"""Replay matching: what differs is named, with both sides and the line of the call."""

from typing import Any

import pytest

from .world import World


async def _wait(ctx: Any) -> Any:
    await ctx.wait(5, name="one")


async def _child(ctx: Any) -> Any:
    return 1


FIRST = [
    ("type", lambda ctx: ctx.step(lambda: 1, name="one"), lambda ctx: ctx.wait(5, name="one")),
    ("name", lambda ctx: ctx.step(lambda: 1, name="one"), lambda ctx: ctx.step(len, [])),
    (
        "subtype",
        lambda ctx: ctx.step(lambda: 1, name="one"),
        lambda ctx: ctx.wait_for_condition(lambda s: s, 1, name="one", until=bool),
    ),
    (
        "subtype",
        lambda ctx: ctx.run_in_child_context(_child, subtype="Custom"),
        lambda ctx: ctx.run_in_child_context(_child),
    ),
]


@pytest.mark.parametrize(("what", "before", "after"), FIRST)
def test_a_change_is_an_error_that_names_it(
    flavour: Any, world: World, what: str, before: Any, after: Any
) -> None:
    runs = []

    async def program(event: Any, ctx: Any) -> Any:
        runs.append(1)
        await (before(ctx) if len(runs) == 1 else after(ctx))
        await ctx.wait(5)

    finished = world.run(flavour.handler(program))
    assert finished.status == "FAILED"
    assert finished.error is not None
    assert finished.error["ErrorType"].endswith("NonDeterminismError")
    message = finished.error["ErrorMessage"]
    assert f"operation 1 of the handler (id 1ced8f5b...) has another {what}" in message
    assert "recorded:" in message
    assert "code now:" in message
    # The thread flavour's programs are called through a wrapper of the tests.
    assert ("flavours.py:" if flavour.name == "threads" else "test_determinism.py:") in message


def test_catching_it_changes_nothing(flavour: Any, world: World) -> None:
    runs, later = [], []

    async def program(event: Any, ctx: Any) -> Any:
        runs.append(1)
        try:
            await ctx.step(lambda: 1, name=f"run {len(runs)}")
            await ctx.wait(5)
        except Exception:  # noqa: BLE001 - what a careless handler would write
            await ctx.step(lambda: later.append(1), name="compensate")
        return "fine"

    finished = world.run(flavour.handler(program))
    assert finished.status == "FAILED"
    assert later == []


def test_replay_status_is_kept_per_context(flavour: Any, world: World) -> None:
    seen = []

    async def child(ctx: Any) -> Any:
        seen.append(("child", ctx.is_replaying))
        await ctx.wait(1)
        seen.append(("child after", ctx.is_replaying))

    async def program(event: Any, ctx: Any) -> Any:
        seen.append(("start", ctx.is_replaying))
        await ctx.step(lambda: 1, name="a")
        seen.append(("after a", ctx.is_replaying))
        await ctx.run_in_child_context(child)
        seen.append(("end", ctx.is_replaying))

    world.run(flavour.handler(program))
    assert seen == [
        ("start", False),
        ("after a", False),
        ("child", False),
        ("start", True),
        ("after a", True),
        ("child", True),
        ("child after", False),
        ("end", False),
    ]
