"""Calls that both checkers must refuse."""

from lambda_durable import AsyncDurableContext, DurableContext, durable_execution


def child(ctx: DurableContext, left: int) -> int:
    return left


async def async_child(ctx: AsyncDurableContext, left: int) -> int:
    return left


def grow(state: list[int]) -> list[int]:
    return state


def plain(ctx: DurableContext) -> None:
    ctx.wait("5")  # E: arg-type|reportArgumentType
    ctx.wait()  # E: call-arg|reportCallIssue
    ctx.step()  # E: call-overload|reportCallIssue
    ctx.step(len, 5)  # E: arg-type|call-overload|reportArgumentType
    ctx.step(len, [], semantics="exactly-once")  # E: arg-type|call-overload|report
    ctx.step(len, [], retries=3)  # E: call-overload|reportCallIssue
    ctx.invoke(5)  # E: arg-type|call-overload|reportArgumentType|reportCallIssue
    ctx.run_in_child_context(child)  # E: arg-type|reportArgumentType
    ctx.run_in_child_context(child, "a")  # E: arg-type|reportArgumentType
    ctx.run_in_child_context(async_child, 1)  # E: arg-type|reportArgumentType
    ctx.wait_for_condition(grow, [])  # E: call-arg|reportCallIssue
    ctx.wait_for_condition(grow, "text", until=bool)  # E: arg-type|type-var|misc|reportArgumentType
    text: str = ctx.step(len, [])  # E: assignment|arg-type|reportAssignmentType|reportArgumentType
    ctx.run(5)  # E: arg-type|reportArgumentType


async def awaited(ctx: AsyncDurableContext) -> None:
    ctx.wait(5)  # E: unused-coroutine|unused-awaitable|reportUnusedCoroutine
    ctx.run_in_child_context(async_child, 1)  # E: unused|reportUnused
    await ctx.run_in_child_context(child, 1)  # E: arg-type|misc|reportArgumentType
    number: int = ctx.step(len, [])  # E: assignment|call-overload|arg-type|report


@durable_execution  # E: arg-type|call-overload|report
def no_context(event: str) -> None: ...
