"""One connection that is kept: a request is written in one piece, http.client reads the answer."""

import http.client
import select
import socket
import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from .endpoints import Endpoint
from .errors import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)

_BOTOCORES_AUTHORITIES: Final = "cacert.pem"


class Answer(NamedTuple):
    """What came back, complete."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Connection:
    """Reaches one endpoint; connects when it has to. For one thread at a time."""

    def __init__(
        self,
        endpoint: Endpoint,
        connect_timeout: float,
        read_timeout: float,
        authorities: str | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._authorities = authorities
        self._socket: socket.socket | None = None

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return the answer to a request; an `HTTPClientError` means that there is none."""
        lines = [f"{method} {target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += ["accept-encoding: identity", f"content-length: {len(body)}", "", ""]
        request = "\r\n".join(lines).encode("latin-1") + body  # two packets would take longer
        connected = self._connected()
        try:
            connected.sendall(request)
            with http.client.HTTPResponse(connected, method=method) as response:
                response.begin()
                # Without a length it ends with the connection, and so may have been cut short.
                endless = response.length is None and not response.chunked
                answer = Answer(response.status, response.headers, response.read())
                if endless and not answer.body and answer.status < 300:
                    raise http.client.IncompleteRead(b"")
        except TimeoutError as error:
            self.close()
            raise ReadTimeoutError(
                f"Read timeout on endpoint URL {self._endpoint.url!r}: no answer in "
                f"{self._read_timeout:g} s"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise ConnectionClosedError(
                "Connection was closed before we received a valid response from endpoint URL "
                f"{self._endpoint.url!r}: {error!r}"
            ) from error
        except BaseException:  # an interrupt: what was half read would answer the next request
            self.close()
            raise
        if response.will_close:
            self.close()
        return answer

    def prepare(self) -> None:
        """Read the authorities' certificates now, if they will be needed; raise SSLError."""
        self._verifying()

    def close(self) -> None:
        """Hang up; the next request connects again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __del__(self) -> None:  # with the client of an environment that is no more
        self.close()

    def _connected(self) -> socket.socket:
        if self._socket is not None and _has_more(self._socket):
            self.close()  # the other side hung up meanwhile: an idle connection has nothing to say
        if self._socket is None:
            self._socket = self._connect()
            self._socket.settimeout(self._read_timeout)
        return self._socket

    def _connect(self) -> socket.socket:
        where = self._endpoint
        context = self._verifying()
        try:
            plain = socket.create_connection((where.name, where.port), self._connect_timeout)
        except TimeoutError as error:
            raise ConnectTimeoutError(
                f"Connect timeout on endpoint URL {where.url!r}: {self._connect_timeout:g} s"
            ) from error
        except (OSError, UnicodeError) as error:
            raise EndpointConnectionError(
                f"Could not connect to the endpoint URL {where.url!r}: {error}"
            ) from error
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return self._secured(plain, context) if context else plain

    def _secured(self, plain: socket.socket, context: ssl.SSLContext) -> socket.socket:
        where = self._endpoint
        try:
            return context.wrap_socket(plain, server_hostname=where.name)
        except TimeoutError as error:
            plain.close()
            raise ConnectTimeoutError(
                f"Connect timeout on endpoint URL {where.url!r}: no TLS in "
                f"{self._connect_timeout:g} s"
            ) from error
        except (OSError, ValueError) as error:
            plain.close()
            raise SSLError(f"SSL validation failed for {where.url!r}: {error}") from error

    def _verifying(self) -> ssl.SSLContext | None:
        if self._endpoint.scheme != "https":
            return None
        try:
            return _context(self._authorities)
        except OSError as error:
            raise SSLError(
                f"SSL validation failed for {self._endpoint.url!r}: the authorities in "
                f"{self._authorities or 'the system'} cannot be read: {error}"
            ) from error


def _has_more(connected: socket.socket) -> bool:
    poll = select.poll()
    poll.register(connected, select.POLLIN)
    return bool(poll.poll(0))


@lru_cache(maxsize=4)  # reading the authorities' certificates takes 10 ms and more
def _context(authorities: str | None) -> ssl.SSLContext:
    """Return what verifies the other side: with AWS_CA_BUNDLE, the system's or botocore's list."""
    context = ssl.create_default_context(cafile=authorities)
    if authorities is None and not context.get_ca_certs():
        paths = ssl.get_default_verify_paths()
        bundled = _bundled() if not (paths.cafile or paths.capath) else None
        if bundled:  # a slim image: the system has no list
            context.load_verify_locations(cafile=bundled)
    return context


def _bundled() -> str | None:
    from importlib.util import find_spec  # as the rest, only where the system has no list

    found = find_spec("botocore")
    if found is None or not found.submodule_search_locations:
        return None
    return f"{found.submodule_search_locations[0]}/{_BOTOCORES_AUTHORITIES}"
