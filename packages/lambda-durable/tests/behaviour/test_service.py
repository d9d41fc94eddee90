"""What passes between an invocation and the service: tokens, pages, failures, large results."""

import json
from typing import Any

import pytest

from lambda_durable import ServiceError, hookimpl
from lambda_durable.batching import UpdateQueue
from lambda_durable.identity import operation_id
from lambda_durable.protocol import Limits

from .world import World

EXECUTION = {
    "Id": "the-execution",
    "Type": "EXECUTION",
    "Status": "STARTED",
    "ExecutionDetails": {"InputPayload": '"in"'},
}


def event(*operations: Any, marker: str = "") -> Any:
    """Return a durable invocation's event."""
    return {
        "DurableExecutionArn": "arn:aws:lambda:eu-west-1:123456789012:function:f:1/x/y",
        "CheckpointToken": "first",
        "InitialExecutionState": {"Operations": list(operations), "NextMarker": marker},
    }


class Scripted:
    """A service that answers as it is told, and keeps what it was asked."""

    def __init__(self, *answers: Any, pages: Any = None) -> None:
        self.answers = list(answers)
        self.pages = pages or {}
        self.asked: list[Any] = []
        self.read: list[Any] = []

    def checkpoint(self, execution_arn: str, token: str, updates: Any) -> Any:
        self.asked.append((token, list(updates)))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(updates) if callable(answer) else answer

    def get_state(self, execution_arn: str, token: str, marker: str) -> Any:
        self.read.append((token, marker))
        return self.pages[marker]


def saved(token: str | None, marker: str | None = None) -> Any:
    """Return an answer that reports steps as they were written."""

    def answer(updates: Any) -> Any:
        operations = [
            {
                "Id": update["Id"],
                "Type": update["Type"],
                "Status": {"START": "STARTED", "SUCCEED": "SUCCEEDED"}[update["Action"]],
                "Name": update["Name"],
                "SubType": "Step",
                "StepDetails": {"Result": update.get("Payload")},
            }
            for update in updates
        ]
        response: Any = {"NewExecutionState": {"Operations": operations}}
        if token is not None:
            response["CheckpointToken"] = token
        if marker is not None:
            response["NewExecutionState"]["NextMarker"] = marker
        return response

    return answer


async def two_steps(event: Any, ctx: Any) -> Any:
    first = await ctx.step(lambda: 1, name="a")
    return [event, first, await ctx.step(lambda: 2, name="b")]


def test_each_request_carries_the_token_of_the_answer_before(flavour: Any) -> None:
    service = Scripted(saved("second"), saved("third"))
    output = flavour.handler(two_steps).run_invocation(event(EXECUTION), None, service=service)
    assert output == {"Status": "SUCCEEDED", "Result": '["in",1,2]'}
    assert [token for token, _ in service.asked] == ["first", "second"]
    assert [[u["Action"] for u in updates] for _, updates in service.asked] == [
        ["START", "SUCCEED"]
    ] * 2


def test_the_initial_state_is_read_to_its_last_page(flavour: Any) -> None:
    step = {
        "Id": "1ced8f5be2db23a6513eba4d819c73806424748a7bc6fa0d792cc1c7d1775a97",
        "Type": "STEP",
        "SubType": "Step",
        "Name": "a",
        "Status": "SUCCEEDED",
        "StepDetails": {"Result": "41"},
    }
    pages = {"m1": {"Operations": [EXECUTION], "NextMarker": "m2"}, "m2": {"Operations": [step]}}
    service = Scripted(saved("second"), pages=pages)
    output = flavour.handler(two_steps).run_invocation(event(marker="m1"), None, service=service)
    assert output["Result"] == '["in",41,2]'
    assert service.read == [("first", "m1"), ("first", "m2")]


def test_pages_of_an_answer_are_read_with_its_token(flavour: Any) -> None:
    pages = {"more": {"Operations": []}}
    service = Scripted(saved("second", "more"), saved("third"), pages=pages)
    flavour.handler(two_steps).run_invocation(event(EXECUTION), None, service=service)
    assert service.read == [("second", "more")]


def test_an_answer_without_a_token_ends_the_invocation_as_pending(flavour: Any) -> None:
    ran = []

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.step(lambda: 1, name="a")
        finally:
            await ctx.step(lambda: ran.append(1), name="b")

    service = Scripted(saved(None))
    output = flavour.handler(program).run_invocation(event(EXECUTION), None, service=service)
    assert output == {"Status": "PENDING"}
    assert ran == []


def failure(retryable: bool) -> ServiceError:
    """Return what a client raises."""
    return ServiceError("no", code="Whatever", status=500, retryable=retryable)


def test_a_failure_that_may_pass_fails_the_invocation(flavour: Any) -> None:
    caught = []

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.step(lambda: 1, name="a")
        except Exception as error:  # noqa: BLE001 - it must not be seen here
            caught.append(error)
        await ctx.step(lambda: caught.append("ran"), name="b")

    service = Scripted(failure(retryable=True))
    with pytest.raises(ServiceError):
        flavour.handler(program).run_invocation(event(EXECUTION), None, service=service)
    assert caught == []
    assert len(service.asked) == 1


def test_a_failure_for_good_fails_the_execution(flavour: Any) -> None:
    service = Scripted(failure(retryable=False))
    output = flavour.handler(two_steps).run_invocation(event(EXECUTION), None, service=service)
    assert output["Status"] == "FAILED"
    assert output["Error"]["ErrorType"].endswith("ServiceError")


def test_a_client_that_breaks_its_contract_fails_the_execution(flavour: Any) -> None:
    service = Scripted(RuntimeError("a bug"))
    output = flavour.handler(two_steps).run_invocation(event(EXECUTION), None, service=service)
    assert output["Error"]["ErrorMessage"] == "a bug"


def test_values_newer_than_the_sdk_pass_through(flavour: Any) -> None:
    odd = {"Id": "odd", "Type": "SOMETHING_NEW", "Status": "DREAMING", "SubType": "New"}
    service = Scripted(saved("second"), saved("third"))
    output = flavour.handler(two_steps).run_invocation(event(EXECUTION, odd), None, service=service)
    assert output["Status"] == "SUCCEEDED"


@pytest.mark.parametrize("status", ["DREAMING", "CANCELLED", "STOPPED", "TIMED_OUT"])
@pytest.mark.parametrize("kind", ["STEP", "CONTEXT", "CHAINED_INVOKE"])
def test_an_end_without_a_reason_is_told_by_its_status(
    flavour: Any, kind: str, status: str
) -> None:
    async def program(event: Any, ctx: Any) -> None:
        async def child(own: Any) -> None: ...

        match kind:
            case "STEP":
                await ctx.step(lambda: 1, name="odd")
            case "CONTEXT":
                await ctx.run_in_child_context(child, name="odd")
            case _:
                await ctx.invoke("target", name="odd")

    subtype = {"STEP": "Step", "CONTEXT": "RunInChildContext"}.get(kind, "ChainedInvoke")
    ended = {"Id": operation_id(None, 1), "Type": kind, "SubType": subtype, "Name": "odd"}
    odd = {**ended, "Status": status}
    output = flavour.handler(program).run_invocation(
        event(EXECUTION, odd), None, service=Scripted()
    )
    assert output["Status"] == "FAILED"
    assert f"its status is {status}" in output["Error"]["ErrorMessage"]


@pytest.mark.parametrize("text", ["x" * 5_000_000, '"' * 2_800_000])
def test_a_result_too_large_for_the_response_is_checkpointed(
    flavour: Any, world: World, text: str
) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        return text

    finished = world.run(flavour.handler(program))
    assert finished.value == text
    encoded = len(json.dumps({"Status": "SUCCEEDED", "Result": json.dumps(text)}))
    if encoded > Limits.RESPONSE_BYTES:
        assert world.last_output == {"Status": "SUCCEEDED", "Result": ""}
        assert world.requests == 1
    else:
        assert world.requests == 0
    assert world.history().count("ExecutionSucceeded") == 1


def test_a_result_over_the_services_limit_fails_with_its_size(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        return "x" * 7_000_000

    finished = world.run(flavour.handler(program))
    assert finished.status == "FAILED"
    assert finished.error is not None
    assert "7000002 bytes" in finished.error["ErrorMessage"]


def test_a_long_error_is_cut_to_what_the_service_takes(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        raise ValueError("long " * 20_000)

    finished = world.run(flavour.handler(program))
    assert finished.error is not None
    assert len(json.dumps(finished.error)) < Limits.PORTABLE_ERROR_BYTES
    assert "(100000 characters in all)" in finished.error["ErrorMessage"]


def test_the_service_comes_from_the_hook(flavour: Any) -> None:
    service = Scripted(saved("second"), saved("third"))

    class Provider:
        @hookimpl
        def durable_service(self) -> Any:
            return service

    handler = flavour.handler(two_steps, plugins=[Provider()])
    assert handler(event(EXECUTION), None)["Status"] == "SUCCEEDED"
    assert len(service.asked) == 2


def test_replaying_3000_operations_makes_no_request(flavour: Any, world: World) -> None:
    async def body() -> int:
        return 1

    async def program(event: Any, ctx: Any) -> Any:
        for _ in range(2_998):
            await ctx.step(len, [], name="s")
        await ctx.wait(5)
        return "end"

    assert world.run(flavour.handler(program)).value == "end"
    assert world.simulation.invocations[-1].checkpoints == 0


def test_process_exit_in_a_step_is_no_outcome(flavour: Any) -> None:
    service = Scripted(saved("second"))
    ran = []

    async def program(event: Any, ctx: Any) -> Any:
        def leave() -> None:
            raise SystemExit(3)

        try:
            await ctx.step(leave)
        finally:
            await ctx.step(lambda: ran.append(1), name="cleanup")

    with pytest.raises(SystemExit):
        flavour.handler(program).run_invocation(event(EXECUTION), None, service=service)
    assert ran == []
    assert service.asked == []


def test_a_final_failure_to_read_the_state_fails_the_execution(flavour: Any) -> None:
    class Unreadable(Scripted):
        def get_state(self, execution_arn: str, token: str, marker: str) -> Any:
            raise failure(retryable=self.retryable)

    service = Unreadable()
    service.retryable = False
    handler = flavour.handler(two_steps)
    output = handler.run_invocation(event(marker="m"), None, service=service)
    assert output["Status"] == "FAILED"
    service.retryable = True
    with pytest.raises(ServiceError):
        handler.run_invocation(event(marker="m"), None, service=service)


def test_an_answer_without_what_was_written_is_no_reason_to_repeat_it(flavour: Any) -> None:
    ran = []

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.step(lambda: ran.append(1), name="a")

    empty = {"CheckpointToken": "second", "NewExecutionState": {"Operations": []}}
    with pytest.raises(ServiceError, match="with nothing of it"):
        flavour.handler(program).run_invocation(event(EXECUTION), None, service=Scripted(empty))
    assert ran == [1]


@pytest.mark.parametrize("character", ['"', "\\", "é", "x"])
def test_requests_are_measured_as_they_are_sent(flavour: Any, character: str) -> None:
    queue = UpdateQueue()
    for number in range(6):
        payload = json.dumps(character * 100_000, ensure_ascii=False)
        queue.put({"Id": str(number), "Type": "STEP", "Action": "SUCCEED", "Payload": payload})
    sent = 0
    while queue:
        batch = queue.take()
        sent += len(batch.updates)
        if len(batch.updates) > 1:
            assert len(json.dumps(batch.updates)) <= Limits.REQUEST_BYTES
    assert sent == 6


def test_default_names_are_looked_up_before_anything_runs(flavour: Any, world: World) -> None:
    ran = []

    async def program(event: Any, ctx: Any) -> Any:
        await ctx.step(lambda: ran.append(1), name="a")

    finished = world.run(flavour.handler(program, retry="transiant"))
    assert finished.error is not None
    assert "'transiant'" in finished.error["ErrorMessage"]
    assert ran == []
