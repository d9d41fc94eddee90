"""The providers' own books: one line for each call that took place, whoever made it.

ORDER_LEDGER names the file. A provider is another company's computer: it remembers its calls
whatever happens to the function that made them, and that is what this file stands for.
"""

import json
import os
import tempfile
from collections import Counter
from pathlib import Path

from lambda_durable import current_step


def path() -> Path:
    """Return the ledger's file."""
    default = Path(tempfile.gettempdir()) / "order-ledger.jsonl"
    return Path(os.environ.get("ORDER_LEDGER", default))


def write(call: str, **details: object) -> None:
    """Note that a call took place, for the execution whose step is running."""
    entry = {"call": call, "execution": current_step().execution_arn, **details}
    with path().open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


def write_once(call: str, **details: object) -> bool:
    """Note a call unless the step that makes it has made it before; return whether it is new.

    The operation's id is the same in every attempt, so it serves as the idempotency key.
    """
    key = current_step().operation_id
    is_new = not any(entry.get("key") == key for entry in entries(call))
    if is_new:
        write(call, key=key, **details)
    return is_new


def entries(call: str | None = None) -> list[dict[str, object]]:
    """Return what this execution's calls left, of one kind or of all."""
    if not path().exists():
        return []
    execution = current_step().execution_arn
    found = [json.loads(line) for line in path().read_text(encoding="utf-8").splitlines()]
    return [
        entry
        for entry in found
        if entry["execution"] == execution and call in (None, entry["call"])
    ]


def counts() -> dict[str, int]:
    """Return how many calls there were for this execution, by kind."""
    return dict(Counter(str(entry["call"]) for entry in entries()))
