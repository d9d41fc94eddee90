"""A test run that imports a package from a checkout fails, and says from where."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.distributions import ROOT


@pytest.mark.exhaustive
@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(("package", "passes"), [("lambda_durable_stray", False), ("other", True)])
def test_a_checkout_on_the_path(tmp_path: Path, package: str, passes: bool, workers: str) -> None:
    (tmp_path / f"{package}.py").touch()
    (tmp_path / "test_it.py").write_text(f"def test_it():\n    import {package}\n")
    path = [str(tmp_path), str(ROOT / "tools" / "pytest_plugins")]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-n", workers),
            *("-p", "from_wheels", "-p", "no:cacheprovider", "."),
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout
    assert (done.returncode == 0) is passes
    assert ("not from the installed wheel" in done.stdout) is not passes
