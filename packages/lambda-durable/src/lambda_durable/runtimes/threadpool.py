"""Threads beside an event loop: for ordinary functions, and for calls of the service."""

from asyncio import CancelledError, wrap_future
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

BODY_THREADS = 64


class Raised(NamedTuple):
    """What a body raised, as a value: some exceptions cannot pass through a coroutine."""

    error: BaseException


class ThreadPools:
    """Two pools, made when first needed; bodies never stand in the way of the service's calls."""

    def __init__(self) -> None:
        self._bodies: ThreadPoolExecutor | None = None
        self._service: ThreadPoolExecutor | None = None
        self._running: set[Future[Any]] = set()

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run an ordinary function; return what it returns, or what it raises as `Raised`."""
        if self._bodies is None:
            self._bodies = ThreadPoolExecutor(BODY_THREADS, "lambda-durable-body")
        future = self._bodies.submit(_outcome, function, arguments)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return await wrap_future(future)

    def send(self, job: Callable[[], None]) -> None:
        """Run `job` on the thread that calls the service."""
        if self._service is None:
            self._service = ThreadPoolExecutor(1, "lambda-durable-service")
        self._service.submit(job)

    def close(self) -> None:
        """End the threads, and wait for them unless an abandoned body still runs."""
        for pool in (self._bodies, self._service):
            if pool is not None:
                pool.shutdown(wait=not self._running, cancel_futures=True)
        self._bodies = self._service = None


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    try:
        return function(*arguments)
    except CancelledError as error:  # it would be taken for a cancellation of the handler's task
        return Raised(RuntimeError(f"the body was cancelled from inside: {error!r}"))
    except BaseException as error:  # noqa: BLE001 - it is raised where the body was called
        return Raised(error)
