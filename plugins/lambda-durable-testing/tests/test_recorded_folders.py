"""Folders of recordings: replayed by pytest, and by the commands."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from recorded_programs import executed, order

from lambda_durable_testing.recorded import Recording, made_by
from lambda_durable_testing.recorded.commands import record_command, replay_command

pytest_plugins = ["pytester"]

SUPPORT = "lambda_durable_testing.recorded.pytest_support"
HERE = Path(__file__).parent

SOURCE = """
from recorded_programs import order
handler = order()
changed = order("rename")
no_handler = 1
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a recording, beside a module with handlers."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "orders_app.py").write_text(SOURCE, encoding="utf-8")
    simulation, arn = executed(order())
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    Recording.from_service(simulation.service, arn, handler="orders_app:handler").save(
        recordings / "one.json"
    )
    return recordings


def test_pytest_replays_a_folder(pytester: pytest.Pytester, folder: Path) -> None:
    pytester.makepyfile(test_other="def test_other(): pass")
    done = pytester.runpytest_inprocess("-p", SUPPORT, f"--durable-recordings={folder}", "-v")
    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(["*one.json*PASSED*"])


def test_pytest_shows_the_difference(pytester: pytest.Pytester, folder: Path) -> None:
    done = pytester.runpytest_inprocess(
        "-p",
        SUPPORT,
        f"--durable-recordings={folder}",
        "--durable-handler=orders_app:changed",
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*cause*renamed: step 'reserve' is now step 'book'"])
    done.stdout.no_fnmatch_line("*pytest_support.py*")


def test_pytest_reads_the_ini_file(pytester: pytest.Pytester, folder: Path) -> None:
    (pytester.path / "kept").symlink_to(folder, target_is_directory=True)
    (pytester.path / "other.json").write_text("no recording", encoding="utf-8")
    pytester.makeini("[pytest]\ndurable_recordings = kept\ndurable_handler = orders_app:handler\n")
    pytester.runpytest_inprocess("-p", SUPPORT).assert_outcomes(passed=1)


def test_pytest_says_what_is_wrong(pytester: pytest.Pytester, folder: Path) -> None:
    done = pytester.runpytest_inprocess("-p", SUPPORT, "--durable-recordings=nowhere")
    done.stderr.fnmatch_lines(["*nowhere: there is no such folder"])
    done = pytester.runpytest_inprocess(
        "-p", SUPPORT, f"--durable-recordings={folder}", "--durable-handler=orders_app:no_handler"
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*no durable handler but 1; decorate it with @durable_execution"])


def test_the_command_replays(folder: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(replay_command, [str(folder)])
    assert done.exit_code == 0, done.output
    assert "the code repeats it in all of its" in done.output
    target = f"{tmp_path / 'orders_app.py'}:changed"
    done = CliRunner().invoke(replay_command, [str(folder / "one.json"), "--handler", target])
    assert done.exit_code == 1
    assert "renamed: step 'reserve' is now step 'book'" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["{folder}", "--handler", "handler"], "module:name or file.py:name"),
        (["{folder}", "--handler", "nowhere_at_all:handler"], "cannot be imported"),
        (["{folder}", "--handler", "orders_app:absent"], "cannot be imported"),
        (["{folder}", "--handler", "orders_app:no_handler"], "is no durable handler"),
    ],
)
def test_the_command_says_what_is_wrong(folder: Path, arguments: list[str], said: str) -> None:
    given = [each.format(folder=folder) for each in arguments]
    done = CliRunner().invoke(replay_command, given)
    assert done.exit_code == 2
    assert said in done.output


def test_a_recording_without_a_handler_needs_one(folder: Path) -> None:
    simulation, arn = executed(order())
    Recording.from_service(simulation.service, arn).save(folder / "two.json")
    done = CliRunner().invoke(replay_command, [str(folder / "two.json")])
    assert "does not tell its handler" in done.output


def test_the_command_records(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3
    from test_recorded_files import Paged

    simulation, arn = executed(order(), {"card": "4242"})
    asked: list[Any] = []

    def client(*named: Any, **options: Any) -> Paged:
        asked.append((named, options))
        return Paged(simulation.service.events(arn), 9)

    monkeypatch.setattr(boto3, "client", client)
    path = tmp_path / "made.json"
    options = ["--endpoint", "http://localhost:1", "--redact", "card"]
    named = ["--handler", "orders_app:handler"]
    done = CliRunner().invoke(record_command, [arn, str(path), *options, *named])
    assert done.exit_code == 0, done.output
    assert asked == [(("lambda",), {"endpoint_url": "http://localhost:1"})]
    recording = Recording.load(path)
    assert "4242" not in path.read_text(encoding="utf-8")
    assert recording.serializers == made_by(order(), recording).serializers != {}
    done = CliRunner().invoke(record_command, [arn, str(path), "--handler", "orders_app:changed"])
    assert done.exit_code == 1
    assert "renamed" in done.output
