"""Starts executions of a deployed function through the Lambda API."""

import uuid
from typing import Any, NoReturn

from lambda_durable.abc import Duration
from lambda_durable.errors import InvalidInputError, NotDurableError

from ..results import Result
from ..sending import json_text
from ..spans import seconds
from .execution import CloudExecution
from .logs import LogSource
from .patience import Patience

_AS_IT_IS = (
    "runner.{} is of the local runner; a deployed function runs elsewhere, with the steps and the "
    "functions that it has"
)
_KEY_THAT_NOBODY_CHECKS = "local"


class CloudRunner:
    """Runs executions of a function that is deployed, on AWS or at any endpoint (`durable serve`).

    `function` is a name or an ARN; without a version or an alias in it, `qualifier` is invoked.
    `client` is a boto3 Lambda client; without one it is made for `endpoint_url` and `region`, as
    boto3 finds them if they are not given. Time is real here: what takes longer than `patience`
    ends the wait with an error that shows the execution. `logs` is where `Result.logs` comes from.

    What boto3 raises is raised: a function that is not there, a role that may not invoke it.
    """

    def __init__(
        self,
        function: str,
        *,
        qualifier: str = "$LATEST",
        client: Any = None,
        endpoint_url: str | None = None,
        region: str | None = None,
        patience: Duration = 900,
        logs: LogSource | None = None,
    ) -> None:
        if not function:
            raise InvalidInputError(
                "function is the name or the ARN of a deployed function, not ''"
            )
        self.name: str = function
        self.qualifier: str | None = None if _is_qualified(function) else qualifier
        self.client: Any = _client(endpoint_url, region) if client is None else client
        self.patience = Patience(seconds(patience))
        self.logs = logs

    def start(self, event: Any = None, *, name: str | None = None) -> CloudExecution:
        """Start an execution; it goes on by itself. The event travels as JSON.

        Raises NotDurableError if the function has no DurableConfig.
        """
        __tracebackhide__ = True  # pytest shows the line of the test
        # A name makes a request that is sent twice start once.
        name = name if name is not None else f"test-{uuid.uuid4()}"
        asked = {
            "FunctionName": self.name,
            "InvocationType": "Event",
            "Payload": json_text("an event", event).encode(),
            "DurableExecutionName": name,
        }
        if self.qualifier is not None:
            asked["Qualifier"] = self.qualifier
        arn = self.client.invoke(**asked).get("DurableExecutionArn")
        if not arn:
            raise NotDurableError(
                f"invoking {self.name} started no durable execution; create the function with "
                "a DurableConfig"
            )
        return CloudExecution(self.client, arn, self.patience, self.logs, self.name)

    def run(self, event: Any = None, *, name: str | None = None) -> Result:
        """Start an execution and wait for its end."""
        __tracebackhide__ = True  # pytest shows the line of the test
        return self.start(event, name=name).finish()

    def step(self, name: str) -> NoReturn:
        """Refuse: what is deployed runs as it is."""
        raise InvalidInputError(_AS_IT_IS.format(f"step({name!r})"))

    def function(self, name: str) -> NoReturn:
        """Refuse: what is deployed invokes what is deployed."""
        raise InvalidInputError(_AS_IT_IS.format(f"function({name!r})"))


def _is_qualified(function: str) -> bool:
    """Return whether a name or an ARN says which version is meant."""
    return ":" in function.rpartition(":function:")[2]


def _client(endpoint_url: str | None, region: str | None) -> Any:
    from boto3.session import Session  # slow to import; whoever passes a client has it already
    from botocore.config import Config

    session: Any = Session(region_name=region)
    options: dict[str, Any] = {}
    if endpoint_url is not None:  # a service on this machine wants a signature, whoever signs
        region = session.region_name or "us-east-1"
        if session.get_credentials() is None:
            key = _KEY_THAT_NOBODY_CHECKS
            options |= {"aws_access_key_id": key, "aws_secret_access_key": key}
    return session.client(
        "lambda",
        region_name=region,
        endpoint_url=endpoint_url,
        config=Config(retries={"mode": "standard", "total_max_attempts": 4}),
        **options,
    )
