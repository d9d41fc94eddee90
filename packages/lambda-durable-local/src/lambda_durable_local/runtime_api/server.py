"""One execution environment's Runtime API: a port of its own, so that no runtime can speak for
another.

All of it runs on one event loop; nothing here may be called from another thread.
"""

import asyncio
import json
import re
from contextlib import suppress

import h11

from .connection import HttpConnection, HttpRequest
from .messages import PREFIX, Answer, Failure, Request, Response, failure, too_large

_ANSWER_PATH = re.compile(rf"{PREFIX}/invocation/([^/]+)/(response|error)")
_ERROR_TYPE = "lambda-runtime-function-error-type"
_ACCEPTED = (202, b'{"status":"OK"}')


class RuntimeApi:
    """Hands one invocation after the other to a runtime, and takes its answers."""

    def __init__(self, response_limit: int) -> None:
        self._response_limit = response_limit
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._polling: asyncio.Task[None] | None = None
        self._requests: asyncio.Queue[Request] = asyncio.Queue()
        self._current: str | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._initialised: asyncio.Future[Failure | None] = (
            asyncio.get_running_loop().create_future()
        )

    async def open(self) -> str:
        """Begin to listen; return the address, as runtimes want it in AWS_LAMBDA_RUNTIME_API."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    async def close(self) -> None:
        """End all connections; answers that are waited for never come."""
        if self._server is not None:
            self._server.close()
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def initialised(self) -> Failure | None:
        """Return when the runtime asks for its first invocation, or with what it failed."""
        return await asyncio.shield(self._initialised)

    def hand_over(self, request: Request) -> "asyncio.Future[Answer]":
        """Give an invocation to the runtime, when it asks for one; return its answer to come."""
        self._answer = asyncio.get_running_loop().create_future()
        self._requests.put_nowait(request)
        return self._answer

    @property
    def taken(self) -> bool:
        """Whether the runtime has got all that was handed over."""
        return self._requests.empty()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "asyncio calls it in a task"
        self._connections.add(task)
        connection = HttpConnection(reader, writer, self._response_limit)
        try:
            # A runtime that ends in the middle of a request, or talks no HTTP, is cut off; that
            # its process has ended is seen elsewhere.
            with suppress(OSError, h11.ProtocolError, asyncio.CancelledError):
                while (request := await connection.receive()) is not None:
                    await self._handle(connection, request)
        finally:
            self._connections.discard(task)
            await connection.close()

    async def _handle(self, connection: HttpConnection, request: HttpRequest) -> None:
        route = (request.method, request.path)
        if route == ("GET", f"{PREFIX}/invocation/next"):
            await self._next(connection)
        elif route == ("POST", f"{PREFIX}/init/error"):
            if not self._initialised.done():
                error = failure(request.body, request.headers.get(_ERROR_TYPE))
                self._initialised.set_result(error)
            await connection.answer(*_ACCEPTED)
        elif request.method == "POST" and (found := _ANSWER_PATH.fullmatch(request.path)):
            await connection.answer(*self._take(found[1], found[2], request))
        else:
            await connection.answer(*_refusal(404, "NotFound", f"No such path: {request.path}"))

    async def _next(self, connection: HttpConnection) -> None:
        if not self._initialised.done():
            self._initialised.set_result(None)
        if self._polling is not None:
            # It asks a second time: nobody listens to the answer of the first.
            self._polling.cancel()
        self._polling = asyncio.current_task()
        request = await self._requests.get()
        self._polling = None
        if connection.gone:
            self._requests.put_nowait(request)  # nobody has got it yet
            return
        self._current = request.id
        await connection.answer(200, request.event, request.headers())

    def _take(self, id: str, kind: str, request: HttpRequest) -> tuple[int, bytes]:
        if id != self._current or self._answer is None or self._answer.done():
            return _refusal(400, "InvalidRequestID", f"Invocation {id} is not running here")
        self._current = None
        if request.oversized:
            self._answer.set_result(too_large(self._response_limit))
            return _refusal(413, "RequestEntityTooLarge", "The response is too large")
        if kind == "response":
            self._answer.set_result(Response(request.body))
        else:
            self._answer.set_result(failure(request.body, request.headers.get(_ERROR_TYPE)))
        return _ACCEPTED


def _refusal(status: int, type: str, message: str) -> tuple[int, bytes]:
    return status, json.dumps({"errorMessage": message, "errorType": type}).encode()
