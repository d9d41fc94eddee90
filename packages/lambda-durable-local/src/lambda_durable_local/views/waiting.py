"""What an execution is doing at this moment, in one short line."""

from lambda_durable.protocol import Operation

from .names import Known
from .texts import moment


def doing(known: Known, invocation: int | None, now: float) -> str:
    """Return what runs in an invocation, or what is waited for; `now` is milliseconds."""
    if invocation is not None:
        steps = [
            known.title(record["Id"])
            for record in known.records()
            if record["Type"] == "STEP" and record["Status"] == "STARTED"
        ]
        return f"invocation {invocation}: {', '.join(steps) if steps else 'running'}"
    reasons = [
        f"{known.title(record['Id'])} {reason}"
        for record in known.records()
        if (reason := _reason(record, now)) is not None
    ]
    more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    return f"waiting: {', '.join(reasons[:3])}{more}" if reasons else "waiting"


def waits_for(record: Operation, until: int | None, now: float) -> str:
    """Return what an open operation waits for, and until when; times are milliseconds."""
    match record["Type"], record["Status"]:
        case "CALLBACK", "STARTED":
            what = "waits for its callback"
        case "CHAINED_INVOKE", "STARTED":
            what = "waits for the function it invokes"
        case "WAIT", "STARTED":
            what = "waits"
        case "STEP", "PENDING":
            what = "next attempt"
        case "STEP", "READY":
            what = "next attempt is due"
        case "STEP", "STARTED":
            what = "runs"
        case _:
            return ""
    if until is None:
        return what
    return f"{what}{' at' if what == 'next attempt' else ', until'} {moment(until, now)}"


def _reason(record: Operation, now: float) -> str | None:
    match record["Type"], record["Status"]:
        case "WAIT", "STARTED":
            until = record.get("WaitDetails", {}).get("ScheduledEndTimestamp", now)
            return f"until {moment(until, now)}"
        case "STEP", "PENDING":
            until = record.get("StepDetails", {}).get("NextAttemptTimestamp", now)
            return f"again at {moment(until, now)}"
        case "CALLBACK", "STARTED":
            return "for its callback"
        case "CHAINED_INVOKE", "STARTED":
            return "for the function it invokes"
        case _:
            return None
