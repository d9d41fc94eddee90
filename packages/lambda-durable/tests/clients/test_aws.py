"""The boto3 client against a server on loopback: what goes out, and what comes back."""

from datetime import UTC, datetime
from typing import cast

from lambda_durable.abc import Service
from lambda_durable.clients.aws import AwsService
from lambda_durable.protocol import (
    Limits,
    OperationAction,
    OperationType,
    OperationUpdate,
    epoch_seconds,
)

from .lambda_server import LambdaServer

ARN = (
    "arn:aws:lambda:eu-west-1:123456789012:function:orders:$LATEST/durable-execution/order-1/inv-1"
)
TOKEN = "dG9+a2/u=="
START: OperationUpdate = {"Id": "a" * 64, "Type": "STEP", "Action": "START", "Name": "reserve"}


def test_it_is_a_service() -> None:
    service: Service = AwsService.from_environment()
    assert service


def test_checkpoint_request(server: LambdaServer) -> None:
    succeed: OperationUpdate = {"Id": "b", "Type": "STEP", "Action": "SUCCEED", "Payload": '"é"'}
    AwsService.from_environment().checkpoint(ARN, TOKEN, [START, succeed])

    (request,) = server.requests
    assert request.method == "POST"
    assert request.path == f"/2025-12-01/durable-executions/{ARN}/checkpoint"
    assert request.raw_path.startswith("/2025-12-01/durable-executions/arn%3Aaws%3Alambda%3A")
    assert "%24LATEST%2Fdurable-execution%2Forder-1%2Finv-1/checkpoint" in request.raw_path
    client_token = request.body.pop("ClientToken")
    assert 1 <= len(client_token) <= Limits.CLIENT_TOKEN_LENGTH
    assert request.body == {"CheckpointToken": TOKEN, "Updates": [START, succeed]}
    assert "/eu-west-1/lambda/aws4_request" in request.headers["authorization"]


def test_an_empty_checkpoint_is_sent_as_such(server: LambdaServer) -> None:
    AwsService.from_environment().checkpoint(ARN, TOKEN, ())
    assert server.requests[0].body["Updates"] == []


def test_enumeration_members_travel_as_their_names(server: LambdaServer) -> None:
    update: OperationUpdate = {
        "Id": "1",
        "Type": OperationType.WAIT,
        "Action": OperationAction.START,
        "WaitOptions": {"WaitSeconds": 5},
    }
    AwsService.from_environment().checkpoint(ARN, TOKEN, [update])
    (sent,) = server.requests[0].body["Updates"]
    assert sent == {
        "Id": "1",
        "Type": "WAIT",
        "Action": "START",
        "WaitOptions": {"WaitSeconds": 5},
    }


def test_every_call_has_a_client_token_of_its_own(server: LambdaServer) -> None:
    service = AwsService.from_environment()
    service.checkpoint(ARN, TOKEN, [])
    service.checkpoint(ARN, TOKEN, [])
    first, second = (request.body["ClientToken"] for request in server.requests)
    assert first != second


def test_user_agent_names_the_sdk_after_boto3(server: LambdaServer) -> None:
    AwsService.from_environment().checkpoint(ARN, TOKEN, [])
    agent = server.requests[0].headers["user-agent"]
    assert agent.startswith("Boto3/")
    name, version = agent.rpartition(" ")[2].split("/")
    assert name == "lambda-durable"
    assert version


def test_checkpoint_answer_comes_as_it_is(server: LambdaServer) -> None:
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
    answer = AwsService.from_environment().checkpoint(ARN, TOKEN, [])

    assert set(answer) == {"CheckpointToken", "NewExecutionState"}
    assert answer["NewExecutionState"]["NextMarker"] == "more"
    wait, newer = answer["NewExecutionState"]["Operations"]
    assert wait["StartTimestamp"] == datetime(2025, 12, 1, 0, 0, 0, 250_000, tzinfo=UTC)
    assert epoch_seconds(wait["StartTimestamp"]) == 1764547200.25
    assert epoch_seconds(wait["WaitDetails"]["ScheduledEndTimestamp"]) == 1764547260
    assert (newer["Type"], newer["Status"]) == ("NEWER", "ODD")


def test_answer_without_a_token(server: LambdaServer) -> None:
    server.will_answer({"NewExecutionState": {}})
    answer = AwsService.from_environment().checkpoint(ARN, TOKEN, [])
    assert answer == {"NewExecutionState": {}}


def test_get_state(server: LambdaServer) -> None:
    execution = {"Id": "inv-1", "Type": "EXECUTION", "Status": "STARTED", "StartTimestamp": 1}
    server.will_answer({"Operations": [execution], "NextMarker": "page 3"})
    page = AwsService.from_environment().get_state(ARN, TOKEN, "page/2+=")

    (request,) = server.requests
    assert request.method == "GET"
    assert request.path == f"/2025-12-01/durable-executions/{ARN}/state"
    assert request.query == {
        "CheckpointToken": [TOKEN],
        "Marker": ["page/2+="],
        "MaxItems": [str(Limits.PAGE_ITEMS)],
    }
    start = datetime.fromtimestamp(1, UTC)
    assert cast(object, page) == {
        "Operations": [execution | {"StartTimestamp": start}],
        "NextMarker": "page 3",
    }


def test_get_state_from_the_beginning(server: LambdaServer) -> None:
    server.will_answer({"Operations": []})
    assert AwsService.from_environment().get_state(ARN, TOKEN, "") == {"Operations": []}
    assert "Marker" not in server.requests[0].query


def test_explicit_endpoint_and_region_win(server: LambdaServer) -> None:
    elsewhere = AwsService(endpoint_url=server.url + "/proxy", region="ap-south-1")
    elsewhere.checkpoint(ARN, TOKEN, [])
    (request,) = server.requests
    assert request.path.startswith("/proxy/2025-12-01/durable-executions/")
    assert "/ap-south-1/lambda/" in request.headers["authorization"]
