"""The official SDK's format: read by extended JSON, written and read by `official_json`."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serializer_values import HERE, Invoice, same

from lambda_durable.errors import SerializationError
from lambda_durable_serializers import ExtendedJson, extended_json, official_json

VECTORS: list[tuple[str, Any]] = [
    ("null", None),
    ("-0.0", -0.0),
    ('["a",[1,true,null]]', ["a", [1, True, None]]),
    ('{"t":"m","v":{}}', {}),
    ('{"t":"m","v":{"a":{"t":"i","v":1}}}', {"a": 1}),
    ('{"t":"m","v":{"!tuple":{"t":"l","v":[]}}}', {"!tuple": []}),
    (
        '{"t":"m","v":{"t":{"t":"s","v":"s"},"v":{"t":"n","v":null}}}',
        {"t": "s", "v": None},
    ),
    (
        '{"t":"l","v":[{"t":"f","v":1.5},{"t":"b","v":true},{"t":"t","v":[{"t":"i","v":1}]}]}',
        [1.5, True, (1,)],
    ),
    ('{"t":"B","v":"AP8="}', b"\x00\xff"),
    ('{"t":"u","v":"00000000-0000-0000-0000-000000000005"}', UUID(int=5)),
    ('{"t":"d","v":"1.50"}', Decimal("1.50")),
    ('{"t":"dt","v":"2025-01-02T03:04:05.000006+02:00"}', None),
    ('{"t":"D","v":"2025-01-02"}', date(2025, 1, 2)),
]
MOMENT = datetime(2025, 1, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=2)))
VECTORS[11] = (VECTORS[11][0], MOMENT)


@pytest.mark.parametrize(("text", "value"), VECTORS)
def test_vectors(text: str, value: Any) -> None:
    assert same(official_json.loads(text, Any, HERE), value)
    assert same(extended_json.loads(text, Any, HERE), value)
    assert official_json.dumps(value, HERE) == text


def test_a_batch_result_is_read_as_the_dict_it_holds() -> None:
    item = '{"t":"m","v":{"index":{"t":"i","v":0},"result":{"t":"t","v":[{"t":"i","v":1}]}}}'
    reason = '"completionReason":{"t":"s","v":"X"}'
    text = f'{{"t":"br","v":{{"all":{{"t":"l","v":[{item}]}},{reason}}}}}'
    value = {"all": [{"index": 0, "result": (1,)}], "completionReason": "X"}
    assert same(extended_json.loads(text, Any, HERE), value)


def test_the_annotation_makes_instances_of_official_payloads() -> None:
    text = '{"t":"l","v":[{"t":"m","v":{"number":{"t":"i","v":5}}}]}'
    for serializer in (official_json, extended_json, ExtendedJson(list[Invoice])):
        # a dict with one member is taken literally, as the one that was written
        assert serializer.loads(text, Any, HERE) == [{"number": 5}]
    assert extended_json.loads('{"t":"dt","v":"2025-01-02T00:00:00Z"}', datetime, HERE) == datetime(
        2025, 1, 2, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"t":"zz","v":1}',
        '{"t":"i","v":"x"}',
        '{"t":"b","v":1}',
        '{"t":5,"v":5}',
        '{"t":"d","v":"hello"}',
        '{"t":"dt","v":7}',
        '{"t":"l","v":{"a":1}}',
        '{"t":"l","v":[1]}',
        '{"t":"m","v":{"a":1}}',
        '{"t":["i"],"v":1}',
    ],
)
def test_other_peoples_data_that_looks_like_it_stays_data(text: str) -> None:
    import json

    assert extended_json.loads(text, Any, HERE) == json.loads(text)
    with pytest.raises(SerializationError, match="cannot be read"):
        official_json.loads(text, Any, HERE)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1: 2}, r"has the key 1; the official format keeps only strings"),
        ([{"a": {1}}], r"holds a set, which the official format does not know"),
        (timedelta(1), r"holds a timedelta"),
        (Invoice(1), r"holds a Invoice"),
    ],
)
def test_what_the_format_does_not_keep_is_refused(value: Any, message: str) -> None:
    with pytest.raises(SerializationError, match=message):
        official_json.dumps(value, HERE)


# --- against the official SDK itself, where a Python that has it is at hand ---------------------

OFFICIAL_PYTHON = os.environ.get("LAMBDA_DURABLE_OFFICIAL_PYTHON", sys.executable)
SCRIPT = """
import datetime, sys
inf = float("inf")
from decimal import Decimal
from uuid import UUID
from aws_durable_execution_sdk_python.serdes import deserialize, serialize
for line in sys.stdin:
    value, text = eval(line)
    written = serialize(None, value, "id", "arn")
    print(repr((written, deserialize(None, text, "id", "arn") == value)))
"""

official_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.uuids()
    | st.decimals(allow_nan=False)
    | st.dates()
    | st.datetimes().map(lambda moment: moment.replace(fold=0)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text() | st.sampled_from(["t", "v", "!a"]), inner, max_size=3)
    ),
    max_leaves=10,
)


def has_official_sdk() -> bool:
    if not Path(OFFICIAL_PYTHON).exists():  # its environment is made by a session of its own
        return False
    check = [OFFICIAL_PYTHON, "-c", "import aws_durable_execution_sdk_python.serdes"]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(
    not has_official_sdk(),
    reason=f"{OFFICIAL_PYTHON} has no aws-durable-execution-sdk-python: nox -s peers",
)
def test_both_sdks_write_the_same_and_read_each_other() -> None:
    values: list[Any] = [value for _, value in VECTORS]

    @given(official_values)
    def collect(value: Any) -> None:
        values.append(value)

    collect()
    lines = [repr((value, official_json.dumps(value, HERE))) for value in values]
    run = subprocess.run(
        [OFFICIAL_PYTHON, "-c", SCRIPT],
        input="\n".join(lines),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answers = run.stdout.splitlines()
    assert len(answers) == len(values) > 50
    for value, answer in zip(values, answers, strict=True):
        theirs, read_ours = eval(answer)
        assert official_json.dumps(value, HERE) == theirs
        assert read_ours
        assert same(official_json.loads(theirs, Any, HERE), value)
        assert same(extended_json.loads(theirs, Any, HERE), value)
