"""Workflows as data: an outline is run in both flavours, and changed at any place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from recorded_programs import Handler, ran

from lambda_durable import AsyncDurableContext, DurableContext, durable_execution
from lambda_durable.abc import Where


@dataclass(frozen=True)
class Op:
    """An operation, and those inside it; `count` is the number of a map's items."""

    kind: str
    name: str
    inside: "Outline" = ()
    count: int = 0
    other_serializer: bool = False


Outline = tuple[Op, ...]

OUTLINE: Outline = (
    Op("step", "reserve"),
    Op("wait", "pause"),
    Op("step", "charge"),
    Op(
        "child",
        "pay",
        (
            Op("step", "look up"),
            Op("wait", "settle"),
            Op("child", "inner", (Op("step", "one"), Op("step", "two"))),
            Op("step", "receipt"),
        ),
    ),
    Op("map", "ship", (Op("step", "pack"), Op("wait", "cool"), Op("step", "send")), count=3),
    Op("step", "tell"),
    Op(
        "parallel",
        "both",
        (
            Op("branch", "left", (Op("step", "l1"), Op("step", "l2"))),
            Op("branch", "right", (Op("step", "r1"),)),
        ),
    ),
    Op("wait", "rest"),
    Op("step", "archive"),
)


class Backwards:
    """JSON, written from its end."""

    def dumps(self, value: Any, where: Where, /) -> str:
        return json.dumps(value)[::-1]

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        return json.loads(text[::-1])


def plain(outline: Outline) -> Handler:
    """Return a `def` handler of an outline."""

    def run(ctx: DurableContext, ops: Outline) -> None:
        for op in ops:
            _run(ctx, op)

    def _run(ctx: DurableContext, op: Op) -> None:
        if op.kind == "step":
            ctx.step(_body, op.name, name=op.name, serializer=_serializer(op))
        elif op.kind == "wait":
            ctx.wait(5, name=op.name)
        elif op.kind == "child":
            ctx.run_in_child_context(lambda own: run(own, op.inside), name=op.name)
        elif op.kind == "map":
            ctx.map(range(op.count), lambda own, _: run(own, op.inside), name=op.name)
        else:
            branches = {
                each.name: (lambda own, each=each: run(own, each.inside)) for each in op.inside
            }
            ctx.parallel(branches, name=op.name)

    return durable_execution(lambda event, ctx: run(ctx, outline))


def awaited(outline: Outline) -> Handler:
    """Return an `async def` handler of an outline."""

    async def run(ctx: AsyncDurableContext, ops: Outline) -> None:
        for op in ops:
            await _run(ctx, op)

    async def _run(ctx: AsyncDurableContext, op: Op) -> None:
        if op.kind == "step":
            await ctx.step(_body, op.name, name=op.name, serializer=_serializer(op))
        elif op.kind == "wait":
            await ctx.wait(5, name=op.name)
        elif op.kind == "child":
            await ctx.run_in_child_context(lambda own: run(own, op.inside), name=op.name)
        elif op.kind == "map":
            await ctx.map(range(op.count), lambda own, _: run(own, op.inside), name=op.name)
        else:
            branches = {
                each.name: (lambda own, each=each: run(own, each.inside)) for each in op.inside
            }
            await ctx.parallel(branches, name=op.name)

    async def handler(event: Any, ctx: AsyncDurableContext) -> None:
        await run(ctx, outline)

    return durable_execution(handler)


def _body(name: str) -> dict[str, str]:
    ran.append(name)
    return {"name": name}


def _serializer(op: Op) -> Any:
    return Backwards() if op.other_serializer else None


def changes(outline: Outline) -> Iterator[tuple[str, str, Outline]]:
    """Yield (cause, where, changed outline) for each change of a kind at each place."""
    for index, op in enumerate(outline):
        before, after = outline[:index], outline[index + 1 :]
        if op.kind != "branch":
            for cause, where, ops in _around(op, after):
                yield cause, where, (*before, *ops)
        for cause, changed in _within(op):
            yield cause, op.name, (*before, *changed, *after)
        for cause, where, inside in changes(op.inside):
            yield cause, f"{op.name} > {where}", (*before, replace(op, inside=inside), *after)
    if outline and outline[0].kind != "branch":
        yield "inserted", "the end", (*outline, Op("step", "new"))


def _around(op: Op, after: Outline) -> Iterator[tuple[str, str, Outline]]:
    yield "inserted", op.name, (Op("step", "new"), op, *after)
    yield "removed", op.name, after
    yield "nested", op.name, (Op("child", "wrap", (op,)), *after)
    if after:
        wrapped = Op("child", "wrap", (op, after[0]))
        yield "moved", op.name, (after[0], op, *after[1:])
        yield "nested", f"{op.name} and the next", (wrapped, *after[1:])


def _within(op: Op) -> Iterator[tuple[str, Outline]]:
    yield "renamed", (replace(op, name=f"{op.name}!"),)
    if op.kind == "child":
        yield "un-nested", op.inside
    elif op.kind == "step":
        yield "changed serializer", (replace(op, other_serializer=True),)
    elif op.kind == "map":
        yield "branch count", (replace(op, count=op.count - 1),)
        yield "branch count", (replace(op, count=op.count + 1),)
    elif op.kind == "parallel":
        third = Op("branch", "third", (Op("step", "t1"),))
        yield "branch count", (replace(op, inside=op.inside[:-1]),)
        yield "branch count", (replace(op, inside=(*op.inside, third)),)
