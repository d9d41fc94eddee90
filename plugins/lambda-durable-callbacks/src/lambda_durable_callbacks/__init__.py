"""Callbacks for Lambda Durable: wait without compute for a person or another system.

    approval = ctx.wait_for_callback(ask_manager, timeout=timedelta(days=7))

    callback = ctx.create_callback("payment", timeout=timedelta(hours=1))
    ctx.step(send_invoice, callback.callback_id)
    payment = callback.result()

Whoever was given the id completes the callback, from any program:

    CallbackClient().succeed(callback_id, {"approved": True})
"""

from .client import CallbackClient
from .errors import (
    CallbackClosedError,
    CallbackError,
    CallbackFailedError,
    CallbackHeartbeatError,
    CallbackNotFoundError,
    CallbackSubmitterError,
    CallbackTimeoutError,
)
from .plugin import durable_create_callback as durable_create_callback  # core looks for hooks here
from .plugin import durable_serializers as durable_serializers
from .plugin import durable_wait_for_callback as durable_wait_for_callback

__all__ = [
    "CallbackClient",
    "CallbackClosedError",
    "CallbackError",
    "CallbackFailedError",
    "CallbackHeartbeatError",
    "CallbackNotFoundError",
    "CallbackSubmitterError",
    "CallbackTimeoutError",
]
