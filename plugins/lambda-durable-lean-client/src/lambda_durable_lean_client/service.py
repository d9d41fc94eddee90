"""The lean client: the part of the Lambda API that a handler needs, and nothing else of it.

Each call is tried up to `attempts` times where that can help, with the pauses of boto3's standard
mode. The attempts carry the same ClientToken, so the service saves the updates once and repeats
its answer.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from lambda_durable.clients.connection import Settings
from lambda_durable.clients.translation import (
    STATE_CALL,
    checkpoint_call,
    service_error,
    translated,
)
from lambda_durable.errors import InvalidInputError
from lambda_durable.protocol import CheckpointResponse, OperationUpdate, StatePage

if TYPE_CHECKING:
    from .client import Client
    from .requests import Call


class LeanService:
    """Reaches the service of a region, or whatever speaks its protocol at an endpoint.

    Cheap to make: all with the same settings share the process's connections, and nothing is
    imported before the first call. Endpoint, region and credentials are the environment's at that
    call (AWS_ENDPOINT_URL_LAMBDA, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID or a container's
    credentials); no file is read. Time-outs are seconds for one attempt. Every failure is a
    `ServiceError`, with the codes of `AwsService`.
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
        for name, seconds in (("connect", connect_timeout), ("read", read_timeout)):
            if not seconds > 0:
                raise InvalidInputError(f"{name}_timeout must be above 0 s, not {seconds!r}")
        if attempts < 1:
            raise InvalidInputError(f"attempts must be 1 or more, not {attempts!r}")
        self._settings = Settings(endpoint_url, region, connect_timeout, read_timeout, attempts)
        self._client: Client | None = None

    @classmethod
    def from_environment(cls) -> "LeanService":
        """Return the service that the environment names."""
        return cls()

    def connect(self) -> None:
        """Make the client ready now, rather than in the first call; sends nothing.

        In the initialization of a function it spares the first invocation the imports and the
        reading of certificates. Raises ServiceError.
        """
        try:
            self._connected().prepare()
        except Exception as error:
            raise translated(error, "Making the Lambda client", None) from error

    def checkpoint(
        self, execution_arn: str, token: str, updates: Sequence[OperationUpdate]
    ) -> CheckpointResponse:
        """Save the updates, all or none, and return the answer, its times in milliseconds."""
        from .requests import checkpoint  # with what the first call imports

        count = len(updates)
        answer = self._sent(
            lambda: checkpoint(execution_arn, token, updates), checkpoint_call(count), execution_arn
        )
        return cast(CheckpointResponse, answer)

    def get_state(self, execution_arn: str, token: str, marker: str) -> StatePage:
        """Return the page of operations that begins at `marker`; the empty one is the first."""
        from .requests import state  # as above

        answer = self._sent(lambda: state(execution_arn, token, marker), STATE_CALL, execution_arn)
        return cast(StatePage, answer)

    def _sent(self, made: "Callable[[], Call]", call: str, execution_arn: str) -> dict[str, Any]:
        from .errors import Refusal  # as above

        try:
            return self._connected().send(made())
        except Refusal as error:
            raise service_error(error.failure, call, execution_arn) from error
        except Exception as error:
            raise translated(error, call, execution_arn) from error

    def _connected(self) -> "Client":
        if self._client is None:
            from .client import client_of  # with http.client: not before it is needed

            self._client = client_of(self._settings)
        return self._client
