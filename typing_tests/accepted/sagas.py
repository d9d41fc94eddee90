"""What a saga takes."""

from typing import assert_type

from lambda_durable import AsyncDurableContext, DurableContext, StepError
from lambda_durable.vocabulary import Saga
from lambda_durable_concurrency import AllFailedError, SagaError


def cancel(booking: str, times: int) -> bool:
    return bool(booking * times)


async def async_cancel(booking: str) -> None: ...


def plain(ctx: DurableContext) -> None:
    try:
        with ctx.saga(name="trip", retry="transient") as saga:
            assert_type(saga, Saga)
            saga.add_compensation(cancel, "b", 2)
            saga.add_compensation(async_cancel, "b", name="flight", retry=lambda e, a, s: 2)
            saga.add_cleanup(cancel, "b", 1)
    except SagaError as error:
        assert_type(error.subgroup(StepError) is None, bool)


def errors(saga_error: SagaError, all_failed: AllFailedError) -> None:
    assert_type(all_failed.errors, tuple[Exception, ...])
    assert_type(saga_error.derive([ValueError()]), SagaError)


async def awaited(ctx: AsyncDurableContext) -> None:
    async with ctx.saga() as saga:
        assert_type(saga, Saga)
        saga.add_compensation(async_cancel, "b")
        saga.add_cleanup(cancel, "b", 1)
