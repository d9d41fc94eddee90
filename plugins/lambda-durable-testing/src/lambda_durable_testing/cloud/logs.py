"""The log of a deployed function, as the records that its code made.

Lambda's JSON format is read: one object on a line, `executionArn` telling the execution. Lines of
other formats belong to no execution, and are left out.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

_OWN: Final = ("timestamp", "level", "message", "logger")


class LogSource(Protocol):
    """Where a function's log is kept."""

    def records(self, execution_arn: str, since: float) -> Iterable[logging.LogRecord]:
        """Return what an execution has logged, in order; it began at `since` (seconds)."""
        ...


class CloudWatchLogs:
    """A log group of CloudWatch Logs; `client` is boto3's client for `logs`.

    What was logged a moment ago may not be there yet: CloudWatch takes some seconds.
    """

    def __init__(self, client: Any, log_group: str) -> None:
        self._client = client
        self._log_group = log_group

    def records(self, execution_arn: str, since: float) -> Iterator[logging.LogRecord]:
        """Yield what an execution has logged, page by page."""
        asked = {
            "logGroupName": self._log_group,
            "filterPattern": f'{{ $.executionArn = "{execution_arn}" }}',
            "startTime": int(since * 1000),
        }
        page = self._client.filter_log_events(**asked)
        while True:
            yield from read_records((each["message"] for each in page["events"]), execution_arn)
            if not page.get("nextToken"):
                return
            page = self._client.filter_log_events(**asked, nextToken=page["nextToken"])


class LogFile:
    """A file that a function's log is written to, as `durable serve --log-dir` does."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)

    def records(self, execution_arn: str, since: float) -> Iterator[logging.LogRecord]:
        """Yield what an execution has logged; nothing if there is no file yet."""
        if self._path.exists():
            with self._path.open(encoding="utf-8", errors="replace") as lines:
                yield from read_records(lines, execution_arn)


def read_records(lines: Iterable[str], execution_arn: str) -> Iterator[logging.LogRecord]:
    """Yield the records of one execution from lines of Lambda's JSON format."""
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("executionArn") == execution_arn:
            yield _record(entry)


def _record(entry: dict[str, Any]) -> logging.LogRecord:
    level = logging.getLevelNamesMapping().get(str(entry.get("level")), logging.INFO)
    message = entry.get("message")
    made = logging.makeLogRecord(
        {
            "name": entry.get("logger") or "root",
            "levelno": level,
            "levelname": logging.getLevelName(level),
            "msg": message if isinstance(message, str) else json.dumps(message),
            **{key: value for key, value in entry.items() if key not in _OWN},
        }
    )
    try:
        at = datetime.fromisoformat(str(entry.get("timestamp")))
    except ValueError:
        return made
    made.created = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    return made
