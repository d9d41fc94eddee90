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


def leave_note(path):
    """Write down which process this is."""
    Path(path).write_text(str(os.getpid()))


def wait_for(path):
    """Wait until a file is there."""
    while not Path(path).exists():
        time.sleep(0.01)


def shout_together(count):
    """Print from several threads at once."""
    threads = [threading.Thread(target=shout, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


ACTIONS = {
    "log": logger.info,
    "warn": logger.warning,
    "exit": os._exit,
    "signal": lambda name: os.kill(os.getpid(), signal.Signals[name]),
    "note": leave_note,
    "await": wait_for,
    "threads": shout_together,
    "partial": lambda text: print(text, end=""),
}


def handler(event, context):
    """Do what the event says, in the order of the actions."""
    print("event", sorted(event))
    for name, action in ACTIONS.items():
        if name in event:
            action(event[name])
    if "raise" in event:
        raise ValueError(event["raise"])
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
