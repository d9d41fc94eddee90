"""Serializers of ours and of one's own, wherever one is taken."""

from typing import Any, assert_type

from lambda_durable import AsyncDurableContext, DurableContext, Serializer, Where
from lambda_durable_serializers import (
    Chain,
    Compress,
    ExtendedJson,
    PydanticJson,
    compress,
    extended_json,
    official_json,
    pydantic_json,
)


class Capitals:
    def dumps(self, value: Any, where: Where, /) -> str:
        return f"{where.operation_id}: {value}".upper()

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        return text.lower()


class Reversed:
    def encode(self, text: str, where: Where, /) -> str:
        return text[::-1]

    def decode(self, text: str, where: Where, /) -> str:
        return text[::-1]


def all_of_them() -> list[Serializer]:
    return [
        Capitals(),
        extended_json,
        official_json,
        pydantic_json,
        ExtendedJson(dict[str, int]),
        PydanticJson(),
        extended_json | compress,
        official_json | Compress() | Reversed(),
        Chain(Capitals(), compress),
    ]


def plain(ctx: DurableContext) -> None:
    ctx.step(len, [1], serializer=Capitals())
    ctx.step(len, [1], serializer="compressed")
    ctx.map([1], lambda own, item: item, item_serializer=extended_json, serializer=Capitals())


async def awaited(ctx: AsyncDurableContext) -> None:
    await ctx.invoke("function", 5, serializer=pydantic_json)
    callback = await ctx.create_callback(serializer=Capitals())
    assert_type(await callback.result(), Any)
