"""The queue of updates on their way to the service: first in, first out, in bounded requests."""

from collections import deque
from typing import NamedTuple

from .protocol import Limits, OperationUpdate

_OVERHEAD_BYTES = 400
"""Room for the names, ids and punctuation of one update; they are bounded by the protocol."""


class Batch(NamedTuple):
    """The updates of one request, and the ticket of the last thing it answers."""

    updates: list[OperationUpdate]
    last_ticket: int


class UpdateQueue:
    """Updates in order; each gets a ticket, and a ticket is settled once its request is answered.

    A request takes as many updates as fit; one that is larger than the limit goes alone. A
    refresh (an update of None) needs a request but nothing in it, so any number of them, and
    the updates around them, share one.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, OperationUpdate | None]] = deque()
        self._issued = 0
        self._taken = 0
        self.settled = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def last_ticket(self) -> int:
        """The ticket of the newest entry."""
        return self._issued

    def put(self, update: OperationUpdate | None) -> int:
        """Queue an update, or a refresh, and return its ticket."""
        self._waiting.append((0 if update is None else encoded_size(update), update))
        self._issued += 1
        return self._issued

    def take(self) -> Batch:
        """Remove and return the updates of the next request."""
        updates: list[OperationUpdate] = []
        total = 0
        waiting = self._waiting
        while waiting:
            size, update = waiting[0]
            if update is not None:
                if updates and total + size > Limits.REQUEST_BYTES:
                    break
                if len(updates) == Limits.REQUEST_UPDATES:
                    break
                updates.append(update)
                total += size
            waiting.popleft()
            self._taken += 1
        return Batch(updates, self._taken)

    def settle(self, batch: Batch) -> None:
        """Note that the request with `batch` was answered."""
        self.settled = batch.last_ticket


def encoded_size(update: OperationUpdate) -> int:
    """Return about how many bytes an update takes in a request, without encoding it."""
    size = _OVERHEAD_BYTES
    payload = update.get("Payload")
    if payload is not None:
        size += json_length(payload)
    error = update.get("Error")
    if error is not None:
        size += sum(json_length(str(part)) for part in error.values())
    return size


def json_length(text: str) -> int:
    """Return the length of `text` as ASCII JSON, which is what boto3 sends, but for control
    characters, which are rare.
    """
    ascii_only = text if text.isascii() else text.encode("ascii", "ignore").decode()
    others = 0
    if ascii_only is not text:
        others = len(text.encode("utf-16-le", "surrogatepass")) // 2 - len(ascii_only)
    return len(ascii_only) + ascii_only.count('"') + ascii_only.count("\\") + 6 * others


def size_over(text: str, limit: int) -> int | None:
    """Return the length of `text` in bytes as UTF-8 if that is more than `limit`, else None."""
    if len(text) * 4 <= limit:
        return None
    size = utf8_length(text)
    return size if size > limit else None


def utf8_length(text: str) -> int:
    """Return the length of `text` in bytes as UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
