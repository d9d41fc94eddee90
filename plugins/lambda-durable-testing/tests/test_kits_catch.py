"""The kits find what is wrong: each planted mistake makes the test of its promise fail."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from lambda_durable import Place, Serializer, Where
from lambda_durable.abc import RetryStrategy
from lambda_durable.defaults import PLAIN_JSON
from lambda_durable.effects import Call, Checkpoint, DurableOperation
from lambda_durable.errors import SerializationError
from lambda_durable_kernel import MemoryStore, Store
from lambda_durable_testing.kits import (
    OperationKit,
    RetryStrategyKit,
    SerializerKit,
    StoreKit,
    WaitStrategyKit,
)


def failing(kit: Any) -> dict[str, str]:
    """Run all tests of a kit; return those that fail, with what they say."""
    found = {}
    for name in sorted(name for name in dir(kit) if name.startswith("test_")):
        try:
            getattr(kit, name)()
        except Exception as error:  # noqa: BLE001 - a test fails with whatever it fails with
            found[name] = f"{type(error).__name__}: {error}"
    return found


# --- Serializers


class Bytes:
    def dumps(self, value: Any, where: Where, /) -> Any:
        return PLAIN_JSON.dumps(value, where).encode()

    def loads(self, text: Any, type: Any, where: Where, /) -> Any:
        return PLAIN_JSON.loads(text if isinstance(text, str) else text.decode(), type, where)


class Loose:
    """Floats become integers, as they do in a careless format."""

    def dumps(self, value: Any, where: Where, /) -> str:
        return PLAIN_JSON.dumps(int(value) if isinstance(value, float) else value, where)

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        return PLAIN_JSON.loads(text, type, where)


_memory: dict[str, Any] = {}


class Remembering:
    """Keeps the values in the process, and writes where they are."""

    def dumps(self, value: Any, where: Where, /) -> str:
        PLAIN_JSON.dumps(value, where)
        _memory[str(len(_memory))] = value
        return str(len(_memory) - 1)

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        if text not in _memory:
            raise SerializationError(f"no {text}")
        return json.loads(json.dumps(_memory[text]))


class Consuming:
    def dumps(self, value: Any, where: Where, /) -> str:
        text = PLAIN_JSON.dumps(value, where)
        if isinstance(value, dict):
            value.pop("a", None)
        return text

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        return PLAIN_JSON.loads(text, type, where)


class Caching:
    def __init__(self) -> None:
        self._cache: dict[str, Any] = {}

    def dumps(self, value: Any, where: Where, /) -> str:
        return PLAIN_JSON.dumps(value, where)

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        if text not in self._cache:
            self._cache[text] = PLAIN_JSON.loads(text, type, where)
        return self._cache[text]


class Flattening:
    def dumps(self, value: Any, where: Where, /) -> str:
        return json.dumps(value, default=str)

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        return PLAIN_JSON.loads(text, type, where)


class Bare:
    def dumps(self, value: Any, where: Where, /) -> str:
        return PLAIN_JSON.dumps(value, where)

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        return json.loads(text)


class Hopeful:
    def dumps(self, value: Any, where: Where, /) -> str:
        try:
            return PLAIN_JSON.dumps(value, where)
        except SerializationError as error:
            raise SerializationError(str(error), retryable=True) from error

    def loads(self, text: str, type: Any, where: Where, /) -> Any:
        return PLAIN_JSON.loads(text, type, where)


class SerializerCase(SerializerKit):
    kind: type = Bare

    def make_serializer(self) -> Serializer:
        made: Serializer = self.kind()
        return made


class RememberingCase(SerializerCase):
    """Importable, as a test class is, so that another process can be asked."""

    kind = Remembering


@pytest.mark.parametrize(
    ("kind", "test", "said"),
    [
        (Bytes, "test_payloads_are_text", "no string"),
        (Loose, "test_values_come_back", "was read as -1"),
        (Consuming, "test_values_are_left_alone", "dumps changed"),
        (Caching, "test_values_are_read_anew", "was read as"),
        (Flattening, "test_other_values_are_refused", "kept what cannot be read"),
        (Bare, "test_other_texts_are_refused", "no SerializationError"),
        (Hopeful, "test_other_values_are_refused", "the next time either"),
    ],
)
def test_a_bad_serializer_is_caught(kind: type, test: str, said: str) -> None:
    case = SerializerCase()
    case.kind = kind
    found = failing(case)
    assert said in found[test]


def test_a_serializer_that_lives_on_its_process_is_caught() -> None:
    found = failing(RememberingCase())
    assert set(found) == {"test_values_come_back_in_another_process"}
    assert "SerializationError: no " in found["test_values_come_back_in_another_process"]


# --- Strategies


def negative(subject: Any, attempt: int, elapsed: float, /) -> Any:
    return None if attempt > 3 else 1 - attempt


def truth(subject: Any, attempt: int, elapsed: float, /) -> Any:
    return attempt < 3 or None


def words(subject: Any, attempt: int, elapsed: float, /) -> Any:
    return None if attempt > 3 else "5s"


def nan(subject: Any, attempt: int, elapsed: float, /) -> Any:
    return None if attempt > 3 else float("nan")


async def awaited(subject: Any, attempt: int, elapsed: float, /) -> None: ...


def endless(subject: Any, attempt: int, elapsed: float, /) -> Any:
    return 1


def particular(subject: Any, attempt: int, elapsed: float, /) -> Any:
    return None if attempt > 3 else len(subject.args[0])


def sleeping(subject: Any, attempt: int, elapsed: float, /) -> Any:
    if attempt > 3:
        return None
    time.sleep(0.001)
    return 0


def marking(subject: Any, attempt: int, elapsed: float, /) -> Any:
    if isinstance(subject, Exception):
        subject.attempts = attempt  # type: ignore[attr-defined]  # that is the mistake
    elif isinstance(subject, dict):
        subject["attempts"] = attempt
    return None


class Counting:
    def __init__(self) -> None:
        self.left = 10

    def __call__(self, subject: Any, attempt: int, elapsed: float, /) -> Any:
        self.left -= 1
        return 1 if self.left > 0 else None


STRATEGIES: list[Any] = [
    (lambda: negative, "test_answers_are_delays", "time does not go back"),
    (lambda: truth, "test_answers_are_delays", "no None, timedelta or seconds"),
    (lambda: words, "test_answers_are_delays", "no None, timedelta or seconds"),
    (lambda: nan, "test_answers_are_delays", "is no number"),
    (lambda: endless, "test_it_stops", "never_stops = True"),
    (lambda: sleeping, "test_it_does_not_wait_itself", "return the delay instead"),
    (lambda: marking, "test_it_changes_nothing", "was changed"),
    (Counting, "test_it_remembers_nothing", "count with `attempt`"),
]


@pytest.mark.parametrize(("make", "test", "said"), STRATEGIES)
def test_a_bad_strategy_is_caught(make: Any, test: str, said: str) -> None:
    class Retry(RetryStrategyKit):
        def make_strategy(self) -> RetryStrategy:
            return make()  # type: ignore[no-any-return]  # whatever it is

    class Wait(WaitStrategyKit):
        def make_strategy(self) -> Any:
            return make()

    assert said in failing(Retry())[test]
    assert said in failing(Wait())[test]


def test_a_strategy_that_expects_one_kind_of_error_is_caught() -> None:
    class Case(RetryStrategyKit):
        def make_strategy(self) -> RetryStrategy:
            return particular

    assert "that ends an execution" in failing(Case())["test_answers_are_delays"]


def test_a_strategy_may_go_on_for_ever_on_purpose() -> None:
    class Case(WaitStrategyKit):
        never_stops = True

        def make_strategy(self) -> Any:
            return endless

    assert failing(Case()) == {}


# --- Operations


class Kept:
    """An operation that is right; the others differ from it in one place."""

    type = "STEP"
    subtype: str | None = "Kept"
    name: str | None = "kept"

    async def flow(self, here: Place, /) -> Any:
        record = here.record
        if record is None or record["Status"] == "STARTED":
            if record is None:
                await Checkpoint(here.update("START"), durable=False)
            value = await Call(here.call("attempt", 1), self.body)
            record = await Checkpoint(here.update("SUCCEED", {"Payload": json.dumps(value)}))
        assert record is not None
        return json.loads(record["StepDetails"]["Result"])

    def body(self) -> Any:
        return [1, 2]


class Unkept(Kept):
    """Returns what the body returned, not what is kept of it."""

    async def flow(self, here: Place, /) -> Any:
        return tuple(await super().flow(here)) if here.record is None else await super().flow(here)


class Forgetful(Kept):
    """Runs its body on every replay."""

    async def flow(self, here: Place, /) -> Any:
        await Call(here.call("attempt", 1), self.body)
        return await super().flow(here)


class Stateful(Kept):
    """Counts its runs on itself."""

    def __init__(self) -> None:
        self.runs = 0

    async def flow(self, here: Place, /) -> Any:
        self.runs += 1
        return [self.runs, await super().flow(here)]


class Renaming(Kept):
    counter = 0

    def __init__(self) -> None:
        Renaming.counter += 1
        self.name = f"kept {Renaming.counter}"


class Misnamed(Kept):
    subtype = "not a subtype"


class Unknown(Kept):
    type = "TASK"


class Blocking(Kept):
    """Never ends: it opens a callback that nobody completes."""

    type = "CALLBACK"

    async def flow(self, here: Place, /) -> Any:
        from lambda_durable.effects import Suspend

        if here.record is None:
            await Checkpoint(here.update("START"))
        await Suspend()


class Awaiting(Kept):
    """Awaits something that is no effect."""

    async def flow(self, here: Place, /) -> Any:
        class Other:
            def __await__(self) -> Iterator[Any]:
                yield "something else"

        await Other()  # type: ignore[misc]  # that is the mistake
        return await super().flow(here)


class OperationCase(OperationKit):
    kind: type = Kept

    def make_operation(self) -> DurableOperation[Any]:
        made: DurableOperation[Any] = self.kind()
        return made


def test_an_operation_that_is_right_passes() -> None:
    assert failing(OperationCase()) == {}


@pytest.mark.parametrize(
    ("kind", "test"),
    [
        (Unkept, "test_first_run_and_replay_agree"),
        (Forgetful, "test_replays_do_nothing"),
        (Stateful, "test_its_flow_can_be_run_again"),
        (Renaming, "test_it_says_what_it_is"),
        (Renaming, "test_replays_do_nothing"),
        (Misnamed, "test_it_says_what_it_is"),
        (Unknown, "test_it_says_what_it_is"),
        (Blocking, "test_first_run_and_replay_agree"),
        (Awaiting, "test_its_flow_awaits_effects_only"),
    ],
)
def test_a_bad_operation_is_caught(kind: type, test: str) -> None:
    case = OperationCase()
    case.kind = kind
    assert test in failing(case)


def test_flavours_that_disagree_are_caught() -> None:
    class Case(OperationCase):
        def make_async_operation(self) -> DurableOperation[Any]:
            class Other(Kept):
                def body(self) -> Any:
                    return [2, 1]

            return Other()

    assert set(failing(Case())) == {"test_flavours_agree"}


# --- Stores


class LosesEvents(MemoryStore):
    def events(self, arn: str, after: int, limit: int | None, *, reverse: bool) -> Any:
        return super().events(arn, after, limit, reverse=reverse)[:3]


class LosesProgress(MemoryStore):
    def save(self, changes: Any) -> None:
        super().save(changes[:1])


class HoldsOnToNothing(MemoryStore):
    """Forgets the operations of an execution once it is opened anew."""

    def operations(self, arn: str) -> Any:
        return []


@pytest.mark.parametrize(
    ("kind", "test"),
    [
        (LosesEvents, "test_executions_run_on_it"),
        (LosesProgress, "test_saves_several_executions_at_once"),
        (HoldsOnToNothing, "test_executions_go_on_from_it"),
    ],
)
def test_a_bad_store_is_caught(kind: type[MemoryStore], test: str) -> None:
    class Case(StoreKit):
        def make_store(self) -> Store:
            return kind()

    assert test in failing(Case())
