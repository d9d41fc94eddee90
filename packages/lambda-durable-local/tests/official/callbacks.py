"""Callbacks and conditions, with the official SDK."""

import json

from aws_durable_execution_sdk_python import DurableOperationError, durable_execution
from aws_durable_execution_sdk_python.config import (
    CallbackConfig,
    Duration,
    WaitForCallbackConfig,
)
from aws_durable_execution_sdk_python.retries import RetryDecision
from aws_durable_execution_sdk_python.serdes import JsonSerDes, SerDes
from aws_durable_execution_sdk_python.waits import WaitForConditionConfig, WaitForConditionDecision

SECONDS = Duration.from_seconds

# Long enough for a slow machine; where time is skipped they take none.
HEARTBEAT = SECONDS(300)
SHORT = SECONDS(300)
LONG = SECONDS(600)


class Number(SerDes):
    """A number as its digits."""

    def serialize(self, value, context):
        return str(value)

    def deserialize(self, data, context):
        return int(data)


class Reversed(SerDes):
    """Text that is kept backwards, in a mark."""

    def serialize(self, value, context):
        return json.dumps("<" + value[::-1])

    def deserialize(self, data, context):
        return json.loads(data)[1:][::-1]


def nothing_more(callback_id, context):
    context.logger.info("submitted %s", callback_id)


def until(threshold, seconds=1):
    def strategy(state, attempt):
        if state >= threshold:
            return WaitForConditionDecision.stop_polling()
        return WaitForConditionDecision.continue_waiting(SECONDS(seconds))

    return strategy


@durable_execution
def callback(event, context):
    return context.create_callback(event).result()


@durable_execution
def callback_for_approval(event, context):
    return context.create_callback("approval").result()


@durable_execution
def callback_heart_stops(event, context):
    return context.create_callback(event, CallbackConfig(heartbeat_timeout=HEARTBEAT)).result()


@durable_execution
def callback_heart_beats(event, context):
    return context.create_callback(event, CallbackConfig(heartbeat_timeout=HEARTBEAT)).result()


@durable_execution
def callback_then_step(event, context):
    created = context.create_callback(event)
    context.step(lambda step_context: "done", name="between")
    return created.result()


@durable_execution
def callback_times_out(event, context):
    created = context.create_callback(event, CallbackConfig(timeout=SHORT))
    context.step(lambda step_context: "done", name="between")
    return created.result()


@durable_execution
def callback_then_wait(event, context):
    created = context.create_callback(event)
    context.wait(SECONDS(5))
    return created.result()


@durable_execution
def callback_times_out_in_wait(event, context):
    created = context.create_callback(event, CallbackConfig(timeout=SHORT))
    context.wait(LONG)
    return created.result()


@durable_execution
def callback_failure_is_caught(event, context):
    try:
        context.create_callback(event).result()
    except DurableOperationError as error:
        told = str(error)
    context.wait(SECONDS(2))
    return told


@durable_execution
def callback_time_out_is_caught(event, context):
    try:
        context.create_callback(event, CallbackConfig(timeout=SHORT)).result()
    except DurableOperationError as error:
        told = str(error)
    context.wait(SECONDS(2))
    return told


@durable_execution
def callback_of_a_number(event, context):
    count = context.create_callback(event, CallbackConfig(serdes=Number())).result()
    return {"count": count, "doubled": count * 2}


@durable_execution
def callback_after_callback(event, context):
    first = context.create_callback(event[0]).result()
    return [first, context.create_callback(event[1]).result()]


@durable_execution
def callbacks_at_once(event, context):
    first, second = context.create_callback(event[0]), context.create_callback(event[1])
    found = second.result()
    return [first.result(), found]


@durable_execution
def waits_for_callback(event, context):
    return context.wait_for_callback(nothing_more, event)


@durable_execution
def waits_for_approval(event, context):
    return context.wait_for_callback(nothing_more, "approval")


@durable_execution
def waits_for_callback_in_time(event, context):
    return context.wait_for_callback(nothing_more, event, WaitForCallbackConfig(timeout=SHORT))


@durable_execution
def submitter_fails(event, context):
    def submit(callback_id, wait_context):
        raise RuntimeError("cannot submit")

    def retry(error, attempt):
        return RetryDecision.retry(SECONDS(1)) if attempt < 2 else RetryDecision.no_retry()

    return context.wait_for_callback(submit, event, WaitForCallbackConfig(retry_strategy=retry))


@durable_execution
def waits_for_callback_in_child(event, context):
    return context.run_in_child_context(
        lambda inner: inner.wait_for_callback(nothing_more, event), name="wrapper"
    )


@durable_execution
def waits_for_callback_after_all(event, context):
    context.wait(SECONDS(1))
    context.step(lambda step_context: {"fixed": True}, name="fixed")
    return context.wait_for_callback(nothing_more, event)


@durable_execution
def waits_for_callback_of_json(event, context):
    found = context.wait_for_callback(
        nothing_more, event, WaitForCallbackConfig(serdes=JsonSerDes())
    )
    return found["status"]


@durable_execution
def waits_for_callback_heart_beats(event, context):
    return context.wait_for_callback(
        nothing_more, event, WaitForCallbackConfig(heartbeat_timeout=HEARTBEAT)
    )


@durable_execution
def callback_time_out_is_handled(event, context):
    try:
        context.wait_for_callback(nothing_more, event, WaitForCallbackConfig(timeout=SHORT))
    except DurableOperationError:
        return "timed-out-handled"


def poll(context, start, strategy, check=lambda state, check_context: state + 1, **options):
    config = WaitForConditionConfig(wait_strategy=strategy, initial_state=start, **options)
    return context.wait_for_condition(check, config)


@durable_execution
def polls(event, context):
    return poll(context, 0, until(event))


@durable_execution
def polls_once(event, context):
    return poll(context, 5, until(event), check=lambda state, check_context: state)


@durable_execution
def polls_from_five(event, context):
    return poll(context, 5, until(event))


@durable_execution
def polls_every_other_second(event, context):
    return poll(context, 0, until(event, seconds=2))


@durable_execution
def poll_fails(event, context):
    def check(state, check_context):
        raise RuntimeError("cannot check")

    return poll(context, 0, until(1), check=check)


@durable_execution
def poll_failure_is_caught(event, context):
    def check(state, check_context):
        raise RuntimeError("cannot check")

    try:
        return poll(context, 0, until(1), check=check)
    except DurableOperationError:
        return "recovered"


@durable_execution
def polls_nothing(event, context):
    def strategy(state, attempt):
        return WaitForConditionDecision.stop_polling()

    return poll(context, None, strategy, check=lambda state, check_context: None)


@durable_execution
def polls_backwards(event, context):
    def strategy(state, attempt):
        if len(state) >= 2:
            return WaitForConditionDecision.stop_polling()
        return WaitForConditionDecision.continue_waiting(SECONDS(1))

    return poll(
        context, "", strategy, check=lambda state, check_context: state + "x", serdes=Reversed()
    )


@durable_execution
def polls_twice(event, context):
    return poll(context, poll(context, 0, until(2)), until(4))
