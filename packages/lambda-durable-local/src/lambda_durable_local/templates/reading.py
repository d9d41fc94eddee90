"""All functions of some templates."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lambda_durable_kernel import Settings

from ..errors import TemplateError
from ..functions import LocalFunction, LogFormat
from .documents import read_document
from .properties import Properties, merged
from .resources import Options, read_function
from .scope import FUNCTION_TYPES, Place, Scope, Unknown
from .values import Values


def read_templates(
    paths: Sequence[Path],
    *,
    environment: Mapping[str, str] | None = None,
    parameters: Mapping[str, str] | None = None,
    log_format: LogFormat | None = None,
    settings: Settings | None = None,
) -> list[LocalFunction]:
    """Return the functions of SAM or CloudFormation templates, in the order they stand there.

    `environment` is added to each function's own and wins, `parameters` are values for the
    templates' Parameters, `log_format` is used instead of what the templates say. A function
    without a FunctionName is known by its logical id. Raise TemplateError, with file, resource
    and property, for what cannot be read or cannot be known before a deployment.
    """
    options = Options(environment or {}, parameters or {}, log_format, settings or Settings())
    found: dict[str, tuple[Place, LocalFunction]] = {}
    for path in paths:
        for place, function in _functions(path, options):
            if function.name in found:
                other = found[function.name][0]
                raise place.error(
                    f"the name {function.name!r} is taken by resource {other.resource} of "
                    f"{other.path}: give one of them another FunctionName"
                )
            found[function.name] = (place, function)
    if not found:
        raise TemplateError(
            f"no functions in {', '.join(map(str, paths))}: resources of type "
            f"{' or '.join(FUNCTION_TYPES)} are looked for"
        )
    return [function for _, function in found.values()]


def _functions(path: Path, options: Options) -> Iterator[tuple[Place, LocalFunction]]:
    document = read_document(path)
    scope = Scope(path, document, options.settings, options.parameters)
    values = Values(scope)
    for logical_id, resource in scope.resources.items():
        if not scope.is_function(logical_id):
            continue
        place = Place(path, logical_id)
        if not _wanted(place, values, resource):
            continue
        properties = Properties(place, values, _properties(document, resource))
        metadata = Properties(place.at("Metadata"), values, resource.get("Metadata"))
        try:
            name = values.function_name(logical_id)
        except Unknown as unknown:
            raise place.at("FunctionName").error(str(unknown)) from None
        yield place, read_function(name, properties, metadata, options)


def _wanted(place: Place, values: Values, resource: Mapping[str, Any]) -> bool:
    try:
        return "Condition" not in resource or values.condition(resource["Condition"])
    except Unknown as unknown:
        raise place.at("Condition").error(str(unknown)) from None


def _properties(document: Mapping[str, Any], resource: Mapping[str, Any]) -> Any:
    own = resource.get("Properties") or {}
    if resource["Type"] != "AWS::Serverless::Function":
        return own
    return merged((document.get("Globals") or {}).get("Function") or {}, own)
