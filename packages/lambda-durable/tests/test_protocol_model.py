"""`lambda_durable.protocol` against botocore's own model of the Lambda API.

What differs is a name or a limit that changed on one side. A botocore older than the protocol is
no measure: everything is skipped then, and the summary says so.
"""

from enum import StrEnum
from typing import Any

import botocore
import botocore.session
import pytest

from lambda_durable import protocol
from lambda_durable.protocol import EventType, Limits
from lambda_durable.protocol.classification import classify

MODEL: Any = botocore.session.get_session().get_service_model("lambda")

# The youngest operation of the API as the protocol describes it.
pytestmark = pytest.mark.skipif(
    "PauseDurableExecution" not in MODEL.operation_names,
    reason=f"botocore {botocore.__version__} is older than the protocol it would be compared with",
)

CALLS = ["CheckpointDurableExecution", "GetDurableExecutionState"]


def shape(name: str) -> Any:
    """Return a shape of the model: `Structure`, or `Structure.Member` for what a member holds."""
    structure, _, member = name.partition(".")
    found = MODEL.shape_for(structure)
    return found.members[member] if member else found


@pytest.mark.parametrize(
    "ours",
    [
        protocol.OperationType,
        protocol.OperationStatus,
        protocol.OperationAction,
        protocol.ExecutionStatus,
        protocol.EventType,
    ],
)
def test_values_of_enumerations(ours: type[StrEnum]) -> None:
    assert {member.value for member in ours} == set(shape(ours.__name__).enum)


def test_every_event_has_details() -> None:
    details = {name for name in shape("Event").members if name.endswith("Details")}
    assert details == {f"{event}Details" for event in EventType}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (protocol.ErrorObject, "ErrorObject"),
        (protocol.Operation, "Operation"),
        (protocol.OperationUpdate, "OperationUpdate"),
        (protocol.StatePage, "GetDurableExecutionStateResponse"),
        (protocol.StatePage, "CheckpointUpdatedExecutionState"),
        (protocol.CheckpointResponse, "CheckpointDurableExecutionResponse"),
    ],
)
def test_members_of_shapes(ours: Any, theirs: str) -> None:
    assert set(ours.__annotations__) == set(shape(theirs).members)


@pytest.mark.parametrize("ours", [protocol.Operation, protocol.OperationUpdate])
def test_required_members(ours: Any) -> None:
    """What our types promise to be there, the service promises too; what it wants, ours demand."""
    theirs = set(shape(ours.__name__).required_members)
    assert ours.__required_keys__ <= theirs
    if ours is protocol.OperationUpdate:
        assert theirs <= ours.__required_keys__


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("ExecutionDetails", {"InputPayload"}),
        ("ContextDetails", {"ReplayChildren", "Result", "Error"}),
        ("StepDetails", {"Attempt", "NextAttemptTimestamp", "Result", "Error"}),
        ("WaitDetails", {"ScheduledEndTimestamp"}),
        ("CallbackDetails", {"CallbackId", "Result", "Error"}),
        ("ChainedInvokeDetails", {"Result", "Error"}),
        ("ContextOptions", {"ReplayChildren"}),
        ("StepOptions", {"NextAttemptDelaySeconds"}),
        ("WaitOptions", {"WaitSeconds"}),
        ("CallbackOptions", {"TimeoutSeconds", "HeartbeatTimeoutSeconds"}),
        ("ChainedInvokeOptions", {"FunctionName", "TenantId", "XAmznTraceId"}),
    ],
)
def test_members_of_details_and_options(name: str, members: set[str]) -> None:
    assert set(shape(name).members) == members


def test_every_type_of_operation_has_its_details() -> None:
    words = ("".join(map(str.title, each.split("_"))) for each in protocol.OperationType)
    details = {name for name in shape("Operation").members if name.endswith("Details")}
    assert details == {f"{word}Details" for word in words}


LIMITS = {
    "NAME_LENGTH": ["OperationUpdate.Name"],
    "OPERATION_ID_LENGTH": ["OperationUpdate.Id", "OperationUpdate.ParentId"],
    "SUBTYPE_LENGTH": ["OperationUpdate.SubType"],
    "CHECKPOINT_TOKEN_LENGTH": ["CheckpointDurableExecutionRequest.CheckpointToken"],
    "CALLBACK_ID_LENGTH": ["CallbackDetails.CallbackId"],
    "FUNCTION_NAME_LENGTH": ["ChainedInvokeOptions.FunctionName"],
    "TENANT_ID_LENGTH": ["ChainedInvokeOptions.TenantId"],
    "TRACE_HEADER_LENGTH": ["ChainedInvokeOptions.XAmznTraceId"],
    "EXECUTION_NAME_LENGTH": ["InvocationRequest.DurableExecutionName"],
    "CLIENT_TOKEN_LENGTH": ["CheckpointDurableExecutionRequest.ClientToken"],
    "PAYLOAD_BYTES": ["OperationUpdate.Payload", "StepDetails.Result"],
    "OPERATION_PAYLOAD_BYTES": ["SendDurableExecutionCallbackSuccessRequest.Result"],
    "WAIT_SECONDS": ["WaitOptions.WaitSeconds", "StepOptions.NextAttemptDelaySeconds"],
    "CALLBACK_SECONDS": [
        "CallbackOptions.TimeoutSeconds",
        "CallbackOptions.HeartbeatTimeoutSeconds",
    ],
    "EXECUTION_TIMEOUT_SECONDS": ["DurableConfig.ExecutionTimeout"],
    "RETENTION_DAYS": ["DurableConfig.RetentionPeriodInDays"],
    "PAGE_ITEMS": ["GetDurableExecutionStateRequest.MaxItems"],
}

# What the model cannot say: its documentation does, or the SDKs and emulators agree on it.
NOT_IN_THE_MODEL = {
    "DEFAULT_PAGE_ITEMS",
    "ERROR_BYTES",
    "CHILD_RESULT_BYTES",
    "REQUEST_BYTES",
    "REQUEST_UPDATES",
    "RESPONSE_BYTES",
    "PORTABLE_ERROR_BYTES",
    "EXECUTION_OPERATIONS",
    "EXECUTION_DATA_BYTES",
}


@pytest.mark.parametrize(
    ("limit", "member"), [(limit, member) for limit, names in LIMITS.items() for member in names]
)
def test_limits(limit: str, member: str) -> None:
    assert getattr(Limits, limit) == shape(member).metadata["max"]


def test_every_limit_is_compared_or_known_to_be_ours() -> None:
    assert {name for name in vars(Limits) if name.isupper()} == set(LIMITS) | NOT_IN_THE_MODEL


@pytest.mark.parametrize("call", CALLS)
def test_declared_errors_are_classified(call: str) -> None:
    declared = {
        each.name: classify(each.name, each.metadata["error"]["httpStatusCode"], "")
        for each in MODEL.operation_model(call).error_shapes
    }
    assert declared == {
        "InvalidParameterValueException": False,
        "TooManyRequestsException": True,
        "ServiceException": True,
        "KMSAccessDeniedException": False,
        "KMSDisabledException": False,
        "KMSInvalidStateException": False,
        "KMSNotFoundException": False,
    }


@pytest.mark.parametrize("call", CALLS)
def test_calls_take_what_the_client_sends(call: str) -> None:
    members = MODEL.operation_model(call).input_shape.members
    assert {"DurableExecutionArn", "CheckpointToken"} <= set(members)
    assert {"Updates"} <= set(members) or {"Marker", "MaxItems"} <= set(members)
