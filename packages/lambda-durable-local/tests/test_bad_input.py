"""What is wrong with the input is said in words, with exit status 2 and no traceback of ours."""

import json
from pathlib import Path

import pytest
from conftest import FUNCTIONS, Durable

HOSTS = pytest.mark.parametrize("host", ["process", "inprocess"])
GOOD = f"{FUNCTIONS}/in_def.py:handler"


def refused(durable: Durable, *arguments: object, input: str | bytes | None = None) -> str:
    result = durable(*arguments, input=input)
    assert result.exit_code == 2, result.output
    assert "lambda_durable_local" not in result.stderr
    return result.stderr


# The event


def test_an_event_file_that_is_not_json(durable: Durable, tmp_path: Path) -> None:
    event = tmp_path / "order.json"
    event.write_text('{\n  "id": 1,\n  "items": [1, 2\n}\n')
    said = refused(durable, "run", GOOD, "--event", event)
    assert said == (
        f"Error: {event}, line 4, column 1: not JSON: Expecting ',' delimiter\n  }}\n  ^\n"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1', "--event, line 1, column 8: not JSON: Expecting ',' delimiter"),
        ("{'a': 1}", "--event, line 1, column 2: not JSON"),
        ('{"a": NaN}', "--event is not JSON: NaN is not a value that JSON has"),
        ("nonsense.json", "there is no such file, and it is no JSON either"),
        ("nowhere/order.json", "no file nowhere/order.json, and no folder nowhere either"),
        (".", ". is a folder; give a file"),
    ],
)
def test_events_that_are_none(durable: Durable, text: str, reason: str) -> None:
    assert reason in refused(durable, "run", GOOD, "--event", text)


def test_an_event_file_with_a_near_name(durable: Durable, tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text("{}")
    said = refused(durable, "run", GOOD, "--event", tmp_path / "oder.json")
    assert f"did you mean {tmp_path}/order.json?" in said


def test_standard_input_that_is_not_text(durable: Durable) -> None:
    said = refused(durable, "run", GOOD, "--event", "-", input=b'{"a": "\xff"}')
    assert "standard input is not UTF-8 text: byte 8 is 0xff" in said
    said = refused(durable, "run", GOOD, "--event", "-", input=" \n")
    assert "standard input is empty, not JSON; for an empty event, write {}" in said


def test_an_event_that_is_too_large(durable: Durable, tmp_path: Path) -> None:
    event = tmp_path / "large.json"
    event.write_text(json.dumps(["x" * 6_291_456]))
    said = refused(durable, "run", GOOD, "--event", event)
    assert "the event takes 6,291,460 bytes; Lambda takes at most 6,291,456 (6 MB)" in said
    assert "--no-quotas" in said


# The target


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("handler.py", "does not say which function: write FILE.py:NAME or MODULE:NAME"),
        (":handler", "for example handler:handler"),
        ("handler.py:", "for example handler.py:handler"),
        ("handler.py:a-b", "'a-b' cannot be the name of a function"),
        ("my-module:handler", "is neither a file, as in FILE.py:NAME, nor a module"),
        (
            "nowhere/handler.py:handler",
            "there is no file nowhere/handler.py, and no folder nowhere",
        ),
        (f"{FUNCTIONS}/in_dff.py:handler", f"did you mean {FUNCTIONS}/in_def.py"),
        (f"{FUNCTIONS}/:handler", "is a folder, not a file"),
    ],
)
def test_targets_that_are_none(durable: Durable, target: str, reason: str) -> None:
    assert reason in refused(durable, "run", target)


@HOSTS
@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (f"{FUNCTIONS}/in_def.py:handlr", "has no 'handlr'; did you mean handler?"),
        (
            f"{FUNCTIONS}/in_def.py:zzz",
            "has no 'zzz'; there are: calling, charging, child, dying, failing, handler",
        ),
        (
            f"{FUNCTIONS}/in_def.py:not_a_function",
            "'not_a_function' is of type int, not a function",
        ),
        (
            f"{FUNCTIONS}/in_def.py:plain",
            "is a plain function, not a durable handler: put @durable_execution above it",
        ),
        ("lambda_durabel:handler", "there is no module 'lambda_durabel' here or installed"),
        ("email.mim.text:handler", "there is no module 'mim' in package email; did you mean mime?"),
    ],
)
def test_functions_that_are_none(durable: Durable, target: str, reason: str, host: str) -> None:
    assert reason in refused(durable, "run", target, "--host", host)


@HOSTS
def test_an_error_in_the_users_file(durable: Durable, tmp_path: Path, host: str) -> None:
    file = tmp_path / f"wrong_{host}.py"
    file.write_text("import json\n\n\ndef price():\n    return 1 / 0\n\n\nPRICE = price()\n")
    said = refused(durable, "run", f"{file}:handler", "--host", host)
    assert said.startswith(f"Error: {file} cannot be imported: ZeroDivisionError: division by zero")
    assert f'File "{file}", line 8, in <module>\n    PRICE = price()' in said
    assert f'File "{file}", line 5, in price\n    return 1 / 0' in said
    assert said.count("File ") == 2


def test_a_module_that_the_users_file_misses(durable: Durable, tmp_path: Path) -> None:
    file = tmp_path / "wanting.py"
    file.write_text("import nowhere_to_be_found\n")
    said = refused(durable, "run", f"{file}:handler")
    assert "ModuleNotFoundError: No module named 'nowhere_to_be_found'" in said
    assert f'File "{file}", line 1, in <module>' in said


def test_a_syntax_error(durable: Durable, tmp_path: Path) -> None:
    file = tmp_path / "unfinished.py"
    file.write_text("def handler(event, context)\n    pass\n")
    said = refused(durable, "run", f"{file}:handler")
    assert "cannot be imported: SyntaxError" in said
    assert f'File "{file}", line 1' in said
    assert "    def handler(event, context)\n" in said


def test_a_file_that_ends_its_process(durable: Durable, tmp_path: Path) -> None:
    file = tmp_path / "gone.py"
    file.write_text("import os\nos._exit(4)\n")
    said = refused(durable, "run", f"{file}:handler")
    assert (
        "ended before it could take an invocation: Runtime exited with error: exit status 4" in said
    )


def test_two_files_of_one_name_in_one_process(durable: Durable, tmp_path: Path) -> None:
    (tmp_path / "in_def.py").write_text("")
    durable("run", GOOD, "--host", "inprocess", "--skip-time")
    said = refused(durable, "run", f"{tmp_path}/in_def.py:handler", "--host", "inprocess")
    assert "a module named 'in_def' is imported already" in said


# Options


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--env", "COLOUR"], "'COLOUR' is not NAME=VALUE"),
        (["--function", "child"], "'child' is not NAME=TARGET"),
        (["--function", "a b=x.py:y"], "with a NAME of letters, digits, - and _"),
        (["--function", f"in_def={GOOD}"], "'in_def' is the name of TARGET itself"),
        (["--function", f"x={GOOD}", "--function", f"x={GOOD}"], "'x' is given twice"),
        (["--function", f"x={FUNCTIONS}/in_def.py:nothing"], "has no 'nothing'"),
        (["--python", "/nowhere/python"], "cannot run /nowhere/python: No such file or directory"),
        (["--timeout", "0"], "0.0 is not in the range 0<x<=900"),
        (["--host", "docker"], "'docker' is not one of 'process', 'inprocess'"),
        (["--name", "a name"], "name"),
    ],
)
def test_options_that_are_refused(durable: Durable, options: list[str], reason: str) -> None:
    assert reason in refused(durable, "run", GOOD, *options)


def test_an_interpreter_without_the_package(durable: Durable, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'No module named lambda_durable_local' >&2\nexit 1\n")
    python.chmod(0o755)
    result = durable("run", GOOD, "--python", python)
    assert result.exit_code == 2
    assert f"is lambda-durable-local installed for {python}?" in result.stderr
    assert "| No module named lambda_durable_local" in result.stdout


def test_the_same_name_with_another_event(durable: Durable, tmp_path: Path) -> None:
    arguments = ("run", GOOD, "--skip-time", "--name", "n", "--store", tmp_path / "s.db")
    assert durable(*arguments, "--event", '{"seconds": 0}').exit_code == 0
    said = refused(durable, *arguments, "--event", "{}")
    assert "'n' was already started with another payload" in said
