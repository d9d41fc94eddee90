"""Recorded executions, replayed against new code: may it be deployed while executions run?

Recording.from_client(boto3.client("lambda"), arn).save("recordings/order-1.json")

replay(handler, Recording.load("recordings/order-1.json")).check()
"""

from .recording import Recording
from .redaction import Datum, Redact, redact_members
from .replay import RecordingMismatchError, Replay, made_by, replay
from .report import Mismatch

__all__ = [
    "Datum",
    "Mismatch",
    "Recording",
    "RecordingMismatchError",
    "Redact",
    "Replay",
    "made_by",
    "redact_members",
    "replay",
]
