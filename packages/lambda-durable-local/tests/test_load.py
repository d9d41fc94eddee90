"""Many executions at once: each is answered with its own result, and has its own history."""

import http.client
import json
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import FUNCTIONS
from served import served

from lambda_durable_local import targets
from lambda_durable_local.functions import LocalFunction

AT_ONCE = 200
HISTORY = [
    *("ExecutionStarted", "StepStarted", "StepSucceeded", "WaitStarted", "InvocationCompleted"),
    *("WaitSucceeded", "StepStarted", "StepSucceeded", "InvocationCompleted"),
    "ExecutionSucceeded",
]


@pytest.mark.exhaustive
@pytest.mark.parametrize("host", ["inprocess", "process"])
def test_executions_at_once_end_right(tmp_path: Path, host: str) -> None:
    function = LocalFunction("order", targets.parse(f"{FUNCTIONS}/load.py:order"), durable=True)
    with served([function], tmp_path / "s.db", skip_time=True, host=host) as service:
        where = urllib.parse.urlsplit(service.url)

        def invoke(number: int) -> tuple[Any, str | None]:
            connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=280)
            path = "/2015-03-31/functions/order/invocations"
            connection.request("POST", path, json.dumps(number))
            answer = connection.getresponse()
            told = json.loads(answer.read())
            connection.close()
            return told, answer.getheader("x-amz-durable-execution-arn")

        with ThreadPoolExecutor(AT_ONCE) as threads:
            answers = list(threads.map(invoke, range(AT_ONCE)))
        assert [told for told, _ in answers] == [[2 * n, 2 * n + 1] for n in range(AT_ONCE)]
        assert len({arn for _, arn in answers}) == AT_ONCE
        for _, arn in answers:
            events = service.client.get_durable_execution_history(DurableExecutionArn=arn)["Events"]
            assert [each["EventType"] for each in events] == HISTORY
