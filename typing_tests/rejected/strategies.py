"""Strategies that both checkers must refuse."""

from lambda_durable import DurableContext
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


def parts() -> None:
    exponential(10)  # E: call-arg|misc|reportCallIssue
    exponential(attempts="10")  # E: arg-type|reportArgumentType
    exponential(jitter="some")  # E: arg-type|reportArgumentType
    exponential(on="ConnectionError")  # E: arg-type|reportArgumentType
    fixed("2")  # E: arg-type|reportArgumentType
    fixed(2, tries=3)  # E: call-arg|reportCallIssue
    linear(on=5)  # E: arg-type|reportArgumentType
    retry(wait_exponential(), stop=3)  # E: arg-type|reportArgumentType
    retry()  # E: call-arg|reportCallIssue
    poll()  # E: call-arg|reportCallIssue
    poll(1, attempts=3)  # E: call-arg|reportCallIssue
    stop_after(3)  # E: call-arg|misc|reportCallIssue
    errors("timeout")  # E: arg-type|reportArgumentType
    wait_exponential("1")  # E: call-arg|arg-type|misc|reportCallIssue|reportArgumentType
    wait_linear(1)  # E: call-arg|misc|reportCallIssue
    wait_jitter()  # E: call-arg|reportCallIssue


def plain(ctx: DurableContext) -> None:
    ctx.step(count_up, 1, retry=fixed)  # E: arg-type|call-overload|report
    ctx.step(count_up, 1, retry=lambda error: 1)  # E: arg-type|call-overload|misc|report
    ctx.wait_for_condition(
        count_up,
        0,
        until=bool,
        strategy=lambda state: 1,  # E: arg-type|misc|report
    )
