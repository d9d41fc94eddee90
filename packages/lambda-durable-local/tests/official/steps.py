"""Steps and waits, with the official SDK."""

import os

from aws_durable_execution_sdk_python import DurableOperationError, durable_execution, durable_step
from aws_durable_execution_sdk_python.config import (
    Duration,
    JitterStrategy,
    StepConfig,
    StepSemantics,
)
from aws_durable_execution_sdk_python.retries import (
    RetryDecision,
    RetryStrategyConfig,
    create_retry_strategy,
)

NO_RETRY = StepConfig(retry_strategy=lambda error, attempt: RetryDecision.no_retry())
AFTER_A_SECOND = StepConfig(
    retry_strategy=lambda error, attempt: (
        RetryDecision.retry(Duration.from_seconds(1)) if attempt < 2 else RetryDecision.no_retry()
    )
)


class TransientError(Exception):
    """An error that is not retried."""


@durable_step
def greet(step_context, name):
    step_context.logger.info("greeting %s", name)
    greeting = f"Hello, {name}!"
    step_context.logger.info("said %s", greeting)
    return greeting


@durable_step
def describe(step_context, person):
    return {"user": person, "count": len(person["tags"])}


@durable_step
def fail(step_context, message, kind=RuntimeError):
    raise kind(message)


@durable_step
def fail_until(step_context, attempt, result="Operation succeeded"):
    if step_context.attempt < attempt:
        raise RuntimeError(f"attempt {step_context.attempt} of {attempt}")
    return result


@durable_step
def crash(step_context, text):
    step_context.logger.info("about to crash: %s", text)
    os._exit(1)


@durable_execution
def greets(event, context):
    return context.step(greet(event))


@durable_execution
def greets_by_name(event, context):
    return context.step(greet(event), name="custom_step_name")


@durable_execution
def describes(event, context):
    return context.step(describe(event))


@durable_execution
def returns_nothing(event, context):
    return context.step(lambda step_context: None, name="nothing")


@durable_execution
def computes_and_waits(event, context):
    found = context.step(lambda step_context: "computed", name="compute")
    context.wait(Duration.from_seconds(2))
    return found


@durable_execution
def fails_and_waits(event, context):
    try:
        context.step(fail("no"), config=NO_RETRY)
    except DurableOperationError as error:
        told = f"{type(error).__name__}: {error}"
    context.wait(Duration.from_seconds(1))
    return told


@durable_execution
def retries_once(event, context):
    return context.step(fail_until(2), config=AFTER_A_SECOND)


@durable_execution
def retries_as_the_sdk_does(event, context):
    return context.step(fail_until(3))


@durable_execution
def backs_off(event, context):
    strategy = create_retry_strategy(
        RetryStrategyConfig(
            max_attempts=3,
            initial_delay=Duration.from_seconds(2),
            backoff_rate=3,
            jitter_strategy=JitterStrategy.NONE,
        )
    )
    return context.step(fail_until(3), config=StepConfig(retry_strategy=strategy))


@durable_execution
def gives_up(event, context):
    strategy = create_retry_strategy(
        RetryStrategyConfig(max_attempts=5, retryable_error_types=[ValueError])
    )
    config = StepConfig(retry_strategy=strategy)
    return context.step(fail("not to be retried", TransientError), config=config)


@durable_execution
def crashes_at_most_once(event, context):
    config = StepConfig(
        retry_strategy=NO_RETRY.retry_strategy,
        step_semantics=StepSemantics.AT_MOST_ONCE_PER_RETRY,
    )
    return context.step(crash(event), config=config)


@durable_execution
def fails(event, context):
    return context.step(fail("always"), config=NO_RETRY)


@durable_execution
def falls_back(event, context):
    try:
        found = context.step(fail("caught"), config=NO_RETRY)
    except DurableOperationError:
        found = "fallback_result"
    return context.step(lambda step_context: found, name="go_on")


@durable_execution
def waits(event, context):
    context.wait(Duration.from_seconds(2))


@durable_execution
def waits_by_name(event, context):
    context.wait(Duration.from_seconds(2), name="custom_wait_name")


@durable_execution
def waits_a_minute(event, context):
    context.wait(Duration.from_minutes(1))


@durable_execution
def waits_an_hour(event, context):
    context.wait(Duration.from_hours(1))
