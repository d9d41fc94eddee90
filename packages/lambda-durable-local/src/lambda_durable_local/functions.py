"""A function as it is run here: where its code is, and what Lambda would know about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from lambda_durable_kernel import FunctionSpec, Invocation, Settings
from lambda_durable_kernel.names import function_arn

from .targets import Target

VERSION = "$LATEST"

LogFormat: TypeAlias = Literal["Text", "JSON"]


@dataclass(frozen=True, slots=True)
class Image:
    """A container image that a function runs in; what is empty is the image's own."""

    uri: str
    entry_point: Sequence[str] = ()
    command: Sequence[str] = ()
    working_directory: str = ""


@dataclass(frozen=True, slots=True)
class Logging:
    """How a function's log is written."""

    format: LogFormat = "Text"
    level: str | None = None
    """The least level of the function's own records in JSON, TRACE to FATAL; INFO if not given."""


@dataclass(frozen=True, slots=True)
class LocalFunction:
    """A function that a host runs; `timeout` is seconds per invocation."""

    name: str
    target: Target
    timeout: float = 900.0
    memory_mb: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    durable: bool | None = None
    """Whether it is durable; None if that is known only once it is imported."""
    execution_timeout: int | None = None
    """Seconds that an execution may take, if the function says so."""
    retention_days: int = 14
    concurrency: int = 10
    """How many invocations may run at the same time."""
    runtime: str = ""
    """Lambda's name for the runtime, as in `python3.13`; empty for an image or a target."""
    handler: str = ""
    """The handler as Lambda writes it; empty for that of the target."""
    image: Image | None = None
    command: Sequence[str] = ()
    """What starts the function's own runtime, instead of Lambda's for Python."""
    layers: Sequence[Path] = ()
    """Folders of layers that are here too."""
    logging: Logging = field(default_factory=Logging)
    aliases: Sequence[str] | None = None
    """Qualifiers that it is invoked with, beside its version; None is every alias."""

    def spec(self, *, durable: bool, execution_timeout: int | None = None) -> FunctionSpec:
        """Return what the service is told about it."""
        return FunctionSpec(
            self.name,
            durable,
            self.timeout,
            self.execution_timeout if execution_timeout is None else execution_timeout,
            self.retention_days,
            aliases=None if self.aliases is None else tuple(self.aliases),
        )

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
            "_HANDLER": self.handler or f"{self.target.module}.{self.target.attribute}",
            **self.environment,
        }

    @property
    def is_python(self) -> bool:
        """Whether it is Python code that this machine's interpreters can run."""
        is_python = not self.runtime or self.runtime.startswith("python")
        return is_python and not self.command and self.image is None

    @property
    def log_group(self) -> str:
        """Return the name of the log group."""
        return f"/aws/lambda/{self.name}"

    @property
    def log_stream(self) -> str:
        """Return the name of the log stream; there is one."""
        return f"[{VERSION}]local"
