"""Extended JSON: every value comes back as what it was, and what cannot is refused by name."""

import json
from collections import Counter, OrderedDict, defaultdict
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
from botocore.utils import parse_timestamp
from hypothesis import given, settings
from hypothesis import strategies as st
from serializer_values import (
    BERLIN,
    HERE,
    HINTS,
    Color,
    Invoice,
    Level,
    Line,
    Order,
    Point,
    Size,
    json_values,
    orders,
    same,
    values,
)

from lambda_durable.errors import SerializationError
from lambda_durable_serializers import ExtendedJson, extended_json

untyped = ExtendedJson(Any)


def back(value: Any, type: Any = Any) -> Any:
    serializer = ExtendedJson(type)
    return serializer.loads(serializer.dumps(value, HERE), type, HERE)


@given(values)
def test_every_value_comes_back_exactly_without_an_annotation(value: Any) -> None:
    for serializer in (untyped, extended_json):
        text = serializer.dumps(value, HERE)
        text.encode()
        json.loads(text, parse_constant=pytest.fail)
        assert same(serializer.loads(text, Any, HERE), value), text


@settings(max_examples=400)
@given(values, st.sampled_from(HINTS))
def test_an_annotation_that_is_wrong_changes_nothing(value: Any, hint: Any) -> None:
    text = ExtendedJson(hint).dumps(value, HERE)
    assert same(ExtendedJson(hint).loads(text, hint, HERE), value), (hint, text)


@given(values, st.sampled_from(HINTS))
def test_what_was_written_without_a_type_is_read_with_one_if_it_is_right(
    value: Any, hint: Any
) -> None:
    text = extended_json.dumps(value, HERE)
    if text == ExtendedJson(hint).dumps(value, HERE):
        assert same(extended_json.loads(text, hint, HERE), value), (hint, text)


@given(orders, st.sampled_from([Order, list[Order], Order | None, dict[str, Order | Invoice]]))
def test_instances_come_back_exactly(order: Order, hint: Any) -> None:
    value = {list[Order]: [order, order], dict[str, Order | Invoice]: {"!a": order}}.get(
        hint, order
    )
    assert same(back(value, hint), value)
    assert same(extended_json.loads(extended_json.dumps(value, HERE), hint, HERE), value)


@given(json_values)
def test_json_is_written_as_the_json_it_is(value: Any) -> None:
    text = untyped.dumps(value, HERE)
    try:
        expected = json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
        expected.encode()
    except UnicodeEncodeError:
        expected = json.dumps(value, separators=(",", ":"))
    except ValueError:
        assert "!float" in text or "!int" in text
        return
    looks_tagged = '{"!' in expected or (isinstance(value, dict) and value.keys() == {"t", "v"})
    assert looks_tagged or text == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ("é", '"é"'),
        ("\ud800", '"\\ud800"'),
        (-0.0, "-0.0"),
        (1e400, '{"!float":"inf"}'),
        ({"a": [1, 2.5, True, None]}, '{"a":[1,2.5,true,null]}'),
        (Decimal("1.50"), '{"!decimal":"1.50"}'),
        (UUID(int=5), '{"!uuid":"00000000-0000-0000-0000-000000000005"}'),
        (b"\x00\xff", '{"!bytes":"AP8="}'),
        (datetime(2025, 1, 2, 3), '{"!datetime":"2025-01-02T03:00:00"}'),  # noqa: DTZ001 - naive
        (datetime(2025, 1, 2, 3, tzinfo=UTC), '{"!datetime":"2025-01-02T03:00:00+00:00"}'),
        (
            datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=BERLIN),
            '{"!datetime":"2025-10-26T02:30:00+01:00[Europe/Berlin][fold=1]"}',
        ),
        (date(2025, 1, 2), '{"!date":"2025-01-02"}'),
        (time(3, 4, tzinfo=UTC), '{"!time":"03:04:00+00:00"}'),
        (timedelta(days=-1, microseconds=1), '{"!timedelta":[-1,0,1]}'),
        ([(1, 2)], '[{"!tuple":[1,2]}]'),
        ({1}, '{"!set":[1]}'),
        (frozenset([1]), '{"!frozenset":[1]}'),
        ({1: "a", "b": 2}, '{"!dict":[[1,"a"],["b",2]]}'),
        ({True: 1}, '{"!dict":[[true,1]]}'),
        ({"!tuple": [1]}, '{"!":{"!tuple":[1]}}'),
        ({"a": {"!": 1}}, '{"a":{"!":{"!":1}}}'),
        ({"!a": 1, "!b": 2}, '{"!a":1,"!b":2}'),
        ({"t": "s", "v": "x"}, '{"!":{"t":"s","v":"x"}}'),
        ([{"t": "s", "v": "x"}], '[{"t":"s","v":"x"}]'),
    ],
)
def test_the_format_stays_what_executions_in_flight_rely_on(value: Any, text: str) -> None:
    assert untyped.dumps(value, HERE) == text
    assert same(untyped.loads(text, Any, HERE), value)


def test_a_number_too_long_for_decimal_digits_is_kept_in_hexadecimal() -> None:
    assert untyped.dumps(10**5000, HERE).startswith('{"!int":"0x')
    assert back(-(10**5000)) == -(10**5000)


def test_aware_datetimes_keep_instant_offset_and_zone() -> None:
    for fold in (0, 1):
        moment = datetime(2025, 10, 26, 2, 30, fold=fold, tzinfo=BERLIN)
        assert same(back(moment), moment)
        assert back(moment).utcoffset() == moment.utcoffset()
        assert back(moment).tzinfo is BERLIN


def test_other_zone_classes_come_back_as_their_offset() -> None:
    moment = parse_timestamp("2025-01-02T00:00:00Z")  # dateutil's tzutc, as in boto3's answers
    assert moment.tzinfo is not UTC
    assert back(moment) == moment
    assert back(moment).tzinfo is UTC
    named = timezone(timedelta(hours=2), "CEST")
    assert back(datetime(2025, 1, 2, tzinfo=named)).tzinfo == timezone(timedelta(hours=2))


def test_an_instant_survives_a_change_of_its_zones_rules() -> None:
    text = '{"!datetime":"2025-07-01T12:00:00+05:00[Europe/Berlin]"}'
    moment = untyped.loads(text, Any, HERE)
    assert moment == datetime(2025, 7, 1, 9, 0, tzinfo=BERLIN)
    assert moment.tzinfo is BERLIN


def test_what_is_read_is_nobody_elses() -> None:
    """Neither what was written nor what is read next changes with what was read."""
    value = {"rows": [1]}
    text = untyped.dumps(value, HERE)
    other = untyped.dumps({"rows": [2]}, HERE)
    for _ in range(2):
        for each, rows in ((text, [1]), (other, [2]), (text, [1])):
            found = untyped.loads(each, Any, HERE)
            assert found == {"rows": rows}
            found["rows"].append("changed")
    assert value == {"rows": [1]}
    written = untyped.dumps(value, HERE)
    assert untyped.loads(text, Any, HERE) == untyped.loads(written, Any, HERE) == value


def test_identity_is_not_kept() -> None:
    shared = [1]
    again = back([shared, shared])
    assert again == [shared, shared]
    assert again[0] is not again[1]


class Money(Decimal):
    pass


class Text(str):
    __slots__ = ()


class Moment(datetime):
    pass


class Sealed:
    pass


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def circular() -> Any:
    value: list[Any] = [1]
    value.append({"self": value})
    return value


LOST = [
    (Color.RED, r"value is a serializer_values\.Color, and the annotation says nothing"),
    ([1, Size.SMALL], r"value\[1\] is a serializer_values\.Size, and .*-> Size"),
    ({"a": (0, Level.LOW)}, r"value\['a'\]\[1\] is a serializer_values\.Level"),
    (HTTPStatus.OK, r"value is a http\.HTTPStatus"),
    ({"o": [Invoice(1)]}, r"value\['o'\]\[0\] is a serializer_values\.Invoice.*ExtendedJson\(Inv"),
    (Point(1), r"value is a serializer_values\.Point, and the annotation says nothing"),
    ({Color.RED: 1}, r"value \(key <Color\.RED: 'red'>\) is a serializer_values\.Color"),
    (OrderedDict(a=1), r"OrderedDict, a subclass of dict .* dict\(value\)"),
    (defaultdict(list), r"defaultdict, a subclass of dict"),
    ({"c": Counter("a")}, r"value\['c'\] is a collections\.Counter, a subclass of dict"),
    ([Text("a")], r"value\[0\] is a test_extended_json\.Text, a subclass of str"),
    ({Text("a"): 1}, r"\(key 'a'\) is a test_extended_json\.Text"),
    (Money(1), r"Money, which is neither JSON nor"),
    (Moment(2025, 1, 1), r"Moment, which is neither"),
    (Sealed(), r"Sealed, which is neither JSON .* return its data instead"),
    (Sealed, r"builtins\.type, which is neither"),
    (1j, r"builtins\.complex, which is neither"),
    (bytearray(b"x"), r"builtins\.bytearray, which is neither"),
    (nested(100_000), r"nested too deeply, or contains itself"),
    (circular(), r"nested too deeply, or contains itself"),
]


@pytest.mark.parametrize(("value", "message"), LOST, ids=[message for _, message in LOST])
def test_what_would_not_come_back_is_refused_when_it_is_written(value: Any, message: str) -> None:
    with pytest.raises(
        SerializationError, match=f"the payload of 'x' cannot be kept: .*{message}"
    ) as e:
        untyped.dumps(value, HERE)
    assert not e.value.retryable


def test_a_class_that_the_annotation_does_not_name_is_refused() -> None:
    with pytest.raises(SerializationError, match=r"value\[0\].*Invoice, .* says .*Order"):
        ExtendedJson(list[Order]).dumps([Invoice(1)], HERE)


def test_without_a_type_classes_are_named_and_reading_needs_the_annotation() -> None:
    value = [Invoice(1), Color.BLUE]
    text = extended_json.dumps(value, HERE)
    assert text == '[{"!as":["Invoice",{"number":1}]},{"!as":["Color",3]}]'
    assert extended_json.loads(text, list[Invoice | Color], HERE) == value
    for hint in (Any, list, list[Order], dict):
        with pytest.raises(SerializationError, match=r"'x' cannot be read: it holds a 'Invoice'"):
            extended_json.loads(text, hint, HERE)


@pytest.mark.parametrize(
    "text",
    [
        *("", "nope", "[", '{"!tuple":5}', '{"!unheard":1}', '{"!decimal":"x"}', '{"!uuid":5}'),
        *(
            '{"!datetime":"x"}',
            '{"!bytes":"?"}',
            '{"!dict":[1]}',
            '{"!dict":[[[],1]]}',
            '{"!as":1}',
        ),
        *(
            '{"!set":[[]]}',
            '{"!timedelta":[1]}',
            '{"!timedelta":true}',
            '{"!int":"x"}',
            '{"!float":[]}',
        ),
        *('{"!datetime":"2025-01-01T00:00:00[No/Where]"}', '{"!zlib":"abc"}', "[" * 100_000),
    ],
)
def test_a_payload_that_is_damaged_or_not_ours_is_a_clear_error(text: str) -> None:
    with pytest.raises(
        SerializationError, match=r"the payload of 'x' cannot be read: .*; it begins"
    ):
        untyped.loads(text, Any, HERE)


def test_the_message_names_the_operation_or_its_id() -> None:
    with pytest.raises(SerializationError, match="the payload of 1 cannot be read"):
        untyped.loads("[", Any, HERE._replace(operation_name=None))


def test_a_plain_payload_may_be_laid_out_as_it_likes() -> None:
    text = '{ "a" : { "!tuple" : [ 1 , { "!decimal" : "2" } ] } , "b": NaN }'
    value = untyped.loads(text, Any, HERE)
    assert value["a"] == (1, Decimal(2))
    assert value["b"] != value["b"]


class Strange(Enum):
    """Its value finds another member."""

    A = 1
    B = 2

    @classmethod
    def _missing_(cls, value: object) -> "Strange":
        return cls.A


def test_a_member_that_its_value_does_not_stand_for_is_refused() -> None:
    member = Strange.B
    member._value_ = 77
    try:
        with pytest.raises(SerializationError, match="is not what its value 77 stands for"):
            ExtendedJson(Strange).dumps(member, HERE)
    finally:
        member._value_ = 2


def test_representations() -> None:
    assert repr(extended_json) == "extended_json"
    assert repr(ExtendedJson(list[int])) == "ExtendedJson(list[int])"
    assert Line("a", Decimal(1)) == back(Line("a", Decimal(1)), Line)
