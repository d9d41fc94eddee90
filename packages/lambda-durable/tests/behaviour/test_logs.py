"""Log records: which fields they carry, and when they are silent."""

import logging
from typing import Any

import pytest

from .world import World

module_logger = logging.getLogger("somebody.elses.module")


def _records(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [r for r in caplog.records if r.name != "lambda_durable"]


@pytest.fixture(autouse=True)
def _level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


async def program(event: Any, ctx: Any) -> Any:
    ctx.logger.info("handler begins")
    module_logger.info("module begins")

    def body() -> None:
        ctx.logger.info("from the step")
        module_logger.info("module in the step")

    await ctx.step(body, name="work")
    ctx.logger.info("between")
    await ctx.wait(5)
    ctx.logger.info("after the wait")

    async def child(own: Any) -> None:
        own.logger.info("in the child")

    await ctx.run_in_child_context(child)


def test_records_carry_execution_and_operation(
    flavour: Any, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.run(flavour.handler(program))
    arn = world.simulation.invocations[-1].execution_arn
    by_message = {record.getMessage(): vars(record) for record in _records(caplog)}
    assert all(fields["executionArn"] == arn for fields in by_message.values())
    for message in ("from the step", "module in the step"):
        fields = by_message[message]
        assert fields["operationId"] == world.record("work")["Id"]
        assert (fields["operationName"], fields["attempt"]) == ("work", 1)
    assert "operationId" not in by_message["handler begins"]
    assert by_message["in the child"]["parentId"] == world.record("child")["Id"]


def test_replay_is_silent(flavour: Any, world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.run(flavour.handler(program))
    assert [record.getMessage() for record in _records(caplog)] == [
        "handler begins",
        "module begins",
        "from the step",
        "module in the step",
        "between",
        "after the wait",
        "in the child",
    ]


def test_replay_can_be_logged(flavour: Any, world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.run(flavour.handler(program, log_replay=True))
    messages = [record.getMessage() for record in _records(caplog)]
    assert messages.count("handler begins") == 2
    assert messages.count("module begins") == 2
    assert messages.count("from the step") == 1


def test_records_outside_of_durable_code_are_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    module_logger.info("elsewhere")
    assert not hasattr(caplog.records[-1], "executionArn")


def test_a_callers_own_extra_stays(
    flavour: Any, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def own(event: Any, ctx: Any) -> Any:
        await ctx.step(lambda: module_logger.info("mine", extra={"attempt": 30}), name="work")

    assert world.run(flavour.handler(own)).status == "SUCCEEDED"
    (record,) = _records(caplog)
    assert (vars(record)["attempt"], vars(record)["operationName"]) == (30, "work")


@pytest.mark.parametrize("kind", ["virtual", "large"])
def test_replay_is_silent_around_and_inside_contexts_that_run_again(
    flavour: Any, world: World, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    async def child(own: Any) -> Any:
        await own.step(lambda: 1, name="inner")
        own.logger.info("inside, after its last step")
        return "x" * 300_000 if kind == "large" else 1

    async def own(event: Any, ctx: Any) -> Any:
        await ctx.step(lambda: 1, name="before")
        module_logger.info("before it")
        await ctx.run_in_child_context(child, virtual=kind == "virtual")
        await ctx.step(lambda: 1, name="after")
        module_logger.info("after it")
        await ctx.wait(5)
        await ctx.wait(5)

    world.run(flavour.handler(own))
    assert [record.getMessage() for record in _records(caplog)] == [
        "before it",
        "inside, after its last step",
        "after it",
    ]
