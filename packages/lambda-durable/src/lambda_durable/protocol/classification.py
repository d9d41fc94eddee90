"""Which failures are worth another invocation: the rule of the SDKs of all languages.

A retryable failure fails the invocation, and the service invokes again with a fresh token. Any
other ends the execution as FAILED.
"""

from typing import Final

STALE_TOKEN: Final = "invalid checkpoint token"
"""How the message of a refused token begins, in lower case: the service's own casing varies."""


def classify(code: str, status: int | None, message: str) -> bool:
    """Return True if another invocation can help.

    `code` is the service's error name, `status` the HTTP status or None when there was no answer.
    """
    if code.startswith("KMS"):  # a matter of keys and permissions, although it arrives as a 502
        return False
    if code == "InvalidParameterValueException" and message.lower().startswith(STALE_TOKEN):
        return True
    if status is None or status == 429:
        return True
    return not 400 <= status < 500
