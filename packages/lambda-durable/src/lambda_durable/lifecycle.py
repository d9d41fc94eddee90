"""The life of every operation as one table: {type: {status: {action: status}}}.

`None` as a status means that the operation does not exist yet. `SDK_TRANSITIONS` is what an
update may do, `SERVICE_TRANSITIONS` what the service does by itself (with the reason instead of
an action). The service's kernel obeys the table, and the diagrams in the docs are drawn from it.
"""

from collections.abc import Mapping
from typing import Final

from .protocol import OperationAction as A
from .protocol import OperationStatus as S
from .protocol import OperationType as T

Table = Mapping[T, Mapping[S | None, Mapping[A, S]]]

SDK_TRANSITIONS: Final[Table] = {
    T.EXECUTION: {
        S.STARTED: {A.SUCCEED: S.SUCCEEDED, A.FAIL: S.FAILED},
    },
    T.CONTEXT: {
        None: {A.START: S.STARTED, A.SUCCEED: S.SUCCEEDED, A.FAIL: S.FAILED},
        S.STARTED: {A.SUCCEED: S.SUCCEEDED, A.FAIL: S.FAILED},
    },
    T.STEP: {
        None: {
            A.START: S.STARTED,
            A.SUCCEED: S.SUCCEEDED,
            A.FAIL: S.FAILED,
            A.RETRY: S.PENDING,
        },
        S.STARTED: {A.SUCCEED: S.SUCCEEDED, A.FAIL: S.FAILED, A.RETRY: S.PENDING},
        S.READY: {
            A.START: S.STARTED,
            A.SUCCEED: S.SUCCEEDED,
            A.FAIL: S.FAILED,
            A.RETRY: S.PENDING,
        },
    },
    T.WAIT: {
        None: {A.START: S.STARTED},
        S.STARTED: {A.CANCEL: S.CANCELLED},
    },
    T.CALLBACK: {None: {A.START: S.STARTED}},
    T.CHAINED_INVOKE: {None: {A.START: S.STARTED}},
}

SERVICE_TRANSITIONS: Final[Mapping[T, Mapping[S, Mapping[str, S]]]] = {
    T.EXECUTION: {S.STARTED: {"execution time-out": S.TIMED_OUT, "stop": S.STOPPED}},
    T.CONTEXT: {},
    T.STEP: {S.PENDING: {"next attempt due": S.READY}},
    T.WAIT: {S.STARTED: {"wait elapsed": S.SUCCEEDED}},
    T.CALLBACK: {
        S.STARTED: {
            "success sent": S.SUCCEEDED,
            "failure sent": S.FAILED,
            "callback time-out": S.TIMED_OUT,
            "heartbeat time-out": S.TIMED_OUT,
        }
    },
    T.CHAINED_INVOKE: {
        S.STARTED: {
            "function succeeded": S.SUCCEEDED,
            "function failed": S.FAILED,
            "function timed out": S.TIMED_OUT,
            "function stopped": S.STOPPED,
        }
    },
}


def next_status(type: T, status: S | None, action: A) -> S | None:
    """Return the status that an update leads to, or None where the table does not allow it."""
    return SDK_TRANSITIONS[type].get(status, {}).get(action)
