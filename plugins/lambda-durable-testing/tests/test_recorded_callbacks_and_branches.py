"""Changes of what is made of several operations, waits for callbacks and batches, have one name."""

from collections.abc import Callable
from typing import Any

import pytest

from lambda_durable import DurableContext, DurableHandler, durable_execution
from lambda_durable_testing import LocalRunner
from lambda_durable_testing.recorded import Recording, replay


def work() -> str:
    return "done"


def ask(callback_id: str) -> None:
    pass


def branch(name: str) -> Callable[[DurableContext], Any]:
    return lambda own: own.step(work, name=f"send {name}")


def asks(name: str = "approval", *, nested: bool = False) -> DurableHandler[Any, Any]:
    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        if nested:
            answer = ctx.run_in_child_context(
                lambda own: own.wait_for_callback(ask, name=name), name="asking"
            )
        else:
            answer = ctx.wait_for_callback(ask, name=name)
        ctx.step(work, name="invoice")
        return [answer, ctx.step(work, name="close")]

    return handler


def tells(*names: str) -> DurableHandler[Any, Any]:
    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        ctx.parallel({name: branch(name) for name in names}, name="notify")
        return ctx.step(work, name="close")

    return handler


def recorded(handler: DurableHandler[Any, Any]) -> Recording:
    execution = LocalRunner(handler).start()
    execution.advance()
    for operation in list(execution.operations.all()):
        if operation.callback_id is not None:
            execution.callback().succeed("yes")
    done = execution.finish()
    assert done.succeeded
    return Recording.from_events(done.arn, done.history)


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        (asks("consent"), "renamed: wait for callback 'approval' is now wait for callback 'cons"),
        (
            asks(nested=True),
            "nested: wait for callback 'approval' now stands inside child context 'asking'",
        ),
    ],
)
def test_a_wait_for_a_callback(changed: DurableHandler[Any, Any], cause: str) -> None:
    [mismatch] = replay(changed, recorded(asks())).mismatches
    assert mismatch.cause.startswith(cause)
    assert "further on" not in mismatch.cause


@pytest.mark.parametrize(
    ("names", "cause"),
    [
        (
            ("push", "mail", "sms"),
            "branch count: branch 'push' is new, and stands before branch 'ma",
        ),
        (
            ("mail", "push", "sms"),
            "branch count: branch 'push' is new, and stands before branch 'sm",
        ),
        (
            ("mail", "sms", "push"),
            "branch count: parallel 'notify' was recorded with 2 branches and",
        ),
        (("sms",), "branch count or names: branch 'sms' stands where branch 'mail' did"),
        (("mail",), "branch count: 'notify' has 1 branch now"),
        (("mail", "text"), "branch count or names: branch 'text' stands where branch 'sms' d"),
        (("sms", "mail"), "moved: branch 'sms' now comes before branch 'mail'"),
    ],
)
def test_branches(names: tuple[str, ...], cause: str) -> None:
    found = replay(tells(*names), recorded(tells("mail", "sms"))).mismatches
    assert found[0].cause.startswith(cause), found[0].cause
