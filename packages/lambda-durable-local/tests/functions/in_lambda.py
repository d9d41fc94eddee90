"""Plain functions, as they are deployed: what an event asks of them, they do."""

import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

print("imported")
logger = logging.getLogger()
if "AWS_LAMBDA_LOG_LEVEL" not in os.environ:
    logger.setLevel(logging.INFO)


def shout(number):
    """Print lines that are easy to tear apart."""
    for _ in range(100):
        print(str(number) * 50)


def handler(event, context):
    """Do what the event says, in this order."""
    print("event", sorted(event))
    if "log" in event:
        logger.info(event["log"])
    if "warn" in event:
        logger.warning(event["warn"])
    if "raise" in event:
        raise ValueError(event["raise"])
    if "exit" in event:
        os._exit(event["exit"])
    if "signal" in event:
        os.kill(os.getpid(), signal.Signals[event["signal"]])
    if "note" in event:
        Path(event["note"]).write_text(str(os.getpid()))
    if "await" in event:
        while not Path(event["await"]).exists():
            time.sleep(0.01)
    if "threads" in event:
        threads = [threading.Thread(target=shout, args=(n,)) for n in range(event["threads"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if "partial" in event:
        print(event["partial"], end="")
    if "bytes" in event:
        return "x" * event["bytes"]
    return {
        "pid": os.getpid(),
        "environment": dict(os.environ),
        "path": sys.path,
        "folder": str(Path.cwd()),
        "arn": context.invoked_function_arn,
        "tenant": getattr(context, "tenant_id", None),
        "remaining": context.get_remaining_time_in_millis(),
    }
