"""Serializers that both checkers must refuse."""

import json
from typing import Any

from lambda_durable import DurableContext, Where
from lambda_durable_serializers import Chain, ExtendedJson, compress, extended_json


class Bytes:
    def dumps(self, value: Any, where: Where, /) -> bytes:
        return b""

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        return text


class OnlyWrites:
    def dumps(self, value: Any, where: Where, /) -> str:
        return ""


def plain(ctx: DurableContext) -> None:
    ctx.step(len, [], serializer=json)  # E: arg-type|call-overload|report
    ctx.step(len, [], serializer=Bytes())  # E: arg-type|call-overload|report
    ctx.step(len, [], serializer=OnlyWrites())  # E: arg-type|call-overload|report
    ctx.step(len, [], serializer=ExtendedJson)  # E: arg-type|call-overload|report
    ctx.create_callback(serializer=5)  # E: arg-type|call-overload|report


def chains() -> None:
    extended_json | extended_json  # E: operator|reportOperatorIssue
    compress | extended_json  # E: operator|reportOperatorIssue
    Chain(extended_json, "compress")  # E: arg-type|reportArgumentType
