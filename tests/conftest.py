"""Puts on the path what nothing installs: the repository's root, with `tools/`, and the programs
and the service in memory of core's own tests.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

sys.path.insert(0, str(ROOT))
sys.path.insert(1, str(ROOT / "packages" / "lambda-durable" / "tests"))
