"""Instrumentation plugins, with the official SDK: they print what they are told as JSON lines."""

import json
import os

from aws_durable_execution_sdk_python import durable_execution, durable_step
from aws_durable_execution_sdk_python.config import Duration
from aws_durable_execution_sdk_python.plugin import DurableInstrumentationPlugin
from steps import AFTER_A_SECOND, NO_RETRY, fail, fail_until

NAME = os.environ.get("PLUGIN", "TELLER")


class Teller(DurableInstrumentationPlugin):
    """Prints a record for each hook; `types` are those of the operations to tell of."""

    def __init__(self, name, types, faulty):
        self._name = name
        self._types = types
        self._faulty = faulty
        self._arn = None
        self._first = None

    def tell(self, hook, **fields):
        record = {"plugin": self._name, "hook": hook, "durableExecutionArn": self._arn, **fields}
        print(json.dumps(record))
        if self._faulty:
            raise RuntimeError("this plugin always fails")

    def wants(self, info):
        return self._types is None or info.operation_type.value in self._types

    def on_invocation_start(self, info):
        self._arn, self._first = info.execution_arn, info.is_first_invocation
        self.tell("invocation-start", first=self._first)

    def on_invocation_end(self, info):
        status = info.status.value
        terminal = status in ("SUCCEEDED", "FAILED")
        self.tell("invocation-end", first=self._first, terminal=terminal, status=status)

    def on_operation_start(self, info):
        if self.wants(info):
            kind = info.operation_type.value
            self.tell("operation-start", op=info.operation_id, type=kind, replay=info.is_replayed)

    def on_operation_end(self, info):
        if self.wants(info):
            self.tell(
                "operation-end",
                op=info.operation_id,
                type=info.operation_type.value,
                status=info.status.value,
                parent=info.parent_id or "NONE",
                result=info.result if info.result is not None else "NONE",
                error=info.error.message if info.error else "NONE",
            )

    def on_user_function_start(self, info):
        if self.wants(info):
            self.tell("attempt-start", op=info.operation_id)

    def on_user_function_end(self, info):
        if self.wants(info):
            self.tell("attempt-end", op=info.operation_id, outcome=info.outcome.value)

    def on_operation_change(self, info):
        for id, item in info.updated_operations.items():
            if self.wants(item):
                self.tell(
                    "operation-change",
                    op=id,
                    status=item.status.value,
                    in_full_map=id in info.operations,
                )


class Tellers:
    """Makes a teller for each invocation."""

    def __init__(self, name=NAME, *, types=("STEP",), faulty=False):
        self._options = (name, types, faulty)

    def create_plugin(self, info):
        return Teller(*self._options)


@durable_step
def greet(step_context, name):
    step_context.logger.info("Greeting step running for: %s", name)
    return f"Hello, {name}!"


@durable_execution(plugins=[Tellers()])
def observed_step(event, context):
    return context.step(greet(event))


@durable_execution(plugins=[Tellers(f"{NAME}-FAULTY", faulty=True)])
def observed_by_a_faulty_one(event, context):
    return context.step(greet(event))


@durable_execution(plugins=[Tellers(f"{NAME}-A"), Tellers(f"{NAME}-B")])
def observed_by_two(event, context):
    return context.step(greet(event))


@durable_execution(plugins=[Tellers(f"{NAME}-FAULTY", faulty=True), Tellers(f"{NAME}-HEALTHY")])
def observed_by_a_faulty_and_a_healthy_one(event, context):
    return context.step(greet(event))


@durable_execution(plugins=[Tellers()])
def observed_failure(event, context):
    return context.step(fail("always"), config=NO_RETRY)


@durable_execution(plugins=[Tellers(types=("WAIT",))])
def observed_wait(event, context):
    context.wait(Duration.from_seconds(2))


@durable_execution(plugins=[Tellers(types=None)])
def observed_child(event, context):
    return context.run_in_child_context(lambda inner: inner.step(greet(event)), name="child")


@durable_execution(plugins=[Tellers()])
def observed_retry(event, context):
    context.step(lambda step_context: "task-a", name="a")
    return context.step(fail_until(2), name="b", config=AFTER_A_SECOND)


@durable_execution(plugins=[Tellers()])
def observed_results(event, context):
    context.step(lambda step_context: "task-a", name="a")
    return context.step(fail("boom"), name="b", config=NO_RETRY)
