"""Credentials from the address that a container's platform gives, as a function with SnapStart has.

The address is this machine's, or one that AWS reserves: a token would be told to nobody else.
"""

import time
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from lambda_durable.errors import InvalidInputError

from .connection import Connection
from .endpoints import Endpoint, parsed
from .environment import FULL_URI, RELATIVE_URI
from .errors import CredentialRetrievalError, HTTPClientError

_HOST: Final = "169.254.170.2"
_RESERVED: Final = (_HOST, "169.254.170.23", "fd00:ec2::23", "localhost")
_TIMEOUT: Final = 2.0
_ATTEMPTS: Final = 3
_PAUSE: Final = 1.0


def fetch(environ: Mapping[str, str]) -> str:
    """Return what the address hands out; raise CredentialRetrievalError after three attempts."""
    relative = environ.get(RELATIVE_URI)
    url = f"http://{_HOST}{relative}" if relative else environ[FULL_URI]
    attempt = 1
    while True:
        try:
            return _fetched(_checked(url), url, _authorization(environ))
        except CredentialRetrievalError:
            if attempt == _ATTEMPTS:
                raise
        time.sleep(_PAUSE)
        attempt += 1


def _fetched(endpoint: Endpoint, url: str, authorization: str | None) -> str:
    connection = Connection(endpoint, _TIMEOUT, _TIMEOUT)
    scheme_and_host = url.split("/", 3)
    path = f"/{scheme_and_host[3]}" if len(scheme_and_host) > 3 else "/"
    headers = {"host": endpoint.host, "accept": "application/json"}
    if authorization is not None:
        headers["authorization"] = authorization
    try:
        answer = connection.exchange("GET", path, headers, b"")
    except HTTPClientError as error:
        raise CredentialRetrievalError(f"{endpoint.url} did not answer: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise CredentialRetrievalError(f"{endpoint.url} answered HTTP {answer.status}")
    return answer.body.decode(errors="replace")


def _checked(url: str) -> Endpoint:
    try:
        endpoint = parsed(url)
    except InvalidInputError as error:
        raise CredentialRetrievalError(f"{FULL_URI}: {error}") from error
    if endpoint.scheme != "https" and not _is_near(endpoint.name):
        raise CredentialRetrievalError(
            f"{FULL_URI}: credentials are not fetched from {endpoint.name}; the address has to be "
            f"https, a loopback address or one of {', '.join(_RESERVED)}"
        )
    return endpoint


def _is_near(host: str) -> bool:
    if host in _RESERVED:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _authorization(environ: Mapping[str, str]) -> str | None:
    """Return the token; a file is read each time, for its token changes."""
    file = environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    try:
        token = Path(file).read_text() if file else environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    except (OSError, ValueError) as error:
        raise CredentialRetrievalError(f"the token's file cannot be read: {error}") from error
    if token is not None and not (token.isascii() and token.isprintable()):
        raise CredentialRetrievalError(
            "the container's authorization token has characters that no header can have"
        )
    return token
