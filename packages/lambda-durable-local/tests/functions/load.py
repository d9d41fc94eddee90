"""A step, an hour, and a step: as many at once as a test wants."""

from lambda_durable import DurableContext, durable_execution


@durable_execution
def order(event: int, ctx: DurableContext) -> list[int]:
    first = ctx.step(lambda: 2 * event, name="first")
    ctx.wait(3600, name="pause")
    return [first, ctx.step(lambda: first + 1, name="second")]
