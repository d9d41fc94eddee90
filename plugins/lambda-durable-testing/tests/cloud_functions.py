"""Functions that the local runner runs, and that are deployed for the cloud runner."""

import logging
from typing import Any

from lambda_durable import AsyncDurableContext, DurableContext, current_step, durable_execution

log = logging.getLogger("orders")


def reserve(items: list[str]) -> dict[str, Any]:
    log.warning("reserving %s", ", ".join(items))
    return {"items": items}


def flaky() -> str:
    if current_step().attempt < 3:
        raise ConnectionError("not yet")
    return "at last"


def tell(callback_id: str) -> None:
    log.warning("asking")


@durable_execution
def order(event: dict[str, Any], ctx: DurableContext) -> dict[str, Any]:
    reserved = ctx.step(reserve, event["items"])
    ctx.wait(3600, name="warehouse")
    paid = ctx.step(flaky, retry=lambda error, attempt, elapsed: 60)
    parcels = ctx.map(reserved["items"], _pack, name="parcels")
    return {"paid": paid, "parcels": parcels.results}


def _pack(ctx: DurableContext, item: str) -> str:
    return ctx.step(str.upper, item, name="pack")


@durable_execution
async def approved(event: Any, ctx: AsyncDurableContext) -> Any:
    await ctx.step(lambda: None, name="prepare")
    answer = await ctx.wait_for_callback(tell, name="manager")
    receipt = await ctx.create_callback("receipt")
    return [answer, await receipt.result()]


@durable_execution
def broken(event: Any, ctx: DurableContext) -> None:
    ctx.step(_refuse, event, name="refuse", retry="none")


def _refuse(event: Any) -> None:
    raise ValueError(f"no {event}")


@durable_execution
def stuck(event: Any, ctx: DurableContext) -> Any:
    return ctx.create_callback("never").result()


def plain(event: Any, context: Any) -> Any:
    return event
