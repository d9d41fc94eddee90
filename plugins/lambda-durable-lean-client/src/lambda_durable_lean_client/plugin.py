"""The hook: a `LeanService` where the environment is all there is to know, else boto3's turn."""

import os
from functools import lru_cache

from lambda_durable.abc import Service
from lambda_durable.hookspecs import hookimpl
from lambda_durable.own_log import own_log

from .environment import why_boto3
from .service import LeanService


@hookimpl(trylast=True)  # after any other plugin's client, and before core's, which registers last
def durable_service() -> Service | None:
    """Supply the lean client, or None where only boto3 can do what the environment asks for."""
    reason = why_boto3(os.environ)
    if reason is None:
        return LeanService()
    _say(reason)
    return None


@lru_cache(maxsize=8)  # once per process and reason, not per invocation
def _say(reason: str) -> None:
    own_log().info("the lean client leaves the service to boto3: %s", reason)
