"""A clean-up that a schedule starts each night: old uploads are deleted, a page at a time."""

from datetime import timedelta
from typing import TypedDict

import bucket

from lambda_durable import DurableContext, durable_execution

PAUSE = timedelta(seconds=30)


class Task(TypedDict):
    """What the schedule sends."""

    older_than_days: int


class Summary(TypedDict):
    """What was done."""

    deleted: int
    pages: int


@durable_execution
def handler(task: Task, ctx: DurableContext) -> Summary:
    """Delete all old uploads, however long that takes; a crash costs one page at most.

    What counts as old is decided once: `ctx.now()` is the same on every replay.
    """
    before = ctx.now() - timedelta(days=task["older_than_days"])
    summary: Summary = {"deleted": 0, "pages": 0}
    start = None
    while True:
        page = ctx.step(bucket.list_old, before, start, retry="transient")
        summary["deleted"] += ctx.step(bucket.delete, page["keys"], retry="transient")
        summary["pages"] += 1
        start = page["next"]
        if start is None:
            ctx.logger.info("deleted %d uploads", summary["deleted"])
            return summary
        ctx.wait(PAUSE, name="pause")  # others use the bucket, too
