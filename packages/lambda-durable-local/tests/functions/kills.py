"""An order whose steps note that they begin; what was acknowledged must never begin again."""

import os
from pathlib import Path
from typing import Any

from lambda_durable import DurableContext, durable_execution


def note(execution: str, what: str) -> str:
    with Path(os.environ["NOTES"]).open("a") as notes:
        notes.write(f"{execution} {what}\n")
    return what


def double(ctx: DurableContext, number: int) -> int:
    return ctx.step(lambda: 2 * number, name="doubled")


@durable_execution
def order(event: dict[str, Any], ctx: DurableContext) -> list[Any]:
    name = event["name"]
    found: list[Any] = [ctx.step(note, name, "a", name="a")]
    ctx.wait(60, name="pause")
    found += [ctx.step(note, name, letter, name=letter) for letter in "bcd"]
    found.append(ctx.invoke(event["child"], {"name": f"{name}-child"}, name="child"))
    found.append(ctx.invoke("wire", {"updates": [event["callback"]]}, name="approval"))
    found.append(ctx.map([1, 2, 3], double, name="doubled").results)
    found.append(ctx.step(note, name, "e", name="e"))
    return found


@durable_execution
def child(event: dict[str, Any], ctx: DurableContext) -> list[str]:
    first = ctx.step(note, event["name"], "x", name="x")
    ctx.wait(5)
    return [first, ctx.step(note, event["name"], "y", name="y")]
