"""Strategies and their parts, and what one leaves of the types around it."""

from datetime import timedelta
from typing import assert_type

from lambda_durable import AsyncDurableContext, DurableContext, RetryStrategy, WaitStrategy
from lambda_durable_retry import (
    errors,
    exponential,
    fixed,
    linear,
    poll,
    retry,
    stop_after,
    wait_exponential,
    wait_jitter,
    wait_linear,
)


def count_up(state: int) -> int:
    return state + 1


def strategies() -> list[RetryStrategy]:
    seldom = stop_after(attempts=5) | stop_after(elapsed=timedelta(hours=1))
    return [
        exponential(attempts=10, initial=1, factor=2, maximum=timedelta(minutes=5), jitter="half"),
        fixed(timedelta(seconds=2), attempts=None, on=ConnectionError),
        linear(initial=1, on=(TimeoutError, ConnectionError)),
        linear(initial=1, on=errors(OSError, message="busy") & ~errors(FileNotFoundError)),
        retry(wait_exponential(initial=2) + wait_jitter(5), stop=seldom),
        retry(wait_linear(initial=1), on=lambda error: "busy" in str(error)),
        retry(lambda error, attempt, elapsed: None if attempt > 3 else 2.0),
    ]


def wait_strategies() -> list[WaitStrategy[int]]:
    return [
        poll(1),
        poll(wait_exponential(initial=1), stop=stop_after(attempts=3), jitter="full"),
        lambda state, attempt, elapsed: None if state > 3 else timedelta(seconds=1),
    ]


def plain(ctx: DurableContext) -> None:
    found = ctx.wait_for_condition(count_up, 0, until=lambda state: state > 3, strategy=poll(1))
    assert_type(found, int)
    assert_type(ctx.step(count_up, 1, retry=fixed(1)), int)


async def awaited(ctx: AsyncDurableContext) -> None:
    found = await ctx.wait_for_condition(count_up, 0, until=bool, strategy=poll(1))
    assert_type(found, int)
    assert_type(await ctx.step(count_up, 1, retry=exponential()), int)
