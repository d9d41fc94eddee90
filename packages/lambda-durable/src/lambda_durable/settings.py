"""What `@durable_execution` says about the steps of its handler."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .abc import RetryStrategy, Serializer


class Settings(NamedTuple):
    """What a handler's decorator says; None leaves the choice to the plugins."""

    retry: RetryStrategy | str | None = None
    serializer: Serializer | str | None = None
    log_replay: bool = False
