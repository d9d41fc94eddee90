"""The same claim in `async def`, with all approvers asked at once: the first answer counts."""

from datetime import timedelta
from typing import TypedDict

import mail

from lambda_durable import AsyncDurableContext, durable_execution

DEADLINE = timedelta(days=2)


class Decision(TypedDict):
    """What the page behind the mail's links sends back."""

    approved: bool
    by: str


@durable_execution
async def handler(claim: mail.Claim, ctx: AsyncDurableContext) -> Decision:
    """Have a claim decided, and tell its employee."""
    decision = await decide(claim, ctx)
    text = "approved" if decision["approved"] else "rejected"
    await ctx.step(mail.tell, claim["employee"], f"{claim['id']} was {text} by {decision['by']}")
    return decision


async def decide(claim: mail.Claim, ctx: AsyncDurableContext) -> Decision:
    """Return the first decision; nobody has to answer, and who is late is not waited for."""
    questions = [
        ctx.wait_for_callback(
            mail.ask, claim, approver, name=f"ask {approver}", result_type=Decision
        )
        for approver in claim["approvers"]
    ]
    deadline = ctx.wait(DEADLINE, name="deadline")
    first = await ctx.race(*questions, deadline)
    return first or {"approved": False, "by": "nobody"}
