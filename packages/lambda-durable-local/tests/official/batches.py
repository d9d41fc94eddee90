"""Parallel and map, with the official SDK."""

from aws_durable_execution_sdk_python import durable_execution
from aws_durable_execution_sdk_python.concurrency.models import BatchItem, BatchResult
from aws_durable_execution_sdk_python.config import (
    BatchItemStatus,
    CompletionConfig,
    Duration,
    MapConfig,
    ParallelConfig,
)
from aws_durable_execution_sdk_python.serdes import JsonSerDes, SerDes


class Marked(SerDes):
    """Text with a mark before it."""

    def serialize(self, value, context):
        return f"MARK:{value}"

    def deserialize(self, data, context):
        return data.removeprefix("MARK:")


class Joined(SerDes):
    """The results of a batch whose items all succeeded, joined with commas."""

    def serialize(self, value, context):
        return "JOINED:" + ",".join(item.result for item in value.all)

    def deserialize(self, data, context):
        results = data.removeprefix("JOINED:").split(",")
        items = [
            BatchItem(index, BatchItemStatus.SUCCEEDED, result)
            for index, result in enumerate(results)
        ]
        return BatchResult.from_items(items)


def results(batch):
    return [item.result for item in batch.succeeded()]


def counts(batch, *names):
    found = {
        "completionReason": batch.completion_reason.value,
        "status": batch.status.value,
        "successCount": len(batch.succeeded()),
        "failureCount": len(batch.failed()),
        "totalCount": len(batch.all),
    }
    return {name: found[name] for name in names or found}


def fail(context):
    raise ValueError("a branch fails")


def one_by_one(kind=ParallelConfig, *, completion=None, **options):
    if completion is not None:
        options["completion_config"] = CompletionConfig(**completion)
    return kind(max_concurrency=1, **options)


def say(text):
    return lambda context: text


@durable_execution
def parallel_steps(event, context):
    def branch(text):
        return lambda inner: inner.step(lambda step_context: text, name="task")

    batch = context.parallel([branch("task-1"), branch("task-2")], "parallel", one_by_one())
    return results(batch)


@durable_execution
def parallel_without_name(event, context):
    return results(context.parallel([say("alpha"), say("beta")], config=one_by_one()))


@durable_execution
def parallel_types(event, context):
    branches = [say("hello"), say(42), say({"k": "v"})]
    return results(context.parallel(branches, "types", one_by_one()))


@durable_execution
def parallel_of_none(event, context):
    return results(context.parallel([], "none"))


@durable_execution
def parallel_rethrows(event, context):
    config = one_by_one(completion={"tolerated_failure_count": 0})
    batch = context.parallel([fail, say("never")], "failing", config)
    batch.throw_if_error()


@durable_execution
def parallel_until_two(event, context):
    config = one_by_one(completion={"min_successful": 2})
    batch = context.parallel([say(str(number)) for number in range(4)], "quorum", config)
    return counts(batch, "completionReason", "successCount", "totalCount")


@durable_execution
def parallel_tolerates_one(event, context):
    config = one_by_one(completion={"tolerated_failure_count": 1})
    batch = context.parallel([fail, fail, say("never")], "failing", config)
    return counts(batch, "completionReason", "successCount", "failureCount", "totalCount")


@durable_execution
def parallel_at_once(event, context):
    branches = [say(f"r{number}") for number in range(3)]
    return results(context.parallel(branches, "at-once", ParallelConfig(max_concurrency=2)))


@durable_execution
def parallel_tolerates_a_quarter(event, context):
    config = one_by_one(completion={"tolerated_failure_percentage": 25})
    batch = context.parallel([fail, fail, say("2"), say("3")], "failing", config)
    return counts(batch, "completionReason", "successCount", "failureCount", "totalCount")


@durable_execution
def parallel_with_a_wait(event, context):
    def first(inner):
        return inner.step(lambda step_context: "b0", name="task")

    def second(inner):
        inner.wait(Duration.from_seconds(2))
        return "b1"

    return results(context.parallel([first, second], "waiting", one_by_one()))


@durable_execution
def parallel_all_fail(event, context):
    config = one_by_one(completion={"tolerated_failure_count": 3})
    return counts(context.parallel([fail, fail, fail], "failing", config))


@durable_execution
def parallel_misses_its_aim(event, context):
    config = one_by_one(completion={"min_successful": 3})
    return counts(context.parallel([say("0"), fail, say("2")], "mixed", config))


@durable_execution
def parallel_of_bad_width(event, context):
    return results(context.parallel([say("0"), say("1")], "bad", ParallelConfig(max_concurrency=0)))


@durable_execution
def parallel_counts(event, context):
    config = one_by_one(completion={"tolerated_failure_count": 1})
    batch = context.parallel([say("0"), fail, say("2")], "mixed", config)
    return {
        "hasFailure": batch.has_failure,
        "successCount": len(batch.succeeded()),
        "failureCount": len(batch.failed()),
        "errorCount": len([item.error for item in batch.all if item.error]),
    }


@durable_execution
def parallel_at_its_tolerance(event, context):
    config = one_by_one(completion={"tolerated_failure_percentage": 25})
    return counts(context.parallel([fail, say("1"), say("2"), say("3")], "mixed", config))


@durable_execution
def maps_steps(event, context):
    def item(inner, name, index, items):
        return inner.step(lambda step_context: f"Hello, {name}!", name="greet")

    return results(context.map(event, item, "map", one_by_one(MapConfig)))


@durable_execution
def maps_without_name(event, context):
    return results(
        context.map(event, lambda inner, item, index, items: item * 2, config=one_by_one(MapConfig))
    )


@durable_execution
def maps_none(event, context):
    return results(context.map(event, lambda inner, item, index, items: item, "none"))


def fail_for(failing):
    def item(inner, each, index, items):
        if each in failing:
            raise ValueError(f"item {each} fails")
        return "ok"

    return item


def batch_of(context, items, failing, **completion):
    config = one_by_one(MapConfig, completion=completion)
    return context.map(items, fail_for(failing), "map", config)


@durable_execution
def maps_until_a_failure(event, context):
    return counts(batch_of(context, [0, 1, 2], {1}, tolerated_failure_count=0))


@durable_execution
def maps_until_two(event, context):
    batch = batch_of(context, [0, 1, 2, 3], set(), min_successful=2)
    return counts(batch, "completionReason", "successCount", "totalCount")


@durable_execution
def maps_and_tolerates_one(event, context):
    return counts(batch_of(context, [0, 1, 2], {1}, tolerated_failure_count=1))


@durable_execution
def maps_and_tolerates_a_quarter(event, context):
    batch = batch_of(context, [0, 1, 2, 3], {0, 1}, tolerated_failure_percentage=25)
    return counts(batch, "completionReason", "successCount", "failureCount", "totalCount")


@durable_execution
def maps_at_once(event, context):
    return results(
        context.map(
            [0, 1, 2],
            lambda inner, item, index, items: f"r{item}",
            "at-once",
            MapConfig(max_concurrency=2),
        )
    )


@durable_execution
def maps_named_items(event, context):
    config = one_by_one(MapConfig, item_namer=lambda item, index: f"item-{item}")
    return results(context.map(event, lambda inner, item, index, items: item * 10, "named", config))


def capitals(inner, item, index, items):
    return item.upper()


@durable_execution
def maps_marked_items(event, context):
    config = one_by_one(MapConfig, item_serdes=Marked())
    return results(context.map(["x", "y"], capitals, "marked", config))


@durable_execution
def maps_large_items(event, context):
    def item(inner, letter, index, items):
        return letter * 70_000

    batch = context.map(["a", "b", "c", "d"], item, "large", one_by_one(MapConfig))
    return counts(batch, "successCount", "totalCount")


@durable_execution
def maps_and_waits(event, context):
    batch = context.map(["a", "b"], capitals, "map", one_by_one(MapConfig))
    context.wait(Duration.from_seconds(1))
    return results(batch)


@durable_execution
def maps_joined(event, context):
    config = one_by_one(MapConfig, serdes=Joined(), item_serdes=JsonSerDes())
    return results(context.map(["x", "y"], capitals, "joined", config))


@durable_execution
def maps_joined_and_waits(event, context):
    config = one_by_one(MapConfig, serdes=Joined(), item_serdes=JsonSerDes())
    batch = context.map(["x", "y"], capitals, "joined", config)
    context.wait(Duration.from_seconds(1))
    return results(batch)
