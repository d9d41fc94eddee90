"""What comes with Lambda Durable keeps the promises that the kits test."""

import itertools
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lambda_durable import Serializer, WaitStrategy
from lambda_durable.abc import RetryStrategy
from lambda_durable.defaults import PLAIN_JSON, no_retry, patient
from lambda_durable.effects import DurableOperation
from lambda_durable.operations import Condition, Invoke, Step, Wait
from lambda_durable.operations.child import ChildContext
from lambda_durable_callbacks.results import TEXT
from lambda_durable_callbacks.waiting import WaitForCallback
from lambda_durable_concurrency.batch import MAP, Batch
from lambda_durable_concurrency.units import Items
from lambda_durable_kernel import MemoryStore, Store
from lambda_durable_local.store import SqliteStore
from lambda_durable_retry import presets
from lambda_durable_serializers import ExtendedJson, compress, extended_json, official_json
from lambda_durable_testing.kits import (
    OperationKit,
    RetryStrategyKit,
    SerializerKit,
    StoreKit,
    WaitStrategyKit,
)
from lambda_durable_testing.local import LocalRunner
from lambda_durable_testing.started import LocalExecution


class TestPlainJson(SerializerKit):
    def make_serializer(self) -> Serializer:
        return PLAIN_JSON


class TestExtendedJson(SerializerKit):
    def make_serializer(self) -> Serializer:
        return ExtendedJson()

    def typed_values(self) -> Iterable[tuple[Any, Any]]:
        yield from super().typed_values()
        yield Any, {1: (2, {3})}
        yield Any, [b"\x00", float("inf"), UUID(int=7), date(2026, 11, 21)]
        yield list[datetime], [datetime(2026, 11, 21, 8, 30, tzinfo=UTC)]
        yield dict[str, Decimal], {"tea": Decimal("2.50")}
        yield timedelta, timedelta(days=1, microseconds=1)


class TestCompressed(SerializerKit):
    def make_serializer(self) -> Serializer:
        return extended_json | compress


class TestOfficial(SerializerKit):
    def make_serializer(self) -> Serializer:
        return official_json


class TestText(SerializerKit):
    def make_serializer(self) -> Serializer:
        return TEXT

    def values(self) -> Iterable[Any]:
        return ["", "text", '{"a": 1}', "\u00e9\n"]

    def unreadable(self) -> Iterable[str]:
        return []


class TestNoRetry(RetryStrategyKit):
    def make_strategy(self) -> RetryStrategy:
        return no_retry


class TestDefaultRetry(RetryStrategyKit):
    def make_strategy(self) -> RetryStrategy:
        return presets.DEFAULT


class TestTransientRetry(RetryStrategyKit):
    def make_strategy(self) -> RetryStrategy:
        return presets.TRANSIENT


class TestPatient(WaitStrategyKit):
    def make_strategy(self) -> WaitStrategy[Any]:
        return patient


class TestEager(WaitStrategyKit):
    def make_strategy(self) -> WaitStrategy[Any]:
        return presets.EAGER


class TestSteady(WaitStrategyKit):
    def make_strategy(self) -> WaitStrategy[Any]:
        return presets.STEADY


class TestStep(OperationKit):
    def make_operation(self) -> DurableOperation[Any]:
        return Step(lambda: {"kept": True}, name="step")


class TestStepThatFails(OperationKit):
    def make_operation(self) -> DurableOperation[Any]:
        return Step(_refuse, retry=lambda error, attempt, elapsed: 5 if attempt < 3 else None)


def _refuse() -> None:
    raise ConnectionError("refused")


class TestWait(OperationKit):
    def make_operation(self) -> DurableOperation[Any]:
        return Wait(timedelta(days=1))


class TestCondition(OperationKit):
    def make_operation(self) -> DurableOperation[Any]:
        return Condition(lambda count: count + 1, 0, until=lambda count: count == 3, name="count")


class TestChildContext(OperationKit):
    def make_operation(self) -> DurableOperation[Any]:
        def child(ctx: Any) -> Any:
            ctx.wait(5)
            return ctx.step(lambda: "inside", name="inside")

        return ChildContext(child)

    def make_async_operation(self) -> DurableOperation[Any]:
        async def child(ctx: Any) -> Any:
            await ctx.wait(5)
            return await ctx.step(lambda: "inside", name="inside")

        return ChildContext(child)


class TestInvoke(OperationKit):
    def make_operation(self) -> DurableOperation[Any]:
        return Invoke("double", 21, name="double")

    def prepare(self, runner: LocalRunner) -> None:
        runner.function("double").runs(lambda event: event * 2)


class TestWaitForCallback(OperationKit):
    def make_operation(self) -> DurableOperation[Any]:
        return WaitForCallback(_tell, name="manager")

    def drive(self, execution: LocalExecution) -> None:
        execution.callback("manager").succeed("yes")


def _tell(callback_id: str) -> None:
    assert callback_id


class TestMap(OperationKit):
    def make_operation(self) -> DurableOperation[Any]:
        def pack(ctx: Any, item: int) -> Any:
            ctx.wait(item)
            return ctx.step(lambda: item * 2, name="double")

        return Batch(MAP, Items([1, 2, 3], pack, None), name="map", max_concurrency=2)

    def make_async_operation(self) -> DurableOperation[Any]:
        async def pack(ctx: Any, item: int) -> Any:
            await ctx.wait(item)
            return await ctx.step(lambda: item * 2, name="double")

        return Batch(MAP, Items([1, 2, 3], pack, None), name="map", max_concurrency=2)


class TestMemoryStore(StoreKit):
    def make_store(self) -> Store:
        return MemoryStore()


class TestSqliteStore(StoreKit):
    @pytest.fixture(autouse=True)
    def _files(self, tmp_path: Path) -> Iterator[None]:
        self.paths = (tmp_path / f"{number}.db" for number in itertools.count())
        self.opened: list[SqliteStore] = []
        yield
        for store in self.opened:
            store.close()

    def make_store(self) -> Store:
        return self._open(next(self.paths))

    def reopen(self, store: Store) -> Store:
        return self._open(self.opened[-1].path, read_only=True)

    def take_over(self, store: Store) -> Store:
        before = self.opened[-1]
        before.close()
        return self._open(before.path)

    def _open(self, path: Path, *, read_only: bool = False) -> SqliteStore:
        self.opened.append(SqliteStore(path, read_only=read_only))
        return self.opened[-1]
