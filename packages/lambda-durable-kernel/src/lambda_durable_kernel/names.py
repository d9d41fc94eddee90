"""Names and ARNs of functions and executions."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from lambda_durable.protocol import Limits

from .errors import InvalidParameterValueError, ResourceNotFoundError
from .model import FunctionSpec
from .settings import Settings

_FUNCTION: Final = re.compile(
    r"""(?:(?:arn:(?P<partition>[a-z0-9-]+):lambda:)?
        (?:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):)?
        (?:(?P<account>\d{12}):)?
        function:)?
        (?P<name>[a-zA-Z0-9-_]+)
        (?::(?P<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9-_]+))?""",
    re.VERBOSE,
)


class FunctionName(NamedTuple):
    """The parts of a function's name or ARN."""

    name: str
    qualifier: str | None
    account: str | None
    region: str | None


def read_function_name(text: object) -> FunctionName:
    """Return the parts of a name, a partial or a full ARN; refuse what is none of them."""
    found = None
    if isinstance(text, str) and len(text) <= Limits.FUNCTION_NAME_LENGTH:
        found = _FUNCTION.fullmatch(text)
    if found is None:
        msg = f"Invalid function ARN '{text}'"
        raise InvalidParameterValueError(msg)
    return FunctionName(found["name"], found["qualifier"], found["account"], found["region"])


def find_function(
    functions: Mapping[str, FunctionSpec],
    settings: Settings,
    text: object,
    qualifier: str | None = None,
) -> FunctionSpec:
    """Return the function and version that a name or ARN means, perhaps with a qualifier beside it.

    What does not exist here, which another
    account's or region's function does not either, is refused.
    """
    name = read_function_name(text)
    if qualifier is not None and name.qualifier not in (None, qualifier):
        msg = (
            f"The derived qualifier from the function name ('{name.qualifier}') does not match "
            f"the specified qualifier ('{qualifier}')."
        )
        raise InvalidParameterValueError(msg)
    wanted = qualifier if qualifier is not None else name.qualifier
    found = functions.get(name.name)
    here = (name.account or settings.account, name.region or settings.region)
    if found is None or here != (settings.account, settings.region) or not found.has(wanted):
        beside = "" if qualifier is None or name.qualifier is not None else f":{qualifier}"
        msg = f"Function not found: {text}{beside}"
        raise ResourceNotFoundError(msg)
    return found


def function_arn(settings: Settings, function: FunctionSpec) -> str:
    """Return the qualified ARN of a function."""
    return (
        f"arn:{settings.partition}:lambda:{settings.region}:{settings.account}"
        f":function:{function.name}:{function.version}"
    )


def execution_arn(function_arn: str, name: str, id: str) -> str:
    """Return the ARN of an execution of that name; its last part is the EXECUTION's id."""
    return f"{function_arn}/durable-execution/{name}/{id}"
