"""Asks retry and wait strategies, for flows: which one, and what it says in whole seconds."""

from typing import Any

from .abc import RetryStrategy, WaitStrategy
from .checks import delay_seconds
from .errors import (
    DurableError,
    InvalidInputError,
    MissingPluginError,
    MisuseError,
    NonDeterminismError,
    OperationError,
    PayloadTooLargeError,
    PluginError,
    SerializationError,
    UnknownNameError,
)
from .protocol import epoch_seconds
from .scope import Place

_NEVER_RETRIED = (
    MisuseError,
    NonDeterminismError,
    InvalidInputError,
    UnknownNameError,
    MissingPluginError,
    PayloadTooLargeError,
    SerializationError,
)


def ends_execution(error: Exception) -> bool:
    """Return whether an error is not for the handler: a broken plugin, or a store out of reach."""
    return isinstance(error, PluginError) or (
        isinstance(error, SerializationError) and error.retryable
    )


def retry_delay(
    here: Place, chosen: RetryStrategy | str | None, error: Exception, attempt: int
) -> int | None:
    """Return the seconds before the next attempt of a step or a block, or None if there is none.

    Errors that say the program is wrong are not retried, whatever the strategy says.
    """
    if isinstance(error, _NEVER_RETRIED):
        return None
    strategy = _retry_strategy(here, chosen)
    if strategy is None:
        return None
    return _asked(here, strategy, error, attempt, "retry strategy")


def wait_delay(here: Place, strategy: WaitStrategy[Any], state: Any, attempt: int) -> int | None:
    """Return the seconds before a condition's next check, or None to give up."""
    return _asked(here, strategy, state, attempt, "wait strategy")


def wait_strategy(here: Place, chosen: WaitStrategy[Any] | str | None) -> WaitStrategy[Any]:
    """Return the wait strategy that a call names, or core's own."""
    if chosen is None or isinstance(chosen, str):
        return here.execution.plugins.wait_strategy(chosen or "patient")
    return chosen


def _retry_strategy(here: Place, chosen: RetryStrategy | str | None) -> RetryStrategy | None:
    plugins = here.execution.plugins
    chosen = chosen if chosen is not None else here.execution.settings.retry
    if chosen is None:
        return plugins.retry_for(here.info)
    return plugins.retry_strategy(chosen) if isinstance(chosen, str) else chosen


def _asked(here: Place, strategy: Any, subject: Any, attempt: int, what: str) -> int | None:
    record = here.record
    started = epoch_seconds(record.get("StartTimestamp")) if record else None
    elapsed = max(0.0, here.execution.clock() - started) if started is not None else 0.0
    try:
        delay = strategy(subject, attempt, elapsed)
        return None if delay is None else delay_seconds(delay, f"the delay of a {what}")
    except (OperationError, DurableError) as error:
        raise PluginError(f"the {what} of {here.path!r} failed: {error}") from error
    except Exception as error:
        raise PluginError(
            f"the {what} {strategy!r} of {here.path!r} raised {type(error).__name__}: {error}"
        ) from error
