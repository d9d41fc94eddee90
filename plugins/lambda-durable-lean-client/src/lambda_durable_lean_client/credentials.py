"""Who signs: the keys in the environment, or those that a local address hands out for a while."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final, NamedTuple

from .environment import FULL_URI, RELATIVE_URI
from .errors import CredentialRetrievalError, NoCredentialsError, PartialCredentialsError
from .signing import Credentials

_ADVANCE: Final = 15 * 60.0
_PAUSE: Final = 60.0
"""Seconds: how long before their end credentials are replaced, and between vain attempts at it."""


class Fetched(NamedTuple):
    """Credentials, and when they end, in seconds since 1970; None for never."""

    credentials: Credentials
    expires: float | None


class RefreshedCredentials:
    """Credentials that are fetched, kept, and fetched again before they end.

    While they are good, a vain attempt to replace them is no error. Safe to share between threads.
    """

    def __init__(
        self, fetch: Callable[[], Fetched], clock: Callable[[], float] = time.time
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._known: Fetched | None = None
        self._due = 0.0

    def __call__(self) -> Credentials:
        """Return good credentials; raise CredentialRetrievalError if there are none to be had."""
        with self._lock:
            now = self._clock()
            if self._known is None or now >= self._due:
                self._known = self._replaced(self._known, now)
            return self._known.credentials

    def _replaced(self, known: Fetched | None, now: float) -> Fetched:
        try:
            fetched = self._fetch()
        except CredentialRetrievalError:
            if known is None or known.expires is None or now >= known.expires:
                raise
            self._due = min(now + _PAUSE, known.expires)
            return known
        if fetched.expires is None:
            self._due = float("inf")
        elif now >= fetched.expires:
            raise CredentialRetrievalError("the credentials that were handed out have ended")
        else:
            self._due = max(fetched.expires - _ADVANCE, min(now + _PAUSE, fetched.expires))
        return fetched


def credentials_of(environ: Mapping[str, str]) -> Callable[[], Credentials]:
    """Return what gives the credentials for a request, from what the environment says."""
    key = environ.get("AWS_ACCESS_KEY_ID")
    if key:
        credentials = _fixed(key, environ)
        return lambda: credentials
    if environ.get(RELATIVE_URI) or environ.get(FULL_URI):
        from .container import fetch  # only functions with SnapStart, and containers

        return RefreshedCredentials(lambda: parsed(fetch(environ)))
    raise NoCredentialsError(
        f"Unable to locate credentials: neither AWS_ACCESS_KEY_ID nor {FULL_URI} is set, and this "
        "client looks nowhere else"
    )


def parsed(text: str) -> Fetched:
    """Return the credentials in a container's answer; raise CredentialRetrievalError."""
    try:
        answer = json.loads(text)
        made = Credentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer.get("Token"))
        ends = answer.get("Expiration")
        expires = _timestamp(ends) if ends else None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CredentialRetrievalError(
            f"what was handed out are no credentials: {error!r}"
        ) from error
    parts: list[Any] = [part for part in made if part is not None]
    if not all(isinstance(part, str) for part in parts):
        raise CredentialRetrievalError("what was handed out are no credentials: not text")
    return Fetched(_sendable(made), expires)


def _fixed(key: str, environ: Mapping[str, str]) -> Credentials:
    secret = environ.get("AWS_SECRET_ACCESS_KEY")
    if not secret:
        raise PartialCredentialsError(
            "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY"
        )
    token = environ.get("AWS_SESSION_TOKEN") or environ.get("AWS_SECURITY_TOKEN")
    return _sendable(Credentials(key, secret, token or None))


def _sendable(made: Credentials) -> Credentials:
    """Return them if they can stand in a header; a line break there would begin another."""
    for part in (made.access_key, made.token or ""):
        if not (part.isascii() and part.isprintable()):
            raise CredentialRetrievalError(
                "the access key or the session token has characters that no header can have; "
                "was it copied with a line break?"
            )
    return made


def _timestamp(text: str) -> float:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
