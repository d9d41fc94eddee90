"""The HTTP server: a socket that is bound before anything else, and uvicorn on it."""

import contextlib
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn

from ..errors import LocalError

_BACKLOG = 2048
_GRACE_SECONDS = 5


def bind(address: str, port: int) -> socket.socket:
    """Return a listening socket, on a free port for port 0; raise LocalError if there is none."""
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        raise LocalError(f"--bind {address}: give an IP address, as in 0.0.0.0") from None
    # asyncio sends the parts of an answer at once (TCP_NODELAY) only where the protocol is named;
    # the second part would wait for an acknowledgement of the first, 40 ms.
    family = socket.AF_INET6 if version == 6 else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise LocalError(
            f"cannot listen on {address}, port {port}: {error.strerror}; give another --port, or "
            "0 for a free one"
        ) from error
    return listening


def url(listening: socket.socket) -> str:
    """Return where clients on this machine reach a socket."""
    address, port = listening.getsockname()[:2]
    found = ipaddress.ip_address(address)
    if found.is_unspecified:
        found = ipaddress.ip_address("::1" if found.version == 6 else "127.0.0.1")
    return f"http://[{found}]:{port}" if found.version == 6 else f"http://{found}:{port}"


class Server(uvicorn.Server):
    """uvicorn's server, which tells when it listens, and when it begins to stop."""

    def __init__(
        self, app: Any, *, on_ready: Callable[[], None], on_stop: Callable[[], None]
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="h11",
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self._on_ready = on_ready
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, and wait a little for what is being answered."""
        self._on_stop()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at SIGTERM and Ctrl-C, and end as a command that has done what it should."""
        known: dict[signal.Signals, Any] = {}
        if threading.current_thread() is threading.main_thread():
            known = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
            if known[signal.SIGINT] is signal.SIG_IGN:  # a shell's job in the background
                del known[signal.SIGINT]
        for each in known:
            signal.signal(each, self.handle_exit)
        try:
            yield
        finally:
            for each, handler in known.items():
                signal.signal(each, handler)
