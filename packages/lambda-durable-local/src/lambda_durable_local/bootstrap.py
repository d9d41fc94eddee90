"""The program of a function's process: `python -m lambda_durable_local.bootstrap`, with three
arguments, TARGET SOCKET LIFE.

It imports the target, says so, and then runs one invocation after the other as the host asks.
SOCKET is the connection to the host, LIFE a pipe that ends when the host does, however it ends;
then the process ends too, in the middle of whatever it does: the host's service is gone, and
another one may already have started the same work again.
"""

import logging
import os
import socket
import sys
import threading
from typing import Any

from . import targets
from .calling import call
from .errors import TargetError
from .hosts.connection import Connection, flush_output
from .hosts.frames import Frames
from .lambda_context import LambdaContext
from .loading import Loaded, load


def main(target: str, socket_number: int, life_number: int) -> None:
    """Serve invocations until the host closes the connection."""
    _end_with(life_number)
    logging.basicConfig(
        stream=sys.stdout, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s"
    )
    with socket.socket(fileno=socket_number) as sock:
        frames = Frames(sock)
        loaded = _load(target, frames)
        while loaded is not None and (message := frames.receive()) is not None:
            response = _invoke(loaded, message, frames)
            flush_output()
            frames.send(response)


def _load(target: str, frames: Frames) -> Loaded | None:
    try:
        loaded = load(targets.parse(target))
    except TargetError as error:
        flush_output()
        frames.send({"failed": error.message, "details": list(error.details)})
        return None
    flush_output()
    frames.send({"durable": loaded.durable, "handlers": loaded.handlers})
    return loaded


def _invoke(loaded: Loaded, message: dict[str, Any], frames: Frames) -> dict[str, Any]:
    trace_header = message["context"]["trace_header"]
    if trace_header is not None:
        os.environ["_X_AMZN_TRACE_ID"] = trace_header
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    connection = Connection(frames, message["ahead"])
    try:
        context = LambdaContext(**message["context"])
        return call(loaded.function, message["event"], context, connection)
    finally:
        connection.close()


def _end_with(life_number: int) -> None:
    """End this process when the pipe's other end is closed."""

    def watch() -> None:
        os.read(life_number, 1)
        os._exit(0)

    threading.Thread(target=watch, name="lambda-durable-life", daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
