"""Calls of AWS's APIs as data: they can be printed before, or instead of, being made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_GONE = frozenset(
    {"NoSuchEntity", "RepositoryNotFoundException", "ResourceNotFoundException"},
)
"""The codes with which services say that there is nothing to remove."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the client's name in boto3, its method, and the arguments."""

    service: str
    method: str
    arguments: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.service}.{self.method} {json.dumps(self.arguments, indent=1)}"


class Clients:
    """Clients of one account and region, made when they are first used.

    `executions` is what starts executions and tells of them: Lambda itself, unless given.
    """

    def __init__(self, session: boto3.Session, executions: Any = None) -> None:
        self._session = session
        self._clients: dict[str, Any] = {}
        self._executions = executions

    @property
    def region(self) -> str:
        """Return the region, or an empty string if none is configured."""
        return self._session.region_name or ""

    @property
    def executions(self) -> Any:
        """Return the client for executions."""
        return self._executions or self.client("lambda")

    def client(self, service: str) -> Any:
        """Return the client of a service; it tries throttled calls again."""
        if service not in self._clients:
            patient = Config(
                read_timeout=900, retries={"mode": "standard", "total_max_attempts": 10}
            )
            self._clients[service] = self._session.client(service, config=patient)  # type: ignore[call-overload] # a name that is read
        return self._clients[service]

    def make(self, call: Call) -> dict[str, Any]:
        """Make a call and return its answer."""
        answer: dict[str, Any] = getattr(self.client(call.service), call.method)(**call.arguments)
        return answer

    def make_unless_gone(self, call: Call) -> str | None:
        """Remove something; return why that failed, None if it is gone now or was before."""
        try:
            self.make(call)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _GONE:
                return f"{call.service}.{call.method}: {error}"
        except BotoCoreError as error:
            return f"{call.service}.{call.method}: {error}"
        return None
