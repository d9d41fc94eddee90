"""Conditions that are checked until they hold."""

import bodies
from serializers import Backwards

from lambda_durable import AsyncDurableContext, ConditionNotMetError, durable_execution
from lambda_durable_retry import poll

SOON = poll(1)


async def counted_to(ctx: AsyncDurableContext, goal: int, start: int = 0, pause: int = 1) -> int:
    reached = bodies.count_up
    return await ctx.wait_for_condition(
        reached, start, until=lambda state: state >= goal, strategy=poll(pause)
    )


@durable_execution
async def counts(event: int, ctx: AsyncDurableContext) -> int:
    return await counted_to(ctx, event)


@durable_execution
async def holds_at_once(event: int, ctx: AsyncDurableContext) -> int:
    return await ctx.wait_for_condition(
        bodies.echo, 5, until=lambda state: state >= 5, strategy=SOON
    )


@durable_execution
async def counts_from_five(event: int, ctx: AsyncDurableContext) -> int:
    return await counted_to(ctx, event, start=5)


@durable_execution
async def counts_every_two_seconds(event: int, ctx: AsyncDurableContext) -> int:
    return await counted_to(ctx, event, pause=2)


@durable_execution
async def cannot_check(event: None, ctx: AsyncDurableContext) -> int:
    return await ctx.wait_for_condition(bodies.check_in_vain, 0, until=bool, strategy=SOON)


@durable_execution
async def recovers_from_a_check(event: None, ctx: AsyncDurableContext) -> int | str:
    try:
        return await ctx.wait_for_condition(bodies.check_in_vain, 0, until=bool, strategy=SOON)
    except ConditionNotMetError:
        return "recovered"


@durable_execution
async def checks_nothing(event: None, ctx: AsyncDurableContext) -> None:
    return await ctx.wait_for_condition(bodies.echo, None, until=lambda _: True, strategy=SOON)


@durable_execution
async def keeps_backwards(event: None, ctx: AsyncDurableContext) -> str:
    return await ctx.wait_for_condition(
        bodies.add_x,
        "",
        until=lambda state: len(state) >= 2,
        strategy=SOON,
        serializer=Backwards(),
    )


@durable_execution
async def counts_twice(event: None, ctx: AsyncDurableContext) -> int:
    return await counted_to(ctx, 4, start=await counted_to(ctx, 2))
