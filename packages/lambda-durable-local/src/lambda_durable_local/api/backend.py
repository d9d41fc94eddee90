"""What the API stands on: the service, its clock, the functions, and who runs them."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from lambda_durable_kernel import DurableService, Invocation, Outcome

from ..functions import LocalFunction
from .endings import Endings


@dataclass(frozen=True, slots=True)
class Backend:
    """Everything that operations use."""

    service: DurableService
    now: Callable[[], float]
    """The service's time, in seconds since 1970."""
    functions: Mapping[str, LocalFunction]
    endings: Endings
    call: Callable[[Invocation], "Future[Outcome]"]
    """Runs an invocation of a plain function to its end."""
    accept: Callable[[Invocation], None]
    """Keeps an invocation of a plain function, to be made as soon as possible."""
