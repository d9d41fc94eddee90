"""Another clock and other randomness, for code that should not depend on them."""

import ctypes
import datetime as dt
import gc
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch


class Surroundings(NamedTuple):
    """What is different about a replay."""

    days: float
    """How far the clock is ahead."""
    seed: int
    """What `random` and `uuid` are seeded with, and hashes in a process of its own."""

    def __str__(self) -> str:
        return f"a clock {self.days:g} days ahead, hash seed and random seed {self.seed}"


@contextmanager
def within(surroundings: Surroundings) -> Iterator[None]:
    """Change what `time`, `datetime`, `random` and `uuid` give, until the block ends.

    Names that a module imported before (`from time import time`) stay what they were, so the
    modules under test should be imported inside the block.
    """
    seconds, seeded = surroundings.days * 86_400, random.Random(surroundings.seed)  # noqa: S311 - it must be repeatable
    now, now_ns, localtime, gmtime = time.time, time.time_ns, time.localtime, time.gmtime
    before = random.getstate()
    random.seed(surroundings.seed)

    def numbered() -> uuid.UUID:
        return uuid.UUID(int=seeded.getrandbits(128), version=4)

    def or_now(at: float | None) -> float:
        return now() + seconds if at is None else at

    try:
        with (
            patch.object(time, "time", lambda: now() + seconds),
            patch.object(time, "time_ns", lambda: now_ns() + int(seconds * 1e9)),
            patch.object(time, "localtime", lambda at=None: localtime(or_now(at))),
            patch.object(time, "gmtime", lambda at=None: gmtime(or_now(at))),
            _ahead(seconds),
            patch.object(uuid, "uuid4", numbered),
            patch.object(uuid, "uuid1", lambda *_: numbered()),
        ):
            yield
    finally:
        random.setstate(before)


@contextmanager
def _ahead(seconds: float) -> Iterator[None]:
    """Change the clock of `datetime` and `date` themselves.

    Replacements of these classes would be other types to serializers and annotations, so their
    own methods are changed; they are written in C, whose types let nobody set attributes.
    """
    span = dt.timedelta(seconds=seconds)
    real = dt.datetime.now

    def now(cls: type[dt.datetime], tz: dt.tzinfo | None = None) -> dt.datetime:
        return cls.fromtimestamp((real(dt.UTC) + span).timestamp(), tz)

    def utcnow(cls: type[dt.datetime]) -> dt.datetime:
        return now(cls, dt.UTC).replace(tzinfo=None)

    def today(cls: type[dt.date]) -> dt.date:
        moment = now(dt.datetime)
        return moment if issubclass(cls, dt.datetime) else moment.date()

    changes: list[tuple[type, str, Any]] = [
        (dt.datetime, "now", classmethod(now)),
        (dt.datetime, "utcnow", classmethod(utcnow)),
        (dt.datetime, "today", classmethod(today)),
        (dt.date, "today", classmethod(today)),
    ]
    before = [(cls, name, vars(cls).get(name)) for cls, name, _ in changes]
    _set(changes)
    try:
        yield
    finally:
        _set(before)


def _set(members: list[tuple[type, str, Any]]) -> None:
    for cls, name, member in members:
        (namespace, *_) = gc.get_referents(vars(cls))
        if member is None:
            del namespace[name]
        else:
            namespace[name] = member
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(cls))
