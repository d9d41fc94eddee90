"""GetFunction and ListFunctions: what is known about the functions that run here."""

from collections.abc import Mapping
from typing import Any

from lambda_durable_kernel.names import function_arn
from lambda_durable_kernel.tokens import marker, read_marker

from ..functions import LocalFunction
from .backend import Backend

_PAGE = 50
_ROLE = "role/lambda-durable-local"


def get_function(backend: Backend, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what GetFunction answers; the environment stays secret."""
    spec = backend.service.function(given["FunctionName"], given.get("Qualifier"))
    return {"Configuration": _configuration(backend, backend.functions[spec.name])}


def list_functions(backend: Backend, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what ListFunctions answers, by name."""
    names = sorted(backend.functions)
    if given.get("Marker"):
        (after,) = read_marker(given["Marker"], str)
        names = [name for name in names if name > after]
    limit = min(given.get("MaxItems", _PAGE), _PAGE)
    shown = names[:limit]
    answer: dict[str, Any] = {
        "Functions": [_configuration(backend, backend.functions[name]) for name in shown]
    }
    if len(names) > limit:
        answer["NextMarker"] = marker(shown[-1])
    return answer


def _configuration(backend: Backend, function: LocalFunction) -> dict[str, Any]:
    spec = backend.service.function(function.name)
    settings = function.settings
    found: dict[str, Any] = {
        "FunctionName": spec.name,
        "FunctionArn": function_arn(settings, spec),
        "Role": f"arn:{settings.partition}:iam::{settings.account}:{_ROLE}",
        "Timeout": int(spec.timeout),
        "MemorySize": function.memory_mb,
        "Version": spec.version,
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "PackageType": "Image" if function.image is not None else "Zip",
        "LoggingConfig": {
            "LogFormat": function.logging.format,
            "LogGroup": function.log_group,
        },
    }
    if function.image is None:
        target = function.target
        found["Handler"] = function.handler or f"{target.module}.{target.attribute}"
    if function.runtime:
        found["Runtime"] = function.runtime
    if spec.durable:
        found["DurableConfig"] = {
            "ExecutionTimeout": spec.shown_execution_timeout,
            "RetentionPeriodInDays": spec.retention_days,
        }
    return found
