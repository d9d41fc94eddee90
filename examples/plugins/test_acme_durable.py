"""A third-party plugin works from its wheel: installed next to core alone, found by itself."""

import json
import re
import subprocess
import sys
import venv
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
CORE = HERE.parents[1] / "packages" / "lambda-durable"


def run(*command: object) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def share(names: list[str], site_packages: Path) -> None:
    """Make installed distributions, and what they need, importable in another environment.

    No index is asked, and the new environment does not see what else is installed in this one.
    """
    for name in names:
        try:
            shared = distribution(name)
        except PackageNotFoundError:  # needed on another system only; pip would tell
            continue
        tops = {file.parts[0] for file in shared.files or () if file.parts[0] != ".."}
        for top in tops - {"__pycache__"}:
            link = site_packages / top
            if not link.exists():
                link.symlink_to(Path(str(shared.locate_file(top))).resolve())
        needed = [each for each in shared.requires or () if "extra ==" not in each]
        share([re.split(r"[^\w.-]", each)[0] for each in needed], site_packages)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a fresh environment that has core's and Acme's wheels, and no more."""
    folder = tmp_path_factory.mktemp("acme")
    for source in (CORE, HERE / "acme-durable"):
        run(
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", folder / "wheels", source),
        )
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    where = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    share(["boto3", "pluggy"], Path(where))
    wheels = folder / "wheels"
    run(
        *(python, "-m", "pip", "install", "--quiet", "--no-index", "--find-links", wheels),
        "acme-durable",
    )
    return python


@pytest.mark.timeout(300)
def test_from_its_wheel_beside_core_alone(python: Path) -> None:
    installed = json.loads(run(python, "-m", "pip", "list", "--format", "json"))
    ours = {each["name"] for each in installed if "durable" in each["name"]}
    assert ours == {"lambda-durable", "acme-durable"}
    told: dict[str, Any] = json.loads(run(python, "-I", HERE / "acme_handler.py"))
    assert told == {
        "output": {"Status": "SUCCEEDED", "Result": "3"},
        "attempts": 2,
        "payloads": ['{"columns": ["sku", "pieces"], "rows": [["a", 1], ["b", 2]]}'],
    }

    # Without the entry point, the name is unknown.
    script = (
        "import os, runpy, sys\n"
        "os.environ['LAMBDA_DURABLE_PLUGINS'] = ''\n"
        "told = runpy.run_path(sys.argv[1])\n"
        "print(told['run']('customer 7')['Error']['ErrorMessage'])"
    )
    message = run(python, "-I", "-c", script, HERE / "acme_handler.py")
    assert "there is no serializer named 'acme-table'" in message
