"""A chained invoke: another function runs, and the service keeps its result."""

from typing import Any, Generic, TypeVar

from ..abc import Serializer
from ..batching import size_over
from ..checks import checked_function_name, checked_name, checked_tenant_id
from ..effects import Checkpoint, Suspend
from ..errors import InvokeError, InvokeStoppedError, InvokeTimeoutError, PayloadTooLargeError
from ..events import Invoke as InvokeInfo
from ..failures import kept_error, operation_error
from ..payloads import Codec, dump, load, resolved_serializer
from ..protocol import Limits, Operation, OperationSubType, OperationType
from ..scope import Place
from .arguments import NO_PAYLOAD

T = TypeVar("T")

_ERRORS: dict[str, type[InvokeError]] = {
    "TIMED_OUT": InvokeTimeoutError,
    "STOPPED": InvokeStoppedError,
}


class Invoke(Generic[T]):
    """A call of another Lambda function, durable or not, by name or ARN.

    Payload and result are plain JSON, since the other side may be written in any language; a
    `result_type` goes to the serializer that is responsible for it.
    """

    type = OperationType.CHAINED_INVOKE
    subtype = OperationSubType.CHAINED_INVOKE

    def __init__(
        self,
        function: str,
        payload: Any = NO_PAYLOAD,
        *,
        name: str | None = None,
        tenant_id: str | None = None,
        result_type: Any = Any,
        serializer: Serializer | str | None = None,
    ) -> None:
        self.function = checked_function_name(function)
        self.name = checked_name(name)
        self.tenant_id = checked_tenant_id(tenant_id)
        self.payload = payload
        self.result_type = result_type
        self.serializer = serializer

    async def flow(self, here: Place, /) -> T:
        """Start the invoke unless it exists, and rest until the service has its outcome."""
        record = here.record
        if record is None:
            record = await Checkpoint(here.update("START", await self._members(here)))
        status = record["Status"] if record else "STARTED"
        if status == "STARTED":
            await Suspend(on=here.id)
        details = (record.get("ChainedInvokeDetails") or {}) if record else {}
        if status == "SUCCEEDED":
            result: T = await load(here, self._codec(here, self.result_type), details.get("Result"))
            return result
        raise self._error(here, status, record)

    async def _members(self, here: Place) -> dict[str, Any]:
        options = {"FunctionName": self.function}
        if self.tenant_id is not None:
            options["TenantId"] = self.tenant_id
        trace = here.execution.plugins.trace_header(InvokeInfo(here.info, self.function))
        if trace is not None:
            options["XAmznTraceId"] = trace
        members: dict[str, Any] = {"ChainedInvokeOptions": options}
        if self.payload is not NO_PAYLOAD:  # without one the target gets {}
            text = members["Payload"] = await dump(here, self._codec(here, Any), self.payload)
            size = size_over(text, Limits.OPERATION_PAYLOAD_BYTES)
            if size is not None:
                raise PayloadTooLargeError(
                    f"the payload for {self.function!r} at {here.path!r} takes {size} bytes; the "
                    f"service passes on at most {Limits.OPERATION_PAYLOAD_BYTES} (1 MiB). Pass a "
                    "reference to data that is kept elsewhere (S3, a table)"
                )
        return members

    def _codec(self, here: Place, type: Any) -> Codec:
        plugins = here.execution.plugins
        if self.serializer is not None:
            return Codec(resolved_serializer(here, self.serializer), type)
        if type is Any:
            return Codec(plugins.serializer("json"), type)
        return Codec(plugins.serializer_for(type), type)

    def _error(self, here: Place, status: str, record: Operation | None) -> Exception:
        kept = kept_error(record, "ChainedInvokeDetails")
        cls = _ERRORS.get(status, InvokeError)
        name = here.operation.name or self.function
        return operation_error(cls, kept, name=name, operation_id=here.id)
