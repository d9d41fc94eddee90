"""The requests of a running handler: paths, queries and bodies of the API."""

import json
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from lambda_durable.protocol import Limits, OperationUpdate

from .errors import ParamValidationError

_VERSION: Final = "/2025-12-01"
_SAFE: Final = "-_.~"
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Call(NamedTuple):
    """A request without what depends on the endpoint, the attempt and who signs."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""


def checkpoint(execution_arn: str, token: str, updates: Sequence[OperationUpdate]) -> Call:
    """Return CheckpointDurableExecution with a ClientToken of its own, for all its attempts."""
    for index, update in enumerate(updates):
        if not isinstance(update.get("Payload", ""), str):
            raise ParamValidationError(
                f"Invalid type for parameter Updates[{index}].Payload: a payload is text, not "
                f"{update.get('Payload')!r:.80}"
            )
    body = {
        "CheckpointToken": token,
        "Updates": list(updates),
        "ClientToken": os.urandom(16).hex(),
    }
    return Call("POST", f"{_path(execution_arn)}/checkpoint", body=_encoded(body))


def state(execution_arn: str, token: str, marker: str) -> Call:
    """Return GetDurableExecutionState; the empty marker asks for the first page."""
    parameters = {"CheckpointToken": token, "Marker": marker, "MaxItems": str(Limits.PAGE_ITEMS)}
    query = "&".join(f"{k}={quote(v, safe=_SAFE)}" for k, v in parameters.items() if v)
    return Call("GET", f"{_path(execution_arn)}/state", query)


@lru_cache(maxsize=64)  # all requests of an execution have it
def _path(execution_arn: str) -> str:
    return f"{_VERSION}/durable-executions/{quote(execution_arn, safe=_SAFE)}"


def _encoded(body: dict[str, Any]) -> bytes:
    try:
        return _ENCODER.encode(body).encode()
    except UnicodeEncodeError:  # half of a pair of surrogates, which JSON can only escape
        return json.dumps(body).encode()
    except (TypeError, ValueError) as error:
        raise ParamValidationError(f"Parameter validation failed: {error}") from error
