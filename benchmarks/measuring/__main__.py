"""Measures once, as its argument says, and prints the figures as JSON."""

import importlib
import json
import logging
import sys

KINDS = {
    "execution": "executions",
    "replay": "executions",
    "importing": "imports",
    "first_step": "imports",
    "client": "imports",
    "over_http": "loopback",
    "first_invocation": "loopback",
    "checkpoints": "loopback",
    "workflow_test": "workflow_tests",
}
"""Modules by the kind of measurement, which is the name of a function there."""

if __name__ == "__main__":
    specification = json.loads(sys.argv[1])
    logging.disable()  # warnings that quotas of the service are near
    kind = specification.pop("kind")
    module = importlib.import_module(f"benchmarks.measuring.{KINDS[kind]}")
    print(json.dumps(getattr(module, kind)(**specification)))
