"""Log records that know their execution, and stay silent while it is replayed.

`install()` is called once per invocation: a filter on the root handlers gives each record the
fields of the code that logs, and drops what a replaying context logs. A field that the caller sets
with `extra=` stays as it is. Outside durable code records pass as they are.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

from .running import RUNNING, Running, RunningScope


def install() -> None:
    """Give records their fields, and silence replay, on the handlers that exist now."""
    for handler in logging.root.handlers:
        if _FILTER not in handler.filters:
            handler.addFilter(_FILTER)


def fields(running: Running) -> dict[str, Any]:
    """Return what a record carries: executionArn, and the operation's if one runs."""
    call, scope = running.call, running.scope
    result: dict[str, Any] = {"executionArn": scope.execution.arn}
    if call.kind == "attempt" and call.operation is not None:
        result["operationId"] = call.operation.id
        if call.operation.name is not None:
            result["operationName"] = call.operation.name
        if call.attempt is not None:
            result["attempt"] = call.attempt
    if scope.parent_id is not None:
        result["parentId"] = scope.parent_id
    return result


class ContextLogger(logging.LoggerAdapter[logging.Logger]):
    """The logger of one context: bound to its execution, silent while the context replays."""

    def __init__(self, scope: RunningScope) -> None:
        super().__init__(logging.getLogger("lambda_durable.handler"), {})
        self._scope = scope

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - the standard library's name
        """Return False while this context replays, unless the handler asked for replayed logs."""
        return super().isEnabledFor(level) and not _is_silent(self._scope)

    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        """Add the fields here too: not every handler is on the root logger."""
        running = RUNNING.get()
        known = {"executionArn": self._scope.execution.arn}
        own = known if running is None else fields(running)
        kwargs["extra"] = {**own, **(kwargs.get("extra") or {})}
        return msg, kwargs


class _DurableFilter(logging.Filter):
    """Adds the fields, and drops the records of a context that replays."""

    def filter(self, record: logging.LogRecord) -> bool:
        running = RUNNING.get()
        if running is None:
            return True
        for name, value in fields(running).items():
            record.__dict__.setdefault(name, value)
        if running.call.kind == "attempt":  # attempts run live, always
            return True
        return not _is_silent(running.scope) or record.name == "lambda_durable"


_FILTER = _DurableFilter()


def _is_silent(scope: RunningScope) -> bool:
    return scope.replaying and not scope.execution.settings.log_replay
