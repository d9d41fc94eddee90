"""Pydantic models: inside extended JSON, and the serializer that leaves everything to pydantic."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import pytest
from serializer_values import HERE, Invoice, same

from lambda_durable.errors import SerializationError
from lambda_durable_serializers import ExtendedJson, PydanticJson, extended_json, pydantic_json

pydantic = pytest.importorskip("pydantic")

from pydantic import BaseModel, Field, RootModel, field_validator  # noqa: E402 - see above

T = TypeVar("T")


class Customer(BaseModel):
    name: str
    since: datetime
    credit: Decimal = Decimal(0)
    tags: set[str] = set()
    parent: "Customer | None" = None


class Aliased(BaseModel):
    number: int = Field(alias="theNumber")


class TwoAliases(BaseModel):
    number: int = Field(validation_alias="in", serialization_alias="out")


class Box(BaseModel, Generic[T]):
    content: T


class Names(RootModel[list[str]]):
    pass


class Reading(BaseModel):
    t: str
    v: Any


class Growing(BaseModel):
    """Validation changes what was validated before."""

    number: int

    @field_validator("number")
    @classmethod
    def grow(cls, number: int) -> int:
        return number + 1


ANN = Customer(
    name="Ann", since=datetime(2025, 1, 2, tzinfo=UTC), credit=Decimal("1.50"), tags={"a"}
)
BOB = Customer(name="Bob", since=ANN.since, parent=ANN)

MODELS: list[tuple[Any, Any]] = [
    (BOB, Customer),
    ([ANN, BOB], list[Customer]),
    ({"a": ANN}, dict[str, Customer | None]),
    (ANN, Customer | Invoice),
    ((Invoice(1), ANN), tuple[Invoice, Customer]),
    (Aliased(theNumber=3), Aliased),
    (Box[Invoice](content=Invoice(1)), Box[Invoice]),
    (Box[Customer](content=ANN), Box[Customer]),
    (Names(["a"]), Names),
    (Reading(t="s", v="x"), Reading),
    (Box[dict[str, int]](content={"!tuple": 1}), Box[dict[str, int]]),
]


@pytest.mark.parametrize(("value", "hint"), MODELS, ids=str)
def test_extended_json_restores_models(value: Any, hint: Any) -> None:
    serializer = ExtendedJson(hint)
    assert same(serializer.loads(serializer.dumps(value, HERE), hint, HERE), value)
    assert same(extended_json.loads(extended_json.dumps(value, HERE), hint, HERE), value)


@pytest.mark.parametrize(("value", "hint"), MODELS, ids=str)
def test_pydantic_json_restores_models(value: Any, hint: Any) -> None:
    serializer = pydantic_json.for_type(hint)
    assert same(serializer.loads(serializer.dumps(value, HERE), hint, HERE), value)
    text = pydantic_json.dumps(value, HERE)
    assert same(pydantic_json.loads(text, hint, HERE), value)


def test_a_model_is_plain_json_on_paper() -> None:
    text = ExtendedJson(Aliased).dumps(Aliased(theNumber=3), HERE)
    assert text == '{"theNumber":3}'
    assert ExtendedJson(Reading).dumps(Reading(t="s", v=1), HERE) == (
        '{"!as":["Reading",{"t":"s","v":1}]}'
    )


def test_a_model_without_an_annotation_is_refused_when_it_is_written() -> None:
    for serializer in (ExtendedJson(Any), PydanticJson(Any), ExtendedJson(list[Invoice])):
        with pytest.raises(SerializationError, match="cannot be kept: .*Customer"):
            serializer.dumps(ANN, HERE)


def test_a_model_that_would_not_come_back_equal_is_refused_when_it_is_written() -> None:
    for serializer in (ExtendedJson(Growing), PydanticJson(Growing)):
        with pytest.raises(SerializationError, match="would (not )?come back"):
            serializer.dumps(Growing(number=1), HERE)
    not_a_number = Box[float](content=float("nan"))
    with pytest.raises(SerializationError, match="would not come back equal"):
        ExtendedJson(Box[float]).dumps(not_a_number, HERE)


def test_two_different_aliases_fall_back_to_names_or_are_refused() -> None:
    model = TwoAliases.model_validate({"in": 5})
    with pytest.raises(SerializationError, match="would not come back equal"):
        ExtendedJson(TwoAliases).dumps(model, HERE)


def test_json_that_does_not_fit_a_model_is_an_error() -> None:
    for serializer in (extended_json, pydantic_json):
        with pytest.raises(SerializationError, match=r"(?s)cannot be read: .*Field required"):
            serializer.loads("{}", Customer, HERE)


def test_pydantic_json_validates_what_it_reads() -> None:
    assert pydantic_json.loads('["1", 2]', list[int], HERE) == [1, 2]
    assert pydantic_json.loads('{"number": "3"}', Invoice, HERE) == Invoice(3)


def test_pydantic_json_without_a_type_marks_what_json_does_not_keep() -> None:
    for value in (None, [1, {"a": 2.5}], "x"):
        text = pydantic_json.dumps(value, HERE)
        assert "!pydantic" not in text
        assert pydantic_json.loads(text, Any, HERE) == value
    marked: list[Any] = [(1, 2), ANN, {"!pydantic": 1}, {1: 2}]
    for each in marked:
        text = pydantic_json.dumps(each, HERE)
        assert text.startswith('{"!pydantic":')
        with pytest.raises(SerializationError, match="it needs a type: annotate the function"):
            pydantic_json.loads(text, Any, HERE)
    assert pydantic_json.loads(pydantic_json.dumps((1, 2), HERE), tuple[int, ...], HERE) == (1, 2)


def test_what_pydantic_cannot_write_is_a_serialization_error() -> None:
    for serializer in (pydantic_json, PydanticJson(list[int])):
        with pytest.raises(SerializationError, match="cannot be kept"):
            serializer.dumps(object(), HERE)
