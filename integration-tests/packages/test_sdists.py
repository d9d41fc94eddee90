"""What is published besides wheels: sdists, and the wheels that are built from them."""

import re
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from environments import WHEELS, run

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(each.parent for each in ROOT.glob("p*/lambda-durable*/pyproject.toml"))


def members(wheel: Path) -> set[str]:
    """Return the files of a wheel, whatever its version."""
    with zipfile.ZipFile(wheel) as archive:
        return {re.sub(r"^[\w.+-]+\.dist-info/", "dist-info/", each) for each in archive.namelist()}


@pytest.mark.parametrize("distribution", FOLDERS, ids=lambda folder: folder.name)
def test_an_sdist(distribution: Path, tmp_path: Path) -> None:
    """It builds, the wheel built from it is that of the checkout, and the index can read both."""
    run(
        *(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path)),
        str(distribution),
    )
    name = distribution.name.replace("-", "_")
    (sdist,) = tmp_path.glob(f"{name}-*.tar.gz")
    (built,) = tmp_path.glob(f"{name}-*.whl")
    (published,) = WHEELS.glob(f"{name}-*.whl")
    assert members(built) == members(published)
    with tarfile.open(sdist) as archive:
        packed = {each.split("/", 1)[1] for each in archive.getnames()}
    assert {"LICENSE", "README.md", "PKG-INFO", "pyproject.toml"} <= packed
    assert any(each.startswith("tests/test_") for each in packed)
    run(sys.executable, "-m", "twine", "check", "--strict", str(sdist), str(built), str(published))
