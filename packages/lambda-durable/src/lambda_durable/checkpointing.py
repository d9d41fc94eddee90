"""One exchange with the service: send a batch, read what changed, page by page. Blocking I/O."""

from .abc import Service
from .batching import Batch
from .execution import Answer
from .protocol import Operation


def exchange(service: Service, arn: str, token: str, batch: Batch) -> Answer:
    """Send a batch and return the answer, complete with the pages that follow it."""
    response = service.checkpoint(arn, token, batch.updates)
    next_token = response.get("CheckpointToken")
    state = response.get("NewExecutionState") or {}
    changed = list(state.get("Operations") or ())
    marker = state.get("NextMarker")
    if marker and next_token is not None:
        changed += remaining(service, arn, next_token, marker)
    return Answer(next_token, changed)


def remaining(service: Service, arn: str, token: str, marker: str | None) -> list[Operation]:
    """Return the operations from `marker` to the end."""
    operations: list[Operation] = []
    while marker:
        page = service.get_state(arn, token, marker)
        operations += page.get("Operations") or ()
        marker = page.get("NextMarker")
    return operations
