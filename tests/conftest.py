"""Puts the repository's root on the path: `tools/` is tested, and nothing installs it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
