"""Ready-made strategies, and the names under which they are registered.

| name | kind | what it does |
|---|---|---|
| `default` | retry | `uninterrupted` errors: 6 attempts; 5, 10, 20, 40, 60 s with full jitter |
| `transient` | retry | `transient_errors`: 8 attempts; 1, 2, 4, 8, 16, 32, 60 s with half jitter |
| `eager` | wait | after 1 s, then half as long again each time up to 30 s; gives up after 1 h |
| `steady` | wait | every minute; gives up after 24 h |

Core itself registers the retry strategy `none`; `NONE` is the same as a value.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from lambda_durable.abc import RetryStrategy, WaitStrategy

from .building import exponential, poll, retry
from .conditions import stop_after
from .kinds import transient_errors, uninterrupted
from .waits import wait_exponential

DEFAULT: Final = exponential(
    attempts=6, initial=5, factor=2, maximum=60, jitter="full", on=uninterrupted
)
"""The default of steps. The numbers are those of the other SDKs for durable functions.

Theirs also retries an at-most-once step that was interrupted; nobody has asked for that here.
"""

TRANSIENT: Final = exponential(
    attempts=8, initial=1, factor=2, maximum=60, jitter="half", on=transient_errors
)
"""For calls to other services: between one and two minutes in all, then it gives up."""

NONE: Final = retry(1, stop=stop_after(attempts=1))
"""A single attempt."""

EAGER: Final = poll(
    wait_exponential(initial=1, factor=1.5, maximum=30), stop=stop_after(elapsed=timedelta(hours=1))
)
"""For what is usually there within seconds."""

STEADY: Final = poll(60, stop=stop_after(elapsed=timedelta(hours=24)))
"""For what takes hours."""

RETRY_NAMES: Final[Mapping[str, RetryStrategy]] = {"default": DEFAULT, "transient": TRANSIENT}
WAIT_NAMES: Final[Mapping[str, WaitStrategy[Any]]] = {"eager": EAGER, "steady": STEADY}
