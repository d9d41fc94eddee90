"""The rules for a batch of updates: all of it is accepted, or none.

Messages are the service's own, as far as they are known.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from lambda_durable.lifecycle import SDK_TRANSITIONS, next_status
from lambda_durable.protocol import (
    Limits,
    Operation,
    OperationAction,
    OperationStatus,
    OperationType,
    OperationUpdate,
)

from . import fields
from .errors import InvalidParameterValueError
from .execution import Execution
from .names import read_function_name
from .outcomes import byte_length
from .records import error_bytes
from .settings import Quotas, Settings

_ACTIONS: Final[Mapping[str, frozenset[str]]] = {
    type: frozenset(action for actions in rows.values() for action in actions)
    for type, rows in SDK_TRANSITIONS.items()
}

_CLOSE_STEP: Final = "Invalid current STEP state to close."
_CLOSE_CONTEXT: Final = "Invalid current CONTEXT state to close."

_WRONG_STATUS: Final[Mapping[tuple[str, str], str]] = {
    ("STEP", "START"): "Invalid current STEP state to start.",
    ("STEP", "SUCCEED"): _CLOSE_STEP,
    ("STEP", "FAIL"): _CLOSE_STEP,
    ("STEP", "RETRY"): "Invalid current STEP state to re-attempt.",
    ("CONTEXT", "START"): "Cannot start a CONTEXT that already exist.",
    ("CONTEXT", "SUCCEED"): _CLOSE_CONTEXT,
    ("CONTEXT", "FAIL"): _CLOSE_CONTEXT,
    ("WAIT", "START"): "Cannot start a WAIT that already exist.",
    ("WAIT", "CANCEL"): "Cannot cancel a WAIT that does not exist or has already completed.",
    ("CALLBACK", "START"): "Cannot start a CALLBACK that already exist.",
    (
        "CHAINED_INVOKE",
        "START",
    ): "Cannot start a CHAINED_INVOKE operation that already exists.",
}


class _Batch:
    """What the updates before the current one have done."""

    __slots__ = ("contexts", "execution", "latest")

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.latest: dict[str, OperationUpdate] = {}
        self.contexts: set[str] = set()

    def accept(self, update: OperationUpdate) -> None:
        """Count an update that has passed."""
        self.latest[update["Id"]] = update
        if update["Type"] == OperationType.CONTEXT and update["Action"] == OperationAction.START:
            self.contexts.add(update["Id"])


def validate(execution: Execution, updates: Sequence[OperationUpdate], settings: Settings) -> int:
    """Refuse the batch if any rule is broken; return how much data the execution has with it."""
    quotas = settings.quotas
    if len(updates) > quotas.request_updates:
        raise refusal(f"Cannot checkpoint more than {quotas.request_updates} updates at once.")
    for update in updates:
        fields.check_update(update)
    _check_executions(updates)
    batch = _Batch(execution)
    for update in updates:
        _check_identity(batch, update)
        _check_transition(batch, update)
        _check_contents(update, settings)
        batch.accept(update)
    new = sum(1 for id in batch.latest if id not in execution.operations)
    if len(execution.operations) + new > quotas.operations:
        raise refusal(f"Cannot have more than {quotas.operations} operations in an execution.")
    written = execution.progress.data_bytes + sum(_data_bytes(update) for update in updates)
    if written > quotas.data_bytes:
        raise refusal(f"Cannot write more than {quotas.data_bytes} bytes of data in an execution.")
    return written


def _data_bytes(update: OperationUpdate) -> int:
    payload, error = update.get("Payload"), update.get("Error")
    size = 0 if payload is None else byte_length(payload)
    return size if error is None else size + error_bytes(error)


def refusal(message: str) -> InvalidParameterValueError:
    """Return the fault for a broken rule."""
    return InvalidParameterValueError(message)


def _check_executions(updates: Sequence[OperationUpdate]) -> None:
    places = [n for n, update in enumerate(updates) if update["Type"] == "EXECUTION"]
    if len(places) > 1:
        raise refusal("Cannot checkpoint multiple EXECUTION updates.")
    if places and places[0] != len(updates) - 1:
        raise refusal("EXECUTION checkpoint must be the last update.")


def _check_identity(batch: _Batch, update: OperationUpdate) -> None:
    """Check what makes an operation this one: its id, type, subtype, name and parent."""
    execution, id, parent = batch.execution, update["Id"], update.get("ParentId")
    earlier = batch.latest.get(id)
    if earlier is not None and not _may_follow(earlier, update):
        raise refusal("Cannot checkpoint multiple operations with the same ID.")
    if parent is not None and parent not in batch.contexts:
        owner = execution.operations.get(parent)
        if owner is None or owner.record["Type"] != OperationType.CONTEXT:
            raise refusal("Invalid parent operation id.")
    if update["Type"] == OperationType.EXECUTION:
        return
    if id in execution.operations:
        _check_consistency(execution.operations[id].record, update)
    elif id == execution.start.id:
        _check_consistency(execution.record, update)
    elif earlier is not None:
        _check_consistency(earlier, update)


def _may_follow(earlier: OperationUpdate, update: OperationUpdate) -> bool:
    """Whether `update` may be the second of its id: it closes what the batch has started."""
    return (
        earlier["Action"] == OperationAction.START
        and earlier["Type"] in (OperationType.STEP, OperationType.CONTEXT)
        and update["Action"] != OperationAction.START
    )


def _check_consistency(known: Operation | OperationUpdate, update: OperationUpdate) -> None:
    if known["Type"] != update["Type"]:
        raise refusal("Inconsistent operation type.")
    subtype, name, parent = update.get("SubType"), update.get("Name"), update.get("ParentId")
    if subtype is not None and known.get("SubType") != subtype:
        raise refusal("Inconsistent operation subtype.")
    if name is not None and known.get("Name") != name:
        raise refusal("Inconsistent operation name.")
    if parent is not None and known.get("ParentId") != parent:
        raise refusal("Inconsistent parent operation id.")


def _check_transition(batch: _Batch, update: OperationUpdate) -> None:
    """Check that the lifecycle's table has a way from the operation's status."""
    type, action = update["Type"], update["Action"]
    if action not in _ACTIONS.get(type, ()):
        raise refusal("Invalid action for the given operation type.")
    if type == OperationType.EXECUTION:
        return
    status: str | None = None
    if update["Id"] in batch.latest:
        status = OperationStatus.STARTED
    elif update["Id"] in batch.execution.operations:
        status = batch.execution.operations[update["Id"]].record["Status"]
    if next_status(type, status, action) is None:  # type: ignore[arg-type]  # a member equals its string
        raise refusal(_WRONG_STATUS[type, action])


def _check_contents(update: OperationUpdate, settings: Settings) -> None:
    """Check payload, error and options."""
    quotas = settings.quotas
    type, action = update["Type"], update["Action"]
    payload, error = update.get("Payload"), update.get("Error")
    if action == OperationAction.FAIL and payload is not None:
        raise refusal("Cannot provide a Payload for FAIL action.")
    if action == OperationAction.SUCCEED and error is not None:
        raise refusal("Cannot provide an Error for SUCCEED action.")
    if action == OperationAction.RETRY:
        _check_retry(update)
    elif type == OperationType.WAIT and action == OperationAction.START:
        _check_wait(update)
    elif type == OperationType.CALLBACK:
        options = update.get("CallbackOptions") or {}
        for field in ("TimeoutSeconds", "HeartbeatTimeoutSeconds"):
            fields.whole_seconds(options, field, 0, Limits.CALLBACK_SECONDS)
    elif type == OperationType.CHAINED_INVOKE:
        _check_invoke(update, settings)
    if payload is not None:
        _check_payload(type, payload, quotas)
    if error is not None and error_bytes(error) > quotas.error_bytes:
        raise refusal(f"Error object size must be less than {quotas.error_bytes} bytes.")


def _check_retry(update: OperationUpdate) -> None:
    options = update.get("StepOptions") or {}
    if fields.whole_seconds(options, "NextAttemptDelaySeconds", 1, Limits.WAIT_SECONDS) is None:
        raise refusal("Invalid StepOptions for the given action.")
    if update.get("Payload") is not None and update.get("Error") is not None:
        raise refusal("Cannot provide both error and payload to RETRY a STEP.")


def _check_wait(update: OperationUpdate) -> None:
    options = update.get("WaitOptions") or {}
    if fields.whole_seconds(options, "WaitSeconds", 1, Limits.WAIT_SECONDS) is None:
        raise refusal("Invalid WaitOptions for the given action.")


def _check_invoke(update: OperationUpdate, settings: Settings) -> None:
    options = update.get("ChainedInvokeOptions")
    if not options:
        raise refusal("Update for CHAINED_INVOKE operation requires ChainedInvokeOptions.")
    target = read_function_name(options.get("FunctionName"))
    if target.account not in (None, settings.account):
        raise refusal("Cannot start a CHAINED_INVOKE on a function in another account.")
    if target.region not in (None, settings.region):
        raise refusal("Cannot start a CHAINED_INVOKE on a function in another region.")
    if options.get("TenantId") is not None:
        fields.check_tenant(options["TenantId"])
    if len(str(options.get("XAmznTraceId") or "")) > Limits.TRACE_HEADER_LENGTH:
        raise refusal(f"XAmznTraceId must have at most {Limits.TRACE_HEADER_LENGTH} characters.")


def _check_payload(type: str, payload: str, quotas: Quotas) -> None:
    limit = quotas.operation_payload_bytes
    if type == OperationType.EXECUTION:
        limit = quotas.execution_payload_bytes
    # Most payloads are far from the limit; then they need not be encoded to be measured.
    if len(payload) * 4 > limit and byte_length(payload) > limit:
        raise refusal(f"{type} payload size must be less than or equal to {limit} bytes.")
