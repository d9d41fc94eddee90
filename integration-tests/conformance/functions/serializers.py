"""Serializers of a user's own."""

import json
from typing import Any

from lambda_durable import Where
from lambda_durable.batches import BatchItem, BatchResult


class Capitals:
    """Keeps text in capitals."""

    def dumps(self, value: Any, where: Where, /) -> str:
        return str(value).upper()

    def loads(self, text: str, type: Any, where: Where, /) -> str:
        return text.upper()


class AnswerInCapitals:
    """Sends plain JSON, and takes the text of the answer in capitals."""

    def dumps(self, value: Any, where: Where, /) -> str:
        return json.dumps(value)

    def loads(self, text: str, type: Any, where: Where, /) -> str:
        return text.upper()


class Backwards:
    """Keeps text reversed."""

    def dumps(self, value: Any, where: Where, /) -> str:
        return f"reversed:{str(value)[::-1]}"

    def loads(self, text: str, type: Any, where: Where, /) -> str:
        return text.removeprefix("reversed:")[::-1]


class Number:
    """Reads a number from what a callback was given."""

    def dumps(self, value: Any, where: Where, /) -> str:
        return str(value)

    def loads(self, text: str, type: Any, where: Where, /) -> int:
        return int(text)


class Wrapped:
    """Marks what it kept."""

    def dumps(self, value: Any, where: Where, /) -> str:
        return f"wrapped:{value}"

    def loads(self, text: str, type: Any, where: Where, /) -> str:
        return text.removeprefix("wrapped:")


class Joined:
    """Keeps the results of a batch that succeeded as a line of text."""

    def dumps(self, value: Any, where: Where, /) -> str:
        return "OPSERDE:" + ",".join(value.results)

    def loads(self, text: str, type: Any, where: Where, /) -> BatchResult[str]:
        results = text.removeprefix("OPSERDE:").split(",")
        items = [BatchItem(n, None, "SUCCEEDED", each) for n, each in enumerate(results)]
        return BatchResult(items, "ALL_COMPLETED")
