"""Branches side by side for Lambda Durable: `ctx.parallel`, `ctx.map`, combined futures, sagas.

    shipped = ctx.map(parcels, ship, max_concurrency=10)
    quotes = ctx.parallel(carriers, completion=first_successful())
    stocked = ctx.map(shelves, count, completion=min_successful(3) | tolerated_failures(count=2))

`completion` tells what a completion policy of your own is.
"""

from lambda_durable.batches import BatchItem, BatchResult, NamedBranch

from .completion import (
    all_completed,
    all_successful,
    first_successful,
    min_successful,
    tolerated_failures,
)
from .errors import AllFailedError, SagaError
from .plugin import durable_combine as durable_combine  # core looks for hooks in the package
from .plugin import durable_map as durable_map
from .plugin import durable_parallel as durable_parallel
from .plugin import durable_saga as durable_saga

__all__ = [
    "AllFailedError",
    "BatchItem",
    "BatchResult",
    "NamedBranch",
    "SagaError",
    "all_completed",
    "all_successful",
    "first_successful",
    "min_successful",
    "tolerated_failures",
]
