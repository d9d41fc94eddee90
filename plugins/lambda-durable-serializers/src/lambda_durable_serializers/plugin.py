"""The hooks: names for the serializers, and extended JSON for every type."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from lambda_durable.abc import Serializer
from lambda_durable.hookspecs import hookimpl

from .by_pydantic import pydantic_json
from .compression import compress
from .extended import ExtendedJson, extended_json
from .official import official_json


@hookimpl
def durable_serializers() -> Mapping[str, Serializer]:
    """Register `extended-json`, `compressed`, `official`, and `pydantic` where it is installed."""
    names: dict[str, Serializer] = {
        "extended-json": extended_json,
        "compressed": extended_json | compress,
        "official": official_json,
    }
    if find_spec("pydantic") is not None:
        names["pydantic"] = pydantic_json
    return names


@hookimpl(trylast=True)  # whoever chooses a default of their own is asked before
def durable_serializer(type: Any) -> Serializer:
    """Choose extended JSON, made for the declared type."""
    return ExtendedJson(type)
