"""What is around the words: the step that runs, loggers, errors, plugins."""

import logging
from contextlib import AbstractContextManager, nullcontext
from typing import Any, assert_type

from lambda_durable import (
    AsyncDurableContext,
    ConditionNotMetError,
    CurrentStep,
    DurableContext,
    InvokeError,
    StepError,
    current_step,
    durable_execution,
    hookimpl,
)
from lambda_durable.events import Call, Invocation
from lambda_durable.observations import AttemptFinished, CheckpointAnswered, OperationSettled


def body() -> str:
    step = current_step()
    assert_type(step, CurrentStep)
    assert_type(step.attempt, int)
    assert_type(step.name, str | None)
    step.logger.info("attempt %s", step.attempt)
    return f"{step.execution_arn}/{step.operation_id}"


class Observer:
    @hookimpl
    def durable_invocation_started(self, event: Invocation) -> None:
        assert_type(event.is_first, bool)

    @hookimpl
    def durable_operation_settled(self, event: OperationSettled) -> None:
        assert_type(event.operation.name, str | None)
        assert_type(event.status, str)

    @hookimpl
    def durable_attempt_finished(self, event: AttemptFinished) -> None:
        assert_type(event.error, BaseException | None)

    @hookimpl
    def durable_checkpoint_answered(self, event: CheckpointAnswered) -> None:
        assert_type(event.execution_arn, str)

    @hookimpl
    def durable_around_call(self, call: Call) -> AbstractContextManager[Any] | None:
        return nullcontext() if call.is_replay else None


@durable_execution(plugins=[Observer()], log_replay=True)
def plain(event: None, ctx: DurableContext) -> str:
    ctx.logger.warning("%s began", ctx.execution_arn, extra={"order": 5})
    as_logger: logging.LoggerAdapter[logging.Logger] = ctx.logger
    as_logger.info("as any other")
    try:
        return ctx.step(body)
    except StepError as error:
        assert_type(error.cause, BaseException | None)
        assert_type(error.error_message, str | None)
        assert_type(error.stack_trace, list[str])
        raise


@durable_execution
async def awaited(event: None, ctx: AsyncDurableContext) -> str:
    ctx.logger.info("begun")
    try:
        return await ctx.step(body)
    except (InvokeError, ConditionNotMetError) as error:
        assert_type(error.name, str | None)
        raise
