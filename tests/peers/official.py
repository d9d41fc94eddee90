"""The official SDK beside ours: its handlers, run in process by our service in memory.

Its Lambda client is given a boto3-like client that talks to the invocation's session. Needs
`aws-durable-execution-sdk-python`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import aws_durable_execution_sdk_python as sdk
from botocore.exceptions import ClientError

from lambda_durable.errors import ServiceError
from lambda_durable.protocol import Limits

_MOMENTS = {"StartTimestamp", "EndTimestamp", "NextAttemptTimestamp", "ScheduledEndTimestamp"}


class OfficialHandler:
    """A handler of the official SDK that is run as one of ours is."""

    def __init__(self, function: Callable[[Any, Any], Any]) -> None:
        self._client = _SessionClient()
        decorate: Any = sdk.durable_execution
        self._handler = decorate(function, boto3_client=self._client)

    def run_invocation(self, event: object, lambda_context: Any, *, service: Any) -> Any:
        """Run one invocation on `service` and return its output."""
        self._client.session = service
        return self._handler(event, lambda_context)


class _SessionClient:
    """The two calls of boto3's Lambda client that the official SDK makes."""

    session: Any = None

    def checkpoint_durable_execution(self, **given: Any) -> dict[str, Any]:
        arn, token = given["DurableExecutionArn"], given["CheckpointToken"]
        return _answered(
            "CheckpointDurableExecution",
            lambda: self.session.checkpoint(arn, token, given["Updates"]),
        )

    def get_durable_execution_state(self, **given: Any) -> dict[str, Any]:
        arn, token = given["DurableExecutionArn"], given["CheckpointToken"]
        assert given["MaxItems"] == Limits.PAGE_ITEMS
        return _answered(
            "GetDurableExecutionState",
            lambda: self.session.get_state(arn, token, given["Marker"]),
        )


def _answered(operation: str, call: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """Make a call; raise and return what boto3 would."""
    try:
        answer: dict[str, Any] = _with_datetimes(call())
    except ServiceError as error:
        raise ClientError(
            {
                "Error": {"Code": error.code or "", "Message": error.args[0]},
                "ResponseMetadata": {  # type: ignore[typeddict-item]  # what the SDK reads of it
                    "HTTPStatusCode": error.status or 0
                },
            },
            operation,
        ) from error
    return answer


def _with_datetimes(value: Any, key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {name: _with_datetimes(member, name) for name, member in value.items()}
    if isinstance(value, list):
        return [_with_datetimes(member) for member in value]
    if key in _MOMENTS and value is not None:
        return datetime.fromtimestamp(value / 1000, UTC)
    return value
