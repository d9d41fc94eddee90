"""What the words for callbacks return."""

from datetime import timedelta
from typing import Any, TypedDict, assert_type

from lambda_durable import AsyncDurableContext, DurableContext
from lambda_durable.vocabulary import AsyncCallback, AsyncDurableFuture, Callback, DurableFuture
from lambda_durable_callbacks import CallbackClient, CallbackError, CallbackSubmitterError


class Approval(TypedDict):
    by: str


def ask(callback_id: str, who: str, level: int) -> object:
    return (callback_id, who, level)


async def ask_politely(callback_id: str, who: str) -> None:
    print(callback_id, who)


def plain(ctx: DurableContext) -> None:
    callback = ctx.create_callback("approval", timeout=timedelta(days=1), heartbeat_timeout=60)
    assert_type(callback, Callback[Any])
    assert_type(callback.callback_id, str)
    assert_type(callback.result(), Any)
    typed = ctx.create_callback(result_type=Approval, serializer="json")
    assert_type(typed, Callback[Approval])
    assert_type(typed.result()["by"], str)
    as_future: DurableFuture[Approval] = typed
    assert_type(as_future.result(), Approval)

    assert_type(ctx.wait_for_callback(ask, "ann", 3), Any)
    assert_type(ctx.wait_for_callback(ask_politely, "ann", retry="transient"), Any)
    assert_type(ctx.wait_for_callback(ask, "ann", 3, result_type=Approval), Approval)
    assert_type(ctx.wait_for_callback(lambda callback_id: None, result_type=str), str)

    future = ctx.start.wait_for_callback(ask, "ann", 3, result_type=Approval, timeout=5)
    assert_type(future, DurableFuture[Approval])
    assert_type(future.result(), Approval)
    assert_type(ctx.start.wait_for_callback(ask_politely, "ann").result(), Any)
    assert_type(ctx.race(typed, future), Approval)


async def awaited(ctx: AsyncDurableContext) -> None:
    callback = await ctx.create_callback("approval", result_type=Approval)
    _ = assert_type(callback, AsyncCallback[Approval])
    assert_type(callback.callback_id, str)
    assert_type(await callback.result(), Approval)
    assert_type(await callback, Approval)
    assert_type(await (await ctx.create_callback()).result(), Any)

    assert_type(await ctx.wait_for_callback(ask, "ann", 3), Any)
    assert_type(await ctx.wait_for_callback(ask_politely, "ann", result_type=int), int)

    future = ctx.start.wait_for_callback(ask, "ann", 3, result_type=Approval)
    _ = assert_type(future, AsyncDurableFuture[Approval])
    assert_type(await future, Approval)
    assert_type(await future.result(), Approval)


def on_error(error: CallbackError) -> str:
    if isinstance(error, CallbackSubmitterError):
        assert_type(error.cause, BaseException | None)
    return error.callback_id


def elsewhere(client: CallbackClient, callback_id: str) -> None:
    client.succeed(callback_id, {"by": "ann"})
    client.succeed(callback_id, "as it is", serializer="text")
    client.fail(callback_id, ValueError("no"), data="100")
    client.fail(callback_id, "no", type="Rejected", stack=["approvals.py:7"])
    client.heartbeat(callback_id)
