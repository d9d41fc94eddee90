"""Conditions that are checked until they hold."""

import bodies
from serializers import Backwards

from lambda_durable import ConditionNotMetError, DurableContext, durable_execution
from lambda_durable_retry import poll

SOON = poll(1)


def counted_to(ctx: DurableContext, goal: int, start: int = 0, pause: int = 1) -> int:
    reached = bodies.count_up
    return ctx.wait_for_condition(
        reached, start, until=lambda state: state >= goal, strategy=poll(pause)
    )


@durable_execution
def counts(event: int, ctx: DurableContext) -> int:
    return counted_to(ctx, event)


@durable_execution
def holds_at_once(event: int, ctx: DurableContext) -> int:
    return ctx.wait_for_condition(bodies.echo, 5, until=lambda state: state >= 5, strategy=SOON)


@durable_execution
def counts_from_five(event: int, ctx: DurableContext) -> int:
    return counted_to(ctx, event, start=5)


@durable_execution
def counts_every_two_seconds(event: int, ctx: DurableContext) -> int:
    return counted_to(ctx, event, pause=2)


@durable_execution
def cannot_check(event: None, ctx: DurableContext) -> int:
    return ctx.wait_for_condition(bodies.check_in_vain, 0, until=bool, strategy=SOON)


@durable_execution
def recovers_from_a_check(event: None, ctx: DurableContext) -> int | str:
    try:
        return ctx.wait_for_condition(bodies.check_in_vain, 0, until=bool, strategy=SOON)
    except ConditionNotMetError:
        return "recovered"


@durable_execution
def checks_nothing(event: None, ctx: DurableContext) -> None:
    return ctx.wait_for_condition(bodies.echo, None, until=lambda _: True, strategy=SOON)


@durable_execution
def keeps_backwards(event: None, ctx: DurableContext) -> str:
    return ctx.wait_for_condition(
        bodies.add_x,
        "",
        until=lambda state: len(state) >= 2,
        strategy=SOON,
        serializer=Backwards(),
    )


@durable_execution
def counts_twice(event: None, ctx: DurableContext) -> int:
    return counted_to(ctx, 4, start=counted_to(ctx, 2))
