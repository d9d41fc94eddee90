"""Uses of what is around the words that both checkers must refuse."""

from lambda_durable import AsyncDurableContext, DurableContext, current_step, durable_execution


def body() -> None:
    current_step("reserve")  # E: call-arg|reportCallIssue
    current_step().attempts  # E: attr-defined|reportAttributeAccessIssue
    current_step().attempt = 2  # E: misc|reportAttributeAccessIssue
    number: str = current_step().attempt  # E: assignment|reportAssignmentType


def replay_values(ctx: DurableContext, async_ctx: AsyncDurableContext) -> None:
    ctx.now(5)  # E: call-arg|reportCallIssue
    ctx.random().choice([1])  # E: attr-defined|reportAttributeAccessIssue
    text: str = ctx.uuid4()  # E: assignment|reportAssignmentType
    ctx.logger("text")  # E: operator|reportCallIssue
    ctx.is_replaying = False  # E: misc|reportAttributeAccessIssue
    async_ctx.now().seconds  # E: attr-defined|reportAttributeAccessIssue


async def awaited(ctx: AsyncDurableContext) -> None:
    await ctx.random()  # E: misc|reportGeneralTypeIssues


durable_execution(retry=5)  # E: arg-type|call-overload|report
durable_execution(plugins=5)  # E: arg-type|call-overload|report
durable_execution(serializer=len)  # E: arg-type|call-overload|report
durable_execution(log_replays=True)  # E: call-arg|call-overload|report
durable_execution(5)  # E: arg-type|call-overload|report
