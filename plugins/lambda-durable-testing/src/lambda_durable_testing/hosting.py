"""Invocations of durable handlers in this process, on runtimes that a test drives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lambda_durable import DurableHandler
from lambda_durable.abc import Service
from lambda_durable.execution import Execution
from lambda_durable.invocation import HandlerRuntime, invoke

from .runtimes.driver import Driver


def invoke_handler(
    handler: DurableHandler[Any, Any],
    event: object,
    lambda_context: Any,
    *,
    service: Service,
    driver: Driver,
) -> dict[str, Any]:
    """Run one invocation; return its output, or raise what makes the service invoke again."""

    def make_runtime(execution: Execution, service: Service) -> HandlerRuntime:
        if handler.is_async:
            from .runtimes.tasks import RepeatableTaskRuntime  # brings asyncio

            return RepeatableTaskRuntime(execution, service, driver)
        from .runtimes.threads import RepeatableThreadRuntime

        return RepeatableThreadRuntime(execution, service, driver)

    return invoke(
        handler.function,
        event,
        lambda_context,
        plugins=handler.plugins,
        settings=handler._settings,  # noqa: SLF001 - the one thing a host cannot ask a handler for
        service=service,
        make_runtime=make_runtime,
    )


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """What Lambda passes to a handler beside its event; the time left is that of the test."""

    function_name: str
    aws_request_id: str
    invoked_function_arn: str
    remaining: Callable[[], float]
    """Seconds that are left on the test's clock."""
    function_version: str = "$LATEST"
    memory_limit_in_mb: str = "128"
    log_group_name: str = "/aws/lambda/test"
    log_stream_name: str = "test"
    tenant_id: str | None = None
    client_context: Any = None
    identity: Any = None

    def get_remaining_time_in_millis(self) -> int:
        """Return how many milliseconds are left until the invocation times out."""
        return max(0, int(self.remaining() * 1000))
