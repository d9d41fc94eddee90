"""Chains: transforms behind a serializer, and compression among them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serializer_values import HERE, Invoice, same, values

from lambda_durable.abc import Serializer, Where
from lambda_durable.errors import InvalidInputError, SerializationError
from lambda_durable_serializers import (
    Chain,
    Compress,
    ExtendedJson,
    compress,
    extended_json,
    official_json,
    pydantic_json,
)

LONG = ["a long enough text"] * 100


class PlainText:
    """A serializer that knows nothing of chains."""

    def dumps(self, value: Any, where: Where, /) -> str:
        return str(value)

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        return text


class Reverse:
    """A transform that does I/O, or says so."""

    does_io = True

    def encode(self, text: str, where: Where, /) -> str:
        return f"{where.operation_id}:{text[::-1]}"

    def decode(self, text: str, where: Where, /) -> str:
        return text.removeprefix(f"{where.operation_id}:")[::-1]


@given(values, st.sampled_from([0, 10, 1024]), st.integers(1, 9))
def test_every_value_comes_back_through_a_chain(value: Any, threshold: int, level: int) -> None:
    chain = ExtendedJson(Any) | Compress(threshold=threshold, level=level) | Reverse()
    text = chain.dumps(value, HERE)
    assert same(chain.loads(text, Any, HERE), value)


@given(st.text() | st.sampled_from(['{"!zlib":"', '{"!zlib":"x"}', "\ud800" * 2000]))
def test_every_text_comes_back_through_compression(text: str) -> None:
    for transform in (compress, Compress(threshold=0)):
        assert transform.decode(transform.encode(text, HERE), HERE) == text


def test_a_long_payload_becomes_shorter_and_stays_json() -> None:
    text = (extended_json | compress).dumps(LONG, HERE)
    assert len(text) < len(json.dumps(LONG)) / 5
    assert list(json.loads(text)) == ["!zlib"]


def test_a_short_payload_and_one_that_does_not_shrink_stay_readable() -> None:
    assert (extended_json | compress).dumps({"a": 1}, HERE) == '{"a":1}'
    assert Compress(threshold=0).encode('"abc"', HERE) == '"abc"'


def test_the_threshold_counts_bytes() -> None:
    text = "é" * 600
    assert compress.encode(text, HERE) != text
    assert compress.encode("e" * 1023, HERE) == "e" * 1023


def test_payloads_from_before_compression_are_read() -> None:
    text = extended_json.dumps(LONG, HERE)
    assert (extended_json | compress).loads(text, Any, HERE) == LONG


def test_any_serializer_can_begin_a_chain() -> None:
    chain = PlainText() | compress
    assert isinstance(chain, Serializer)
    assert chain.loads(chain.dumps("x" * 5000, HERE), Any, HERE) == "x" * 5000
    for serializer in (official_json, pydantic_json):
        longer = serializer | compress
        assert longer.loads(longer.dumps(LONG, HERE), Any, HERE) == LONG


def test_chains_chain_and_are_read_from_the_right() -> None:
    chain = extended_json | Reverse() | compress
    assert chain.dumps("ab", HERE) == '1:"ba"'
    assert chain.loads('1:"ba"', Any, HERE) == "ab"
    assert repr(Chain(extended_json | compress, Compress(level=9))) == (
        "extended_json | compress | Compress(threshold=1024, level=9)"
    )


def test_a_chain_does_io_if_a_part_does() -> None:
    assert (extended_json | Reverse()).does_io
    assert not (extended_json | compress).does_io


def test_a_chain_can_be_made_for_a_type() -> None:
    chain = (extended_json | compress).for_type(Invoice)
    assert chain.dumps(Invoice(1), HERE) == '{"number":1}'
    assert chain.loads('{"number":1}', Any, HERE) == Invoice(1)
    plain = PlainText() | compress
    assert plain.for_type(Invoice) is plain


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ('{"!zlib":"eJw=', "its end is missing"),
        ('{"!zlib":"eJw="}', "its end is missing"),
        ('{"!zlib":"AAAA"}', "Error -3 while decompressing"),
        ('{"!zlib":"?"}', "base64|[Ii]nvalid|padding"),
    ],
)
def test_damaged_payloads_are_a_clear_error(payload: str, message: str) -> None:
    with pytest.raises(SerializationError, match=f"cannot be uncompressed: .*({message})"):
        compress.decode(payload, HERE)


def test_a_small_payload_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    text = compress.encode("0" * 100_000, HERE)
    monkeypatch.setattr("lambda_durable_serializers.compression.LONGEST", 99_999)
    with pytest.raises(SerializationError, match="takes more than 99999 bytes"):
        compress.decode(text, HERE)
    with pytest.raises(SerializationError, match="at most 99999 are compressed"):
        compress.encode("0" * 100_000, HERE)


def test_an_uncompressed_reader_says_what_it_found() -> None:
    text = (extended_json | compress).dumps(LONG, HERE)
    with pytest.raises(SerializationError, match="'!zlib' is no tag known here; .* another serial"):
        extended_json.loads(text, Any, HERE)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Compress(threshold=-1), "threshold=-1 must be 0 or more bytes"),
        (lambda: Compress(level=0), "level=0 must be from 1"),
        (lambda: extended_json | 5, "5 is no transform"),  # type: ignore[operator]
        (lambda: extended_json | extended_json, "extended_json is no transform"),  # type: ignore[operator]
    ],
)
def test_bad_arguments_are_refused(make: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        make()
