"""Makes a schedule that fails as short as it can be, event by event."""

from collections.abc import Callable

from .schedules import Schedule


def shortest(schedule: Schedule, fails: Callable[[Schedule], bool], tries: int = 400) -> Schedule:
    """Return the schedule without the events that are not needed for it to fail.

    At most `tries` schedules are tried; parts are left out first, then single events.
    """
    left = tries

    def still_fails(candidate: Schedule) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and fails(candidate)

    for position in reversed(range(len(schedule.faults))):
        if len(schedule) > 1 and still_fails(schedule.without(faults=[position])):
            schedule = schedule.without(faults=[position])
    size = len(schedule.switches)
    while size:
        position = 0
        while position < len(schedule.switches):
            chosen = range(position, min(position + size, len(schedule.switches)))
            if len(chosen) < len(schedule) and still_fails(schedule.without(switches=chosen)):
                schedule = schedule.without(switches=chosen)
            else:
                position += size
        size //= 2
    return schedule
