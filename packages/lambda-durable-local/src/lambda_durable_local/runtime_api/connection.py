"""HTTP/1.1 on one connection: requests in, answers out, each answer in one write."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import h11

_READ_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request that was read whole; `oversized` if its body was longer than what is kept."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    oversized: bool


class HttpConnection:
    """A client's connection, for as long as it is kept alive."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, max_body: int
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._max_body = max_body
        self._state = h11.Connection(h11.SERVER)

    async def receive(self) -> HttpRequest | None:
        """Return the next request, None if there is none; raise h11.RemoteProtocolError."""
        if self._state.states == {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}:
            self._state.start_next_cycle()
        if self._state.our_state is h11.MUST_CLOSE:
            return None
        head = await self._event()
        if not isinstance(head, h11.Request):
            return None
        body = bytearray()
        size = 0
        while isinstance(part := await self._event(), h11.Data):
            size += len(part.data)
            if size <= self._max_body:
                body += part.data
        if not isinstance(part, h11.EndOfMessage):
            return None
        return HttpRequest(
            head.method.decode(),
            head.target.decode(),
            {name.decode(): value.decode("latin-1") for name, value in head.headers},
            bytes(body),
            size > self._max_body,
        )

    @property
    def gone(self) -> bool:
        """Whether the client has ended the connection."""
        return self._reader.at_eof()

    async def answer(
        self, status: int, body: bytes, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Answer the request that was received."""
        fixed = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        parts = (
            self._state.send(h11.Response(status_code=status, headers=[*fixed, *headers])),
            self._state.send(h11.Data(data=body)),
            self._state.send(h11.EndOfMessage()),
        )
        self._writer.write(b"".join(part for part in parts if part))
        await self._writer.drain()

    async def close(self) -> None:
        """End the connection."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while (event := self._state.next_event()) is h11.NEED_DATA:
            if self._state.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                self._writer.write(self._state.send(go_on) or b"")
            self._state.receive_data(await self._reader.read(_READ_BYTES))
        return event
