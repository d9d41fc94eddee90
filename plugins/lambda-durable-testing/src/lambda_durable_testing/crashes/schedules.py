"""Schedules: what goes wrong in a run and where, and where another branch goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from lambda_durable.errors import InvalidInputError

AT_CHECKPOINT: Final[Mapping[str, str]] = {
    "dies-before": "the process died before {} was sent",
    "dies-after": "{} was saved, then the process died",
    "answer-lost": "{} was saved, and its answer lost on the way",
    "throttled": "{} was throttled (429), not saved",
    "server-error": "{} was answered with a server error (500), not saved",
    "stale-token": "{} was refused for a stale token, not saved",
    "refused": "{} was refused for good (400), not saved",
    "timed-out": "the invocation's time was up before {} was sent",
    "duplicated": "a duplicate of the invocation ran before {} was sent",
}
"""The kinds of faults at a checkpoint, and what they look like."""

DELIVERED_TWICE: Final = "delivered-twice"
SWITCH: Final = "switch"


class Fault(NamedTuple):
    """Something that goes wrong once: at a checkpoint of the run, or at an invocation."""

    kind: str
    at: int
    """The number of the checkpoint, or of the invocation, in the whole run, from 1."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.at}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Faults, and the turns at which another branch goes on; `str()` can be read again."""

    faults: tuple[Fault, ...] = ()
    switches: tuple[tuple[int, int], ...] = ()
    """At which turn, of those where there is a choice, and which of the others goes on."""
    fine: bool = False
    """Whether turns are counted between instructions too."""

    def __len__(self) -> int:
        return len(self.faults) + len(self.switches)

    def __str__(self) -> str:
        parts = [str(fault) for fault in self.faults]
        parts += [f"{SWITCH}:{turn}={chosen}" for turn, chosen in self.switches]
        return " ".join(["fine", *parts] if self.fine else parts)

    @classmethod
    def read(cls, text: str) -> Schedule:
        """Return the schedule that a failure printed."""
        faults, switches, fine = list[Fault](), list[tuple[int, int]](), False
        for part in text.split():
            kind, _, at = part.partition(":")
            turn, _, chosen = at.partition("=")
            if part == "fine":
                fine = True
            elif kind == SWITCH and turn.isdecimal() and chosen.isdecimal():
                switches.append((int(turn), int(chosen)))
            elif kind in (*AT_CHECKPOINT, DELIVERED_TWICE) and at.isdecimal():
                faults.append(Fault(kind, int(at)))
            else:
                raise InvalidInputError(
                    f"{part!r} is no event of a schedule; take the line that a failure prints, as "
                    f"'dies-after:3 {SWITCH}:7=1'"
                )
        return cls(tuple(faults), tuple(switches), fine)

    def without(self, faults: Sequence[int] = (), switches: Sequence[int] = ()) -> Schedule:
        """Return the schedule without the faults and switches at some positions."""
        return Schedule(
            tuple(each for n, each in enumerate(self.faults) if n not in set(faults)),
            tuple(each for n, each in enumerate(self.switches) if n not in set(switches)),
            self.fine,
        )
