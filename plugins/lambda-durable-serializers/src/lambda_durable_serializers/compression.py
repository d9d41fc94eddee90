"""Compression of payloads: `extended_json | compress`.

A payload from the threshold on is written as `{"!zlib":"<base64>"}`, if that is shorter. Shorter
payloads stay readable, and those that were written before compression was switched on are read.
"""

from typing import Any, Final

from lambda_durable.abc import Serializer, Where
from lambda_durable.errors import InvalidInputError, SerializationError

from .chain import Chain
from .extended import title

_BEGIN: Final = '{"!zlib":"'
_END: Final = '"}'

THRESHOLD: Final = 1024
"""Payloads with fewer bytes are left alone."""

LONGEST: Final = 256 * 1024 * 1024
"""What a payload may take uncompressed, in bytes: a small one must not fill the memory."""


class Compress:
    """A transform that compresses payloads of at least `threshold` bytes with zlib.

    `level` is zlib's, from 1 (fast) to 9 (small). InvalidInputError for numbers out of range.
    """

    __slots__ = ("level", "threshold")

    def __init__(self, *, threshold: int = THRESHOLD, level: int = 6) -> None:
        if threshold < 0:
            raise InvalidInputError(
                f"threshold={threshold!r} must be 0 or more bytes, such as 1024"
            )
        if level not in range(1, 10):
            raise InvalidInputError(f"level={level!r} must be from 1 (fast) to 9 (small)")
        self.threshold = threshold
        self.level = level

    def __ror__(self, serializer: Serializer) -> Chain:
        return Chain(serializer, self)

    def encode(self, text: str, where: Where, /) -> str:
        """Return the compressed text, or the text itself if that is shorter."""
        from binascii import b2a_base64
        from zlib import compress

        raw = text.encode("utf-8", "surrogatepass")
        # a text that looks compressed has to be, or it would be taken for that
        looks_compressed = text.startswith(_BEGIN)
        if len(raw) < self.threshold and not looks_compressed:
            return text
        if len(raw) > LONGEST:
            raise SerializationError(
                f"{title(where)} takes {len(raw)} bytes; at most {LONGEST} are compressed. Keep "
                "the data elsewhere and return a reference to it"
            )
        packed = b2a_base64(compress(raw, self.level), newline=False).decode()
        shorter = len(_BEGIN) + len(packed) + len(_END) < len(raw)
        return f"{_BEGIN}{packed}{_END}" if shorter or looks_compressed else text

    def decode(self, text: str, where: Where, /) -> str:
        """Return the uncompressed text; SerializationError if the payload is damaged."""
        if not text.startswith(_BEGIN):
            return text
        try:
            return _inflated(text)
        except ValueError as error:
            raise SerializationError(
                f"{title(where)} cannot be uncompressed: {error}; it begins with {text[:80]!r}"
            ) from error

    def __repr__(self) -> str:
        is_default = self.threshold == THRESHOLD and self.level == 6
        options = f"threshold={self.threshold}, level={self.level}"
        return "compress" if is_default else f"Compress({options})"


def _inflated(text: str) -> str:
    from binascii import a2b_base64
    from zlib import decompressobj, error

    if not text.endswith(_END):
        raise ValueError("its end is missing")
    stream: Any = decompressobj()
    try:
        raw: bytes = stream.decompress(
            a2b_base64(text[len(_BEGIN) : -len(_END)], strict_mode=True), LONGEST
        )
    except error as problem:
        raise ValueError(str(problem)) from problem
    if stream.unconsumed_tail:
        raise ValueError(f"it takes more than {LONGEST} bytes")
    if not stream.eof:
        raise ValueError("its end is missing")
    return raw.decode("utf-8", "surrogatepass")


compress: Final = Compress()
