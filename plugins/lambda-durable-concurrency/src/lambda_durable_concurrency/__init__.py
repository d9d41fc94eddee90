"""Branches side by side for Lambda Durable: `ctx.parallel`, `ctx.map`, combined futures, sagas.

    shipped = ctx.map(parcels, ship, max_concurrency=10)
    quotes = ctx.parallel(carriers, completion=first_successful())
    stocked = ctx.map(shelves, count, completion=min_successful(3) | tolerated_failures(count=2))

`completion` is for those who write a completion policy of their own.
"""

from lambda_durable.batches import BatchItem, BatchResult, NamedBranch

from .completion import (
    all_completed,
    all_successful,
    first_successful,
    min_successful,
    tolerated_failures,
)
from .plugin import durable_map as durable_map  # core looks for hooks in the package
from .plugin import durable_parallel as durable_parallel

__all__ = [
    "BatchItem",
    "BatchResult",
    "NamedBranch",
    "all_completed",
    "all_successful",
    "first_successful",
    "min_successful",
    "tolerated_failures",
]
