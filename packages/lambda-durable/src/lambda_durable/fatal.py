"""Which exceptions of a flow end the whole execution, however the handler treats them."""

from .errors import NonDeterminismError, PluginError, SerializationError, Unwinding
from .execution import Execution


def fatal(execution: Execution, error: BaseException) -> Unwinding | None:
    """Return what ends the invocation because of `error`, None if the handler may deal with it."""
    if isinstance(error, SerializationError) and error.retryable:
        return execution.abort(error)
    if not isinstance(error, Exception | Unwinding):
        # The process is being ended (SystemExit, KeyboardInterrupt): what `finally` blocks then do
        # must not be taken for the execution's next operations.
        return execution.abort(error)
    if isinstance(error, NonDeterminismError | PluginError):
        return execution.abort(error)
    return None
