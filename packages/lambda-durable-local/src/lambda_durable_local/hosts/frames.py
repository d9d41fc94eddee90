"""Messages between a host and its function's process: JSON after its length in four bytes."""

import json
import socket
import struct
from typing import Any, Final

_LENGTH: Final = struct.Struct(">I")


class Frames:
    """Sends and receives messages over a connected socket; the socket's time-out applies."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock

    def send(self, message: dict[str, Any]) -> None:
        """Send a message; raise OSError if nobody can receive it."""
        body = json.dumps(message, separators=(",", ":")).encode()
        self.socket.sendall(_LENGTH.pack(len(body)) + body)

    def receive(self) -> dict[str, Any] | None:
        """Return the next message, None if the other side has ended."""
        head = self._exactly(_LENGTH.size)
        body = self._exactly(_LENGTH.unpack(head)[0]) if head is not None else None
        if body is None:
            return None
        message: dict[str, Any] = json.loads(body)
        return message

    def _exactly(self, size: int) -> bytes | None:
        parts: list[bytes] = []
        while size:
            try:
                part = self.socket.recv(min(size, 1 << 20))
            except ConnectionError:
                return None
            if not part:
                return None
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
