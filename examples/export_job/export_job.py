"""An export by another system: it is started, asked after until it is done, and fetched."""

from datetime import timedelta
from typing import TypedDict

import warehouse

from lambda_durable import ConditionNotMetError, DurableContext, durable_execution
from lambda_durable_retry import poll, stop_after, wait_exponential

PATIENCE = poll(
    wait_exponential(initial=10, factor=2, maximum=300),
    stop=stop_after(elapsed=timedelta(hours=6)),
)


class Request(TypedDict):
    """Which table is exported."""

    table: str


class ExportFailedError(Exception):
    """The warehouse did not do it."""


@durable_execution
def handler(request: Request, ctx: DurableContext) -> dict[str, object]:
    """Export a table. Between two looks at the job nothing runs, so waiting costs nothing."""
    job = ctx.step(warehouse.start_export, request["table"])
    try:
        job = ctx.wait_for_condition(
            warehouse.look_up,
            job,
            until=lambda job: job.status != "running",
            strategy=PATIENCE,
            name="export",
        )
    except ConditionNotMetError:
        ctx.step(warehouse.cancel, job)
        raise
    if job.status == "failed":
        raise ExportFailedError(f"{job.id} failed at {job.percent} %")
    return {"job": job.id, "rows": ctx.step(warehouse.rows_of, job)}
