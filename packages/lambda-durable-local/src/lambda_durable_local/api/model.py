"""Lambda's operations as botocore's own model of the service describes them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from botocore.loaders import Loader
from botocore.model import ServiceModel, StructureShape

from .faults import UnknownOperationError

OPERATIONS: Final = (
    "CheckpointDurableExecution",
    "DeleteDurableExecution",
    "GetDurableExecution",
    "GetDurableExecutionHistory",
    "GetDurableExecutionState",
    "GetFunction",
    "Invoke",
    "ListDurableExecutionsByFunction",
    "ListFunctions",
    "PauseDurableExecution",
    "ResumeDurableExecution",
    "SendDurableExecutionCallbackFailure",
    "SendDurableExecutionCallbackHeartbeat",
    "SendDurableExecutionCallbackSuccess",
    "StopDurableExecution",
)

_WITH_SLASHES: Final = ("DurableExecutionArn", "CallbackId")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: where it is, what it takes and gives, and which errors it may answer."""

    name: str
    method: str
    path: re.Pattern[str]
    status: int
    input: StructureShape
    output: StructureShape | None
    errors: frozenset[str]

    @property
    def payload(self) -> str | None:
        """Return the member that is the whole body of the request, if one is."""
        member: str | None = self.input.serialization.get("payload")
        return member


class LambdaModel:
    """The operations that are served, and how each error spells its message."""

    def __init__(self, description: Mapping[str, Any] | None = None) -> None:
        if description is None:
            description = Loader().load_service_model("lambda", "service-2")
        model = ServiceModel(description, "lambda")
        # An older botocore does not know the youngest operations; its clients cannot call them.
        known = [name for name in OPERATIONS if name in model.operation_names]
        self.operations = {name: _operation(model, name) for name in known}
        # What ends in a word is tried before what ends in a label, which could hold that word.
        self._by_path = sorted(
            self.operations.values(), key=lambda each: each.path.pattern.endswith(")/?")
        )
        self._message_members: dict[str, str] = {
            shape.name: next(name for name in shape.members if name.lower() == "message")
            for shape in model.error_shapes
            if isinstance(shape, StructureShape)
            and any(name.lower() == "message" for name in shape.members)
        }

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        """Return the operation at a path, which is still percent-encoded, and its labels."""
        methods: set[str] = set()
        for operation in self._by_path:
            found = operation.path.fullmatch(path)
            if found is None:
                continue
            if operation.method == method:
                return operation, _labels(found.groupdict())
            methods.add(operation.method)
        hint = f"; it takes {' or '.join(sorted(methods))}" if methods else ""
        msg = f"Unknown operation: {method} {path[:200]}{hint}"
        raise UnknownOperationError(msg)

    def message_member(self, code: str) -> str:
        """Return how an error spells the member that holds its message."""
        return self._message_members.get(code, "Message")


def _operation(model: ServiceModel, name: str) -> Operation:
    operation = model.operation_model(name)
    shape = operation.input_shape
    assert isinstance(shape, StructureShape), "every operation of Lambda has an input"
    http = operation.http
    output = operation.output_shape
    return Operation(
        name,
        http["method"],
        _pattern(http["requestUri"]),
        int(http["responseCode"]),
        shape,
        output if isinstance(output, StructureShape) else None,
        frozenset(each.name for each in operation.error_shapes),
    )


def _pattern(uri: str) -> re.Pattern[str]:
    """Return the pattern of a path like `/functions/{FunctionName}`.

    SDKs encode the slashes in a label, as the model asks for; who types an ARN does not.
    """
    parts: Iterable[str] = re.split(r"\{(\w+)\}", uri.rstrip("/"))
    text = "".join(
        _label(part) if number % 2 else re.escape(part) for number, part in enumerate(parts)
    )
    return re.compile(f"{text}/?")


def _label(name: str) -> str:
    return f"(?P<{name}>{'.' if name in _WITH_SLASHES else '[^/]'}+)"


def _labels(groups: Mapping[str, str]) -> dict[str, str]:
    try:
        return {name: unquote(value, errors="strict") for name, value in groups.items()}
    except UnicodeDecodeError:
        msg = "the path is not percent-encoded UTF-8"
        raise UnknownOperationError(msg) from None
