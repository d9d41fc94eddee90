"""Malformed and hostile requests, made from the service's own model: each gets a 4xx of its kind.

LAMBDA_DURABLE_REQUESTS=10000 sends as many. None may be answered with a 5xx, hang, leave a
traceback or change what is stored.
"""

import base64
import http.client
import json
import logging
import os
import re
import sqlite3
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.model import Shape, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served import Served, function, served

from lambda_durable_local.api.model import LambdaModel

REQUESTS = int(os.environ.get("LAMBDA_DURABLE_REQUESTS", "300"))
MODEL = LambdaModel()
pytestmark = pytest.mark.timeout(300 + REQUESTS // 2)
# Whatever these are asked, they change nothing; and they may well be asked something valid.
REFUSED_WHILE_IT_RUNS = {"CheckpointDurableExecution", "GetDurableExecutionState"}
REFUSED_WHILE_IT_RUNS |= {"DeleteDurableExecution", "ResumeDurableExecution"}
REFUSED_WHILE_IT_RUNS |= {"GetDurableExecution", "GetDurableExecutionHistory"}
REAL_ARN, REAL_TOKEN, FORGED_ID = "the-real-arn", "the+real+token", "the+forged+id"
POISON = {"Id": "poison", "Type": "WAIT", "Action": "RETRY"}
READ_ONLY = {name for name in MODEL.operations if name.startswith(("Get", "List"))}
SURPRISES = st.sampled_from(
    [
        *("", "\x00", "../../etc/passwd", "%2e%2e", "' OR 1=1 --", "\ud7ff", "\U0001f600"),
        *("a" * 5000, "$LATEST", "arn:aws:lambda", "null", "-1", "1e999", "\r\nX-Evil: 1"),
        "\ud800",  # half a character: JSON can hold it, UTF-8 cannot
    ]
)
TEXT = st.one_of(SURPRISES, st.text(st.characters(), max_size=40))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


OPAQUE = {
    "Marker": st.one_of(
        st.integers(),
        st.tuples(st.floats(), TEXT),
        st.tuples(st.integers(), st.integers()),
        TEXT,
    ).map(lambda parts: in_base64(parts if isinstance(parts, tuple) else [parts])),
    "CallbackId": st.one_of(
        st.just(FORGED_ID),
        st.lists(TEXT, max_size=3).map(lambda parts: in_base64([json.dumps(parts)])),
    ),
}
"""What the service makes for itself to read again, made by somebody else."""


def in_base64(parts: Iterable[object]) -> str:
    text = ",".join(map(str, parts))
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


@dataclass(frozen=True)
class Hostile:
    """A request with at least one thing wrong with it."""

    operation: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def values(shape: Shape) -> st.SearchStrategy[Any]:
    """Return values for a shape: near what it asks for, or anything at all."""
    match shape.type_name:
        case "structure":
            assert isinstance(shape, StructureShape)
            members = {name: values(member) for name, member in shape.members.items()}
            near = st.fixed_dictionaries({}, optional=members)
        case "list":
            near = st.lists(values(shape.member), max_size=3)
        case "boolean":
            near = st.booleans()
        case "integer" | "long":
            low, high = shape.metadata.get("min", 0), shape.metadata.get("max", 10)
            near = st.sampled_from([low - 1, low, high, high + 1, 10**18, -(10**18)])
        case "string" if "enum" in shape.metadata:
            near = st.sampled_from(shape.metadata["enum"])
        case "string" if "pattern" in shape.metadata:
            near = st.from_regex(re.compile(shape.metadata["pattern"], re.ASCII), fullmatch=True)
        case _:
            near = TEXT
    return st.one_of(near, near, JSON)


def texts(shape: Shape, name: str) -> st.SearchStrategy[str]:
    """Return what may stand in a path, a query or a header."""
    any = values(shape).map(lambda value: value if isinstance(value, str) else json.dumps(value))
    return st.one_of(any, OPAQUE[name]) if name in OPAQUE else any


@st.composite
def requests(draw: Callable[..., Any]) -> Hostile:
    operation = MODEL.operations[draw(st.sampled_from(sorted(MODEL.operations)))]
    path, query = operation.path.pattern.removesuffix("/?").replace("\\", ""), []
    headers: dict[str, str] = {}
    body: dict[str, Any] = {}
    raw: bytes | None = None
    for name, member in operation.input.members.items():
        key = member.serialization.get("name", name)
        location = member.serialization.get("location")
        if location == "uri":
            text = draw(texts(member, name).filter(bool))
            if key == "DurableExecutionArn" and operation.name in REFUSED_WHILE_IT_RUNS:
                text = draw(st.sampled_from([REAL_ARN, text]))
            safe = draw(st.sampled_from(["", "/:$"]))
            encoded = urllib.parse.quote(text, safe, errors="surrogatepass")
            path = re.sub(rf"\(\?P<{key}>[^)]*\)", lambda _, e=encoded: e, path)
        elif draw(st.booleans()):
            continue
        elif location == "querystring":
            query.append((key, draw(texts(member, name))))
        elif location == "header":
            text = draw(texts(member, name))
            headers[key] = "".join(c for c in text if 32 <= ord(c) < 127).strip()
        elif operation.payload == name:
            as_json = values(member).map(lambda value: json.dumps(value).encode())
            raw = draw(st.binary(max_size=50) | as_json)
        else:
            body[name] = draw(values(member))
    if operation.name == "CheckpointDurableExecution" and draw(st.booleans()):
        # The right token for an execution that runs: refused because of one update, as a whole.
        body = body | {"CheckpointToken": REAL_TOKEN}
        updates = draw(st.lists(values(operation.input.members["Updates"].member), max_size=3))
        body["Updates"] = draw(st.permutations([*updates, POISON]))
    if raw is None:
        whole = st.just(json.dumps(body).encode())
        raw = draw(st.one_of(whole, whole, st.binary(max_size=50)))
    return Hostile(
        operation.name,
        operation.method,
        path + (f"?{urllib.parse.urlencode(query, errors='surrogatepass')}" if query else ""),
        headers,
        raw,
    )


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store = tmp_path_factory.mktemp("store") / "s.db"
    functions = [function("the-only-one", "handler"), function("held", "held")]
    with served(functions, store) as running:
        client = running.client
        wait = {"Id": "w", "Type": "WAIT", "Action": "START", "WaitOptions": {"WaitSeconds": 9999}}
        client.invoke(
            FunctionName="the-only-one",
            InvocationType="Event",
            Payload=json.dumps({"updates": [wait]}).encode(),
        )
        until = time.monotonic() + 120
        while b"InvocationCompleted" not in stored(store):
            assert time.monotonic() < until
            time.sleep(0.01)
        client.invoke(FunctionName="held", InvocationType="Event")
        yield running
        sys.modules["wire"].RELEASED.set()


def stored(store: Path) -> bytes:
    """Return all that is in a store."""
    connection = sqlite3.connect(store)
    try:
        rows = [
            connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("executions", "operations", "events")
        ]
    finally:
        connection.close()
    return repr(rows).encode()


def test_hostile_requests_are_refused(service: Served, caplog: pytest.LogCaptureFixture) -> None:
    where = urllib.parse.urlsplit(service.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=120)
    event = sys.modules["wire"].HELD.get(timeout=120)
    real = {
        REAL_ARN: urllib.parse.quote(event["DurableExecutionArn"], safe=""),
        REAL_TOKEN: event["CheckpointToken"],
    }
    forged = in_base64([json.dumps([event["DurableExecutionArn"], "c", "\ud800"])])
    before = stored(service.store)
    counts: dict[int, int] = {}

    @settings(
        max_examples=REQUESTS,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(requests())
    def send(request: Hostile) -> None:
        path = request.path.replace(REAL_ARN, real[REAL_ARN])
        path = path.replace(urllib.parse.quote(FORGED_ID), urllib.parse.quote(forged, safe=""))
        body = request.body.replace(REAL_TOKEN.encode(), real[REAL_TOKEN].encode())
        connection.request(request.method, path, body, request.headers)
        answer = connection.getresponse()
        text = answer.read()
        counts[answer.status] = counts.get(answer.status, 0) + 1
        if answer.status == 200:
            assert request.operation in READ_ONLY, (request, text)
            return
        assert 400 <= answer.status < 500, (request, answer.status, text)
        type = answer.getheader("x-amzn-ErrorType")
        declared = MODEL.operations[request.operation].errors
        assert type in declared | {"UnknownOperationException"}, (request, type, text)
        told = json.loads(text)
        assert told["Type"] == "User"
        assert told[MODEL.message_member(type)]

    with caplog.at_level(logging.WARNING):
        send()
    connection.close()
    assert sum(counts.values()) >= REQUESTS
    assert sum(number for status, number in counts.items() if status >= 400) > REQUESTS // 2
    assert caplog.records == []
    assert stored(service.store) == before
    print(counts)


@pytest.mark.parametrize(
    "sent",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000,
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_not_even_http(service: Served, sent: bytes) -> None:
    where = urllib.parse.urlsplit(service.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=120)
    connection.connect()
    connection.sock.sendall(sent)
    answer = http.client.HTTPResponse(connection.sock)
    answer.begin()
    assert 400 <= answer.status < 500
    connection.close()
    assert service.client.list_functions()["Functions"]
