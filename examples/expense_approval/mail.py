"""A fake of the company's mail: what is sent is printed."""

from typing import TypedDict


class Claim(TypedDict):
    """An expense claim, as the employee files it."""

    id: str
    employee: str
    purpose: str
    cents: int
    approvers: list[str]


def ask(callback_id: str, claim: Claim, approver: str) -> None:
    """Ask somebody to decide; the links in the mail carry the callback's id."""
    print(f"to {approver}: {claim['employee']} claims {claim['cents'] / 100:.2f}, please decide")
    print(f"   https://expenses.example.com/decide/{callback_id}")


def tell(employee: str, text: str) -> None:
    """Tell an employee what became of a claim."""
    print(f"to {employee}: {text}")
