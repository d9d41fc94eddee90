"""Conformance kits: what the interfaces promise, as tests that an implementation inherits.

    class TestMyFormat(SerializerKit):
        def make_serializer(self) -> Serializer:
            return MyFormat()

pytest collects the class like any other; a method that does not apply is overridden.
"""

from .operations import OperationKit
from .serializers import SerializerKit
from .stores import StoreKit
from .strategies import RetryStrategyKit, WaitStrategyKit

__all__ = [
    "OperationKit",
    "RetryStrategyKit",
    "SerializerKit",
    "StoreKit",
    "WaitStrategyKit",
]
