"""What a test sends: values as JSON, or an error that says why they cannot be."""

import json

from lambda_durable.errors import InvalidInputError


def json_text(what: str, value: object) -> str:
    """Return a value as JSON text; raise InvalidInputError, naming `what`, if it has none."""
    __tracebackhide__ = True  # pytest shows the line of the test
    try:
        return json.dumps(value)
    except (TypeError, ValueError) as error:
        reason = str(error)
    raise InvalidInputError(f"{what} travels as JSON, and {value!r:.200} cannot: {reason}")
