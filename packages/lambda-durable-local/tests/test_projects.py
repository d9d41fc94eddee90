"""`durable new` and `durable template`: what they make runs as it is made."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Durable, ReportOf
from samtranslator.translator.transform import transform
from served import served

from lambda_durable_local.projects import making
from lambda_durable_local.templates import read_templates
from lambda_durable_local.templates.documents import parse

pytestmark = pytest.mark.timeout(240)  # projects run their own tests, in processes

POLICY = "AWSLambdaBasicDurableExecutionRolePolicy"
FLAVOURS = pytest.mark.parametrize("options", [[], ["--async"]], ids=["def", "async"])
HANDLER = "from lambda_durable import durable_execution\n\n@durable_execution\n"
TIMED = """
import functools

def timed(function):
    return functools.wraps(function)(lambda *given: function(*given))

@timed
"""
PLAIN = HANDLER + "def handler(event, context):\n    return 1\n"


@pytest.fixture
def project(durable: Durable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes a project and enters it."""

    def make(*options: str) -> Path:
        result = durable("new", "welcome-mails", "--into", tmp_path, *options)
        assert result.exit_code == 0, result.output
        folder = tmp_path / "welcome-mails"
        monkeypatch.chdir(folder)
        return folder

    return make


@FLAVOURS
def test_a_new_project_passes_its_own_test(project: Any, options: list[str]) -> None:
    folder = project(*options)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        # Which pytest runs this test is no business of the project's.
        env={name: os.environ[name] for name in os.environ if not name.startswith("PYTEST")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


@FLAVOURS
def test_a_new_project_runs(project: Any, report: ReportOf, options: list[str]) -> None:
    project(*options)
    told = report("src/welcome_mails.py:handler", "--event", "event.json", "--skip-time")
    assert told["status"] == "SUCCEEDED"
    assert told["result"] == {"account": "account-of-ann@example.com", "mails": 2}


@FLAVOURS
def test_a_new_project_is_served_from_its_template(project: Any, options: list[str]) -> None:
    folder = project(*options)
    functions = read_templates([folder / "template.yaml"])
    assert [(each.name, each.durable) for each in functions] == [("welcome-mails", True)]
    with served(functions, folder / "store.db", host="process", skip_time=True) as service:
        answer = service.client.invoke(
            FunctionName="welcome-mails:live",
            InvocationType="Event",
            Payload=(folder / "event.json").read_bytes(),
        )
        arn = answer["DurableExecutionArn"]
        get = service.client.get_durable_execution
        while (found := get(DurableExecutionArn=arn))["Status"] == "RUNNING":
            time.sleep(0.05)
    assert found["Status"] == "SUCCEEDED"


@FLAVOURS
def test_a_new_project_has_what_it_needs(project: Any, options: list[str]) -> None:
    folder = project(*options)
    files = {str(file.relative_to(folder)): file.read_text() for file in files_of(folder)}
    assert {"Dockerfile", "template.yaml", ".github/workflows/test.yml"} <= set(files)
    assert "lambda-durable-retry" in files["src/requirements.txt"]
    assert 'CMD ["welcome_mails.handler"]' in files["Dockerfile"]
    assert ("async def handler" in files["src/welcome_mails.py"]) == ("--async" in options)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"Runtime: python{python}" in files["template.yaml"]
    assert f"lambda/python:{python}" in files["Dockerfile"]
    jobs = yaml.safe_load(files[".github/workflows/test.yml"])["jobs"]
    assert {"run": "python -m pytest"} in jobs["test"]["steps"]
    left = [name for name, text in files.items() if re.search(r"\{\{|\}\}|MODULE", name + text)]
    assert left == []


def files_of(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file() and each.suffix != ".pyc"]


def test_what_was_made_as_json(durable: Durable, tmp_path: Path) -> None:
    result = durable("new", "orders", "--into", tmp_path, "--runtime", "python3.12", "--json")
    told = json.loads(result.stdout)
    assert told["folder"] == str(tmp_path / "orders")
    assert sorted(told["files"]) == sorted(map(str, files_of(tmp_path / "orders")))
    assert "python3.12" in (tmp_path / "orders" / "template.yaml").read_text()


def test_what_to_do_next_is_said(durable: Durable, tmp_path: Path) -> None:
    result = durable("new", "orders", "--into", tmp_path)
    assert "durable run src/orders.py:handler --event event.json --skip-time" in result.stdout


@pytest.mark.parametrize(
    ("version", "pin"),
    [("1.2.3", "~=1.2.0"), ("0.1.0", "~=0.1.0"), ("0.1.dev3+g1", ""), ("1.0.0rc1", "")],
)
def test_plugins_are_of_the_minor_version_that_is_installed(
    durable: Durable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, pin: str
) -> None:
    monkeypatch.setattr(making, "version", lambda name: version)
    durable("new", "orders", "--into", tmp_path)
    lines = (tmp_path / "orders" / "src" / "requirements.txt").read_text().splitlines()
    assert f"lambda-durable-retry{pin}" in lines


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("9lives", "begins with a letter"),
        ("or ders", "letters, digits, - and _"),
        ("a" * 65, "up to 64"),
        ("../x", "cannot be a function's name"),
        ("class", "a word of Python's own"),
        ("json", "hide Python's own module 'json'"),
        ("Boto3", "hide the module 'boto3' that is installed"),
        ("taken", "exists already"),
        ("link", "exists already"),
    ],
)
def test_names_that_are_refused(durable: Durable, tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    before = sorted(tmp_path.iterdir())
    result = durable("new", name, "--into", tmp_path)
    assert result.exit_code == 2
    assert said in result.stderr
    assert sorted(tmp_path.iterdir()) == before
    assert list((tmp_path / "taken").iterdir()) == []


def test_a_folder_that_is_not_there(durable: Durable, tmp_path: Path) -> None:
    result = durable("new", "orders", "--into", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "there is no folder" in result.stderr


def test_nothing_is_left_half_written(
    durable: Durable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_text

    def full_disk(path: Path, text: str, **options: Any) -> int:
        if path.name == "template.yaml":
            raise OSError(28, "No space left on device")
        return write(path, text, **options)

    monkeypatch.setattr(Path, "write_text", full_disk)
    result = durable("new", "orders", "--into", tmp_path)
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert list(tmp_path.iterdir()) == []


# --- Templates ------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with handlers of several kinds, which is the current one."""
    files = {
        "src/shop/__init__.py": "",
        "src/shop/orders/__init__.py": "",
        "src/shop/orders/handler.py": PLAIN.replace("def ", "async def "),
        "src/shop/returns.py": "from .orders.handler import handler  # durable_execution\n"
        + PLAIN.replace("handler(", "take_back("),
        "src/shop/reports.py": "from lambda_durable import durable_execution\n"
        "print('working')\n" + TIMED + PLAIN.partition("\n\n")[2],
        "src/shop/script.py": "raise SystemExit('a script was run')\n",
        "tests/test_orders.py": "raise SystemExit('a test was imported')\n" + PLAIN,
        "src/shop/test_inside.py": "raise SystemExit('a test was imported')\n" + PLAIN,
        ".venv/lib/durable.py": "raise SystemExit('it is installed')\n" + PLAIN,
        "src/requirements.txt": "lambda-durable\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("place", [None, "src", "src/shop", "shop"])
def test_handlers_are_found(durable: Durable, package: Path, place: str | None) -> None:
    result = durable("template", *([place] if place else []), "--output", "template.yaml")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    functions = {each.name: each for each in read_templates([package / "template.yaml"])}
    assert {name: each.handler for name, each in functions.items()} == {
        "orders": "shop.orders.handler.handler",
        "returns-take_back": "shop.returns.take_back",
        "reports": "shop.reports.handler",
    }
    assert all(each.durable for each in functions.values())
    assert {each.logging.format for each in functions.values()} == {"JSON"}
    assert {each.target.folder for each in functions.values()} == {package / "src"}


def test_one_file_as_it_was_asked_for(durable: Durable, package: Path) -> None:
    result = durable(
        *("template", "src/shop/returns.py", "--runtime", "python3.13", "--timeout", "30"),
        *("--execution-timeout", "900", "--retention-days", "7", "--log-format", "Text"),
    )
    found = parse(result.stdout)
    (function,) = found["Resources"].values()
    assert found["Globals"]["Function"]["Runtime"] == "python3.13"
    assert found["Globals"]["Function"]["Timeout"] == 30
    assert found["Globals"]["Function"]["LoggingConfig"] == {"LogFormat": "Text"}
    assert function["Properties"] == {
        "FunctionName": "returns-take_back",
        "CodeUri": "src/",
        "Handler": "shop.returns.take_back",
        "DurableConfig": {"ExecutionTimeout": 900, "RetentionPeriodInDays": 7},
        "Policies": [POLICY],
    }


def test_json_says_the_same(durable: Durable, package: Path) -> None:
    text = durable("template", "src").stdout
    assert json.loads(durable("template", "src", "--json").stdout) == parse(text)


def test_sam_takes_the_template(
    durable: Durable, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    document = parse(durable("template", "src").stdout)
    for resource in document["Resources"].values():
        resource["Properties"]["CodeUri"] = "s3://bucket/key"  # as `sam package` makes it

    class Policies:
        def load(self) -> dict[str, str]:
            return {POLICY: f"arn:aws:iam::aws:policy/service-role/{POLICY}"}

    resources = transform(document, {}, Policies())["Resources"]
    assert resources["Orders"]["Properties"]["DurableConfig"]["ExecutionTimeout"] == 604_800
    assert resources["OrdersAliaslive"]["Type"] == "AWS::Lambda::Alias"
    (policy,) = resources["OrdersRole"]["Properties"]["ManagedPolicyArns"]
    assert policy.endswith(POLICY)


def test_equal_names_are_told_apart_by_their_folders(durable: Durable, tmp_path: Path) -> None:
    for name in ("north/orders.py", "south/orders.py", "east/handler.py", "west/handler.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(PLAIN)
    result = durable("template", tmp_path)
    names = {
        each["Properties"]["FunctionName"] for each in parse(result.stdout)["Resources"].values()
    }
    assert names == {"north-orders", "south-orders", "east", "west"}
    assert result.stderr.count("has no requirements.txt") == 4


@pytest.mark.parametrize(
    ("files", "place", "said"),
    [
        ({}, "nowhere", "'nowhere' is neither a folder, nor a Python file, nor a package"),
        ({"a.txt": ""}, "a.txt", "is not a Python file"),
        ({"a.py": "x = 1"}, ".", "no durable handlers in .: functions that are decorated with"),
        ({"a.py": PLAIN + "import gone"}, ".", "a.py cannot be imported: ModuleNotFoundError"),
        ({"a.py": PLAIN + "1 / 0"}, "a.py", "line 6, in <module>"),
        ({"a.py": PLAIN + "raise SystemExit(3)"}, ".", "a.py cannot be imported: SystemExit: 3"),
        ({"a.py": PLAIN + "import os; os._exit(3)"}, ".", "a.py ended the process"),
        (
            {"a/x/f.py": PLAIN, "b/x/f.py": PLAIN},
            ".",
            "would both be the function 'x-f'",
        ),
    ],
)
def test_what_no_template_can_be_made_of(
    durable: Durable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    place: str,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    result = durable("template", place, "--output", "template.yaml")
    assert result.exit_code == 2
    assert said in result.stderr
    assert not Path("template.yaml").exists()


def test_a_template_is_not_overwritten(durable: Durable, package: Path) -> None:
    (package / "template.yaml").write_text("mine")
    result = durable("template", "src", "--output", "template.yaml")
    assert result.exit_code == 2
    assert "template.yaml exists already" in result.stderr
    assert (package / "template.yaml").read_text() == "mine"


def test_places_that_cannot_be_written(durable: Durable, package: Path) -> None:
    result = durable("template", "src", "--output", "nowhere/template.yaml")
    assert "there is no folder nowhere" in result.stderr
    result = durable("template", "src", "--python", "/nowhere/python")
    assert "cannot run /nowhere/python: No such file or directory" in result.stderr
