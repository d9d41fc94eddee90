"""What Lambda passes to a handler beside its event."""

import time
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Identity:
    """The caller's identity; nobody calls from a mobile application here."""

    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None


@dataclass(slots=True)
class LambdaContext:
    """The context object of one invocation, with the members of Lambda's own."""

    aws_request_id: str
    function_name: str
    function_version: str
    invoked_function_arn: str
    memory_limit_in_mb: str
    log_group_name: str
    log_stream_name: str
    remaining_seconds: float
    """Seconds that the invocation had left when this was made."""
    tenant_id: str | None = None
    trace_header: str | None = None
    client_context: Any = None
    identity: Identity = field(default_factory=Identity)
    _made_at: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        """Return how many milliseconds are left until the invocation is ended by force."""
        used = time.monotonic() - self._made_at
        return max(0, int((self.remaining_seconds - used) * 1000))

    def log(self, message: object) -> None:
        """Write to the function's log, as Lambda's context does."""
        print(message, flush=True)  # noqa: T201 - standard output is the function's log
