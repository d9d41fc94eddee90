"""An account for each test that needs one."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from moto.server import ThreadedMotoServer

sys.path.append(str(Path(__file__).resolve().parent.parent / "scenarios"))

from accounts import Account, install_docker

_SECONDS = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests time where others keep the machine busy."""
    for item in items:
        item.add_marker(pytest.mark.timeout(_SECONDS))


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Give an account that is empty, with a registry from which functions really get images."""
    monkeypatch.setenv("MOTO_LAMBDA_STUB_ECR", "FALSE")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with urlopen(Request(f"http://{host}:{port}/moto-api/reset", method="POST")):
        pass  # what moto keeps outlives its server
    install_docker(tmp_path / "bin")
    try:
        yield Account(f"http://{host}:{port}", tmp_path)
    finally:
        server.stop()
