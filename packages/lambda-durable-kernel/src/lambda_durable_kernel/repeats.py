"""Requests that a client sends again, because it did not hear the answer, with the same token."""

from collections.abc import Mapping
from typing import Any

from . import fields

SECONDS = 900.0
"""How long a client token stands for the request that it came with."""
_KEPT = 10


def is_repeated(tokens: Mapping[str, float], token: str | None, now: float) -> bool:
    """Whether a request with this client token was answered already; refuse what is no token."""
    if token is None:
        return False
    fields.check_client_token(token)
    at = tokens.get(token)
    return at is not None and now - at < SECONDS


def remembered(tokens: Mapping[str, float], token: str | None, now: float) -> dict[str, float]:
    """Return the tokens with one more, without those whose time is over."""
    kept = {each: at for each, at in tokens.items() if now - at < SECONDS}
    if token is not None:
        kept[token] = now
    return dict(list(kept.items())[-_KEPT:])


class Answers:
    """The last answers to an execution's checkpoints, by the client's token and the service's."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[float, Any]] = {}

    def find(self, client_token: str | None, token: str, now: float) -> Any | None:
        """Return what the same request was answered, None if there was none."""
        if client_token is None:
            return None
        fields.check_client_token(client_token)
        at, answer = self._kept.get((client_token, token), (0.0, None))
        return answer if now - at < SECONDS else None

    def keep(self, client_token: str | None, token: str, now: float, answer: Any) -> None:
        """Keep an answer, and no more than the last few of them."""
        if client_token is None:
            return
        self._kept[client_token, token] = (now, answer)
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
