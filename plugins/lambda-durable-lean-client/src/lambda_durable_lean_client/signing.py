"""Signature Version 4: the same signatures as botocore's, the key derived once a day.

The rules are those of the AWS documentation, "Create a signed AWS API request".
"""

import hmac
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import quote

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


class Credentials(NamedTuple):
    """Who signs; the token belongs to temporary credentials."""

    access_key: str
    secret_key: str
    token: str | None = None


class Request(NamedTuple):
    """What is signed: path and query as they are sent, the headers' names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def authorization(
    request: Request, credentials: Credentials, region: str, service: str = "lambda"
) -> str:
    """Return the Authorization header; the request's `x-amz-date` is the time of signing."""
    at = request.headers["x-amz-date"]
    scope = f"{at[:8]}/{region}/{service}/aws4_request"
    names = ";".join(sorted(request.headers))
    digest = sha256(_canonical(request, names).encode()).hexdigest()
    key = _key(credentials.secret_key, at[:8], region, service)
    text = f"{_ALGORITHM}\n{at}\n{scope}\n{digest}"
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    return (
        f"{_ALGORITHM} Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )


def _canonical(request: Request, names: str) -> str:
    lines = [f"{name}:{' '.join(request.headers[name].split())}" for name in names.split(";")]
    return "\n".join(
        (
            request.method,
            _canonical_path(request.path),
            _canonical_query(request.query),
            *lines,
            "",
            names,
            sha256(request.body).hexdigest(),
        )
    )


@lru_cache(maxsize=64)  # an execution's checkpoints all have the same path
def _canonical_path(path: str) -> str:
    """Return the path without dots and empty segments, encoded once more."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    end = "/" if path.endswith("/") and segments else ""
    return quote(f"/{'/'.join(segments)}{end}", safe="/~")


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pairs = sorted(pair.partition("=")[::2] for pair in query.split("&"))
    return "&".join(f"{name}={value}" for name, value in pairs)


@lru_cache(maxsize=8)
def _key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
