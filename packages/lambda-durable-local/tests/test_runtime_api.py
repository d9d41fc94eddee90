"""The Lambda Runtime API, spoken to as runtimes do."""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from lambda_durable_local.hosts import runtime_client
from lambda_durable_local.runtime_api.messages import Failure, Request, Response
from lambda_durable_local.runtime_api.server import RuntimeApi

NEXT = "/2018-06-01/runtime/invocation/next"
INIT_ERROR = "/2018-06-01/runtime/init/error"
EVENT = Request("id-1", "arn:f", b'{"a": 1}', 1234.5, "tenant", "Root=1", "{}")


class Runtime:
    """A runtime's side: one connection, used from threads of its own."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=120)

    async def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        """Send a request and return status, body and headers of the answer."""

        def send() -> tuple[int, bytes, dict[str, str]]:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            self._connection.request(method, path, body, named)
            answer = self._connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())

        return await asyncio.to_thread(send)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


@asynccontextmanager
async def serving(limit: int = 1000) -> AsyncIterator[tuple[RuntimeApi, Runtime, str]]:
    api = RuntimeApi(limit)
    address = await api.open()
    runtime = Runtime(address)
    try:
        yield api, runtime, address
    finally:
        runtime.close()
        await api.close()


def path(id: str, kind: str) -> str:
    return f"/2018-06-01/runtime/invocation/{id}/{kind}"


def test_an_invocation_goes_to_the_runtime_and_its_answer_back() -> None:
    async def run() -> None:
        async with serving() as (api, runtime, _):
            answer = api.hand_over(EVENT)
            assert not api.taken
            status, body, headers = await runtime.ask("GET", NEXT)
            assert (status, body) == (200, b'{"a": 1}')
            assert api.taken
            assert await api.initialised() is None
            told = {name: text for name, text in headers.items() if name.startswith("Lambda")}
            assert told == {
                "Lambda-Runtime-Aws-Request-Id": "id-1",
                "Lambda-Runtime-Deadline-Ms": "1234500",
                "Lambda-Runtime-Invoked-Function-Arn": "arn:f",
                "Lambda-Runtime-Trace-Id": "Root=1",
                "Lambda-Runtime-Client-Context": "{}",
                "Lambda-Runtime-Aws-Tenant-Id": "tenant",
            }
            assert (await runtime.ask("POST", path("id-1", "response"), b"[2]"))[0] == 202
            assert await answer == Response(b"[2]")
            # And the next one, on the same connection.
            again = api.hand_over(Request("id-2", "arn:f", b"0", 1.0))
            _, _, headers = await runtime.ask("GET", NEXT)
            assert "Lambda-Runtime-Trace-Id" not in headers
            await runtime.ask("POST", path("id-2", "response"), b"3")
            assert await again == Response(b"3")

    asyncio.run(run())


def test_an_error_of_the_function() -> None:
    async def run() -> None:
        async with serving() as (api, runtime, _):
            answer = api.hand_over(EVENT)
            await runtime.ask("GET", NEXT)
            error = json.dumps({"errorMessage": "no", "errorType": "ValueError"})
            status, _, _ = await runtime.ask("POST", path("id-1", "error"), error)
            assert status == 202
            assert await answer == Failure({"errorMessage": "no", "errorType": "ValueError"})

    asyncio.run(run())


def test_an_error_that_is_no_json_keeps_its_type() -> None:
    async def run() -> None:
        async with serving() as (api, runtime, _):
            answer = api.hand_over(EVENT)
            await runtime.ask("GET", NEXT)
            header = {"Lambda_Runtime_Function_Error_Type": "Function.Odd"}
            await runtime.ask("POST", path("id-1", "error"), b"odd", **header)
            assert await answer == Failure({"errorMessage": "odd", "errorType": "Function.Odd"})

    asyncio.run(run())


def test_an_error_while_it_is_initialised() -> None:
    async def run() -> None:
        async with serving() as (api, runtime, _):
            error = json.dumps(
                {"errorMessage": "no module", "errorType": "Runtime.ImportModuleError"}
            )
            status, _, _ = await runtime.ask("POST", INIT_ERROR, error)
            assert status == 202
            failed = await api.initialised()
            assert failed is not None
            assert failed.error["errorType"] == "Runtime.ImportModuleError"

    asyncio.run(run())


def test_nobody_answers_for_another_invocation() -> None:
    async def run() -> None:
        async with serving() as (api, runtime, _), serving() as (_, other, _):
            answer = api.hand_over(EVENT)
            await runtime.ask("GET", NEXT)
            status, body, _ = await runtime.ask("POST", path("id-2", "response"), b"1")
            assert status == 400
            assert json.loads(body)["errorType"] == "InvalidRequestID"
            assert (await other.ask("POST", path("id-1", "response"), b"1"))[0] == 400
            assert not answer.done()
            assert (await runtime.ask("POST", path("id-1", "response"), b"2"))[0] == 202
            assert (await runtime.ask("POST", path("id-1", "response"), b"3"))[0] == 400
            assert await answer == Response(b"2")

    asyncio.run(run())


def test_a_response_that_is_too_large() -> None:
    async def run() -> None:
        async with serving(limit=10) as (api, runtime, _):
            answer = api.hand_over(EVENT)
            await runtime.ask("GET", NEXT)
            status, _, _ = await runtime.ask("POST", path("id-1", "response"), b"x" * 100_000)
            assert status == 413
            told = await answer
            assert isinstance(told, Failure)
            assert told.error["errorType"] == "Function.ResponseSizeTooLarge"

    asyncio.run(run())


def test_our_client_for_lambdas_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    """It gives and takes what the compiled one does."""

    async def run() -> None:
        async with serving() as (api, _, address):
            monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", address)
            runtime_client.initialize_client("test")
            answer = api.hand_over(EVENT)
            body, headers = await asyncio.to_thread(runtime_client.next)
            assert body == b'{"a": 1}'
            assert headers == {
                "Lambda-Runtime-Aws-Request-Id": "id-1",
                "Lambda-Runtime-Trace-Id": "Root=1",
                "Lambda-Runtime-Invoked-Function-Arn": "arn:f",
                "Lambda-Runtime-Deadline-Ms": 1234500,
                "Lambda-Runtime-Client-Context": "{}",
                "Lambda-Runtime-Cognito-Identity": None,
                "Lambda-Runtime-Aws-Tenant-Id": "tenant",
                "Lambda-Runtime-Invocation-Id": None,
                "Content-Type": "application/json",
            }
            post = runtime_client.post_invocation_result
            await asyncio.to_thread(post, "id-1", b"[2]", "application/json")
            assert await answer == Response(b"[2]")
            with pytest.raises(RuntimeError, match="answered 400 to POST id-1/response"):
                await asyncio.to_thread(post, "id-1", b"[2]", "application/json")
            answer = api.hand_over(EVENT)
            await asyncio.to_thread(runtime_client.next)
            await asyncio.to_thread(
                runtime_client.post_error, "id-1", '{"errorType": "E"}', "{}", None
            )
            assert await answer == Failure({"errorType": "E"})
        with pytest.raises(RuntimeError, match="does not answer"):
            await asyncio.to_thread(runtime_client.next)

    asyncio.run(run())


def test_the_one_that_asks_last_gets_the_invocation() -> None:
    async def run() -> None:
        async with serving() as (api, runtime, address):
            first = asyncio.ensure_future(runtime.ask("GET", NEXT))
            await api.initialised()
            other = Runtime(address)
            second = asyncio.ensure_future(other.ask("GET", NEXT))
            await asyncio.wait({first})  # the first is cut off once the second has asked
            assert isinstance(first.exception(), http.client.RemoteDisconnected)
            api.hand_over(EVENT)
            assert (await second)[0] == 200
            other.close()

    asyncio.run(run())


def test_chunked_bodies_and_expectations() -> None:
    async def run() -> None:
        async with serving() as (api, runtime, address):
            answer = api.hand_over(EVENT)
            await runtime.ask("GET", NEXT)
            reader, writer = await asyncio.open_connection(*address.split(":"))
            head = f"POST {path('id-1', 'response')} HTTP/1.1\r\nHost: {address}\r\n"
            head += "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
            writer.write(head.encode())
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
            writer.write(b"2\r\n[1\r\n2\r\n,2\r\n1\r\n]\r\n0\r\n\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 202")
            assert await answer == Response(b"[1,2]")
            writer.close()
            await writer.wait_closed()

    asyncio.run(run())


def test_what_is_no_path_and_what_is_no_http() -> None:
    async def run() -> None:
        async with serving() as (api, runtime, address):
            assert (await runtime.ask("GET", "/2018-06-01/runtime/restore/next"))[0] == 404
            assert (await runtime.ask("DELETE", path("id-1", "response")))[0] == 404
            reader, writer = await asyncio.open_connection(*address.split(":"))
            writer.write(b"\x00\x01\r\n\r\n")
            assert await reader.read() == b""
            writer.close()
            await writer.wait_closed()
            # It still serves.
            api.hand_over(EVENT)
            assert (await runtime.ask("GET", NEXT))[0] == 200

    asyncio.run(run())
