"""What can be wrong with what the user gave: each message says what it is and what to do."""

from collections.abc import Sequence

from lambda_durable.errors import DurableError


class LocalError(DurableError):
    """The root of this package's errors; `details` are further lines, shown as they are."""

    def __init__(self, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)


class TargetError(LocalError):
    """A function cannot be found, imported or used."""


class TemplateError(LocalError):
    """A template cannot be read, or a function in it cannot be run here."""


class ProjectError(LocalError):
    """A project or a template cannot be made of what was given."""


class EventError(LocalError):
    """The event is missing, no JSON, or too large."""


class StoreError(LocalError):
    """A store cannot be opened, read or written."""


class EndpointError(LocalError):
    """An endpoint does not answer, or refuses what was asked."""


class HostError(LocalError):
    """A function's process cannot be started at all."""


class StuckError(LocalError):
    """Nothing can happen any more, and the execution has not ended."""
