"""Serializers for Lambda Durable: values come back as what they were, or an error says why not.

Installed, extended JSON is what every operation uses: plain JSON stays plain, and dates, decimals,
dataclasses, enums, pydantic models and more come back exactly. By name: `extended-json`,
`compressed`, `official` (the official AWS SDK's format) and `pydantic`. The format is described in
`lambda_durable_serializers.extended`.
"""

from .by_pydantic import PydanticJson, pydantic_json
from .chain import Chain, Transform
from .compression import Compress, compress
from .extended import ExtendedJson, extended_json
from .official import official_json
from .plugin import durable_serializer as durable_serializer  # core looks for hooks in the package
from .plugin import durable_serializers as durable_serializers

__all__ = [
    "Chain",
    "Compress",
    "ExtendedJson",
    "PydanticJson",
    "Transform",
    "compress",
    "extended_json",
    "official_json",
    "pydantic_json",
]
