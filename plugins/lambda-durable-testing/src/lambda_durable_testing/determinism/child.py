"""A process of its own: its hashes are seeded anew, and what it imports sees another clock.

It reads `{"path", "target", "recording", "surroundings"}` from standard input and writes the
traces as JSON, or `{"error": ...}` if the handler cannot be imported.
"""

import json
import sys
from pathlib import Path

from ..recorded import Recording
from ..recorded.folders import handler_at
from .surroundings import Surroundings, within
from .tracing import dumped, traced


def main() -> None:
    """Answer the question on standard input."""
    asked = json.load(sys.stdin)
    out, sys.stdout = sys.stdout, sys.stderr  # what the handler prints is no answer
    sys.path[:] = asked["path"]
    surroundings = Surroundings(*asked["surroundings"])
    recording = Recording.from_events(asked["arn"], asked["events"])
    try:
        with within(surroundings):
            handler = handler_at(asked["target"], Path(recording.name))
    except Exception as error:  # noqa: BLE001 - whatever an import raises
        out.write(json.dumps({"error": f"{type(error).__name__}: {error}"}))
        return
    out.write(dumped(traced(handler, recording, surroundings)))


if __name__ == "__main__":
    main()
