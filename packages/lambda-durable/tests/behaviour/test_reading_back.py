"""A success is kept only if every replay can read it."""

from typing import Any

import pytest

from lambda_durable import OperationError, SerializationError, Where

from .world import World


class Unreadable:
    """Writes what it cannot read, or, with `later`, not yet."""

    def __init__(self, later: int = 0) -> None:
        self.later = later

    def dumps(self, value: Any, where: Where, /) -> str:
        return "written"

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        if not self.later:
            raise ValueError("cannot be read")
        self.later -= 1
        if self.later:
            raise SerializationError("the store is out of reach", retryable=True)
        return "read"


@pytest.mark.parametrize("kind", ["STEP", "CONTEXT"])
def test_what_cannot_be_read_back_is_no_success(flavour: Any, world: World, kind: str) -> None:
    ran, caught = [], []

    async def child(own: Any) -> None:
        ran.append(1)

    async def program(event: Any, ctx: Any) -> Any:
        odd = {"name": "odd", "serializer": Unreadable()}
        try:
            if kind == "STEP":
                await ctx.step(ran.append, 1, **odd)
            else:
                await ctx.run_in_child_context(child, **odd)
        except OperationError as error:
            caught.append((type(error), error.error_type, error.error_message))
        await ctx.wait(1)

    assert world.run(flavour.handler(program)).status == "SUCCEEDED"
    assert (world.record("odd")["Status"], ran) == ("FAILED", [1])
    first, replayed = caught
    assert first == replayed
    assert first[1].endswith("SerializationError")
    assert "cannot be read" in first[2]


@pytest.mark.parametrize("semantics", ["at-least-once", "at-most-once"])
def test_what_cannot_be_read_back_yet_is_kept(flavour: Any, world: World, semantics: str) -> None:
    ran, serializer = [], Unreadable(later=4)

    async def program(event: Any, ctx: Any) -> Any:
        return await ctx.step(
            lambda: ran.append(1), name="s", serializer=serializer, semantics=semantics
        )

    finished = world.run(flavour.handler(program))
    assert (finished.value, ran) == ("read", [1])
    assert finished.invocations == 3
    assert "out of reach" in str(world.errors[0].error)
