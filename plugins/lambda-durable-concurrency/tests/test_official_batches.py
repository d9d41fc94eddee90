"""Batches that the official SDK for Python kept, as recorded from its release 3.0.0."""

import json
from typing import Any

import pytest

from lambda_durable.errors import SerializationError
from lambda_durable_concurrency.encoding import decoded

ALL = (
    '{"t":"br","v":{"all":{"t":"l","v":[{"t":"m","v":{"index":{"t":"i","v":0},"status":{"t":"s",'
    '"v":"SUCCEEDED"},"result":{"t":"m","v":{"a":{"t":"dt","v":"2026-01-01T00:00:00"}}},"error":'
    '{"t":"n","v":null}}},{"t":"m","v":{"index":{"t":"i","v":1},"status":{"t":"s","v":"SUCCEEDED"}'
    ',"result":{"t":"m","v":{"b":{"t":"l","v":[{"t":"f","v":1.5}]}}},"error":{"t":"n","v":null}}},'
    '{"t":"m","v":{"index":{"t":"i","v":3},"status":{"t":"s","v":"FAILED"},"result":{"t":"n","v":'
    'null},"error":{"t":"m","v":{"ErrorMessage":{"t":"s","v":"m"},"ErrorType":{"t":"s","v":'
    '"ValueError"}}}}},{"t":"m","v":{"index":{"t":"i","v":4},"status":{"t":"s","v":"STARTED"},'
    '"result":{"t":"n","v":null},"error":{"t":"n","v":null}}}]},"completionReason":{"t":"s","v":'
    '"FAILURE_TOLERANCE_EXCEEDED"}}}'
)


def test_all_of_it() -> None:
    """What plain JSON has is had as that; what it has not is left to the item's serializer."""
    dated = json.dumps({"t": "m", "v": {"a": {"t": "dt", "v": "2026-01-01T00:00:00"}}})
    assert decoded(ALL) == {
        "all": [
            {"index": 0, "status": "SUCCEEDED", "payload": dated},
            {"index": 1, "status": "SUCCEEDED", "result": {"b": [1.5]}},
            {
                "index": 3,
                "status": "FAILED",
                "error": {"ErrorMessage": "m", "ErrorType": "ValueError"},
            },
            {"index": 4, "status": "STARTED"},
        ],
        "completionReason": "FAILURE_TOLERANCE_EXCEEDED",
    }


@pytest.mark.parametrize(
    "value",
    [
        {"t": "br"},
        {"t": "br", "v": {}},
        {"t": "br", "v": {"all": {"t": "l", "v": [{}]}, "completionReason": {"t": "s", "v": ""}}},
        {"t": "br", "v": {"all": {"t": "l", "v": []}, "completionReason": {"t": "dt", "v": ""}}},
        {"t": "m", "v": {}},
    ],
)
def test_what_is_none(value: Any) -> None:
    """Anything else is refused as it was before."""
    with pytest.raises(SerializationError, match="is not one that parallel or map writes"):
        decoded(json.dumps(value))
