"""A plugin of pytest for a run on the target `aws`: executions go to the local service.

Nothing that stands for Lambda elsewhere runs durable functions. The local service has the functions
under the names that the target gives them, and knows no versions but the only one.
"""

import os
from typing import Any

import boto3
import pytest
from botocore.config import Config


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main() -> None:
    """Lead the target's client for executions elsewhere, before it is used."""
    from aws.calls import Clients
    from targets.aws import AwsDeployment

    reference = AwsDeployment.reference
    client = boto3.client(
        "lambda",
        endpoint_url=os.environ["EXECUTIONS_URL"],
        config=Config(read_timeout=900, retries={"total_max_attempts": 1}),
    )

    def only_version(self: Any, name: str) -> str:
        arn, _, version = reference(self, name).rpartition(":")
        assert version == "1"
        return f"{arn}:$LATEST"

    Clients.executions = property(lambda self: client)  # type: ignore[method-assign, assignment] # for the whole run
    AwsDeployment.reference = only_version  # type: ignore[method-assign] # as above
