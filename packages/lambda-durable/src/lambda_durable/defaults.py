"""Core's own plugin: plain JSON, no retry, a plain wait strategy and the boto3 client.

It goes through the same hooks as any other plugin and is registered last.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from .abc import Duration, RetryStrategy, Serializer, Service, WaitStrategy
from .hookspecs import hookimpl
from .plain_json import PlainJson

PLAIN_JSON: Final = PlainJson()

_FIRST_DELAY = 5.0
_LONGEST_DELAY = 300.0
_GROWTH = 1.5
_CHECKS = 60


def no_retry(error: Exception, attempt: int, elapsed: float, /) -> None:
    """Stop after the first attempt."""


def patient(state: object, attempt: int, elapsed: float, /) -> Duration | None:
    """Wait 5 s, then half as long again each time, 5 minutes at most; give up after 60 checks."""
    if attempt >= _CHECKS:
        return None
    return timedelta(seconds=min(_FIRST_DELAY * _GROWTH ** (attempt - 1), _LONGEST_DELAY))


@hookimpl
def durable_retry_strategies() -> Mapping[str, RetryStrategy]:
    """Register `none`."""
    return {"none": no_retry}


@hookimpl
def durable_wait_strategies() -> Mapping[str, WaitStrategy[Any]]:
    """Register `patient`, the default."""
    return {"patient": patient}


@hookimpl
def durable_serializers() -> Mapping[str, Serializer]:
    """Register `json`."""
    return {"json": PLAIN_JSON}


@hookimpl(trylast=True)
def durable_serializer() -> Serializer:
    """Choose plain JSON for everything."""
    return PLAIN_JSON


@hookimpl(trylast=True)
def durable_service() -> Service:
    """Supply the boto3 client, made on the first call and kept for warm starts."""
    from .clients.aws import AwsService  # boto3's neighbour: not needed when a plugin answers

    return AwsService.from_environment()
