"""What is kept of a batch: whole, as a summary, by other serializers; and what a replay reads."""

import json
from collections import Counter
from typing import Any

import pytest
from durable_programs import World
from test_parallel import shown

from lambda_durable import ChildContextError, DurableContext, durable_execution
from lambda_durable.batches import BatchItem, BatchResult
from lambda_durable.errors import SerializationError
from lambda_durable_concurrency import all_completed, min_successful
from lambda_durable_concurrency.encoding import item_statuses, summary_of

BIG = "x" * 70_000


class Wrapped:
    """Writes text that is no JSON."""

    def dumps(self, value: Any, where: Any) -> str:
        return f"wrapped:{value}"

    def loads(self, text: str, type: Any, where: Any) -> Any:
        return text.removeprefix("wrapped:")


class Spaced:
    """Writes JSON with spaces, and notices if they are gone."""

    def dumps(self, value: Any, where: Any) -> str:
        return json.dumps({"value": value, "of": 1}, indent=1)

    def loads(self, text: str, type: Any, where: Any) -> Any:
        assert "\n" in text
        return json.loads(text)["value"]


class Joined:
    """Writes a whole batch, and reads it as another one."""

    def dumps(self, batch: BatchResult[str], where: Any) -> str:
        return "joined:" + ",".join(batch.results)

    def loads(self, text: str, type: Any, where: Any) -> Any:
        return text.removeprefix("joined:").split(",")


class Remote(Wrapped):
    """Pretends to do I/O."""

    does_io = True


def _seen_twice(flavour: Any, world: World, call: Any) -> Any:
    """Return what a batch looks like on its first run, having compared a replay's with it."""
    seen: list[Any] = []

    async def program(event: Any, ctx: Any) -> Any:
        batch = await call(ctx)
        seen.append(shown(batch) if isinstance(batch, BatchResult) else batch)
        await ctx.wait(1)

    world.value(flavour.handler(program))
    assert len(seen) == 2
    assert seen[0] == seen[1]
    return seen[0]


def _kept(world: World, name: str) -> dict[str, Any]:
    details: dict[str, Any] = world.record(name)["ContextDetails"]
    return details


async def same(ctx: Any, item: Any) -> Any:
    if item == "fails":
        raise ValueError("planned \u20ac")
    return item


async def stepped(ctx: Any, item: Any) -> Any:
    return await ctx.step(same, ctx, item, name="same")


@pytest.mark.parametrize("nesting", ["nested", "flat"])
def test_a_small_batch_is_kept_whole(flavour: Any, world: World, nesting: str) -> None:
    items = [1, None, '\u20ac\n"', {"a": [1.5, True]}, "fails"]
    _seen_twice(
        flavour,
        world,
        lambda ctx: ctx.map(
            items,
            same,
            name="batch",
            nesting=nesting,
            max_concurrency=2,
            completion=all_completed(),
            item_namer=lambda item, index: f"n{index}",
        ),
    )
    details = _kept(world, "batch")
    assert not details.get("ReplayChildren")
    kept = json.loads(details["Result"])
    assert [each.get("result") for each in kept["all"]] == [*items[:-1], None]
    error = kept["all"][4].pop("error")
    assert kept["all"][4] == {"index": 4, "name": "n4", "status": "FAILED"}
    assert (error["ErrorType"], error["ErrorMessage"]) == ("ValueError", "planned \u20ac")
    assert kept["completionReason"] == "ALL_COMPLETED"


@pytest.mark.parametrize("nesting", ["nested", "flat"])
def test_a_large_batch_is_kept_as_a_summary(flavour: Any, world: World, nesting: str) -> None:
    ran: Counter[int] = Counter()

    async def big(ctx: Any, item: int, index: int) -> str:
        ran[index] += 1
        if item < 0:
            await ctx.wait(1_000_000)
        if item == 0:
            raise ValueError("planned")
        return await ctx.step(lambda: f"{item}{BIG}", name="big")

    items, reason, status = _seen_twice(
        flavour,
        world,
        lambda ctx: ctx.map(
            [1, 2, 0, -1, 3, 4, 5, 6],
            big,
            name="batch",
            nesting=nesting,
            max_concurrency=1,
            completion=min_successful(5),
            summary=lambda batch: f"{batch.success_count} parcels",
        ),
    )
    assert (reason, status) == ("MIN_SUCCESSFUL_REACHED", "FAILED")
    assert [item[2] for item in items] == [
        *["SUCCEEDED", "SUCCEEDED", "FAILED", "STARTED"],
        *["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"],
    ]
    details = _kept(world, "batch")
    assert details["ReplayChildren"] is True
    assert json.loads(details["Result"]) == {
        "type": "MapResult",
        "totalCount": 7,
        "successCount": 5,
        "failureCount": 1,
        "startedCount": 1,
        "completionReason": "MIN_SUCCESSFUL_REACHED",
        "status": "FAILED",
        "itemStatuses": "2SF-3S",
        "summary": "5 parcels",
    }
    if nesting == "nested":
        assert set(ran.values()) == {1}
    else:
        assert ran == {0: 2, 1: 2, 2: 2, 3: 1, 4: 2, 5: 2, 6: 2}  # no loser, and no late one


def test_a_branch_whose_own_result_is_large_runs_again(flavour: Any, world: World) -> None:
    ran: Counter[int] = Counter()

    async def huge(ctx: Any, item: int) -> str:
        ran[item] += 1
        text = await ctx.step(lambda: f"{item}{BIG}", name="big")
        return text * (5 if item else 1)

    items, reason, _ = _seen_twice(flavour, world, lambda ctx: ctx.map([0, 1], huge))
    assert reason == "ALL_COMPLETED"
    assert [len(item[3]) for item in items] == [70_001, 350_005]
    assert ran == {0: 1, 1: 2}


@pytest.mark.exhaustive
def test_ten_thousand_results_of_one_letter_are_a_small_summary(flavour: Any, world: World) -> None:
    async def letter(ctx: Any, item: int) -> str:
        return "a"

    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map(range(10_000), letter, name="batch")
        await ctx.wait(1)
        return [len(batch), batch.results.count("a"), batch[9_999]]

    assert world.value(flavour.handler(program)) == [10_000, 10_000, "a"]
    assert json.loads(_kept(world, "batch")["Result"])["itemStatuses"] == "10000S"


@pytest.mark.parametrize("serializer", [Wrapped(), Remote()], ids=["text", "io"])
def test_items_written_as_text(flavour: Any, world: World, serializer: Any) -> None:
    items, _, _ = _seen_twice(
        flavour,
        world,
        lambda ctx: ctx.map("ab", same, name="batch", item_serializer=serializer),
    )
    assert [item[3] for item in items] == ["a", "b"]
    assert _kept(world, "map-item-0")["Result"] == "wrapped:a"
    assert json.loads(_kept(world, "batch")["Result"])["all"][0]["payload"] == "wrapped:a"


def test_items_written_as_json_of_another_form_come_back_to_the_letter(
    flavour: Any, world: World
) -> None:
    items, _, _ = _seen_twice(
        flavour,
        world,
        lambda ctx: ctx.map([1, 2], same, name="batch", item_serializer=Spaced()),
    )
    assert [item[3] for item in items] == [1, 2]


def test_a_serializer_for_the_whole(flavour: Any, world: World) -> None:
    whole = _seen_twice(
        flavour, world, lambda ctx: ctx.map("ab", stepped, name="batch", serializer=Joined())
    )
    assert whole == ["a", "b"]
    assert _kept(world, "batch")["Result"] == "joined:a,b"
    assert _kept(world, "map-item-0")["Result"] == '"a"'


def test_a_serializer_for_a_whole_that_is_too_large(flavour: Any, world: World) -> None:
    whole = _seen_twice(
        flavour,
        world,
        lambda ctx: ctx.map([BIG] * 4, same, name="batch", serializer=Joined()),
    )
    assert whole == [BIG] * 4
    assert _kept(world, "batch")["ReplayChildren"] is True


@pytest.mark.parametrize(
    "options",
    [
        {"serializer": Joined()},
        {"summary": lambda batch: 5},
        {"summary": lambda batch: 1 // 0},
        {"summary": lambda batch: "x" * 1_100_000},
    ],
    ids=["serializer", "no text", "raises", "too long"],
)
def test_what_cannot_be_kept_fails_the_batch_for_good(
    flavour: Any, world: World, options: dict[str, Any]
) -> None:
    said: list[str] = []

    async def big(ctx: Any, item: int) -> Any:
        return [BIG]  # which Joined cannot join

    async def program(event: Any, ctx: Any) -> Any:
        try:
            await ctx.map(range(4), big, name="batch", **options)
        except ChildContextError as error:
            said.append(str(error))
        await ctx.wait(1)

    world.value(flavour.handler(program))
    assert len(said) == 2
    assert said[0] == said[1]
    assert world.record("batch")["Status"] == "FAILED"


def test_an_item_that_cannot_be_written_fails_alone(flavour: Any, world: World) -> None:
    async def odd(ctx: Any, item: Any) -> Any:
        return {1, 2} if item else "fine"

    items, reason, _ = _seen_twice(
        flavour, world, lambda ctx: ctx.map([0, 1], odd, completion=all_completed())
    )
    assert [item[2] for item in items] == ["SUCCEEDED", "FAILED"]
    assert "SerializationError" in items[1][6]
    assert reason == "ALL_COMPLETED"


def test_an_item_that_cannot_be_read_fails_alone_and_always(flavour: Any, world: World) -> None:
    class Unreadable(Wrapped):
        def loads(self, text: str, type: Any, where: Any) -> Any:
            raise ValueError("cannot read it")

    items, _, _ = _seen_twice(
        flavour,
        world,
        lambda ctx: ctx.map("a", same, item_serializer=Unreadable(), completion=all_completed()),
    )
    assert items[0][2] == "FAILED"
    assert "cannot read it" in items[0][4]


@pytest.mark.parametrize(
    ("statuses", "letters"),
    [
        ({}, ""),
        ({0: "SUCCEEDED"}, "S"),
        ({0: "SUCCEEDED", 1: "SUCCEEDED", 2: "FAILED", 3: "STARTED"}, "2SF-"),
        ({1: "SUCCEEDED", 4: "FAILED"}, ".S2.F"),
        (dict.fromkeys(range(12), "STARTED"), "12-"),
    ],
)
def test_the_statuses_of_a_summary(statuses: dict[int, Any], letters: str) -> None:
    items = [BatchItem(index, None, status) for index, status in statuses.items()]
    summary = json.loads(summary_of(BatchResult(items, "ALL_COMPLETED"), "MapResult", None))
    assert summary["itemStatuses"] == letters
    read = item_statuses(summary)
    assert {index: status for index, status in enumerate(read) if status} == statuses


@pytest.mark.parametrize("summary", [None, {}, {"itemStatuses": 5}, {"itemStatuses": "2S?"}])
def test_a_summary_that_is_none(summary: Any) -> None:
    with pytest.raises(SerializationError, match="no itemStatuses that can be read"):
        item_statuses(summary)


def test_the_stack_of_a_failure_is_the_users(world: World) -> None:
    def fails(ctx: DurableContext, item: int) -> int:
        raise ValueError("planned")

    @durable_execution
    def handler(event: Any, ctx: DurableContext) -> Any:
        error: Any = ctx.map([1], fails).item(0).error
        return error.stack_trace

    (frame,) = world.value(handler)
    assert "test_batch_payloads.py" in frame
    assert frame.endswith('in fails: raise ValueError("planned")')
