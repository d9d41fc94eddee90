"""What can be set about the service: its quotas, how it retries, and whose account it plays."""

import sys
from dataclasses import dataclass, field

from lambda_durable.protocol import Limits


@dataclass(frozen=True, slots=True)
class Quotas:
    """How much one execution and one request may hold; sizes are bytes, as encoded in UTF-8."""

    operations: int = 3_000
    """Operations of one execution."""
    operation_payload_bytes: int = Limits.OPERATION_PAYLOAD_BYTES
    """Payload of a step, context or callback; input and result of a chained invoke."""
    execution_payload_bytes: int = Limits.PAYLOAD_BYTES
    """Input and result of an execution."""
    async_payload_bytes: int = Limits.OPERATION_PAYLOAD_BYTES
    """Input of an execution that is started without waiting for its end."""
    data_bytes: int = 100 * 1024 * 1024
    """Payloads and errors that one execution may write, all of them together."""
    requests_per_second: int = 10_000
    """Requests of one kind that are answered in a second; who speaks to clients counts them."""
    error_bytes: int = Limits.ERROR_BYTES
    """All fields of one error object together."""
    request_updates: int = 250
    """Updates of one checkpoint: as many as any SDK sends; ours sends fewer."""
    page_bytes: int = 5 * 1024 * 1024
    """Operations of one page: of the invocation's event, a checkpoint's answer, or the state."""
    page_items: int = Limits.PAGE_ITEMS
    """Operations of one page of a checkpoint's answer or of the state."""

    @classmethod
    def lifted(cls) -> "Quotas":
        """Return quotas that only the machine limits; pages keep their size."""
        return cls(
            operations=sys.maxsize,
            operation_payload_bytes=sys.maxsize,
            execution_payload_bytes=sys.maxsize,
            async_payload_bytes=sys.maxsize,
            data_bytes=sys.maxsize,
            requests_per_second=sys.maxsize,
            error_bytes=sys.maxsize,
            request_updates=sys.maxsize,
        )


@dataclass(frozen=True, slots=True)
class Retries:
    """How the service goes on after an invocation that ended without a usable answer."""

    attempts: int = 5
    """Failed invocations in a row (crash, time-out, error) after which the execution fails."""
    delay: float = 5.0
    """Seconds between two of them."""
    idle_attempts: int = 3
    """Answers PENDING in a row, with nothing pending, after which the execution fails."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set about a service."""

    account: str = "123456789012"
    region: str = "us-east-1"
    partition: str = "aws"
    quotas: Quotas = field(default_factory=Quotas)
    retries: Retries = field(default_factory=Retries)
