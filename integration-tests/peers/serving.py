"""The local service with the functions of `template.yaml`."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from executions import Runner
from targets.local import client

HERE = Path(__file__).resolve().parent
JAVASCRIPT = os.environ.get("LAMBDA_DURABLE_JAVASCRIPT", "")
"""The folder with the JavaScript functions and their node_modules, if there is one."""


@dataclass(frozen=True, slots=True)
class Served:
    """The functions of a service, as what runs scenarios knows a deployment."""

    client: Any
    skips_time: bool = True
    kills: bool = False

    def reference(self, name: str) -> str:
        """Return what a function is invoked as."""
        return f"{name}:$LATEST"

    def kill(self, name: str) -> None:
        """Do not: these functions are left alone."""
        raise NotImplementedError(name)


class Peers(Runner):
    """Runs functions of all SDKs, and completes their callbacks."""

    def __init__(self, client: Any) -> None:
        super().__init__(Served(client))
        self._client = client

    def suspended_at(self, arn: str) -> str:
        """Wait until an execution waits for a callback, and return the callback's id."""
        started = self.until(arn, "CallbackStarted")
        while self.history(arn)[-1]["EventType"] != "InvocationCompleted":
            time.sleep(0.1)
        return str(started["CallbackStartedDetails"]["CallbackId"])

    def complete(self, callback_id: str, result: bytes) -> None:
        """Complete a callback from outside."""
        self._client.send_durable_execution_callback_success(CallbackId=callback_id, Result=result)


@contextmanager
def serving(store: Path, *parameters: str) -> Iterator[Peers]:
    """Serve all functions until the block ends, their executions kept in `store`."""
    given = [f"JavaScript={JAVASCRIPT or 'javascript'}", *parameters]
    command = [
        *(sys.executable, "-m", "lambda_durable_local", "serve", "--plain", "--port", "0"),
        *("--template", str(HERE / "template.yaml"), "--store", str(store), "--skip-time"),
        *("--log-dir", str(store.parent / "logs")),
        *(part for parameter in given for part in ("--parameter", parameter)),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            assert line.startswith("listening on "), f"the service did not start: {line}"
            with closing(client(line.split()[-1])) as reached:
                yield Peers(reached)
        finally:
            process.terminate()
