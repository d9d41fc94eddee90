"""The runner for functions that are deployed, on AWS or on `durable serve`."""

from .execution import CloudCallback, CloudExecution
from .logs import CloudWatchLogs, LogFile, LogSource
from .runner import CloudRunner

__all__ = [
    "CloudCallback",
    "CloudExecution",
    "CloudRunner",
    "CloudWatchLogs",
    "LogFile",
    "LogSource",
]
