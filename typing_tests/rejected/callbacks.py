"""Calls about callbacks that both checkers must refuse."""

from lambda_durable import AsyncDurableContext, DurableContext
from lambda_durable_callbacks import CallbackClient


def ask(callback_id: str, who: str) -> None:
    print(callback_id, who)


def ask_nobody() -> None: ...


def plain(ctx: DurableContext) -> None:
    ctx.create_callback(5)  # E: arg-type|call-overload|reportArgumentType|reportCallIssue
    ctx.create_callback("a", 60)  # E: call-overload|reportCallIssue
    ctx.create_callback(timeout="60")  # E: call-overload|report
    ctx.create_callback(heartbeat=60)  # E: call-overload|reportCallIssue
    text: str = ctx.create_callback(result_type=int).result()  # E: assignment|reportAssignmentType
    ctx.create_callback().callback_id = "x"  # E: misc|reportAttributeAccessIssue
    ctx.wait_for_callback()  # E: call-overload|reportCallIssue
    ctx.wait_for_callback(ask)  # E: arg-type|call-overload|report
    ctx.wait_for_callback(ask, 5)  # E: arg-type|call-overload|report
    ctx.wait_for_callback(ask, "ann", "bob")  # E: arg-type|call-overload|report
    ctx.wait_for_callback(ask_nobody)  # E: arg-type|call-overload|report
    ctx.wait_for_callback(ask, "ann", retries=3)  # E: call-overload|reportCallIssue
    ctx.start.wait_for_callback(ask, 5)  # E: arg-type|call-overload|report
    future = ctx.start.wait_for_callback(ask, "ann", result_type=str)
    n: int = future.result()  # E: assignment|reportAssignmentType


async def awaited(ctx: AsyncDurableContext) -> None:
    ctx.create_callback()  # E: unused-coroutine|unused-awaitable|reportUnusedCoroutine
    ctx.wait_for_callback(ask, "ann")  # E: unused-coroutine|unused-awaitable|reportUnusedCoroutine
    (await ctx.create_callback()).result()  # E: unused-coroutine|unused-awaitable|reportUnused
    n: int = await ctx.wait_for_callback(ask, "a", result_type=str)  # E: arg-type|reportAssign
    await ctx.wait_for_callback(ask, 5)  # E: arg-type|call-overload|report
    ctx.create_callback().callback_id  # E: attr-defined|reportAttributeAccessIssue


def elsewhere(client: CallbackClient) -> None:
    client.succeed(5)  # E: arg-type|reportArgumentType
    client.succeed("id", 1, "json")  # E: call-arg|misc|reportCallIssue
    client.fail("id", 5)  # E: arg-type|reportArgumentType
    client.heartbeat()  # E: call-arg|reportCallIssue
