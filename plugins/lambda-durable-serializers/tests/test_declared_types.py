"""Declared types: what an annotation makes of instances, and of JSON that came from elsewhere."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import (
    Annotated,
    Any,
    Final,
    Generic,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Optional,
    TypedDict,
    TypeVar,
    Union,
)
from uuid import UUID

import pytest
from serializer_values import (
    HERE,
    Access,
    Color,
    Envelope,
    Invoice,
    Level,
    Line,
    Named,
    Order,
    Page,
    Point,
    Size,
    T,
    same,
)

from lambda_durable.errors import SerializationError
from lambda_durable_serializers import ExtendedJson, extended_json

ID = UUID(int=7)
LINE = Line("a", Decimal("1.5"), Size.SMALL, ("x", "y"))
ORDER = Order(ID, [LINE], datetime(2025, 1, 2, tzinfo=UTC), {Color.RED: 2})
Sku = NewType("Sku", str)
Bound = TypeVar("Bound", bound=Invoice)


def through(value: Any, hint: Any) -> tuple[str, Any]:
    """Write and read with the annotation, and check that writing without it reads the same."""
    serializer = ExtendedJson(hint)
    text = serializer.dumps(value, HERE)
    unbound = extended_json.dumps(value, HERE)
    assert same(extended_json.loads(unbound, hint, HERE), value), unbound
    return text, serializer.loads(text, hint, HERE)


class Cart(TypedDict):
    owner: str
    lines: list[Line]
    color: NotRequired[Color]


class Pair(NamedTuple, Generic[T]):
    left: T
    right: "list[T]"


@pytest.mark.parametrize(
    ("value", "hint", "text"),
    [
        (
            LINE,
            Line,
            '{"sku":"a","price":{"!decimal":"1.5"},"size":"small","tags":{"!tuple":["x","y"]}}',
        ),
        (Invoice(3), Invoice | None, '{"number":3}'),
        (None, Invoice | None, "null"),
        ([Invoice(3)], list[Invoice], '[{"number":3}]'),
        ({"a": Invoice(3)}, dict[str, Invoice], '{"a":{"number":3}}'),
        ((Invoice(3),), tuple[Invoice, ...], '{"!tuple":[{"number":3}]}'),
        ((Invoice(3), Size.LARGE), tuple[Invoice, Size], '{"!tuple":[{"number":3},"large"]}'),
        ([Invoice(3)], Sequence[Invoice], '[{"number":3}]'),
        ((Invoice(3),), Iterable[Invoice], '{"!tuple":[{"number":3}]}'),
        ({LINE}, set[Line], None),
        (frozenset([Level.LOW]), frozenset[Level], '{"!frozenset":[1]}'),
        ({Color.RED: [LINE]}, dict[Color, list[Line]], None),
        ({Level.LOW: 1}, Mapping[Level, int], '{"!dict":[[1,1]]}'),
        (Invoice(3), Order | Invoice, '{"!as":["Invoice",{"number":3}]}'),
        (Invoice(3), Invoice | dict[str, int], '{"!as":["Invoice",{"number":3}]}'),
        ({"number": 3}, Invoice | dict[str, int], '{"number":3}'),
        (Color.RED, Color | str, '{"!as":["Color","red"]}'),
        ("red", Color | str, '"red"'),
        (Color.RED, Color, '"red"'),
        (Color.BLUE, Color | None, "3"),
        (Color.NOTHING, Color | None, '{"!as":["Color",null]}'),
        (Color.PAIR, Color, '{"!as":["Color",{"!tuple":[1,"two"]}]}'),
        (Access.READ | Access.WRITE, Access, "3"),
        (Level.HIGH, Level | int, '{"!as":["Level",2]}'),
        (Level.HIGH, Literal[Level.LOW, Level.HIGH], "2"),
        (Point(1), Point, '{"x":1,"y":{"!decimal":"0.5"}}'),
        (Pair(LINE, [LINE]), Pair[Line], None),
        (Page([1], Page([2])), Page[int], '{"items":[1],"next":{"items":[2],"next":null}}'),
        (Page([LINE]), Page[Line], None),
        (Page([Invoice(1)]), Page[Page[Invoice] | Invoice], None),
        (Named([LINE], None, Size.SMALL), Named[Line, Size], None),
        (ORDER, Order, None),
        ({"owner": "x", "lines": [LINE]}, Cart, None),
        (
            {"owner": "x", "lines": [], "color": Color.RED},
            Cart,
            '{"owner":"x","lines":[],"color":"red"}',
        ),
        ({"owner": "x", "lines": [], "more": 1}, Cart, '{"owner":"x","lines":[],"more":1}'),
        (Invoice(3), Annotated[Invoice, "note"], '{"number":3}'),
        (Invoice(3), Optional[Invoice], '{"number":3}'),  # noqa: UP045 - what older code says
        (Invoice(3), Union[Invoice, None], '{"number":3}'),  # noqa: UP007 - what older code says
        (Invoice(3), Final[Invoice], '{"number":3}'),
        (Invoice(3), Bound, '{"number":3}'),
        (Sku("s"), Sku, '"s"'),
        (Envelope("s", "x"), Envelope, '{"!as":["Envelope",{"t":"s","v":"x"}]}'),
        ([Envelope("s", "x")], list[Envelope], '[{"t":"s","v":"x"}]'),
    ],
    ids=str,
)
def test_instances_are_plain_on_paper_and_come_back(
    value: Any, hint: Any, text: str | None
) -> None:
    written, again = through(value, hint)
    assert same(again, value), written
    if text is not None:
        assert written == text


@pytest.mark.parametrize(
    ("value", "hint", "text"),
    [
        ({"number": 3}, Invoice, '{"!":{"number":3}}'),
        ("red", Color, '{"!":"red"}'),
        ([1], tuple[int, ...], '{"!":[1]}'),
        ({"1": 2}, dict[int, int], '{"!dict":[["1",2]]}'),
    ],
)
def test_a_value_that_contradicts_its_annotation_comes_back_as_it_was(
    value: Any, hint: Any, text: str
) -> None:
    assert ExtendedJson(hint).dumps(value, HERE) == text
    assert ExtendedJson(hint).loads(text, hint, HERE) == value


@pytest.mark.parametrize(
    ("text", "hint", "value"),
    [
        ('"1.50"', Decimal, Decimal("1.50")),
        ("1.1", Decimal, Decimal("1.1")),
        ('{"a":"2"}', dict[str, Decimal], {"a": Decimal(2)}),
        ('"2025-01-02T03:04:05Z"', datetime, datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ('"2025-01-02"', date | None, date(2025, 1, 2)),
        ("null", date | None, None),
        ("90", timedelta, timedelta(seconds=90)),
        ('"YWI="', bytes, b"ab"),
        (f'["{ID}"]', list[UUID], [ID]),
        ("[1,2]", tuple[int, ...], (1, 2)),
        ('[1,"2"]', tuple[int, Decimal], (1, Decimal(2))),
        ("[1,2,1]", set[int], {1, 2}),
        ('["x"]', frozenset[str], frozenset("x")),
        ('{"1":2}', dict[int, int], {1: 2}),
        ('{"red":1}', dict[Color, int], {Color.RED: 1}),
        ('{"2025-01-02":1}', dict[date, int], {date(2025, 1, 2): 1}),
        ('{"number":1,"gone":2}', Invoice, Invoice(1)),
        ('{"number":1}', Order | Invoice, Invoice(1)),
        ('{"number":1}', Invoice | str, Invoice(1)),
        ('"x"', Invoice | str, "x"),
        ('"red"', Color | int, Color.RED),
        ("[3]", list[Color], [Color.BLUE]),
        ('{"x":1}', Point, Point(1)),
        ('[1,"2.5"]', Point, Point(1, Decimal("2.5"))),
        ('{"sku":"a","price":"1"}', Line, Line("a", Decimal(1))),
        (
            '{"owner":"x","lines":[{"sku":"a","price":1}]}',
            Cart,
            {"owner": "x", "lines": [Line("a", Decimal(1))]},
        ),
        ("1", float, 1),
        ("5", float | Decimal, 5),
        ('{"any":["thing"]}', object, {"any": ["thing"]}),
    ],
    ids=str,
)
def test_json_from_elsewhere_is_read_by_the_annotation(text: str, hint: Any, value: Any) -> None:
    again = ExtendedJson(hint).loads(text, hint, HERE)
    assert same(again, value), again


@pytest.mark.parametrize(
    ("text", "hint", "message"),
    [
        ("{}", Invoice, r"Invoice lacks number in \{\}"),
        ("[1]", Invoice, r"Invoice is made of an object, not \[1\]"),
        ('"x"', Decimal, r"'x' is no <class 'decimal.Decimal'>"),
        ('"green"', Color, r"'green' is not a valid Color"),
        ('{"items":5}', Page[int] | None, None),
        (
            '{"!as":["Unheard",{}]}',
            Invoice | Order,
            r"it holds a 'Unheard', and the annotation says",
        ),
    ],
)
def test_json_that_does_not_fit_the_annotation_is_an_error(
    text: str, hint: Any, message: str | None
) -> None:
    if message is None:  # what an annotation says about plain JSON is not checked
        assert ExtendedJson(hint).loads(text, hint, HERE) == Page(5)  # type: ignore[arg-type]
        return
    with pytest.raises(SerializationError, match=message):
        ExtendedJson(hint).loads(text, hint, HERE)


@dataclass
class Counted:
    """Its `__post_init__` changes a field, keeps something else, and computes a third."""

    value: int
    doubled: int = field(init=False)

    def __post_init__(self) -> None:
        self.value += 1
        self.doubled = self.value * 2
        self.cache: dict[str, int] = {}


def test_fields_come_back_as_they_were_whatever_post_init_does() -> None:
    counted = Counted(1)
    counted.doubled = 77
    again = through(counted, Counted)[1]
    assert (again.value, again.doubled, again.cache) == (2, 77, {})


@dataclass
class Starts:
    value: int
    seed: InitVar[int]


@dataclass
class StartsEasily:
    value: int
    seed: InitVar[int] = 0


def test_an_init_var_without_a_default_is_refused_when_it_is_written() -> None:
    with pytest.raises(SerializationError, match=r"Starts cannot be made again without seed"):
        ExtendedJson(Starts).dumps(Starts(1, 2), HERE)
    assert through(StartsEasily(1), StartsEasily)[1] == StartsEasily(1)


class Special(Invoice):
    pass


def test_a_subclass_is_not_written_as_its_base() -> None:
    with pytest.raises(SerializationError, match="Special.* and the annotation says .*Invoice"):
        ExtendedJson(Invoice).dumps(Special(1), HERE)
    assert type(through(Special(1), Invoice | Special)[1]) is Special


def test_two_classes_of_one_name_cannot_share_a_payload() -> None:
    other = type("Invoice", (Invoice,), {})
    hint = Invoice | other
    text = ExtendedJson(hint).dumps(Invoice(1), HERE)
    with pytest.raises(SerializationError, match="several classes called 'Invoice'"):
        ExtendedJson(hint).loads(text, hint, HERE)


@dataclass
class Unresolved:
    name: str
    other: "OnlyForTypeCheckers"  # type: ignore[name-defined]  # noqa: F821 - that is the point


def test_an_annotation_that_cannot_be_evaluated_is_any() -> None:
    value = Unresolved("a", [Decimal(1)])
    assert same(through(value, Unresolved)[1], value)
    with pytest.raises(SerializationError, match=r"value\.other is a .*Invoice"):
        ExtendedJson(Unresolved).dumps(Unresolved("a", Invoice(1)), HERE)


def test_the_path_to_the_offending_part_is_told() -> None:
    bad = Order(ID, [LINE, 5], ORDER.placed, note=None)  # type: ignore[list-item]
    assert same(through(bad, Order)[1], bad)  # wrong, but nothing is lost
    worse = Order(ID, [LINE], ORDER.placed, note={"k": [0, Invoice(1)]})
    with pytest.raises(SerializationError, match=r"value\[0\]\.note\['k'\]\[1\] is a .*Invoice"):
        ExtendedJson(list[Order]).dumps([worse], HERE)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="`type X = ...` is from Python 3.12 on")
def test_type_aliases_are_resolved() -> None:
    namespace: dict[str, Any] = {"Invoice": Invoice}
    exec("type One[T] = T | list[One[T]]\ntype Only = Invoice", namespace)
    value = [Invoice(1), [Invoice(2)]]
    assert same(through(value, namespace["One"][Invoice])[1], value)
    assert through(Invoice(1), namespace["Only"])[0] == '{"number":1}'


def test_unhashable_annotations_work() -> None:
    hint = Annotated[list[Invoice], ["unhashable"]]
    assert through([Invoice(1)], hint)[1] == [Invoice(1)]


def test_an_error_of_the_class_itself_is_a_serialization_error() -> None:
    with pytest.raises(SerializationError, match="cannot be read: .*must be positive"):
        ExtendedJson(Positive).loads('{"value":-1}', Positive, HERE)


@dataclass
class Positive:
    value: int

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("must be positive")
