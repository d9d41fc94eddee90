"""A fake of a data warehouse that exports tables, which takes it a while."""

from dataclasses import dataclass
from typing import Literal

from lambda_durable import current_step


@dataclass(frozen=True)
class Job:
    """An export, as the warehouse tells about it."""

    id: str
    status: Literal["running", "done", "failed"]
    percent: int = 0


def start_export(table: str) -> Job:
    """Start to export a table, unless that was started: the step's id names the job."""
    return Job(f"{table}-{current_step().operation_id[:8]}", "running")


def look_up(job: Job) -> Job:
    """Return how far a job is. This warehouse does a third of the work between two looks."""
    percent = min(job.percent + 34, 100)
    print(f"{job.id}: {percent} %")
    if job.id.startswith("locked"):
        return Job(job.id, "failed", percent)
    return Job(job.id, "done" if percent == 100 else "running", percent)


def cancel(job: Job) -> None:
    """Cancel a job."""
    print(f"{job.id}: cancelled")


def rows_of(job: Job) -> int:
    """Return how many rows were exported."""
    return 120_000 if job.status == "done" else 0
