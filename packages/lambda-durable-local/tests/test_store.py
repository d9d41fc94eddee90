"""The store keeps its promises, after a crash too, and says what is wrong with a file."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambda_durable_kernel.contract import StoreContract
from lambda_durable_local.store import SqliteStore


class TestContract(StoreContract):
    """The kernel's own test of a store, each time read back from the file."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> Iterator[None]:
        self.paths = (tmp_path / f"{number}.db" for number in itertools.count())
        self.opened: list[SqliteStore] = []
        yield
        for store in self.opened:
            store.close()

    def make_store(self) -> SqliteStore:
        store = SqliteStore(next(self.paths))
        self.opened.append(store)
        return store

    def reopen(self, store: SqliteStore) -> SqliteStore:  # type: ignore[override]  # one kind here
        again = SqliteStore(store.path, read_only=True)
        self.opened.append(again)
        return again
