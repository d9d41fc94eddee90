"""Values and classes that the tests of the serializers share, and what "exactly equal" means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import fields as fields_of
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, Flag, IntEnum, StrEnum
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from lambda_durable.abc import Where

HERE = Where(
    "arn:aws:lambda:eu-central-1:123456789012:function:f:1/durable-execution/e/i", "1", "x"
)
BERLIN = ZoneInfo("Europe/Berlin")

T = TypeVar("T")
K = TypeVar("K")


class Color(Enum):
    RED = "red"
    BLUE = 3
    NOTHING = None
    PAIR = (1, "two")


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Access(Flag):
    READ = 1
    WRITE = 2


class Point(NamedTuple):
    x: int
    y: Decimal = Decimal("0.5")


@dataclass(frozen=True)
class Line:
    sku: str
    price: Decimal
    size: Size | None = None
    tags: tuple[str, ...] = ()


@dataclass
class Order:
    id: UUID
    lines: list[Line]
    placed: datetime
    by_color: dict[Color, int] = field(default_factory=dict)
    parent: "Order | None" = None
    note: Any = None


@dataclass
class Invoice:
    number: int


@dataclass(slots=True)
class Page(Generic[T]):
    items: list[T]
    next: "Page[T] | None" = None


@dataclass
class Named(Page[K], Generic[K, T]):
    name: T | None = None


@dataclass
class Envelope:
    t: str
    v: Any


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal, of the same types throughout, and in the same order."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return repr(one) == repr(other)
    if isinstance(one, Decimal):
        return bool(one.as_tuple() == other.as_tuple())
    if isinstance(one, dict):
        return len(one) == len(other) and all(
            same(a, b) and same(one[a], other[b]) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, set | frozenset):
        return len(one) == len(other) and all(any(same(a, b) for b in other) for a in one)
    if isinstance(one, datetime | time):
        keys = [getattr(value.tzinfo, "key", None) for value in (one, other)]
        return (
            one == other and str(one) == str(other) and one.fold == other.fold and len({*keys}) == 1
        )
    if hasattr(one, "__dataclass_fields__"):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields_of(one))
    return bool(one == other)


zones = st.sampled_from(
    [None, UTC, BERLIN, ZoneInfo("UTC"), timezone(timedelta(hours=-3, minutes=-30, seconds=-7))]
)
texts = st.text() | st.sampled_from(["!", "!tuple", "t", "v", '{"!', "\ud800", "\u2028", '"!'])
numbers = (
    st.integers()
    | st.floats()
    | st.sampled_from([0.0, -0.0, 1e308, 5e-324, 2**63])
    | st.integers(4290, 4310).map(lambda digits: -(10**digits))
)
plain_scalars = st.none() | st.booleans() | numbers | texts
json_values: st.SearchStrategy[Any] = st.recursive(
    plain_scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
hashables: st.SearchStrategy[Any] = st.recursive(
    plain_scalars.filter(lambda value: value == value)
    | st.decimals(allow_nan=False)
    | st.uuids()
    | st.binary()
    | st.dates()
    | st.timedeltas(),
    lambda inner: st.tuples(inner, inner) | st.tuples(inner) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
standard: st.SearchStrategy[Any] = (
    hashables
    | st.decimals(allow_nan=True)
    | st.datetimes(timezones=zones)
    | st.datetimes(timezones=zones).map(lambda moment: moment.replace(fold=1))
    | st.times(timezones=zones)
)
values: st.SearchStrategy[Any] = st.recursive(
    standard,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(hashables, inner, max_size=3)
        | st.dictionaries(texts, inner, max_size=3)
        | st.sets(hashables, max_size=3)
    ),
    max_leaves=12,
)
lines = st.builds(
    Line,
    st.text(),
    st.decimals(),
    st.none() | st.sampled_from(Size),
    st.lists(st.text(), max_size=2).map(tuple),
)
orders: st.SearchStrategy[Order] = st.builds(
    Order,
    st.uuids(),
    st.lists(lines, max_size=3),
    st.datetimes(timezones=zones),
    st.dictionaries(st.sampled_from(Color), st.integers(), max_size=2),
    st.none()
    | st.builds(Order, st.uuids(), st.just([]), st.datetimes(), st.just({}), st.none(), values),
    values,
)
HINTS: tuple[Any, ...] = (
    *(
        Any,
        None,
        str,
        int,
        float,
        bool,
        list,
        dict,
        tuple,
        set,
        Decimal,
        UUID,
        datetime,
        date,
        time,
    ),
    *(
        timedelta,
        bytes,
        list[int],
        list[Decimal],
        dict[str, Any],
        dict[str, Decimal],
        dict[int, str],
    ),
    *(tuple[int, ...], tuple[str, Decimal], set[UUID], frozenset[str], Decimal | None, Color | str),
    *(
        Order,
        list[Order],
        Order | None,
        Order | Invoice,
        Point,
        Size,
        Level | int,
        Color,
        Page[int],
    ),
    *(
        dict[Color, list[Line]],
        Mapping[str, date],
        list[str] | dict[str, Line],
        Line | dict[str, int],
    ),
)
