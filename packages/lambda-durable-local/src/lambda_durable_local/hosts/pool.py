"""Where the execution environments of all functions live: one event loop, on a thread."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, TypeAlias, TypeVar

from .environment import Environment

T = TypeVar("T")
Key: TypeAlias = tuple[object, str | None]
"""A host, and the tenant whose data an environment may have seen."""

_MAX_IDLE = 16


class Environments:
    """Runs coroutines for hosts, and keeps environments warm: the `max_idle` that ran last."""

    def __init__(self, max_idle: int = _MAX_IDLE) -> None:
        self._max_idle = max_idle
        self._idle: OrderedDict[Environment, Key] = OrderedDict()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="lambda-durable-environments", daemon=True
        )
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the event loop, from any other thread, and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        """End the event loop; to be called when all hosts are closed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def take(self, key: Key) -> Environment | None:
        """Return an idle environment, the one that ran last; to be called on the event loop."""
        for environment, owner in reversed(self._idle.items()):
            if owner == key:
                del self._idle[environment]
                return environment
        return None

    async def keep(self, key: Key, environment: Environment) -> None:
        """Keep an environment for the next invocation; end the one that ran longest ago."""
        self._idle[environment] = key
        if len(self._idle) > self._max_idle:
            oldest, _ = self._idle.popitem(last=False)
            await oldest.end()

    async def end_idle(self, host: object) -> None:
        """End the idle environments of a host."""
        for environment in [each for each, key in self._idle.items() if key[0] is host]:
            del self._idle[environment]
            await environment.end()
