"""Operation ids: a pure function from a position to an id, the scheme of the Python SDKs.

An id says where an operation stands, not what it is called: the n-th durable call of its
context, counted from 1. A branch of a parallel or map stands at its index, counted from 0.
The same position gives the same id in every invocation, which is what replay rests on.
"""

from functools import lru_cache

try:
    from _blake2 import blake2b  # what hashlib has, without loading OpenSSL
except ImportError:
    from hashlib import blake2b


# An id is asked for twice in a row: to see whether the next operation was begun, and by that one.
@lru_cache(maxsize=128)
def operation_id(prefix: str | None, number: int) -> str:
    """Return the id of operation `number` of the context whose id is `prefix` (None: the root)."""
    position = f"{prefix}-{number}" if prefix else str(number)
    return blake2b(position.encode()).hexdigest()[:64]


def branch_id(group: str, index: int) -> str:
    """Return the id of branch `index`, from 0, of the operation with the id `group`."""
    return operation_id(group, index)


def derived_bytes(position: str) -> bytes:
    """Return 16 bytes that look random and belong to `position` alone."""
    return blake2b(position.encode(), digest_size=16).digest()
