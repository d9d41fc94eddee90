"""Documents can show only commands that are run or checked."""

import pytest

from tools.commands import Command, Known, UnknownCommandError, lines, to_run

KNOWN = Known(
    sessions={"tests", "demo"},
    distributions={"lambda-durable": {"retry", "standard"}, "lambda-durable-retry": set()},
)


def run(line: str) -> list[Command]:
    return list(to_run(line, KNOWN))


def test_lines_of_a_console() -> None:
    code = "$ durable run \\\n    handler.py:handler\nsome output\n$ python x.py\n"
    assert list(lines(code, "console")) == ["durable run handler.py:handler", "python x.py"]


def test_lines_of_a_shell_script() -> None:
    assert list(lines("# why\ndurable list\n\n$ nox\n", "bash")) == ["durable list", "nox"]


def test_what_runs() -> None:
    assert run("durable run handler.py:handler --event '{}'") == [
        Command(["durable", "run", "handler.py:handler", "--event", "{}"])
    ]
    assert run(".venv/bin/python3.11 x.py") == [Command(["python", "x.py"])]
    assert run("A=1 B_C='2 3' python x.py") == [
        Command(["python", "x.py"], {"A": "1", "B_C": "2 3"})
    ]
    assert run("cd x && durable list") == [Command(["durable", "list"])]


@pytest.mark.parametrize(
    "line",
    [
        'python3.11 -m venv .venv && .venv/bin/pip install -q "nox[uv]" && .venv/bin/nox -s demo',
        ".venv/bin/nox",
        'nox -s "tests-3.11(lambda-durable)" -- -k anything',
        "nox -s tests-3.12",
        'pip install "lambda-durable[retry,standard]" lambda-durable-retry',
        "python -m pip install lambda-durable",
        "mkdir shop",
    ],
)
def test_what_is_only_checked(line: str) -> None:
    assert run(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "rm -rf /",
        "durable list && curl example.com",
        "pip install requests",
        "pip install lambda-durable-nothing",
        'pip install "lambda-durable[nothing]"',
        "nox -s nothing",
        'nox -s "tests(lambda-durable-nothing)"',
    ],
)
def test_what_is_refused(line: str) -> None:
    with pytest.raises(UnknownCommandError):
        run(line)
