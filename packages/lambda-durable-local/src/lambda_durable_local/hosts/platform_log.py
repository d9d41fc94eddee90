"""What Lambda itself writes into a function's log: around an invocation, as text or JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any, Literal

from ..functions import VERSION, LocalFunction

Status = Literal["success", "failure", "error", "timeout"]


@dataclass(frozen=True, slots=True)
class Report:
    """How an invocation went; times are seconds."""

    status: Status
    duration: float
    init_duration: float | None = None
    """How long the environment took to start, if this was its first invocation."""
    memory_mb: int | None = None
    """The most memory that the process had, where that can be known."""
    error_type: str | None = None
    message: str | None = None
    """What Lambda says about an invocation that its runtime did not end."""


class PlatformLog:
    """Writes about one function's invocations; `write` takes whole lines."""

    def __init__(self, function: LocalFunction, write: Callable[[str], None]) -> None:
        self._memory_mb = function.memory_mb
        self._json = function.logging.format == "JSON"
        self.write = write

    def started(self, id: str) -> None:
        """Note that an invocation begins."""
        if self._json:
            self._event("platform.start", {"requestId": id, "version": VERSION})
        else:
            self.write(f"START RequestId: {id} Version: {VERSION}")

    def ended(self, id: str, report: Report) -> None:
        """Note that an invocation is over, and how it went."""
        if self._json:
            self._event("platform.report", self._record(id, report))
            return
        if report.message is not None:
            at = f"{_now()} " if report.status == "timeout" else "RequestId: "
            self.write(f"{at}{id} {report.message}")
        self.write(f"END RequestId: {id}")
        self.write("\t".join([f"REPORT RequestId: {id}", *self._parts(report)]))

    def _parts(self, report: Report) -> list[str]:
        milliseconds = report.duration * 1000
        parts = [
            f"Duration: {milliseconds:.2f} ms",
            f"Billed Duration: {ceil(milliseconds)} ms",
            f"Memory Size: {self._memory_mb} MB",
        ]
        if report.memory_mb is not None:
            parts.append(f"Max Memory Used: {report.memory_mb} MB")
        if report.init_duration is not None:
            parts.append(f"Init Duration: {report.init_duration * 1000:.2f} ms")
        if report.status != "success" and report.status != "failure":
            parts.append(f"Status: {report.status}")
            if report.error_type is not None and report.status == "error":
                parts.append(f"Error Type: {report.error_type}")
        return parts

    def _record(self, id: str, report: Report) -> dict[str, Any]:
        milliseconds = report.duration * 1000
        metrics: dict[str, Any] = {
            "durationMs": round(milliseconds, 3),
            "billedDurationMs": ceil(milliseconds),
            "memorySizeMB": self._memory_mb,
        }
        if report.memory_mb is not None:
            metrics["maxMemoryUsedMB"] = report.memory_mb
        if report.init_duration is not None:
            metrics["initDurationMs"] = round(report.init_duration * 1000, 3)
        record = {"requestId": id, "metrics": metrics, "status": report.status}
        return record | ({} if report.error_type is None else {"errorType": report.error_type})

    def _event(self, type: str, record: dict[str, Any]) -> None:
        event = {"time": _now(), "type": type, "record": record}
        self.write(json.dumps(event, separators=(",", ":")))


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
