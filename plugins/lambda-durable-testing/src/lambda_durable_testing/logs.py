"""Collects what functions log while they run."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class LogCollector(logging.Handler):
    """Keeps records; core's filter gives them their fields and silences replay, as in Lambda."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.records.append(record)

    @contextmanager
    def collecting(self, level: int) -> Iterator[None]:
        """Listen at the root logger, which lets records of `level` and above pass meanwhile."""
        root = logging.getLogger()
        before = root.level
        root.addHandler(self)
        if level < before:
            root.setLevel(level)
        try:
            yield
        finally:
            root.removeHandler(self)
            if root.level != before:
                root.setLevel(before)
