"""Functions that the tests run, in `def`."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from lambda_durable import DurableContext, StepError, current_step, durable_execution


def note(text: str) -> str:
    if "NOTES" in os.environ:
        with Path(os.environ["NOTES"]).open("a") as file:
            file.write(f"{text}\n")
    return text


def slow(seconds: float) -> str:
    """Take that long; once it was interrupted, and noted it, no longer than it must."""
    interrupted = "NOTES" in os.environ and Path(os.environ["NOTES"]).exists()
    interrupted = interrupted and "slow begins" in Path(os.environ["NOTES"]).read_text()
    note("slow begins")
    time.sleep(0 if interrupted else seconds)
    return note("slow ends")


def too_slow() -> str:
    note("slow begins")
    time.sleep(600)
    return note("slow ends")


def flaky() -> str:
    if current_step().attempt < 3:
        raise ConnectionError(f"attempt {current_step().attempt}")
    return "at last"


def die(how: str) -> str:
    if note("die") and Path(os.environ["NOTES"]).read_text().count("die") == 1:
        if how == "exit":
            os._exit(3)
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


@durable_execution
def handler(event: Any, ctx: DurableContext) -> Any:
    print("handler begins")
    first = ctx.step(note, "first")
    ctx.wait(60, name="pause")
    slow_result = ctx.step(slow, event.get("seconds", 0), name="slow")
    return [first, slow_result]


@durable_execution
def retrying(event: Any, ctx: DurableContext) -> str:
    return ctx.step(flaky, retry="transient")


@durable_execution
def dying(event: Any, ctx: DurableContext) -> list[str]:
    return [ctx.step(note, "before"), ctx.step(die, event["how"])]


@durable_execution
def calling(event: Any, ctx: DurableContext) -> Any:
    return [ctx.invoke(name, {"x": event["x"]}, name=f"call {name}") for name in event["call"]]


@durable_execution
def child(event: Any, ctx: DurableContext) -> int:
    ctx.wait(5, name="child's pause")
    return ctx.step(lambda: event["x"] + 1, name="add")


@durable_execution
def failing(event: Any, ctx: DurableContext) -> None:
    ctx.step(note, "once")
    raise ValueError("the order is\nnot for us")


@durable_execution
def sleeping(event: Any, ctx: DurableContext) -> str:
    return ctx.step(too_slow, name="slow")


@durable_execution
def charging(event: Any, ctx: DurableContext) -> str:
    try:
        return ctx.step(slow, 0.3, name="slow", semantics="at-most-once")
    except StepError as error:
        return f"{type(error).__name__}"


def plain(event: Any, context: Any) -> Any:
    """Return all that the context says."""
    assert 0 < context.get_remaining_time_in_millis() <= 900_000
    return {
        "x": event["x"],
        "name": context.function_name,
        "arn": context.invoked_function_arn,
        "version": context.function_version,
        "memory": context.memory_limit_in_mb,
        "group": context.log_group_name,
        "stream": context.log_stream_name,
        "tenant": context.tenant_id,
        "id": len(context.aws_request_id),
        "env": os.environ.get("COLOUR"),
        "function_name": os.environ["AWS_LAMBDA_FUNCTION_NAME"],
    }


def broken(event: Any, context: Any) -> Any:
    raise KeyError("no such thing")


def unmarshalled(event: Any, context: Any) -> Any:
    return {1, 2}


not_a_function = 3
