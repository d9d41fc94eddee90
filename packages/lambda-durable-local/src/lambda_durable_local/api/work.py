"""Threads on which requests are read, answered and saved, so that the event loop never waits."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

ResultT = TypeVar("ResultT")

_THREADS = 4


class Work:
    """A few threads; what is given to them ends soon."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="lambda-durable-api")

    async def do(self, call: Callable[[], ResultT]) -> ResultT:
        """Return what `call` returns on one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def close(self) -> None:
        """End the threads when they have done what they were given."""
        self._threads.shutdown()
