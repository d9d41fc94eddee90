"""A store survives kill -9, serves one writer, and refuses files that are none, in words."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from conftest import FUNCTIONS, Durable

from lambda_durable_kernel import DurableService, FunctionSpec
from lambda_durable_local.errors import StoreError
from lambda_durable_local.store import SqliteStore

CHECKPOINTS = """
    import sys, time
    from pathlib import Path
    from lambda_durable_kernel import DurableService, FunctionSpec
    from lambda_durable_local.store import SqliteStore

    service = DurableService(SqliteStore(Path(sys.argv[1])))
    service.register(FunctionSpec("f"))
    arn = service.start("f", now=time.time())
    event = service.begin(service.due(time.time())[0], now=time.time()).event
    token = event["CheckpointToken"]
    for number in range(100_000):
        update = {"Id": str(number), "Type": "STEP", "Action": "SUCCEED", "Payload": "1"}
        start = {"Id": str(number), "Type": "STEP", "Action": "START"}
        token = service.checkpoint(arn, token, [start, update], now=time.time())["CheckpointToken"]
        print(number, flush=True)
"""


def test_every_answered_checkpoint_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHECKPOINTS), str(path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    answered = [process.stdout.readline() for _ in range(50)]
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    answered += process.communicate()[0].splitlines()
    last = int(answered[-1])

    store = SqliteStore(path)
    service = DurableService(store)
    service.register(FunctionSpec("f"))
    (arn,) = store.open_executions()
    operations = service.operations(arn)
    assert len(operations) - (last + 1) in (0, 1)  # one may be saved and not yet answered
    assert [each["Id"] for each in operations] == [str(n) for n in range(len(operations))]
    events = store.events(arn, 0, None, reverse=False)
    assert [each["EventId"] for each in events] == list(range(1, len(events) + 1))
    # And it goes on: the lost invocation is made again, at once, with all that there is.
    assert service.recover(time.time()) == 1
    (task,) = service.due(time.time())
    invocation = service.begin(task, now=time.time())
    assert invocation is not None
    store.close()


def test_a_checkpoint_costs_the_same_however_long_the_history_is(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "s.db")
    service = DurableService(store)
    service.register(FunctionSpec("f"))
    arn = service.start("f", now=1.0)
    invocation = service.begin(service.due(1.0)[0], now=1.0)
    assert invocation is not None
    token = invocation.event["CheckpointToken"]
    connection = store._connection
    assert connection is not None
    written: list[int] = []
    for number in range(400):
        before = connection.total_changes
        update = {"Id": str(number), "Type": "STEP", "Action": "START"}
        answer = service.checkpoint(arn, token, [update], now=1.0)  # type: ignore[list-item]
        token = answer["CheckpointToken"]
        written.append(connection.total_changes - before)
    assert set(written) == {3}  # the progress, the operation, the event
    store.close()


def test_one_writer_and_readers_beside_it(durable: Durable, tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    writer = SqliteStore(path)
    target = f"{FUNCTIONS}/in_def.py:handler"
    result = durable("run", target, "--store", path)
    assert result.exit_code == 2
    assert f"{path} is in use by another process (its id: {os.getpid()})" in result.stderr
    reader = SqliteStore(path, read_only=True)
    assert reader.functions() == []
    with pytest.raises(StoreError):
        reader.save([])
    reader.close()
    writer.close()
    SqliteStore(path).close()
    with pytest.raises(StoreError, match="is closed"):
        writer.functions()


def make_text(path: Path) -> None:
    path.write_text("This is a shopping list.\n" * 100)


def make_foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    connection.close()


def make_newer(path: Path) -> None:
    SqliteStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE lambda_durable SET value = '7'")
    connection.close()


def make_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (make_text, "is no SQLite file, or a damaged one"),
        (make_foreign, "is a SQLite file of another program (it has the tables recipes)"),
        (make_newer, "has schema 7, and this program reads schema 2"),
        (make_folder, "is a folder; give the path of a file in it"),
    ],
)
def test_files_that_are_no_stores(durable: Durable, tmp_path: Path, make, reason: str) -> None:
    path = tmp_path / "s.db"
    make(path)
    for command in (["run", f"{FUNCTIONS}/in_def.py:handler"], ["show"], ["list"]):
        result = durable(*command, "--store", path)
        assert result.exit_code == 2
        assert reason in result.stderr


def test_places_where_no_store_can_be(durable: Durable, tmp_path: Path) -> None:
    target = f"{FUNCTIONS}/in_def.py:handler"
    result = durable("run", target, "--store", tmp_path / "nowhere" / "s.db")
    assert f"there is no folder {tmp_path}/nowhere" in result.stderr
    result = durable("show", "--store", tmp_path / "s.db")
    assert result.stderr == f"Error: there is no store {tmp_path}/s.db\n"
    assert not (tmp_path / "s.db").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_writable(durable: Durable, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        result = durable("run", f"{FUNCTIONS}/in_def.py:handler", "--store", tmp_path / "s.db")
    finally:
        tmp_path.chmod(0o755)
    assert result.exit_code == 2
    assert "permission denied" in result.stderr


def test_locked_by_a_program_that_is_none_of_ours(durable: Durable, tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    SqliteStore(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    result = durable("run", f"{FUNCTIONS}/in_def.py:handler", "--store", path)
    other.close()
    assert result.exit_code == 2
    assert f"{path} is locked by another process" in result.stderr
