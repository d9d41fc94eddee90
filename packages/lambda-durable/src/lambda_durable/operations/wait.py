"""Waiting without compute: the simplest operation, and the pattern of all others."""

from ..abc import Duration
from ..checks import checked_name, whole_seconds
from ..effects import Checkpoint, Suspend
from ..protocol import CLOSED_STATUSES, OperationSubType, OperationType, epoch_seconds
from ..scope import Place


class Wait:
    """A timer at the service; the invocation ends, and a later one goes on."""

    type = OperationType.WAIT
    subtype = OperationSubType.WAIT

    def __init__(self, duration: Duration, *, name: str | None = None) -> None:
        self.seconds = whole_seconds(duration, "the duration of a wait")
        self.name = checked_name(name)

    async def flow(self, here: Place, /) -> None:
        """Start the timer unless it exists, and rest until it has elapsed."""
        record = here.record
        if record is None:
            start = here.update("START", {"WaitOptions": {"WaitSeconds": self.seconds}})
            record = await Checkpoint(start)
        if record is None or record["Status"] not in CLOSED_STATUSES:
            details = record.get("WaitDetails", {}) if record else {}
            await Suspend(epoch_seconds(details.get("ScheduledEndTimestamp")), on=here.id)
