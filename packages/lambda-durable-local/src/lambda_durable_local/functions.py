"""A function as it is run here: where its code is, and what Lambda would know about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_durable_kernel import FunctionSpec, Invocation, Settings
from lambda_durable_kernel.names import function_arn

from .targets import Target

VERSION = "$LATEST"


@dataclass(frozen=True, slots=True)
class LocalFunction:
    """A function that a host runs; `timeout` is seconds per invocation."""

    name: str
    target: Target
    timeout: float = 900.0
    memory_mb: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def spec(self, *, durable: bool, execution_timeout: int | None = None) -> FunctionSpec:
        """Return what the service is told about it."""
        if execution_timeout is None:
            return FunctionSpec(self.name, durable, self.timeout)
        return FunctionSpec(self.name, durable, self.timeout, execution_timeout)

    def context(self, invocation: Invocation) -> dict[str, Any]:
        """Return the members of the context object for an invocation."""
        spec = self.spec(durable=invocation.durable)
        return {
            "aws_request_id": invocation.id,
            "function_name": self.name,
            "function_version": spec.version,
            "invoked_function_arn": function_arn(self.settings, spec),
            "memory_limit_in_mb": str(self.memory_mb),
            "log_group_name": self.log_group,
            "log_stream_name": self.log_stream,
            "remaining_seconds": invocation.deadline - invocation.started_at,
            "tenant_id": invocation.tenant_id,
            "trace_header": invocation.trace_header,
        }

    def variables(self) -> dict[str, str]:
        """Return the environment variables that Lambda sets, and the function's own."""
        return {
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": VERSION,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory_mb),
            "AWS_LAMBDA_LOG_GROUP_NAME": self.log_group,
            "AWS_LAMBDA_LOG_STREAM_NAME": self.log_stream,
            "AWS_REGION": self.settings.region,
            "AWS_DEFAULT_REGION": self.settings.region,
            "LAMBDA_TASK_ROOT": str(self.target.folder),
            "_HANDLER": f"{self.target.module}.{self.target.attribute}",
            **self.environment,
        }

    @property
    def log_group(self) -> str:
        """Return the name of the log group."""
        return f"/aws/lambda/{self.name}"

    @property
    def log_stream(self) -> str:
        """Return the name of the log stream; there is one."""
        return f"[{VERSION}]local"
