"""What the functions of both flavours do inside their operations: ordinary code."""

import os
from typing import Any, TypeVar

from lambda_durable import current_step

T = TypeVar("T")

LARGE = 300 * 1024
"""More bytes than a context keeps as its result."""


class TransientError(Exception):
    """Says that another time may go better."""


def greet(name: str) -> str:
    return f"Hello, {name}!"


def describe(person: dict[str, Any]) -> dict[str, Any]:
    return {"user": person, "count": len(person["tags"])}


def do_nothing() -> None:
    """Return nothing, on purpose."""


def compute() -> str:
    return "computed"


def echo(value: T) -> T:
    return value


def task_a() -> str:
    return "task-a"


def fail() -> str:
    raise RuntimeError("always fails")


def boom() -> str:
    raise RuntimeError("boom")


def fail_for_good() -> str:
    raise TransientError("not to be retried")


def log_and_fail() -> None:
    current_step().logger.info("step executed")
    raise RuntimeError("step executed in vain")


def greet_and_log(name: str) -> str:
    logger = current_step().logger
    logger.info("Greeting step started for: %s", name)
    greeting = greet(name)
    logger.info("Greeting step completed with: %s", greeting)
    return greeting


def greet_running(name: str) -> str:
    current_step().logger.info("Greeting step running for: %s", name)
    return greet(name)


def succeed_at(attempt: int, result: str = "Operation succeeded") -> str:
    """Return the result in the attempt given; fail in those before."""
    if current_step().attempt < attempt:
        raise ConnectionError(f"attempt {current_step().attempt} failed")
    return result


def log_and_crash(text: str) -> str:
    """End the process, as if it ran out of memory."""
    current_step().logger.info("about to crash with %s", text)
    os._exit(1)


def ask(callback_id: str) -> None:
    """Give the id to another system; here that finds it in the history."""


def ask_in_vain(callback_id: str) -> None:
    raise ConnectionError(f"nobody takes {callback_id[:8]}...")


def count_up(state: int) -> int:
    return state + 1


def check_in_vain(state: int) -> int:
    raise RuntimeError("cannot be checked")


def add_x(state: str) -> str:
    return state + "x"
