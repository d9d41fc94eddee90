"""The hooks; what carries the words out is imported when they are used."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal

from lambda_durable.abc import RetryStrategy, Serializer
from lambda_durable.batches import BatchResult, Completion, NamedBranch, Nesting
from lambda_durable.effects import DurableOperation
from lambda_durable.hookspecs import hookimpl


@hookimpl
def durable_parallel(
    branches: Mapping[str, Callable[..., Any]] | Iterable[Callable[..., Any] | NamedBranch[Any]],
    name: str | None,
    max_concurrency: int | None,
    completion: Completion | None,
    nesting: Nesting,
    serializer: Serializer | str | None,
    item_serializer: Serializer | str | None,
    summary: Callable[[BatchResult[Any]], str] | None,
) -> DurableOperation[BatchResult[Any]]:
    """Supply `ctx.parallel`."""
    from .batch import PARALLEL, Batch
    from .units import Branches

    return Batch(
        PARALLEL,
        Branches(branches),
        name=name,
        max_concurrency=max_concurrency,
        completion=completion,
        nesting=nesting,
        serializer=serializer,
        item_serializer=item_serializer,
        summary=summary,
    )


@hookimpl
def durable_map(
    items: Iterable[Any],
    func: Callable[..., Any],
    name: str | None,
    item_namer: Callable[..., str] | None,
    max_concurrency: int | None,
    completion: Completion | None,
    nesting: Nesting,
    serializer: Serializer | str | None,
    item_serializer: Serializer | str | None,
    summary: Callable[[BatchResult[Any]], str] | None,
) -> DurableOperation[BatchResult[Any]]:
    """Supply `ctx.map`."""
    from lambda_durable.checks import function_name_of

    from .batch import MAP, Batch
    from .units import Items

    return Batch(
        MAP,
        Items(items, func, item_namer),
        name=name if name is not None else function_name_of(func),
        max_concurrency=max_concurrency,
        completion=completion,
        nesting=nesting,
        serializer=serializer,
        item_serializer=item_serializer,
        summary=summary,
    )


@hookimpl
def durable_combine(
    how: Literal["all", "any", "race", "settled"], futures: Sequence[Any], name: str | None
) -> DurableOperation[Any]:
    """Supply `ctx.all`, `ctx.any`, `ctx.race` and `ctx.settled`."""
    from .combining import combine

    return combine(how, futures, name)


@hookimpl
def durable_saga(
    context: Any, name: str | None, retry: RetryStrategy | str | None
) -> AbstractContextManager[Any]:
    """Supply `ctx.saga`."""
    from .sagas import saga

    return saga(context, name, retry)
