"""The ASGI application: one request in, one answer out, whatever the request is."""

import json
import logging
import uuid
from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lambda_durable_kernel import ServiceFault

from .access import Access
from .answers import JSON, Answer, answer, refusal
from .backend import Backend
from .executions import HANDLERS
from .invoke import invoke
from .model import LambdaModel, Operation
from .parameters import parameters
from .rates import Rates
from .reading import body_limit, read_body
from .work import Work

_log = logging.getLogger(__name__)

HEALTH = "/health"


class LambdaApi:
    """Answers requests of the Lambda API from a backend."""

    def __init__(self, backend: Backend, access: Access, model: LambdaModel | None = None) -> None:
        self._backend = backend
        self._access = access
        self._model = model if model is not None else LambdaModel()
        self._quotas = backend.service.settings.quotas
        self._rates = Rates(self._quotas.requests_per_second)
        self._work = Work()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI asks for it."""
        assert scope["type"] == "http", "the server offers nothing else"
        try:
            found = await self._answer(Request(scope, receive))
        except ClientDisconnect:
            return
        headers = {"x-amzn-RequestId": str(uuid.uuid4()), **found.headers}
        response = Response(found.body, found.status, headers, media_type=JSON)
        await response(scope, receive, send)

    def close(self) -> None:
        """End the threads."""
        self._work.close()

    async def _answer(self, request: Request) -> Answer:
        try:
            return await self._found(request)
        except ServiceFault as fault:
            return refusal(self._model, fault)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the client hears of it
            _log.exception("%s %s failed", request.method, request.url.path)
            return refusal(self._model, ServiceFault(f"{type(error).__name__}: {error}"))

    async def _found(self, request: Request) -> Answer:
        headers = request.headers
        raw: bytes = request.scope["raw_path"]
        if raw == HEALTH.encode() and request.method == "GET":
            return Answer(200, json.dumps({"Status": "Healthy"}).encode())
        self._access.check(headers)
        path = raw.decode("ascii", "replace")
        operation, labels = self._model.find(request.method, path)
        self._rates.take(operation.name)
        limit = body_limit(operation, headers.get("x-amz-invocation-type", ""), self._quotas)
        body = await read_body(request, operation, limit)
        query: bytes = request.scope["query_string"]
        if operation.name == "Invoke":
            given = parameters(operation, labels, query, headers, body)
            return await invoke(self._backend, operation, given, headers, self._work)
        return await self._work.do(lambda: self._do(operation, labels, query, headers, body))

    def _do(
        self,
        operation: Operation,
        labels: Mapping[str, str],
        query: bytes,
        headers: Mapping[str, str],
        body: bytes,
    ) -> Answer:
        given = parameters(operation, labels, query, headers, body)
        return answer(operation, HANDLERS[operation.name](self._backend, given))
