"""The client behind the services of a process: its endpoint, who signs, and the connections.

It is made when it is first needed and kept when warm, one per environment and settings.
"""

import os
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from lambda_durable.clients.connection import Settings
from lambda_durable.errors import InvalidInputError

from .answers import parsed
from .attempts import tried
from .connection import Answer, Connection
from .credentials import credentials_of
from .endpoints import endpoint_of, region_of
from .environment import VARIABLES, proxy_for
from .requests import Call
from .signing import Request, authorization

# Without versions of ours: to find them takes longer than everything else in here.
_AGENT: Final = f"lambda-durable-lean-client Python/{sys.version.split()[0]}"


def client_of(settings: Settings) -> "Client":
    """Return the process's client for these settings, making it if there is none.

    Raises the errors of this package and InvalidInputError.
    """
    return _made(settings, tuple((name, os.environ.get(name)) for name in VARIABLES))


@lru_cache(maxsize=8)
def _made(settings: Settings, variables: tuple[tuple[str, str | None], ...]) -> "Client":
    return Client(settings, {name: value for name, value in variables if value is not None})


class Client:
    """Signs, sends and reads; safe to share between threads, each with a connection at a time."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._region = region_of(settings.region, environ)
        self._endpoint = endpoint_of(settings.endpoint_url, self._region, environ)
        if proxy := proxy_for(self._endpoint, environ):
            raise InvalidInputError(
                f"{proxy} puts a proxy before {self._endpoint.url}, and the lean client does not "
                "use proxies; add the host to NO_PROXY, or use boto3's AwsService, which does"
            )
        self._credentials = credentials_of(environ)
        self._settings = settings
        self._authorities = environ.get("AWS_CA_BUNDLE") or None
        self._idle: list[Connection] = []
        self._process = os.getpid()

    def prepare(self) -> None:
        """Do what the first request would have to do, short of connecting."""
        connection = self._connection()
        connection.prepare()
        self._idle.append(connection)

    def send(self, call: Call) -> dict[str, Any]:
        """Return the answer to a call; raise an error of this package if there is no good one."""
        return tried(lambda: self._exchange(call), parsed, self._settings.attempts)

    def _exchange(self, call: Call) -> Answer:
        path = self._endpoint.prefix + call.path
        headers = self._headers(call, path)
        target = f"{path}?{call.query}" if call.query else path
        connection = self._connection()
        answer = connection.exchange(call.method, target, headers, call.body)
        self._idle.append(connection)
        return answer

    def _headers(self, call: Call, path: str) -> dict[str, str]:
        credentials = self._credentials()
        headers = {
            "host": self._endpoint.host,
            "x-amz-date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()),
        }
        if call.body:
            headers["content-type"] = "application/json"
        if credentials.token:
            headers["x-amz-security-token"] = credentials.token
        request = Request(call.method, path, call.query, headers, call.body)
        signature = authorization(request, credentials, self._region)
        headers["authorization"] = signature
        headers["user-agent"] = _AGENT
        if trace := _trace():
            headers["x-amzn-trace-id"] = trace
        return headers

    def _connection(self) -> Connection:
        if self._process != os.getpid():  # what a fork has copied is its parent's to use
            self._idle = []
            self._process = os.getpid()
        try:
            return self._idle.pop()
        except IndexError:
            settings = self._settings
            return Connection(
                self._endpoint, settings.connect_timeout, settings.read_timeout, self._authorities
            )


def _trace() -> str | None:
    """Return the invocation's trace, by which Lambda notices functions that call themselves."""
    trace = os.environ.get("_X_AMZN_TRACE_ID")
    if trace and "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        return quote(trace, safe="-=;:+&[]{}\"',")
    return None
