"""Core's own log, for what must not pass unseen and is nobody's error to raise."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging


def own_log() -> "logging.Logger":
    """Return the logger `lambda_durable`."""
    import logging  # a fifth of the import's time, and only needed when something is odd

    return logging.getLogger("lambda_durable")
