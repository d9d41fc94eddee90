"""Arguments that break a rule: each is named at the call, and nothing is begun."""

from typing import Any

import pytest
from durable_programs import World

from lambda_durable.errors import DurableError
from lambda_durable_concurrency import NamedBranch, min_successful


async def fine(ctx: Any) -> int:
    return 1


async def item(ctx: Any, given: Any) -> Any:
    return given


async def no_context() -> None: ...


async def too_many(ctx: Any, given: Any, more: Any, and_more: Any) -> None: ...


class Numbers:
    def __aiter__(self) -> Any:
        raise AssertionError("it is not read")


OPTIONS: list[tuple[dict[str, Any], str]] = [
    *(
        ({"max_concurrency": value}, "max_concurrency must be a whole number of at least 1")
        for value in (0, -1, True, 2.0, "3")
    ),
    ({"completion": 3}, "completion must be a policy"),
    ({"completion": min_successful}, "completion is the function min_successful itself; call it"),
    ({"completion": min_successful(3)}, "min_successful(3) can never be reached by 2 branches"),
    ({"nesting": "deep"}, "nesting must be 'nested' or 'flat', not 'deep'"),
    ({"summary": "text"}, "summary must be a function of the BatchResult"),
    ({"name": ""}, "name is empty"),
    ({"name": "h\u00e9"}, "not printable ASCII"),
    ({"serializer": "nope"}, "there is no serializer named 'nope'"),
    ({"item_serializer": "nope"}, "there is no serializer named 'nope'"),
    ({"serializer": 5}, "serializer must be a name or an object with dumps and loads"),
    ({"item_serializer": 5}, "serializer must be a name or an object with dumps and loads"),
]
BRANCHES: list[tuple[Any, str]] = [
    (fine, "parallel takes an iterable of functions"),
    ("abc", "parallel takes an iterable of functions"),
    (5, "parallel takes an iterable of functions"),
    ([fine, 5], "branch 1 is not a function but 5"),
    ([no_context], "is called with one argument, its context"),
    ([NamedBranch("a", fine), NamedBranch("a", fine)], "branches 0 and 1 have the same name 'a'"),
    ([NamedBranch("", fine)], "name is empty"),
    ([NamedBranch(None, fine)], "branch 0 is a NamedBranch whose name is None"),  # type: ignore[arg-type]  # as written
    ({"\u00fc": fine}, "not printable ASCII"),
    ({5: fine}, "name must be a string, not 5"),
]
MAPS: list[tuple[Any, Any, dict[str, Any], str]] = [
    (5, item, {}, "map takes an iterable of items, not 5"),
    (Numbers(), item, {}, "collect an async one first"),
    ([1], 5, {}, "map takes a function after its items, not 5"),
    ([1], fine, {}, "must take (context, item) or (context, item, index)"),
    ([1], too_many, {}, "must take (context, item) or (context, item, index)"),
    ([1], item, {"item_namer": "x"}, "item_namer must be a function of (item, index)"),
    ([1], item, {"item_namer": lambda i: "x"}, "is called with an item and its index"),
    ([1], item, {"item_namer": lambda i, n: 5}, "item_namer must return a string, not 5"),
    ([1], item, {"item_namer": lambda i, n: "\n"}, "not printable ASCII"),
]


def _told(flavour: Any, world: World, call: Any) -> str:
    async def program(event: Any, ctx: Any) -> Any:
        try:
            await call(ctx)
        except DurableError as error:
            return f"{type(error).__name__}: {error}"

    text: str = world.value(flavour.handler(program))
    assert world.records() == []
    return text


@pytest.mark.parametrize(("options", "said"), OPTIONS)
def test_options(flavour: Any, world: World, options: dict[str, Any], said: str) -> None:
    assert said in _told(flavour, world, lambda ctx: ctx.parallel([fine, fine], **options))
    assert said in _told(flavour, World(), lambda ctx: ctx.map([1, 2], item, **options))


@pytest.mark.parametrize(("branches", "said"), BRANCHES)
def test_branches(flavour: Any, world: World, branches: Any, said: str) -> None:
    text = _told(flavour, world, lambda ctx: ctx.parallel(branches))
    assert text.startswith("InvalidInputError: ")
    assert said in text


@pytest.mark.parametrize(("items", "func", "options", "said"), MAPS)
def test_maps(
    flavour: Any, world: World, items: Any, func: Any, options: dict[str, Any], said: str
) -> None:
    text = _told(flavour, world, lambda ctx: ctx.map(items, func, **options))
    assert text.startswith("InvalidInputError: ")
    assert said in text


def test_a_coroutine_is_no_branch(flavour: Any, world: World) -> None:
    text = _told(flavour, world, lambda ctx: ctx.parallel([fine(ctx)]))
    assert "parallel([f]), not parallel([f(ctx)])" in text


@pytest.mark.parametrize("nesting", ["nested", "flat"])
def test_an_empty_batch_takes_any_policy(flavour: Any, world: World, nesting: str) -> None:
    async def program(event: Any, ctx: Any) -> Any:
        batch = await ctx.map([], item, completion=min_successful(2), nesting=nesting)
        return batch.completion_reason

    assert world.value(flavour.handler(program)) == "ALL_COMPLETED"
