"""Measures what a test of a workflow costs, each SDK with its own local runner."""

import statistics
import time
from typing import Any

from .. import sdks


def workflow_test(
    *, sdk: str, program: str, parameters: dict[str, Any], times: int = 1, warm: bool = True
) -> dict[str, float]:
    """Measure tests of one handler, after a first one that loads what is loaded once."""
    module = sdks.load(sdk)
    if warm:
        _run(module.workflow_test(module.PROGRAMS["no_op"]()))
    test = module.workflow_test(module.PROGRAMS[program](**parameters))
    walls, cpus = [], []
    for _ in range(times):
        cpu, wall = time.process_time(), time.perf_counter()
        _run(test)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return {"wall": statistics.median(walls), "cpu": statistics.median(cpus)}


def _run(test: Any) -> None:
    status = test()
    assert status == "SUCCEEDED", status
