"""Retry and wait strategies for Lambda Durable, built from small parts that compose.

    ctx.step(charge, card, retry="transient")
    ctx.step(charge, card, retry=exponential(attempts=10, on=errors(ConnectionError)))
    ctx.step(charge, card, retry=retry(
        wait_exponential(initial=2, maximum=300) + wait_jitter(5),
        stop=stop_after(attempts=5) | stop_after(elapsed=timedelta(hours=1)),
    ))

`presets` has the ready-made ones, `kinds` says which errors they retry.
"""

from .building import exponential, fixed, linear, poll, retry
from .conditions import errors, stop_after
from .plugin import durable_retry as durable_retry  # core looks for hooks in the package
from .plugin import durable_retry_strategies as durable_retry_strategies
from .plugin import durable_wait_strategies as durable_wait_strategies
from .plugin import durable_with_retry as durable_with_retry
from .waits import wait_exponential, wait_jitter, wait_linear

__all__ = [
    "errors",
    "exponential",
    "fixed",
    "linear",
    "poll",
    "retry",
    "stop_after",
    "wait_exponential",
    "wait_jitter",
    "wait_linear",
]
