"""The API, asked by boto3: what it answers, and its typed errors."""

import http.client
import json
import time
import urllib.parse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from served import Served, client_of, function, served

from lambda_durable_kernel import Retries, Settings

CALLBACK = {"Id": "c", "Type": "CALLBACK", "Action": "START", "Name": "approval"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    functions = [
        function("wire", "handler", aliases=("live",)),
        function("other", "handler"),
        function("long", "handler", execution_timeout=901),
        function("plain", "plain"),
    ]
    store = tmp_path_factory.mktemp("store") / "s.db"
    with served(functions, store, settings=Settings(retries=Retries(delay=0.01))) as running:
        yield running


@pytest.fixture
def client(service: Served) -> Any:
    return service.client


def call(client: Any, script: dict[str, Any] | None = None, **options: Any) -> Any:
    options.setdefault("FunctionName", "wire")
    return client.invoke(Payload=json.dumps(script or {}).encode(), **options)


def start(client: Any, *updates: dict[str, Any], **options: Any) -> str:
    answer = call(client, {"updates": updates}, InvocationType="Event", **options)
    assert answer["StatusCode"] == 202
    arn: str = answer["DurableExecutionArn"]
    return arn


def events(client: Any, arn: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get_durable_execution_history(DurableExecutionArn=arn)[
        "Events"
    ]
    return found


def wait_for(client: Any, arn: str, type: str) -> dict[str, Any]:
    """Return the event of a type as soon as it is there."""
    until = time.monotonic() + 120
    while True:
        for event in events(client, arn):
            if event["EventType"] == type:
                return event
        assert time.monotonic() < until, f"no {type} in {events(client, arn)}"
        time.sleep(0.01)


def waiting_for_callback(client: Any, **options: Any) -> tuple[str, str]:
    arn = start(client, CALLBACK | options)
    wait_for(client, arn, "InvocationCompleted")
    details = wait_for(client, arn, "CallbackStarted")["CallbackStartedDetails"]
    return arn, details["CallbackId"]


def ended(client: Any, arn: str) -> dict[str, Any]:
    wait_for(client, arn, "ExecutionSucceeded")
    return client.get_durable_execution(DurableExecutionArn=arn)


def test_a_synchronous_invoke(client: Any) -> None:
    step = {"Id": "s", "Type": "STEP", "Action": "SUCCEED", "Payload": '"\u00fc"'}
    answer = call(client, {"updates": [step]}, Qualifier="$LATEST", DurableExecutionName="one")
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in answer
    assert json.loads(answer["Payload"].read()) == {"s": ["SUCCEEDED", '"\u00fc"']}
    arn = answer["DurableExecutionArn"]
    assert "/durable-execution/one/" in arn
    told = client.get_durable_execution(DurableExecutionArn=arn)
    assert told["Status"] == "SUCCEEDED"
    assert abs((datetime.now(UTC) - told["EndTimestamp"]).total_seconds()) < 600
    without = client.get_durable_execution(DurableExecutionArn=arn, IncludeExecutionData=False)
    assert without["ExecutionDataIncluded"] is False
    assert "Result" not in without
    assert "InputPayload" not in without


def test_a_synchronous_invoke_of_what_fails(client: Any) -> None:
    answer = call(client, {"updates": [CALLBACK | {"Name": "\n"}]})
    assert answer["FunctionError"] == "Unhandled"
    body = json.loads(answer["Payload"].read())
    assert body["errorType"] == "InvalidParameterValueException"
    assert "'Updates.1.member.Name'" in body["errorMessage"]


def test_an_asynchronous_invoke_and_its_callback(client: Any) -> None:
    arn, id = waiting_for_callback(client)
    client.send_durable_execution_callback_success(CallbackId=id, Result='"\u00fc"'.encode())
    assert json.loads(ended(client, arn)["Result"]) == {"c": ["SUCCEEDED", '"\u00fc"']}
    with pytest.raises(client.exceptions.CallbackTimeoutException):
        client.send_durable_execution_callback_heartbeat(CallbackId=id)


def test_a_callback_without_a_result(client: Any) -> None:
    arn, id = waiting_for_callback(client)
    client.send_durable_execution_callback_success(CallbackId=id)
    assert json.loads(ended(client, arn)["Result"]) == {"c": ["SUCCEEDED", None]}


def test_a_callback_that_fails(client: Any) -> None:
    arn, id = waiting_for_callback(client, CallbackOptions={"HeartbeatTimeoutSeconds": 600})
    client.send_durable_execution_callback_heartbeat(CallbackId=id)
    error = {"ErrorType": "Refused", "ErrorMessage": "no", "StackTrace": ["a"]}
    client.send_durable_execution_callback_failure(CallbackId=id, Error=error)
    assert json.loads(ended(client, arn)["Result"]) == {"c": ["FAILED", error]}


def test_a_callback_that_nobody_made(client: Any) -> None:
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="callback id"):
        client.send_durable_execution_callback_success(CallbackId="AAAA", Result=b"1")


def test_a_chained_invoke(client: Any) -> None:
    options = {"ChainedInvokeOptions": {"FunctionName": "plain", "TenantId": "blue"}}
    update = {"Id": "i", "Type": "CHAINED_INVOKE", "Action": "START", "Payload": "7", **options}
    answer = json.loads(call(client, {"updates": [update]})["Payload"].read())
    assert answer == {"i": ["SUCCEEDED", '{"event": 7, "tenant": "blue"}']}


def test_plain_functions(client: Any) -> None:
    answer = client.invoke(FunctionName="plain", Payload=b'"hello"', TenantId="red")
    assert json.loads(answer["Payload"].read()) == {"event": "hello", "tenant": "red"}
    assert "DurableExecutionArn" not in answer
    answer = client.invoke(FunctionName="plain", Payload=b'"fail"')
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorMessage"] == "as you wish"
    assert client.invoke(FunctionName="plain", InvocationType="Event")["StatusCode"] == 202
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="not a durable"):
        client.invoke(FunctionName="plain", DurableExecutionName="x")


def test_a_dry_run_starts_nothing(client: Any) -> None:
    assert call(client, InvocationType="DryRun", FunctionName="other")["StatusCode"] == 204
    found = client.list_durable_executions_by_function(FunctionName="other")
    assert found["DurableExecutions"] == []


def test_a_name_starts_once(client: Any) -> None:
    first = call(client, {"a": 1}, DurableExecutionName="again")
    assert (
        call(client, {"a": 1}, DurableExecutionName="again")["DurableExecutionArn"]
        == first["DurableExecutionArn"]
    )
    with pytest.raises(client.exceptions.DurableExecutionAlreadyStartedException):
        call(client, {"a": 2}, DurableExecutionName="again")


def test_qualifiers(client: Any) -> None:
    assert call(client, Qualifier="live")["StatusCode"] == 200
    assert call(client, FunctionName="wire:live", InvocationType="DryRun")["StatusCode"] == 204
    with pytest.raises(client.exceptions.ResourceNotFoundException, match="wire:7"):
        call(client, Qualifier="7")
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="does not match"):
        call(client, FunctionName="wire:live", Qualifier="$LATEST")


def test_what_cannot_be_invoked(client: Any) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException, match="nobody"):
        call(client, FunctionName="nobody")
    with pytest.raises(client.exceptions.InvalidRequestContentException, match="Could not parse"):
        client.invoke(FunctionName="wire", Payload=b"{")
    with pytest.raises(client.exceptions.InvalidParameterValueException, match="15 minutes"):
        call(client, FunctionName="long")
    assert call(client, FunctionName="long", InvocationType="Event")["StatusCode"] == 202
    large = json.dumps("x" * 1_048_576).encode()
    with pytest.raises(client.exceptions.RequestTooLargeException, match="1048576 bytes"):
        client.invoke(FunctionName="wire", Payload=large, InvocationType="Event")
    with pytest.raises(client.exceptions.RequestTooLargeException, match="6291456 bytes"):
        client.invoke(FunctionName="wire", Payload=b'"' + b"x" * 7_000_000 + b'"')


def test_stop(client: Any) -> None:
    arn, _ = waiting_for_callback(client)
    error = {"ErrorType": "Cancelled", "ErrorMessage": "changed my mind"}
    answer = client.stop_durable_execution(DurableExecutionArn=arn, Error=error)
    told = client.get_durable_execution(DurableExecutionArn=arn)
    assert (told["Status"], told["Error"]) == ("STOPPED", error)
    assert told["EndTimestamp"] == answer["StopTimestamp"]
    assert client.stop_durable_execution(DurableExecutionArn=arn) | {
        "ResponseMetadata": None
    } == answer | {"ResponseMetadata": None}


def test_pause_resume_and_delete(client: Any) -> None:
    arn, id = waiting_for_callback(client)
    for _ in range(2):
        answer = client.pause_durable_execution(
            DurableExecutionArn=arn, ClientToken="p", Reason="lunch"
        )
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202
    told = client.get_durable_execution(DurableExecutionArn=arn)
    assert told["Status"] == "PAUSED"
    assert told["PauseDetails"]["Reason"] == "lunch"
    with pytest.raises(client.exceptions.ResourceConflictException, match="PAUSED"):
        client.pause_durable_execution(DurableExecutionArn=arn)
    client.send_durable_execution_callback_success(CallbackId=id, Result=b"1")
    client.resume_durable_execution(DurableExecutionArn=arn)
    ended(client, arn)
    with pytest.raises(client.exceptions.ResourceConflictException):
        client.resume_durable_execution(DurableExecutionArn=arn)
    answer = client.delete_durable_execution(DurableExecutionArn=arn)
    assert isinstance(answer["DeletionRequestTimestamp"], datetime)
    until = time.monotonic() + 120
    while True:
        try:
            told = client.get_durable_execution(DurableExecutionArn=arn)
        except client.exceptions.ResourceNotFoundException:
            break
        assert told["Status"] == "DELETING"
        assert time.monotonic() < until


def test_delete_needs_an_end(client: Any) -> None:
    arn, _ = waiting_for_callback(client)
    with pytest.raises(client.exceptions.ResourceConflictException, match="RUNNING"):
        client.delete_durable_execution(DurableExecutionArn=arn)
    client.stop_durable_execution(DurableExecutionArn=arn)


def test_lists_and_pages(client: Any) -> None:
    arns = [start(client, FunctionName="other", DurableExecutionName=f"n{n}") for n in range(5)]
    for arn in arns:
        ended(client, arn)
    pages = client.get_paginator("list_durable_executions_by_function").paginate(
        FunctionName="other", PaginationConfig={"PageSize": 2}
    )
    shown = [each["DurableExecutionArn"] for page in pages for each in page["DurableExecutions"]]
    assert shown == arns[::-1]

    def names(**conditions: Any) -> list[str]:
        found = client.list_durable_executions_by_function(FunctionName="other", **conditions)
        return [each["DurableExecutionName"] for each in found["DurableExecutions"]]

    assert names(ReverseOrder=True, MaxItems=1) == ["n0"]
    assert names(DurableExecutionName="n3") == ["n3"]
    assert names(Statuses=["FAILED", "STOPPED"]) == []
    assert len(names(Statuses=["SUCCEEDED"], Qualifier="$LATEST")) == 5
    assert names(StartedAfter=datetime.now(UTC)) == []
    assert len(names(StartedBefore=datetime.now(UTC))) == 5
    first = events(client, arns[0])
    assert [event["EventId"] for event in first] == list(range(1, len(first) + 1))
    page = client.get_durable_execution_history(DurableExecutionArn=arns[0], MaxItems=1)
    assert page["Events"] == first[:1]
    rest = client.get_durable_execution_history(
        DurableExecutionArn=arns[0], Marker=page["NextMarker"], IncludeExecutionData=False
    )
    assert [event["EventId"] for event in rest["Events"]] == list(range(2, len(first) + 1))


def test_a_token_is_needed_to_checkpoint(client: Any) -> None:
    arn, _ = waiting_for_callback(client)
    for attempt in (
        lambda: client.checkpoint_durable_execution(DurableExecutionArn=arn, CheckpointToken="AAA"),
        lambda: client.get_durable_execution_state(DurableExecutionArn=arn, CheckpointToken="AAA"),
    ):
        with pytest.raises(client.exceptions.InvalidParameterValueException) as refused:
            attempt()
        assert refused.value.response["Error"]["Message"] == "Invalid checkpoint token"
    client.stop_durable_execution(DurableExecutionArn=arn)


def test_functions_are_described(client: Any) -> None:
    assert [each["FunctionName"] for each in client.list_functions()["Functions"]] == [
        *("long", "other", "plain", "wire")
    ]
    first = client.list_functions(MaxItems=1)
    assert [each["FunctionName"] for each in first["Functions"]] == ["long"]
    rest = client.list_functions(Marker=first["NextMarker"])
    assert len(rest["Functions"]) == 3
    found = client.get_function(FunctionName="long")["Configuration"]
    assert found["DurableConfig"] == {"ExecutionTimeout": 901, "RetentionPeriodInDays": 14}
    assert "Environment" not in found
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function(FunctionName="nobody")


def request(
    service: Served, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, str | None, Any]:
    where = urllib.parse.urlsplit(service.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=120)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, answer.getheader("x-amzn-ErrorType"), json.loads(text)
    finally:
        connection.close()


def test_health(service: Served) -> None:
    assert request(service, "GET", "/health") == (200, None, {"Status": "Healthy"})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/2015-03-31/functions/f/invocations"),
        ("PATCH", "/2015-03-31/functions"),
        ("GET", "/../../etc/passwd"),
        ("GET", "/2015-03-31/functions/%2e%2e%2f%2e%2e/configuration"),
        ("GET", "/2025-12-01/durable-executions/%ff"),
    ],
)
def test_what_is_no_operation(service: Served, method: str, path: str) -> None:
    status, type, _ = request(service, method, path)
    assert (status, type) == (404, "UnknownOperationException")


def test_an_arn_may_be_typed_as_it_is(service: Served, client: Any) -> None:
    arn = call(client)["DurableExecutionArn"]
    status, _, told = request(service, "GET", f"/2025-12-01/durable-executions/{arn}")
    assert (status, told["DurableExecutionArn"]) == (200, arn)
    assert isinstance(told["StartTimestamp"], float)
    status, _, told = request(service, "GET", f"/2025-12-01/durable-executions/{arn}/history")
    assert told["Events"][0]["EventType"] == "ExecutionStarted"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("MaxItems=1001", "less than or equal to 1000"),
        ("MaxItems=x", "a whole number"),
        ("Statuses=GONE", "enum value set"),
        ("StartedAfter=yesterday", "ISO 8601"),
        ("StartedAfter=99999999999999999", "ISO 8601"),
        ("ReverseOrder=yes", "true or false"),
        ("DurableExecutionName=a%20b", "regular expression"),
        ("Marker=AAAA", "Invalid marker"),
        ("Marker=%ff", "UTF-8"),
    ],
)
def test_the_query_is_checked(service: Served, query: str, reason: str) -> None:
    path = f"/2025-12-01/functions/wire/durable-executions?{query}"
    status, type, told = request(service, "GET", path)
    assert (status, type) == (400, "InvalidParameterValueException")
    assert told["Type"] == "User"
    assert reason in told["message"]


def test_bodies_are_checked(service: Served, client: Any) -> None:
    arn, _ = waiting_for_callback(client)
    path = f"/2025-12-01/durable-executions/{urllib.parse.quote(arn, safe='')}/checkpoint"
    for body, reason in (
        (b"", "'CheckpointToken'"),
        (b"[]", "not a JSON object"),
        (b"{" * 100_000, "parse"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"CheckpointToken": 1}', "a string"),
        (b'{"CheckpointToken": "A", "Updates": {}}', "a list"),
        (b'{"CheckpointToken": "A", "Updates": [{"Id": NaN}]}', "NaN"),
        (b"\xff", "parse"),
        (b"1" * 5000, "parse"),
    ):
        status, type, told = request(service, "POST", path, body)
        assert (status, type) == (400, "InvalidParameterValueException"), body[:50]
        assert reason in told["message"]
    client.stop_durable_execution(DurableExecutionArn=arn)


def test_web_pages_and_other_hosts_are_not_answered(service: Served) -> None:
    for headers in ({"Host": "example.com"}, {"Origin": "https://example.com"}):
        status, type, _ = request(service, "GET", "/2015-03-31/functions", **headers)
        assert (status, type) == (403, "UnrecognizedClientException")
    port = urllib.parse.urlsplit(service.url).port
    for host in (f"localhost:{port}", "[::1]", "127.1.2.3:80"):
        assert request(service, "GET", "/2015-03-31/functions", Host=host)[0] == 200


def test_a_token_is_asked_for(tmp_path: Path) -> None:
    token = "an-unguessable-token"
    with served([function("plain", "plain")], tmp_path / "s.db", token=token) as service:
        assert len(client_of(service.url, key=token).list_functions()["Functions"]) == 1
        with pytest.raises(service.client.exceptions.ClientError) as refused:
            service.client.list_functions()
        assert refused.value.response["Error"]["Code"] == "UnrecognizedClientException"
        path = "/2015-03-31/functions"
        assert request(service, "GET", path)[0] == 403
        assert request(service, "GET", path, Authorization=f"Bearer {token}")[0] == 200
        assert request(service, "GET", path, Authorization=f"Bearer {token}x")[0] == 403
        assert request(service, "GET", "/health")[0] == 200
