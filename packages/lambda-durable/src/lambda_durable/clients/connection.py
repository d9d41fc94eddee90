"""The boto3 client: made when it is first needed, once per process and endpoint, kept when warm.

It has a session of its own. One that user code set up for its calls (`setup_default_session`) may
carry another role's credentials, and making clients from a shared session is not thread-safe.
"""

import os
from functools import lru_cache
from threading import Lock
from typing import Any, Final, NamedTuple, Protocol

from ..errors import InvalidInputError

OLDEST_BOTO3: Final = "1.42.1"

# What boto3 looks at to find the endpoint, the region and the credentials: when one of these
# changes in a running process, as it does in tests, the client that was made before is not meant.
_VARIABLES: Final = (
    "AWS_ENDPOINT_URL_LAMBDA",
    "AWS_ENDPOINT_URL",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
)
_KEPT: Final = 8

_lock = Lock()


class Settings(NamedTuple):
    """How to reach the service; None leaves it to boto3. Time-outs are seconds, per attempt."""

    endpoint_url: str | None
    region: str | None
    connect_timeout: float
    read_timeout: float
    attempts: int


class LambdaClient(Protocol):
    """What is used of boto3's client."""

    def checkpoint_durable_execution(self, **parameters: Any) -> dict[str, Any]:
        """Call CheckpointDurableExecution."""
        ...

    def get_durable_execution_state(self, **parameters: Any) -> dict[str, Any]:
        """Call GetDurableExecutionState."""
        ...

    def send_durable_execution_callback_success(self, **parameters: Any) -> dict[str, Any]:
        """Call SendDurableExecutionCallbackSuccess."""
        ...

    def send_durable_execution_callback_failure(self, **parameters: Any) -> dict[str, Any]:
        """Call SendDurableExecutionCallbackFailure."""
        ...

    def send_durable_execution_callback_heartbeat(self, **parameters: Any) -> dict[str, Any]:
        """Call SendDurableExecutionCallbackHeartbeat."""
        ...


def lambda_client(settings: Settings) -> LambdaClient:
    """Return the process's client for these settings, making it if there is none.

    Raises what boto3 raises, ImportError where it is missing or too old, and InvalidInputError.
    """
    surroundings = (os.getpid(), *(os.environ.get(name) for name in _VARIABLES))
    with _lock:
        return _made(settings, surroundings)


@lru_cache(maxsize=_KEPT)
def _made(settings: Settings, surroundings: tuple[object, ...]) -> LambdaClient:
    try:
        import boto3
        from boto3.session import Session
        from botocore.config import Config
    except ImportError as error:
        msg = f"boto3 cannot be imported ({error}); install boto3 {OLDEST_BOTO3} or newer"
        raise ImportError(msg) from error
    config = Config(
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        retries={"mode": "standard", "total_max_attempts": settings.attempts},
        tcp_keepalive=True,
        user_agent_extra=f"lambda-durable/{_version()}",
    )
    endpoint, region = settings.endpoint_url, settings.region
    try:
        client: Any = Session().client(
            "lambda", region_name=region, endpoint_url=endpoint, config=config
        )
    except ValueError as error:  # also botocore's InvalidRegionError and UnknownEndpointError
        msg = f"boto3 refuses the endpoint or the region: {error}"
        raise InvalidInputError(msg) from error
    if not hasattr(client, "checkpoint_durable_execution"):
        msg = (
            f"boto3 {boto3.__version__} at {os.path.dirname(boto3.__file__)} does not know durable "
            f"functions; put boto3 {OLDEST_BOTO3} or newer into the function's package or a layer"
        )
        raise ImportError(msg)
    return client  # type: ignore[no-any-return]  # boto3 builds its clients at run time


def _version() -> str:
    """Return the installed version; slow to find, so only asked when a client is made."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("lambda-durable")
    except PackageNotFoundError:  # packagers for Lambda delete the metadata
        return "unknown"
