"""What an earlier version began, today's code ends: from every state that its store was in."""

import json
from pathlib import Path
from typing import Any

import pytest

from lambda_durable_kernel import DurableService
from lambda_durable_local.store import SqliteStore
from lambda_durable_testing.recorded import Recording as Recorded
from lambda_durable_testing.recorded import replay

from . import record
from .executions import HANDLERS, finish, make_service
from .recordings import FOLDER, Recording

FILES = sorted(FOLDER.glob("*/*.json.gz"))
RECORDED = pytest.mark.parametrize(
    "file", FILES, ids=lambda file: f"{file.parent.name}-{file.name.removesuffix('.json.gz')}"
)


def outcome(status: str, result: str | None, error: Any) -> tuple[str, Any, Any]:
    """Return what an execution is compared by; where in a file it failed may change."""
    kept = {name: error[name] for name in ("ErrorType", "ErrorMessage")} if error else None
    return status, json.loads(result) if result else None, kept


@pytest.mark.exhaustive
@pytest.mark.timeout(300)
@RECORDED
def test_executions_go_on_from_every_state(file: Path, tmp_path: Path) -> None:
    recording = Recording.load(file)
    expected = outcome(recording.status, recording.result, recording.error)
    # The first state is the empty store, the second the execution that was just started.
    for number in range(2, len(recording.states) + 1):
        path = tmp_path / f"state-{number}.db"
        recording.write_state(number, path)
        store = SqliteStore(path)
        # No power fails here, and waiting for the disk is most of what this would take.
        store._connection.execute("PRAGMA synchronous = OFF")
        try:
            last = last_event(store, recording.arn)
            simulation = make_service(store, recording.flavour, recording.workflow, now=last)
            simulation.service.recover(last)
            done = finish(simulation, recording.arn)
        finally:
            store.close()
        where = f"{recording.version}, {recording.workflow}, after save {number}"
        assert outcome(done.status, done.result, done.error) == expected, where


def last_event(store: SqliteStore, arn: str) -> float:
    """Return when the last thing happened, in seconds: the time that it is there."""
    (event,) = store.events(arn, 0, 1, reverse=True)
    return max(event["EventTimestamp"] / 1000, 0.0)


@pytest.mark.timeout(300)
@RECORDED
def test_todays_code_repeats_what_was_recorded(file: Path, tmp_path: Path) -> None:
    recording = Recording.load(file)
    path = tmp_path / "whole.db"
    recording.write_state(len(recording.states), path)
    store = SqliteStore(path)
    try:
        recorded = Recorded.from_service(DurableService(store), recording.arn)
    finally:
        store.close()
    replay(HANDLERS[recording.flavour][recording.workflow], recorded).check()


def test_every_workflow_is_recorded_in_both_flavours() -> None:
    (newest,) = {file.parent for file in FILES if file.parent.name == newest_version()}
    names = {file.name for file in newest.iterdir()}
    assert names == {
        f"{workflow}-{flavour}.json.gz"
        for flavour, handlers in HANDLERS.items()
        for workflow in handlers
    }


def newest_version() -> str:
    """Return the version that was recorded last."""

    def numbers(version: str) -> list[int]:
        return [int(part.removeprefix("dev")) for part in version.split(".")]

    return max((file.parent.name for file in FILES), key=numbers)


def test_all_kinds_of_operations_are_recorded() -> None:
    found = set()
    for file in FILES:
        for state in Recording.load(file).states:
            for table, row in state:
                if table == "operations":
                    kept = json.loads(row[-1])["record"]
                    found.add(kept.get("SubType") or kept["Type"])
    assert found >= {
        *("Step", "Wait", "Callback", "ChainedInvoke", "RunInChildContext", "WaitForCondition"),
        *("WaitForCallback", "Map", "MapIteration", "Parallel", "ParallelBranch", "Note"),
        *("All", "Any", "Race", "Settled"),
    }


def test_a_recording_is_what_a_new_one_would_be(tmp_path: Path) -> None:
    made = record.record("9.9.9", "def", "waits", tmp_path / "store.db")
    kept = Recording.load(made.save(tmp_path))
    assert (kept.status, kept.result, kept.arn) == (made.status, made.result, made.arn)
    assert len(kept.states) == len(made.states)
    assert kept.states[0][0][0] == "lambda_durable"


@pytest.mark.parametrize("arguments", [[], ["1.2"], ["1.2.3", "4.5.6"]])
def test_the_command_wants_a_version(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert record.main(arguments) == 1
    assert "say for which version" in capsys.readouterr().err
