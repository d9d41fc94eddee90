"""The contracts hold for a small well-made repository and break for every mistake."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("importlinter")

from tools import contracts
from tools.distributions import discover

MODULES = {
    "packages/lambda-durable/src/lambda_durable/__init__.py": "from .handler import run",
    "packages/lambda-durable/src/lambda_durable/handler.py": "from . import plugins\nrun = 1",
    "packages/lambda-durable/src/lambda_durable/plugins.py": "import pluggy\nmanager = 1",
    "packages/lambda-durable/src/lambda_durable/history.py": "from .protocol import a",
    "packages/lambda-durable/src/lambda_durable/batching.py": "from .protocol import a",
    "packages/lambda-durable/src/lambda_durable/protocol/__init__.py": "a = 1",
    "packages/lambda-durable-kernel/src/lambda_durable_kernel/__init__.py": (
        "from lambda_durable.protocol import a"
    ),
    "plugins/lambda-durable-x/src/lambda_durable_x/__init__.py": "from lambda_durable import run",
    "plugins/lambda-durable-y/src/lambda_durable_y/__init__.py": "from lambda_durable import run",
}

Check = Callable[[dict[str, str]], int]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return a function that writes a repository and checks its contracts."""

    def run(changes: dict[str, str]) -> int:
        for name, code in (MODULES | changes).items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(code)
            folder = file.relative_to(tmp_path).parents[-3]
            metadata = tmp_path / folder / "pyproject.toml"
            metadata.write_text(f'[project]\nname = "{folder.name}"\n')
            monkeypatch.syspath_prepend(tmp_path / folder / "src")
        for name in [each for each in sys.modules if each.startswith("lambda_durable")]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setattr(contracts, "discover", lambda: discover(tmp_path))
        return contracts.main()

    return run


def test_a_well_made_repository_passes(check: Check) -> None:
    assert check({}) == 0


@pytest.mark.parametrize(
    ("module", "code", "title"),
    [
        ("history", "from . import handler", "core is layered"),
        ("history", "from . import batching", "core is layered"),
        ("somewhere", "", "core is layered"),
        ("history", "import time", "only invocation, runtimes and clients perform I/O"),
        (
            "history",
            "def f():\n    import boto3",
            "only invocation, runtimes and clients perform I/O",
        ),
        ("history", "import pluggy", "pluggy stays behind hookspecs and plugins"),
        ("handler", "import lambda_durable_x", "core knows none of its plugins"),
        ("kernel", "import lambda_durable.history", "the kernel knows core's protocol alone"),
        ("kernel", "import socket", "the kernel performs no I/O"),
        ("x", "import lambda_durable_y", "plugins are independent"),
    ],
)
def test_a_mistake_breaks_its_contract(
    check: Check, capsys: pytest.CaptureFixture[str], module: str, code: str, title: str
) -> None:
    fronts = {name.split("/")[1].removeprefix("lambda-durable-"): name for name in MODULES}
    core = f"packages/lambda-durable/src/lambda_durable/{module}.py"
    assert check({fronts.get(module, core): code}) == 1
    assert f"{title} BROKEN" in capsys.readouterr().out


def test_a_cycle_for_type_checkers_only_is_one(
    check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .b import x"
    folder = "packages/lambda-durable/src/lambda_durable/protocol"
    assert check({f"{folder}/a.py": code, f"{folder}/b.py": "from .a import y"}) == 1
    assert "lambda_durable.protocol.a <-> lambda_durable.protocol.b" in capsys.readouterr().out
