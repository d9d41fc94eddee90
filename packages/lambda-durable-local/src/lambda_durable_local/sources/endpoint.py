"""A boto3 client of the Lambda API: of AWS, or of a service on this machine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from lambda_durable_kernel import Settings

from ..errors import EndpointError

AWS: Final = "aws"
DEFAULT_PORT: Final = 9280
DEFAULT: Final = f"http://127.0.0.1:{DEFAULT_PORT}"
TOKEN_VARIABLE: Final = "LAMBDA_DURABLE_TOKEN"

_CONNECT_SECONDS = 5
_SYNCHRONOUS_SECONDS = 960
"""A little more than a synchronous invocation may take."""


def client(endpoint: str, *, service: str = "lambda", attempts: int = 1) -> Any:
    """Return a client for `aws` or a URL; raise EndpointError for what is neither.

    Each call is tried up to `attempts` times.
    """
    # boto3 is slow to import, and not every command needs it.
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_SYNCHRONOUS_SECONDS,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
    with readable(endpoint):
        if endpoint == AWS:
            return boto3.client(service, config=config)  # type: ignore[call-overload]  # two names
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return boto3.client(  # type: ignore[call-overload]  # as above
            service,
            endpoint_url=endpoint,
            region_name=region or Settings().region,
            aws_access_key_id=os.environ.get(TOKEN_VARIABLE) or "local",
            aws_secret_access_key="local",
            config=config,
        )


@contextmanager
def readable(endpoint: str) -> Iterator[None]:
    """Turn botocore's errors into an EndpointError that says what to do."""
    from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

    try:
        yield
    except EndpointConnectionError as error:
        raise EndpointError(
            f"nothing answers at {endpoint}: start the service with `durable serve`, or say with "
            "--endpoint where it is"
        ) from error
    except ClientError as error:
        told = error.response.get("Error", {})
        code, hint = told.get("Code", "error"), ""
        if code == "UnrecognizedClientException" and endpoint != AWS:
            hint = f" This command takes it from the variable {TOKEN_VARIABLE}."
        raise EndpointError(f"{code}: {told.get('Message') or error}{hint}") from error
    except (BotoCoreError, ValueError) as error:
        raise EndpointError(f"{endpoint}: {error}") from error
