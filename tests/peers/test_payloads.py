"""Large results, measured as they are sent."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from behaviour.world import World

from lambda_durable_kernel import Errored

RESPONSE_BYTES = 6 * 1024 * 1024

FULL_STEP = """
import sys
from peers.official import OfficialHandler
from behaviour.world import World

def program(event, ctx):
    return len(ctx.step(lambda _: "x" * int(sys.argv[1])))

print(World().run(OfficialHandler(program)).value)
"""


class InLambda:
    """A handler whose response Lambda refuses if it is too large, escaped as it is."""

    def __init__(self, handler: Any) -> None:
        self._handler = handler
        self.responses: list[int] = []

    def run_invocation(self, event: object, context: Any, **options: Any) -> Any:
        """Run one invocation and measure its response."""
        output = self._handler.run_invocation(event, context, **options)
        self.responses.append(encoded_size(output))
        if self.responses[-1] > RESPONSE_BYTES:
            return Errored({"ErrorType": "Function.ResponseSizeTooLarge"})
        return output


def encoded_size(output: dict[str, str]) -> int:
    """Return the bytes of a response of ASCII text; faster than to encode it."""
    assert all(text.isascii() for text in output.values() if isinstance(text, str))
    return sum(
        len(text) + text.count('"') + text.count("\\")
        for text in output.values()
        if isinstance(text, str)
    )


def test_a_step_may_return_900_kb(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> int:
        return len(await ctx.step(lambda: "x" * 900_000, name="large"))

    assert world.run(flavour.handler(program)).value == 900_000
    assert len(world.record("large")["StepDetails"]["Result"]) == 900_002


def test_officially_a_step_of_900_kb_hangs(sdk: ModuleType) -> None:
    # Its START is in the batch already; what fits in no batch with another is never taken out.
    assert official_step("700000", seconds=30) == "700000"
    with pytest.raises(subprocess.TimeoutExpired):
        official_step("900000", seconds=6)


def official_step(size: str, *, seconds: float) -> str:
    """Run a step with a result of so many characters in a process that can be ended."""
    done = subprocess.run(
        [sys.executable, "-c", FULL_STEP, size],
        env={"PYTHONPATH": ":".join(sys.path)},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds,
    )
    return done.stdout.strip()


def test_a_result_that_only_its_escapes_make_too_large(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> str:
        return '"' * 2_000_000

    handler = InLambda(flavour.handler(program))
    finished = world.run(handler)  # type: ignore[arg-type]  # it is run as a handler is
    assert (finished.status, finished.invocations) == ("SUCCEEDED", 1)
    assert finished.value == '"' * 2_000_000
    assert handler.responses[0] < 100  # it went by a checkpoint


def test_officially_escapes_are_not_counted(official: Any, sdk: ModuleType, world: World) -> None:
    def program(event: Any, ctx: Any) -> str:
        return '"' * 2_000_000

    handler = InLambda(official(program))
    finished = world.run(handler)  # type: ignore[arg-type]  # as above
    # 4 MB of JSON are 8 MB in the response: Lambda refuses it, over and over.
    assert finished.status == "FAILED"
    assert finished.error["ErrorType"] == "Function.ResponseSizeTooLarge"
    assert handler.responses[0] > 8_000_000


def test_a_result_that_the_service_cannot_keep(flavour: Any, world: World) -> None:
    async def program(event: Any, ctx: Any) -> str:
        return '"' * 8_000_000

    finished = world.run(flavour.handler(program))
    assert (finished.status, finished.invocations, world.requests) == ("FAILED", 1, 0)
    assert finished.error["ErrorType"] == "lambda_durable.errors.PayloadTooLargeError"
    assert "16000002 bytes" in finished.error["ErrorMessage"]
    assert "Return a reference" in finished.error["ErrorMessage"]


def test_officially_such_a_result_is_sent_to_the_service(official: Any, world: World) -> None:
    def program(event: Any, ctx: Any) -> str:
        return '"' * 8_000_000

    finished = world.run(official(program))
    # 16 MB on the wire, to be told a limit without the size or a way out.
    assert (finished.status, world.requests) == ("FAILED", 1)
    assert finished.error["ErrorType"].endswith("CheckpointError")
    assert "16000002" not in finished.error["ErrorMessage"]
