"""Uses of futures that both checkers must refuse."""

from lambda_durable import AsyncDurableContext, DurableContext


def name_of(number: int) -> str:
    return str(number)


def plain(ctx: DurableContext) -> None:
    text = ctx.start.step(name_of, 1)
    ctx.start.step(name_of, "1")  # E: arg-type|call-overload|reportArgumentType
    ctx.start.wait("3")  # E: arg-type|reportArgumentType
    ctx.all(text, 5)  # E: arg-type|call-overload|reportArgumentType|reportCallIssue
    ctx.race([text])  # E: arg-type|call-overload|reportArgumentType|reportCallIssue
    ctx.any(ctx.step(name_of, 1))  # E: arg-type|call-overload|reportArgumentType|reportCallIssue
    ctx.settled(text, names="x")  # E: call-arg|call-overload|reportCallIssue
    number: int = ctx.race(text, text)  # E: assignment|arg-type|call-overload|report
    number = text.result()  # E: assignment|reportAssignmentType
    both: tuple[str, int] = ctx.all(text, text)  # E: assignment|arg-type|report
    text.value()  # E: attr-defined|reportAttributeAccessIssue


async def awaited(ctx: AsyncDurableContext) -> None:
    text = ctx.start.step(name_of, 1)
    text.result()  # E: unused-coroutine|unused-awaitable|reportUnusedCoroutine
    ctx.race(text, ctx.wait(1))  # E: unused-coroutine|unused-awaitable|reportUnusedCoroutine
    await ctx.all(text, 5)  # E: arg-type|call-overload|misc|reportArgumentType|reportCallIssue
    number: int = await ctx.any(text, text)  # E: assignment|arg-type|call-overload|report
    both: tuple[str, int] = await ctx.all(text, text)  # E: assignment|arg-type|report
