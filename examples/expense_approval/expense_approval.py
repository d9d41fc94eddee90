"""An expense claim that people decide: one after the other is asked, each with a deadline."""

from datetime import timedelta
from typing import TypedDict

import mail

from lambda_durable import DurableContext, durable_execution
from lambda_durable_callbacks import CallbackTimeoutError

DEADLINE = timedelta(days=2)


class Decision(TypedDict):
    """What the page behind the mail's links sends back."""

    approved: bool
    by: str


@durable_execution
def handler(claim: mail.Claim, ctx: DurableContext) -> Decision:
    """Have a claim decided, and tell its employee."""
    decision = decide(claim, ctx)
    text = "approved" if decision["approved"] else "rejected"
    ctx.step(mail.tell, claim["employee"], f"{claim['id']} was {text} by {decision['by']}")
    return decision


def decide(claim: mail.Claim, ctx: DurableContext) -> Decision:
    """Return the first decision; who does not answer in time is passed over."""
    for approver in claim["approvers"]:
        try:
            return ctx.wait_for_callback(
                mail.ask,
                claim,
                approver,
                name=f"ask {approver}",
                timeout=DEADLINE,
                result_type=Decision,
            )
        except CallbackTimeoutError:
            ctx.logger.warning("%s did not answer in time", approver)
    return {"approved": False, "by": "nobody"}
