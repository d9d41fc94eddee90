"""Functions in execution environments: Lambda's own runtime in processes of this machine."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from environment_hosts import FUNCTIONS, SERVICE, running

from lambda_durable_kernel import Quotas, Settings
from lambda_durable_local.errors import HostError, TargetError
from lambda_durable_local.functions import Image, LocalFunction, Logging
from lambda_durable_local.hosts.environments import process_launcher
from lambda_durable_local.hosts.inprocess import InProcessHost
from lambda_durable_local.hosts.log_files import LogFiles
from lambda_durable_local.hosts.pool import Environments
from lambda_durable_local.targets import Target


def until(true: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    while not true():
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_an_environment_is_used_again() -> None:
    with running() as run:
        first, second = run.answer(), run.answer()
    assert first["pid"] == second["pid"] != os.getpid()
    assert run.lines.count("imported") == 1
    assert not alive(first["pid"])


def test_what_a_function_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    monkeypatch.setenv("SECRET", "mine")
    options = {
        "runtime": "python3.13",
        "memory_mb": 256,
        "environment": {"OWN": "1", "TZ": "Europe/Vienna"},
        "logging": Logging("JSON", "WARN"),
    }
    with running(**options) as run:
        told = run.answer(tenant="blue")
    given = told["environment"]
    assert (
        given.items()
        >= {
            "OWN": "1",
            "TZ": "Europe/Vienna",
            "AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:9",
            "AWS_ACCESS_KEY_ID": "key-1",
            "AWS_REGION": "us-east-1",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_FUNCTION_NAME": "fn",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_LOG_LEVEL": "WARN",
            "LAMBDA_TASK_ROOT": str(FUNCTIONS),
            "_HANDLER": "in_lambda.handler",
        }.items()
    )
    assert not given.keys() & {"SECRET", "AWS_PROFILE", "HOME"}
    assert told["path"][0] == told["folder"] == str(FUNCTIONS)
    assert told["arn"] == "arn:aws:lambda:us-east-1:123456789012:function:fn:$LATEST"
    assert told["tenant"] == "blue"
    assert 0 < told["remaining"] <= 60_000


def test_an_exception_is_an_error_and_the_environment_goes_on() -> None:
    with running() as run:
        before = run.answer()
        error = run.error(**{"raise": "no"})
        after = run.answer()
    assert (error["ErrorType"], error["ErrorMessage"]) == ("ValueError", "no")
    assert "in handler" in error["StackTrace"][-1]
    assert after["pid"] == before["pid"]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"exit": 3}, "Runtime exited with error: exit status 3"),
        ({"exit": 0}, "Runtime exited without providing a reason"),
        ({"signal": "SIGKILL"}, "Runtime exited with error: signal: killed"),
    ],
)
def test_a_process_that_ends_has_crashed(event: dict[str, object], reason: str) -> None:
    with running() as run:
        first = run.answer()
        error = run.error(**event)
        after = run.answer()
    assert error["ErrorType"] == "Runtime.ExitError"
    assert re.fullmatch(rf"RequestId: id-\d+ Error: {reason}", error["ErrorMessage"])
    assert after["pid"] != first["pid"]


def test_a_process_that_was_ended_between_invocations_is_replaced() -> None:
    with running() as run:
        first = run.answer()["pid"]
        os.kill(first, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{first}").exists())
        assert run.answer()["pid"] != first


def test_an_invocation_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with running(timeout=3.0) as run:
        error = run.error(note=str(note), **{"await": str(tmp_path / "never")})
    assert error == {
        "ErrorType": "Sandbox.Timedout",
        "ErrorMessage": "Task timed out after 3.00 seconds",
    }
    assert not alive(int(note.read_text()))
    assert any(line.endswith("Task timed out after 3.00 seconds") for line in run.lines)
    assert run.lines[-1].endswith("Status: timeout")


@pytest.mark.parametrize(
    ("code", "type", "message"),
    [
        ("import nothing_of_that_name", "Runtime.ImportModuleError", "Unable to import module"),
        ("handler = ", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
        ("1 / 0", "ZeroDivisionError", "division by zero"),
        ("other = None", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("import os; os._exit(4)", "Runtime.ExitError", "exit status 4"),
    ],
)
def test_code_that_cannot_be_imported(tmp_path: Path, code: str, type: str, message: str) -> None:
    (tmp_path / "app.py").write_text(f"{code}\n")
    with running(f"{tmp_path / 'app.py'}:handler") as run:
        for _ in range(2):  # each time anew, as in Lambda
            error = run.error()
            assert error["ErrorType"] == type
            assert message in error["ErrorMessage"]


def test_a_response_that_is_too_large() -> None:
    quotas = Quotas(execution_payload_bytes=1000)
    with running(settings=Settings(quotas=quotas)) as run:
        error = run.error(bytes=1_000_000)
        assert error["ErrorType"] == "Function.ResponseSizeTooLarge"
        assert run.answer(bytes=900) == "x" * 900


TIMES = r"\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB"
MEMORY = r"\tMax Memory Used: \d+ MB"
TEXT_LOG = rf"""imported
START RequestId: id-\d+ Version: \$LATEST
event \['log'\]
\[INFO\]\t\S+Z\tid-\d+\ttold
END RequestId: id-\d+
REPORT RequestId: id-\d+{TIMES}{MEMORY}\tInit Duration: [\d.]+ ms
START RequestId: id-\d+ Version: \$LATEST
event \['raise'\]
\[ERROR\] ValueError: no
Traceback \(most recent call last\):
.*in handler
.*raise ValueError.*
END RequestId: id-\d+
REPORT RequestId: id-\d+{TIMES}{MEMORY}
START RequestId: id-\d+ Version: \$LATEST
event \['exit'\]
RequestId: id-\d+ Error: Runtime exited with error: exit status 1
END RequestId: id-\d+
REPORT RequestId: id-\d+{TIMES}\tStatus: error\tError Type: Runtime.ExitError"""


def test_the_log_as_text() -> None:
    with running() as run:
        run.answer(log="told")
        run.error(**{"raise": "no"})
        run.error(exit=1)
    expected = TEXT_LOG.splitlines()
    assert len(run.lines) == len(expected), run.lines
    for line, pattern in zip(run.lines, expected, strict=True):
        assert re.fullmatch(pattern, line), line


def test_lines_of_threads_are_not_mixed() -> None:
    with running() as run:
        run.answer(threads=4)
        run.answer(partial="no end")
        run.answer(partial=" yet")
    shouted = [line for line in run.lines if line[:1].isdigit()]
    assert sorted(shouted) == sorted(str(number) * 50 for number in range(4) for _ in range(100))


def test_a_last_line_without_an_end(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import sys\nprint('no end', end='')\nsys.exit(3)\n")
    with running(f"{tmp_path / 'app.py'}:handler") as run:
        assert run.error()["ErrorMessage"].endswith("exit status 3")
    assert "no end" in run.lines


def test_the_log_as_json() -> None:
    with running(logging=Logging("JSON")) as run:
        run.answer(log="told")
        run.error(exit=1)
    events = [json.loads(line) for line in run.lines if line.startswith("{")]
    assert [event.get("type", event.get("level")) for event in events] == [
        "platform.start",
        "INFO",
        "platform.report",
        "platform.start",
        "platform.report",
    ]
    assert events[1]["message"] == "told"
    assert events[1]["requestId"] == events[0]["record"]["requestId"]
    good, bad = events[2]["record"], events[4]["record"]
    assert good["status"] == "success"
    assert good["metrics"].keys() >= {"durationMs", "billedDurationMs", "initDurationMs"}
    assert (bad["status"], bad["errorType"]) == ("error", "Runtime.ExitError")


def test_a_level_keeps_records_out_of_the_log() -> None:
    def told(level: str | None) -> list[str]:
        with running(logging=Logging("JSON", level)) as run:
            run.answer(log="told", warn="warned")
        return [line for line in run.lines if '"message"' in line]

    assert len(told("INFO")) == len(told(None)) == 2
    assert len(told("WARN")) == 1


def test_invocations_at_once_have_environments_of_their_own_up_to_a_limit(tmp_path: Path) -> None:
    go = tmp_path / "go"
    pids: list[int] = []
    with running(concurrency=2) as run:

        def work(number: int) -> None:
            note = str(tmp_path / f"note-{number}")
            pids.append(run.answer(note=note, **{"await": str(go)})["pid"])

        threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
        for thread in threads:
            thread.start()
        until(lambda: len(list(tmp_path.glob("note-*"))) == 2)
        assert not pids
        go.touch()
        for thread in threads:
            thread.join()
        assert len(list(tmp_path.glob("note-*"))) == 5
    assert len(pids) == 5
    assert len(set(pids)) == 2


def test_an_environment_serves_one_tenant() -> None:
    with running() as run:
        blue, red, again = (run.answer(tenant)["pid"] for tenant in ("blue", "red", "blue"))
    assert blue == again != red


def test_the_environments_that_ran_longest_ago_are_ended() -> None:
    shared = Environments(max_idle=2)
    try:
        with (
            running(environments=shared, name="a") as a,
            running(environments=shared, name="b") as b,
            running(environments=shared, name="c") as c,
        ):
            first, second = a.answer()["pid"], b.answer()["pid"]
            assert a.answer()["pid"] == first
            third = c.answer()["pid"]
            assert [alive(pid) for pid in (first, second, third)] == [True, False, True]
            assert a.answer()["pid"] == first
    finally:
        shared.close()


def test_closing_ends_what_runs(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    errors = []
    with running() as run:
        thread = threading.Thread(
            target=lambda: errors.append(
                run.error(note=str(note), **{"await": str(tmp_path / "never")})
            )
        )
        thread.start()
        until(lambda: note.exists() and note.read_text())
    thread.join()
    assert not alive(int(note.read_text()))
    assert errors[0]["ErrorType"] == "Runtime.ExitError"


def test_functions_end_with_the_service(tmp_path: Path) -> None:
    """Killed without a word, the service leaves no process behind, not even a busy one."""
    note = tmp_path / "pid"
    program = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from environment_hosts import running
with running() as run:
    run.answer(note={str(note)!r}, **{{"await": {str(tmp_path / "never")!r}}})
"""
    service = subprocess.Popen([sys.executable, "-c", program])
    until(lambda: note.exists() and note.read_text())
    service.kill()
    service.wait()
    until(lambda: not alive(int(note.read_text())))


def test_an_interpreter_without_the_runtime_borrows_ours(tmp_path: Path) -> None:
    venv.create(tmp_path / "v", with_pip=False, symlinks=True)
    python = tmp_path / "v" / "bin" / "python"
    with running(python=str(python)) as run:
        run.host.load()
        path = run.answer()["path"]
        assert run.answer()["environment"]["_HANDLER"] == "in_lambda.handler"
    # Nothing else of ours comes with it.
    assert not any(str(Path(pytest.__file__).parent.parent) == each for each in path)


def other_pythons() -> list[str]:
    """Return interpreters of other versions that are here and can be started."""
    names = [f"python3.{minor}" for minor in range(11, 16) if minor != sys.version_info.minor]
    found = [path for name in names if (path := shutil.which(name))]
    return [
        path
        for path in found
        if subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0
    ]


OTHERS = other_pythons()


@pytest.mark.skipif(not OTHERS, reason="there is one version of Python here")
def test_an_interpreter_of_another_version(tmp_path: Path) -> None:
    python = OTHERS[0]
    folder = tmp_path / "v"
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True)
    (tmp_path / "app.py").write_text(
        "import sys\ndef handler(event, context): return list(sys.version_info)[:2]\n"
    )
    with running(f"{tmp_path / 'app.py'}:handler", python=str(folder / "bin" / "python")) as run:
        run.host.load()
        assert run.answer() == [3, int(python.rpartition(".")[2])]


def test_a_relative_interpreter_is_one_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "py").symlink_to(sys.executable)
    monkeypatch.chdir(tmp_path)
    with running(python="bin/py") as run:
        run.host.load()
        assert run.answer()["folder"] == str(FUNCTIONS)


def test_modules_of_layers(tmp_path: Path) -> None:
    for folder, module in (("one/python", "first"), ("two", "second"), ("code", "app")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"{module}.py").write_text("value = 1\n")
    app = tmp_path / "code" / "app.py"
    app.write_text("import first, second\ndef handler(event, context): return first.value\n")
    layers = (tmp_path / "one", tmp_path / "two")
    with running(f"{app}:handler", layers=layers) as run:
        assert run.host.load().durable is False
        assert run.answer() == 1


@pytest.mark.parametrize(
    ("code", "durable"),
    [
        ("def handler(event, context): pass", False),
        ("print('True')\nhandler = print", False),
        ("@durable_execution\ndef handler(event, ctx): pass", True),
        ("@other\n@durable_execution\ndef handler(event, ctx): pass", True),
    ],
)
def test_whether_a_function_is_durable(tmp_path: Path, code: str, durable: bool) -> None:
    decorators = """
import functools
from lambda_durable import durable_execution
def other(function):
    @functools.wraps(function)
    def wrapper(event, context):
        return function(event, context)
    return wrapper
"""
    (tmp_path / "app.py").write_text(decorators + code)
    with running(f"{tmp_path / 'app.py'}:handler") as run:
        assert run.host.load().durable is durable
    with running(f"{tmp_path / 'app.py'}:handler", durable=not durable) as run:
        assert run.host.load().durable is not durable


def test_a_function_that_has_to_be_imported_and_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import nothing_of_that_name")
    with (
        running(f"{tmp_path / 'app.py'}:handler") as run,
        pytest.raises(TargetError, match="No module named 'nothing_of_that_name'") as caught,
    ):
        run.host.load()
    assert any("app.py" in line for line in caught.value.details)


def test_an_interpreter_that_is_none(tmp_path: Path) -> None:
    with (
        running(python=str(tmp_path / "none")) as run,
        pytest.raises(HostError, match="cannot run .*none: No such file"),
    ):
        run.host.load()
    bad = tmp_path / "bad"
    bad.write_text("#!/bin/sh\necho 'No module named awslambdaric' >&2\nexit 1\n")
    bad.chmod(0o755)
    with (
        running(python=str(bad)) as run,
        pytest.raises(HostError, match="-m pip install awslambdaric"),
    ):
        run.host.load()


def test_a_program_that_is_gone_is_an_error_of_the_invocation(tmp_path: Path) -> None:
    target = Target("x", "", "", tmp_path)
    with running(target, command=[str(tmp_path / "none")]) as run:
        error = run.error()
    assert error["ErrorType"] == "Runtime.InvalidEntrypoint"
    assert "No such file" in error["ErrorMessage"]


def test_a_runtime_of_ones_own() -> None:
    command = [sys.executable, "-u", "runtime_of_ones_own.py"]
    target = Target("x", "", "", FUNCTIONS)
    with running(target, command=command, runtime="nodejs22.x", handler="a/b.c") as run:
        run.host.load()
        assert run.answer(a=1) == {"handler": "a/b.c", "event": {"a": 1}}
        assert run.answer(a=2)["event"] == {"a": 2}
    assert "own runtime {'a': 2}" in run.lines


def test_a_bootstrap_program(tmp_path: Path) -> None:
    target = Target("x", "", "", tmp_path)
    bootstrap = tmp_path / "bootstrap"
    with running(target, runtime="provided.al2023") as run:
        with pytest.raises(TargetError, match="there must be a program"):
            run.host.load()
        bootstrap.write_text(
            f"#!/bin/sh\nexec {sys.executable} {FUNCTIONS / 'runtime_of_ones_own.py'}\n"
        )
        bootstrap.chmod(0o755)
        run.host.load()
        assert run.answer(a=1)["event"] == {"a": 1}


def test_what_cannot_be_started_as_a_process(tmp_path: Path) -> None:
    plain = LocalFunction("fn", Target("x", "", "", tmp_path), runtime="nodejs22.x")
    for function in (plain, replace(plain, runtime="", image=Image("a:b"))):
        with pytest.raises(TargetError, match="--host docker"):
            process_launcher(function, SERVICE).check()


def test_what_cannot_run_in_this_process(tmp_path: Path) -> None:
    function = LocalFunction("fn", Target("x", "", "", tmp_path), runtime="nodejs22.x")
    with pytest.raises(TargetError, match="use --host process"):
        InProcessHost(function).load()


def test_logs_in_files(tmp_path: Path) -> None:
    files = LogFiles(tmp_path / "logs")
    write = files.writer("fn")
    write("one")
    assert files.path("fn").read_text() == "one\n"
    write("two \ud800")
    files.close()
    write("late")
    again = LogFiles(tmp_path / "logs")
    again.writer("fn")("three")
    again.close()
    assert files.path("fn").read_text() == "one\ntwo ?\nthree\n"
    with pytest.raises(HostError, match="cannot be made"):
        LogFiles(files.path("fn"))
