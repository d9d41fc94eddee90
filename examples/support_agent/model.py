"""A fake of a language model: it reads the conversation and says what it wants to be done next.

A real one is an HTTP call of a few seconds; the handler would look the same.
"""

import asyncio
import re
from typing import Literal, TypedDict


class ToolCall(TypedDict):
    """A tool that the model wants to use, with its arguments."""

    tool: str
    arguments: dict[str, str]


class Message(TypedDict):
    """A part of the conversation."""

    role: Literal["user", "assistant", "tool"]
    text: str


class Reply(TypedDict):
    """What the model says: calls of tools, or an answer once it needs none."""

    text: str
    calls: list[ToolCall]


async def complete(messages: list[Message]) -> Reply:
    """Return what comes next in a conversation."""
    await asyncio.sleep(0.01)
    conversation = " ".join(message["text"] for message in messages)
    found = re.search(r"order (\w+)", conversation)
    if found is None:
        return {"text": "Which order is it about?", "calls": []}
    order = found[1]
    looked_up = [message for message in messages if message["role"] == "tool"]
    if not looked_up:
        tools = ["find_order", "find_parcel"]
        return {
            "text": "",
            "calls": [{"tool": tool, "arguments": {"order": order}} for tool in tools],
        }
    if "lost" in conversation and len(looked_up) < 3:
        return {"text": "", "calls": [{"tool": "refund", "arguments": {"order": order}}]}
    return {"text": f"About order {order}: {looked_up[-1]['text']}", "calls": []}
