"""Executions at an endpoint of the Lambda API: of a local service, or of AWS."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property
from typing import Any

from lambda_durable_kernel import FunctionSpec
from lambda_durable_kernel.model import Event, ExecutionRow, Pause, Progress, Start

from ..report import UNKNOWN, Report, as_tree, body_runs, deadlines
from . import endpoint as endpoints
from .rebuilding import in_milliseconds, operations

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_ATTEMPTS = 4
_NEWEST = 1000
"""How many executions of each function are looked at."""


class RemoteSource:
    """See `Source`; raises EndpointError for what the service refuses."""

    def __init__(self, endpoint: str) -> None:
        self.place = endpoint
        # AWS throttles; a service on this machine answers, or is not there.
        attempts = _ATTEMPTS if endpoint == endpoints.AWS else 1
        self.client: Any = endpoints.client(endpoint, attempts=attempts)

    @cached_property
    def functions(self) -> list[str]:
        """The names of the durable functions."""
        return [each["FunctionName"] for each in self._configurations if "DurableConfig" in each]

    @property
    def every_function(self) -> list[str]:
        """The names of all functions."""
        return [each["FunctionName"] for each in self._configurations]

    @cached_property
    def _configurations(self) -> list[dict[str, Any]]:
        pages = self._pages("list_functions", {})
        return [each for page in pages for each in page["Functions"]]

    def rows(self, function: str | None = None) -> Sequence[ExecutionRow]:
        """Return the newest executions of all functions or of one, the newest first."""
        rows = [row for name in self._wanted(function) for row in self._listed(name, {})]
        return sorted(rows, key=lambda row: row.start.started_at, reverse=True)

    def named(self, name: str, function: str | None = None) -> Sequence[ExecutionRow]:
        """Return the executions of exactly this name."""
        if not _NAME.fullmatch(name):
            return []
        wanted = {"DurableExecutionName": name}
        return [row for each in self._wanted(function) for row in self._listed(each, wanted)]

    def report(self, arn: str) -> Report:
        """Return an execution as it stands, with its operations."""
        told = self.call("get_durable_execution", DurableExecutionArn=arn)
        events = self.events(arn)
        invocations = sum(event["EventType"] == "InvocationCompleted" for event in events)
        return Report(
            _row(told, invocations),
            as_tree(operations(events)),
            body_runs(events),
            deadlines(events),
        )

    def events(self, arn: str) -> Sequence[Event]:
        """Return an execution's history, oldest first; times are milliseconds."""
        asked = {"DurableExecutionArn": arn, "IncludeExecutionData": True, "MaxItems": 1000}
        pages = self._pages("get_durable_execution_history", asked)
        return [in_milliseconds(event) for page in pages for event in page["Events"]]

    def invoke(self, **parameters: Any) -> Any:
        """Return what Invoke answers, its payload as bytes.

        It is sent once, so that nothing is invoked twice.
        """
        with closing(endpoints.client(self.place)) as once, endpoints.readable(self.place):
            answer = once.invoke(**parameters)
            answer["Payload"] = answer["Payload"].read()
            return answer

    def call(self, operation: str, **parameters: Any) -> Any:
        """Return what an operation answers; raise EndpointError if it refuses."""
        with endpoints.readable(self.place):
            answer = getattr(self.client, operation)(**parameters)
        answer.pop("ResponseMetadata", None)
        return answer

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def _wanted(self, function: str | None) -> Sequence[str]:
        return self.functions if function is None else [function]

    def _listed(self, function: str, conditions: dict[str, Any]) -> Iterator[ExecutionRow]:
        asked = {"FunctionName": function, "MaxItems": 100, **conditions}
        count = 0
        for page in self._pages("list_durable_executions_by_function", asked):
            for each in page["DurableExecutions"]:
                yield _row(each, UNKNOWN)
                count += 1
            if count >= _NEWEST:
                return

    def _pages(self, operation: str, asked: dict[str, Any]) -> Iterator[Any]:
        marker: dict[str, Any] = {}
        while True:
            page = self.call(operation, **asked, **marker)
            yield page
            if not page.get("NextMarker"):
                return
            marker = {"Marker": page["NextMarker"]}


def _row(told: dict[str, Any], invocations: int) -> ExecutionRow:
    """Return what the service told of an execution; what it does not tell is unknown."""
    arn = told["DurableExecutionArn"]
    function_arn, _, rest = arn.partition("/durable-execution/")
    ended_at = told.get("EndTimestamp")
    start = Start(
        arn=arn,
        id=rest.rpartition("/")[2],
        name=told["DurableExecutionName"],
        function=FunctionSpec(function_arn.split(":")[6], version=told.get("Version", "$LATEST")),
        function_arn=told["FunctionArn"],
        input=told.get("InputPayload", "null"),
        started_at=told["StartTimestamp"].timestamp(),
    )
    paused = told.get("PauseDetails")
    pause = paused and Pause(
        paused["PauseRequestTimestamp"].timestamp(),
        paused.get("Reason"),
        paused["ExecutionTimeoutPaused"],
    )
    progress = Progress(
        status=told["Status"],
        pause=pause,
        ended_at=None if ended_at is None else ended_at.timestamp(),
        result=told.get("Result"),
        error=told.get("Error"),
        invocations=invocations,
        token_number=UNKNOWN,
    )
    return ExecutionRow(start, progress)
