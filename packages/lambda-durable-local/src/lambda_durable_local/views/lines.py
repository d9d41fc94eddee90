"""One event of a history as one line: what happened, in words, and how it is to be coloured."""

from typing import Any, Final, NamedTuple

from lambda_durable.protocol import EventType
from lambda_durable_kernel.model import Event

from .texts import duration, error_line, moment, one_line

_ENDS: Final = {"Runtime.ExitError": "crashed", "Sandbox.Timedout": "timed out"}
"""How an invocation ended that did not answer, by the type of its error."""


class Words(NamedTuple):
    """What an event says; `style` is a colour of rich."""

    text: str
    style: str = ""


def words(event: Event, *, took: str | None = None) -> Words:
    """Return the words for an event, other than the end of an invocation.

    `took` is the operation's duration, for the events that end one.
    """
    type = EventType(event["EventType"])
    told: dict[str, Any] = event[f"{type}Details"]
    family, verb = _split(type)
    if family == "Step":
        return _step(verb, told, took)
    if type is EventType.WAIT_STARTED:
        until = moment(told["ScheduledEndTimestamp"], event["EventTimestamp"])
        return Words(f"waits {duration(told['Duration'])}, until {until}", "cyan")
    if type is EventType.CHAINED_INVOKE_STARTED:
        return Words(f"invokes {told['FunctionName']}", "cyan")
    if type is EventType.CALLBACK_STARTED:
        return Words(_callback(told, event["EventTimestamp"]), "cyan")
    if verb == "Started":
        return Words("started")
    return _ended(verb, told, took)


def _callback(told: dict[str, Any], at: int) -> str:
    timeout = told.get("Timeout")
    until = f", until {moment(at + timeout * 1000, at)}" if timeout else ""
    return f"waits for its callback{until}: {told['CallbackId']}"


def _step(verb: str, told: dict[str, Any], took: str | None) -> Words:
    if verb == "Started":
        return Words("started")
    retry = told["RetryDetails"]
    attempt, delay = retry["CurrentAttempt"], retry.get("NextAttemptDelaySeconds")
    if verb == "Succeeded":
        if delay is not None:
            return Words(f"checked {_times(attempt)}, again in {duration(delay)}", "yellow")
        return Words(f"succeeded{_in(took)}{_attempt(attempt)}", "green")
    reason = error_line(told["Error"].get("Payload"))
    if delay is not None:
        return Words(f"attempt {attempt} failed, again in {duration(delay)}: {reason}", "yellow")
    return Words(f"failed{_attempt(attempt)}: {reason}", "red")


def _ended(verb: str, told: dict[str, Any], took: str | None) -> Words:
    match verb:
        case "Succeeded":
            return Words(f"succeeded{_in(took)}", "green")
        case "TimedOut":
            return Words(f"timed out: {_error(told)}", "red")
        case "Failed" | "Stopped" | "Cancelled":
            return Words(f"{verb.lower()}: {_error(told)}", "red")
        case _:
            return Words(verb.lower(), "cyan")


def invocation_ended(event: Event, *, closed: bool) -> Words:
    """Return the words for the end of an invocation; `closed` if the execution ended with it."""
    error = event["InvocationCompletedDetails"].get("Error")
    if error is not None:
        payload: dict[str, Any] = error.get("Payload") or {}
        if payload.get("ErrorType") in _ENDS:
            message = one_line(payload.get("ErrorMessage", "")).rpartition(" Error: ")[2]
            return Words(f"{_ENDS[payload['ErrorType']]}: {message}", "bold red")
        return Words(f"failed: {error_line(payload)}", "red")
    return Words("finished" if closed else "suspended", "dim")


def _split(type: EventType) -> tuple[str, str]:
    for verb in ("Started", "Succeeded", "Failed", "TimedOut", "Stopped", "Cancelled"):
        if type.endswith(verb):
            return type.removesuffix(verb), verb
    return type, type


def _error(told: dict[str, Any]) -> str:
    error: dict[str, Any] = told.get("Error") or {}
    return error_line(error.get("Payload"))


def _in(took: str | None) -> str:
    return "" if took is None or took.startswith("<") else f" in {took}"


def _attempt(number: int) -> str:
    return "" if number == 1 else f" at attempt {number}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
