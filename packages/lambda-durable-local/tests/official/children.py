"""Child contexts and invokes, with the official SDK."""

import os

from aws_durable_execution_sdk_python import DurableOperationError, durable_execution
from aws_durable_execution_sdk_python.config import ChildConfig, Duration, InvokeConfig
from aws_durable_execution_sdk_python.serdes import SerDes
from steps import AFTER_A_SECOND, NO_RETRY, fail, fail_until

ECHO = os.environ.get("ECHO", "")
FAILING = os.environ.get("FAILING", "")
PLAIN = os.environ.get("PLAIN", "")


class Upper(SerDes):
    """Text that is in capitals once it is kept."""

    def serialize(self, value, context):
        return value.upper()

    def deserialize(self, data, context):
        return data.upper()


class UpperResult(SerDes):
    """JSON text, in capitals once it is read."""

    def serialize(self, value, context):
        return value

    def deserialize(self, data, context):
        return data.upper()


@durable_execution
def step_in_child(event, context):
    def child(inner):
        return inner.step(lambda step_context: event, name="return")

    return context.run_in_child_context(child, name="child")


@durable_execution
def child_by_name(event, context):
    def child(inner):
        return inner.step(lambda step_context: event["value"], name="return")

    return context.run_in_child_context(child, name=event["name"])


@durable_execution
def child_fails(event, context):
    return context.run_in_child_context(
        lambda inner: inner.step(fail("no"), config=NO_RETRY), name="child"
    )


@durable_execution
def child_failure_is_caught(event, context):
    try:
        context.run_in_child_context(
            lambda inner: inner.step(fail("no"), config=NO_RETRY), name="child"
        )
    except DurableOperationError:
        return context.step(lambda step_context: event, name="recover")


@durable_execution
def child_retries(event, context):
    def child(inner):
        return inner.step(fail_until(2, event), config=AFTER_A_SECOND)

    return context.run_in_child_context(child, name="child")


@durable_execution
def child_gives_up(event, context):
    return context.run_in_child_context(
        lambda inner: inner.step(fail("always"), config=AFTER_A_SECOND), name="child"
    )


@durable_execution
def child_waits(event, context):
    def child(inner):
        found = inner.step(lambda step_context: event, name="return")
        inner.wait(Duration.from_seconds(1))
        return found

    return context.run_in_child_context(child, name="child")


@durable_execution
def large_child(event, context):
    def child(inner):
        letter = inner.step(lambda step_context: "x", name="small")
        inner.logger.info("building for %s", event)
        return letter * 300_000

    found = context.run_in_child_context(child, name="large")
    context.wait(Duration.from_seconds(1))
    return len(found)


@durable_execution
def child_waits_alone(event, context):
    def child(inner):
        inner.wait(Duration.from_seconds(1))
        return event

    found = context.run_in_child_context(child, name="child")
    return context.step(lambda step_context: found, name="after")


@durable_execution
def child_in_capitals(event, context):
    def child(inner):
        return inner.step(lambda step_context: event, name="return")

    return context.run_in_child_context(child, name="child", config=ChildConfig(serdes=Upper()))


@durable_execution
def child_of_nothing(event, context):
    return context.run_in_child_context(lambda inner: None, name="child")


@durable_execution
def child_logs(event, context):
    def child(inner):
        inner.logger.info("in the child: %s", event)
        return event

    found = context.run_in_child_context(child, name="child")
    context.wait(Duration.from_seconds(1))
    return found


@durable_execution
def echo(event, context):
    context.wait(Duration.from_seconds(1))
    return event


@durable_execution
def failing(event, context):
    context.wait(Duration.from_seconds(1))
    raise ValueError("the target fails")


def plain(event, context):
    return {"plain": event, "tenant": context.tenant_id}


@durable_execution
def invokes(event, context):
    return context.invoke(ECHO, event)


@durable_execution
def invokes_by_name(event, context):
    return context.invoke(ECHO, event["payload"], name=event["name"])


@durable_execution
def invokes_with_nothing(event, context):
    return context.invoke(ECHO, None)


@durable_execution
def invokes_what_fails(event, context):
    return context.invoke(FAILING, event)


@durable_execution
def invokes_with_much(event, context):
    return len(context.invoke(ECHO, "x" * 200_000))


@durable_execution
def invokes_for_a_tenant(event, context):
    config = InvokeConfig(tenant_id=event["tenantId"])
    return context.invoke(ECHO, event["payload"], config=config)


@durable_execution
def invokes_a_plain_function(event, context):
    return context.invoke(PLAIN, event, config=InvokeConfig(tenant_id="blue"))


@durable_execution
def invoke_failure_is_caught(event, context):
    try:
        context.invoke(FAILING, event)
    except DurableOperationError as error:
        told = str(error)
    context.wait(Duration.from_seconds(1))
    return told


@durable_execution
def step_then_invoke(event, context):
    found = context.step(lambda step_context: {"from": "step"}, name="first")
    return context.invoke(ECHO, found)


@durable_execution
def invokes_in_child(event, context):
    return context.run_in_child_context(lambda inner: inner.invoke(ECHO, "child"), name="child")


@durable_execution
def invokes_twice(event, context):
    return [context.invoke(ECHO, "first"), context.invoke(ECHO, "second")]


@durable_execution
def invoke_in_capitals(event, context):
    return context.invoke(ECHO, event, config=InvokeConfig(serdes_result=UpperResult()))
