"""Executions in a SQLite file."""

from .sqlite import SqliteStore

__all__ = ["SqliteStore"]
