"""Uses of sagas that both checkers must refuse."""

from lambda_durable import AsyncDurableContext, DurableContext


def cancel(booking: str) -> None: ...


def plain(ctx: DurableContext) -> None:
    ctx.saga(5)  # E: call-arg|misc|reportCallIssue
    ctx.saga(retry=5)  # E: arg-type|reportArgumentType
    with ctx.saga() as saga:
        saga.add_compensation(cancel, 5)  # E: arg-type|reportArgumentType
        saga.add_compensation(cancel)  # E: arg-type|reportArgumentType|reportCallIssue
        saga.add_cleanup(cancel("b"))  # E: arg-type|func-returns-value|reportArgumentType
        saga.add_cleanup(cancel, "b", when=1)  # E: call-arg|reportCallIssue
        saga.run()  # E: attr-defined|reportAttributeAccessIssue


async def awaited(ctx: AsyncDurableContext) -> None:
    with ctx.saga() as saga:  # E: attr-defined|reportAttributeAccessIssue|reportGeneralTypeIssues
        del saga
