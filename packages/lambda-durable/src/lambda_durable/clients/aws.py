"""The default client: the Lambda API through boto3, imported when the first call is made.

Each call is tried up to `attempts` times with the pauses of botocore's standard mode, for
throttling, 5xx answers, time-outs and broken connections. The attempts carry the same
ClientToken, so the service saves the updates once and repeats its answer.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from ..protocol import CheckpointResponse, Limits, OperationUpdate, StatePage
from .connection import LambdaClient, Settings, lambda_client
from .translation import STATE_CALL, checkpoint_call, translated


class AwsService:
    """Reaches the service of a region, or whatever speaks its protocol at an endpoint.

    Cheap to make: all with the same settings share the process's boto3 client. Time-outs are
    seconds for one attempt. Every failure is a `ServiceError`.
    """

    def __init__(
        self,
        *,
        endpoint_url: str | None = None,
        region: str | None = None,
        connect_timeout: float = 5,
        read_timeout: float = 50,
        attempts: int = 4,
    ) -> None:
        self._settings = Settings(endpoint_url, region, connect_timeout, read_timeout, attempts)

    @classmethod
    def from_environment(cls) -> "AwsService":
        """Return the service that boto3 finds: AWS_ENDPOINT_URL_LAMBDA, region and credentials."""
        return cls()

    def connect(self) -> None:
        """Import boto3 and make the client now, rather than in the first call; sends nothing."""
        try:
            lambda_client(self._settings)
        except Exception as error:
            raise translated(error, "Making the Lambda client", None) from error

    def checkpoint(
        self, execution_arn: str, token: str, updates: Sequence[OperationUpdate]
    ) -> CheckpointResponse:
        """Save the updates, all or none, and return the answer as it came."""
        answer = self._call(
            checkpoint_call(len(updates)),
            execution_arn,
            lambda client: client.checkpoint_durable_execution(
                DurableExecutionArn=execution_arn, CheckpointToken=token, Updates=list(updates)
            ),
        )
        return cast(CheckpointResponse, answer)

    def get_state(self, execution_arn: str, token: str, marker: str) -> StatePage:
        """Return the page of operations that begins at `marker`; the empty one is the first."""
        answer = self._call(
            STATE_CALL,
            execution_arn,
            lambda client: client.get_durable_execution_state(
                DurableExecutionArn=execution_arn,
                CheckpointToken=token,
                MaxItems=Limits.PAGE_ITEMS,
                **({"Marker": marker} if marker else {}),
            ),
        )
        return cast(StatePage, answer)

    def _call(
        self,
        call: str,
        execution_arn: str,
        send: Callable[[LambdaClient], dict[str, Any]],
    ) -> dict[str, Any]:
        try:
            answer = send(lambda_client(self._settings))
        except Exception as error:
            raise translated(error, call, execution_arn) from error
        answer.pop("ResponseMetadata", None)
        return answer
