"""The same report in `async def`: tasks instead of threads, reading off the event loop."""

import asyncio
import csv
from pathlib import Path
from typing import TypedDict

from lambda_durable import AsyncDurableContext, durable_execution
from lambda_durable_concurrency import tolerated_failures

HERE = Path(__file__).parent


class UnreadableError(Exception):
    """Too many files could not be read for a report to make sense."""


class Folder(TypedDict):
    """Where the files are, from this file's folder on."""

    folder: str


class Report(TypedDict):
    """The takings of all files that could be read."""

    files: int
    total_cents: int
    unreadable: list[str]


@durable_execution
async def handler(event: Folder, ctx: AsyncDurableContext) -> Report:
    """Add up the sales of all files; up to a quarter of them may be unreadable."""
    names = await ctx.step(list_files, event["folder"])
    batch = await ctx.map(
        names,
        read,
        name="read",
        item_namer=lambda name, index: Path(name).stem,
        max_concurrency=4,
        completion=tolerated_failures(percentage=25),
    )
    if batch.completion_reason == "FAILURE_TOLERANCE_EXCEEDED":
        raise UnreadableError(f"{batch.failure_count} of {len(names)} files")
    return {
        "files": len(names),
        "total_cents": sum(batch.results),
        "unreadable": [names[item.index] for item in batch.failed],
    }


async def read(ctx: AsyncDurableContext, name: str) -> int:
    """Return the takings of one file. A branch may have several steps, and may wait."""
    return await ctx.step(add_up, name, retry="transient")


def list_files(folder: str) -> list[str]:
    """Return the files there are now; a file that comes later does not disturb a replay."""
    return sorted(str(file.relative_to(HERE)) for file in (HERE / folder).glob("*.csv"))


async def add_up(name: str) -> int:
    """Return the sum of a file's amounts, in cents."""
    text = await asyncio.to_thread((HERE / name).read_text, encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return sum(int(row["quantity"]) * int(row["price_cents"]) for row in rows)
