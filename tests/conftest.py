"""Puts on the path what nothing installs: the repository's root, with `tools/`, and the programs
and the service in memory of core's own tests. Prints the seed of the generated programs.
"""

import os
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

sys.path.insert(0, str(ROOT))
sys.path.insert(1, str(ROOT / "packages" / "lambda-durable" / "tests"))

SEED = os.environ.setdefault("LAMBDA_DURABLE_SEED", str(random.SystemRandom().getrandbits(32)))


def pytest_report_header() -> str:
    """Say how to repeat what was generated."""
    return f"generated programs: LAMBDA_DURABLE_SEED={SEED}"
