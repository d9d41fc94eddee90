"""What a client of the service sends, and what it makes of the answers.

These tests are for every client: core runs them with boto3's, and a plugin that supplies another
runs them with a `make_service` fixture of its own.
"""

from lambda_durable.abc import Service
from lambda_durable.protocol import (
    Limits,
    OperationAction,
    OperationType,
    OperationUpdate,
    epoch_seconds,
)

from .lambda_server import LambdaServer, MakeService

ARN = (
    "arn:aws:lambda:eu-west-1:123456789012:function:orders:$LATEST/durable-execution/order-1/inv-1"
)
TOKEN = "dG9+a2/u=="
START: OperationUpdate = {"Id": "a" * 64, "Type": "STEP", "Action": "START", "Name": "reserve"}


def test_it_is_a_service(make_service: MakeService) -> None:
    service: Service = make_service()
    assert service


def test_checkpoint_request(server: LambdaServer, make_service: MakeService) -> None:
    succeed: OperationUpdate = {"Id": "b", "Type": "STEP", "Action": "SUCCEED", "Payload": '"é"'}
    make_service().checkpoint(ARN, TOKEN, [START, succeed])

    (request,) = server.requests
    assert request.method == "POST"
    assert request.path == f"/2025-12-01/durable-executions/{ARN}/checkpoint"
    assert request.raw_path.startswith("/2025-12-01/durable-executions/arn%3Aaws%3Alambda%3A")
    assert "%24LATEST%2Fdurable-execution%2Forder-1%2Finv-1/checkpoint" in request.raw_path
    client_token = request.body.pop("ClientToken")
    assert 1 <= len(client_token) <= Limits.CLIENT_TOKEN_LENGTH
    assert request.body == {"CheckpointToken": TOKEN, "Updates": [START, succeed]}
    assert "/eu-west-1/lambda/aws4_request" in request.headers["authorization"]


def test_an_empty_checkpoint_is_sent_as_such(
    server: LambdaServer, make_service: MakeService
) -> None:
    make_service().checkpoint(ARN, TOKEN, ())
    assert server.requests[0].body["Updates"] == []


def test_enumeration_members_travel_as_their_names(
    server: LambdaServer, make_service: MakeService
) -> None:
    update: OperationUpdate = {
        "Id": "1",
        "Type": OperationType.WAIT,
        "Action": OperationAction.START,
        "WaitOptions": {"WaitSeconds": 5},
    }
    make_service().checkpoint(ARN, TOKEN, [update])
    (sent,) = server.requests[0].body["Updates"]
    assert sent == {
        "Id": "1",
        "Type": "WAIT",
        "Action": "START",
        "WaitOptions": {"WaitSeconds": 5},
    }


def test_every_call_has_a_client_token_of_its_own(
    server: LambdaServer, make_service: MakeService
) -> None:
    service = make_service()
    service.checkpoint(ARN, TOKEN, [])
    service.checkpoint(ARN, TOKEN, [])
    first, second = (request.body["ClientToken"] for request in server.requests)
    assert first != second


def test_checkpoint_answer_comes_as_it_is(server: LambdaServer, make_service: MakeService) -> None:
    server.will_answer(
        {
            "CheckpointToken": "bmV4dA==",
            "NewExecutionState": {
                "Operations": [
                    {
                        "Id": "w",
                        "Type": "WAIT",
                        "Status": "STARTED",
                        "StartTimestamp": 1764547200.25,
                        "WaitDetails": {"ScheduledEndTimestamp": 1764547260},
                    },
                    {"Id": "n", "Type": "NEWER", "Status": "ODD", "StartTimestamp": 0},
                ],
                "NextMarker": "more",
            },
        }
    )
    answer = make_service().checkpoint(ARN, TOKEN, [])

    assert set(answer) == {"CheckpointToken", "NewExecutionState"}
    assert answer["NewExecutionState"]["NextMarker"] == "more"
    wait, newer = answer["NewExecutionState"]["Operations"]
    assert epoch_seconds(wait["StartTimestamp"]) == 1764547200.25
    assert epoch_seconds(wait["WaitDetails"]["ScheduledEndTimestamp"]) == 1764547260
    assert (newer["Type"], newer["Status"]) == ("NEWER", "ODD")


def test_every_time_in_an_answer_is_the_same_moment(
    server: LambdaServer, make_service: MakeService
) -> None:
    """A number is seconds in a body and milliseconds in an event; a client knows which it is."""
    step = {
        "Id": "s",
        "Type": "STEP",
        "Status": "PENDING",
        "StartTimestamp": 1764547200,
        "EndTimestamp": 1764547201.123,
        "StepDetails": {"Attempt": 1, "NextAttemptTimestamp": 1764547202.5},
    }
    server.will_answer({"NewExecutionState": {"Operations": [step]}})
    answer = make_service().checkpoint(ARN, TOKEN, [])
    (found,) = answer["NewExecutionState"]["Operations"]
    times = found["StartTimestamp"], found["EndTimestamp"]
    assert [epoch_seconds(each) for each in times] == [1764547200, 1764547201.123]
    assert epoch_seconds(found["StepDetails"]["NextAttemptTimestamp"]) == 1764547202.5


def test_what_is_null_is_not_there(server: LambdaServer, make_service: MakeService) -> None:
    operation = {
        "Id": "s",
        "Type": "STEP",
        "Status": "STARTED",
        "StartTimestamp": 1,
        "EndTimestamp": None,
        "ParentId": None,
        "StepDetails": {"Attempt": 0, "Result": None, "Error": None},
        "WaitDetails": None,
    }
    state = {"Operations": [operation], "NextMarker": None}
    server.will_answer({"CheckpointToken": None, "NewExecutionState": state})
    answer = make_service().checkpoint(ARN, TOKEN, [])
    assert set(answer) == {"NewExecutionState"}
    assert set(answer["NewExecutionState"]) == {"Operations"}
    (found,) = answer["NewExecutionState"]["Operations"]
    assert set(found) == {"Id", "Type", "Status", "StartTimestamp", "StepDetails"}
    assert found["StepDetails"] == {"Attempt": 0}


def test_text_of_any_language_arrives_as_it_was(
    server: LambdaServer, make_service: MakeService
) -> None:
    payload = '"żółw 亀 🐢 \\u0000 \ud800"'
    update: OperationUpdate = {"Id": "b", "Type": "STEP", "Action": "SUCCEED", "Payload": payload}
    make_service().checkpoint(ARN, TOKEN, [update])
    assert server.requests[0].body["Updates"] == [update]


def test_answer_without_a_token(server: LambdaServer, make_service: MakeService) -> None:
    server.will_answer({"NewExecutionState": {}})
    answer = make_service().checkpoint(ARN, TOKEN, [])
    assert answer == {"NewExecutionState": {}}


def test_get_state(server: LambdaServer, make_service: MakeService) -> None:
    execution = {"Id": "inv-1", "Type": "EXECUTION", "Status": "STARTED", "StartTimestamp": 1}
    server.will_answer({"Operations": [execution], "NextMarker": "page 3"})
    page = make_service().get_state(ARN, TOKEN, "page/2+=")

    (request,) = server.requests
    assert request.method == "GET"
    assert request.path == f"/2025-12-01/durable-executions/{ARN}/state"
    assert request.query == {
        "CheckpointToken": [TOKEN],
        "Marker": ["page/2+="],
        "MaxItems": [str(Limits.PAGE_ITEMS)],
    }
    assert page["NextMarker"] == "page 3"
    (operation,) = page["Operations"]
    assert epoch_seconds(operation["StartTimestamp"]) == 1
    assert dict(operation) == execution | {"StartTimestamp": operation["StartTimestamp"]}


def test_get_state_from_the_beginning(server: LambdaServer, make_service: MakeService) -> None:
    server.will_answer({"Operations": []})
    assert make_service().get_state(ARN, TOKEN, "") == {"Operations": []}
    assert "Marker" not in server.requests[0].query


def test_explicit_endpoint_and_region_win(server: LambdaServer, make_service: MakeService) -> None:
    elsewhere = make_service(endpoint_url=server.url + "/proxy", region="ap-south-1")
    elsewhere.checkpoint(ARN, TOKEN, [])
    (request,) = server.requests
    assert request.path.startswith("/proxy/2025-12-01/durable-executions/")
    assert "/ap-south-1/lambda/" in request.headers["authorization"]
