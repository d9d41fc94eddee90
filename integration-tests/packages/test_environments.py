"""From built wheels in fresh environments: core alone, core with each of the others alone, all."""

import json
from pathlib import Path

import pytest
from environments import install, make, run, wheel
from expected import check
from lowest import closure
from packaging.utils import canonicalize_name
from services import FLAVOURS, FUNCTIONS, check_words, modules

PLUGINS = ["retry", "serializers", "callbacks", "concurrency", "lean-client"]
WITH_OTHERS = [
    "lambda_durable_testing.pytest_plugin",
    "lambda_durable_testing.recorded.pytest_support",
    "lambda_durable_testing.recorded.commands",
]
"""Modules that only pytest imports, or the command `durable`: who has them has what they need."""


def test_core_alone(folder: Path) -> None:
    """It brings pluggy and boto3, and what these need; each word names its plugin."""
    python = make(folder, [wheel("lambda-durable")])
    assert modules(python).keys() == {"lambda-durable"}
    for told in check_words(python, []):
        others = {*map(canonicalize_name, told["distributions"])} - {"pip", "setuptools"}
        assert others == {"lambda-durable", *closure("boto3", "pluggy")}
        assert told["boto3"] is True


@pytest.mark.parametrize("plugin", PLUGINS)
def test_core_with_one_plugin(folder: Path, plugin: str) -> None:
    """Its words work, and no others; it is found through its import name or its entry point."""
    python = make(folder, [wheel("lambda-durable", plugin), wheel(f"lambda-durable-{plugin}")])
    assert modules(python).keys() == {"lambda-durable", f"lambda-durable-{plugin}"}
    for told in check_words(python, [plugin]):
        assert told["entry points"] == [plugin.replace("-", "_")]
        # The lean client is used by being installed, and then boto3 is not even imported.
        assert told["boto3"] is (plugin != "lean-client")


def test_core_with_the_kernel(folder: Path) -> None:
    """The state machine needs nothing but core."""
    python = make(folder, [wheel("lambda-durable"), wheel("lambda-durable-kernel")])
    assert modules(python).keys() == {"lambda-durable", "lambda-durable-kernel"}
    check_words(python, [])


def test_core_with_the_testing_harness(folder: Path) -> None:
    """A workflow is tested without the local service, pytest or a plugin."""
    names = ["lambda-durable-kernel", "lambda-durable-testing"]
    python = make(folder, [wheel("lambda-durable", "testing"), *map(wheel, names)])
    assert modules(python, *WITH_OTHERS).keys() == {"lambda-durable", *names}
    program = f"""
import json, sys
sys.path.insert(0, {str(FUNCTIONS)!r})
import words
from lambda_durable_testing import run
print(json.dumps([run(handler).result["said"] for handler in (words.plain, words.awaited)]))
"""
    for said in json.loads(run(str(python), "-c", program)):
        check(said, [])


def test_core_with_the_local_service(folder: Path) -> None:
    """The command runs executions from an environment of its own."""
    names = ["lambda-durable-kernel", "lambda-durable-local"]
    python = make(folder, [wheel("lambda-durable", "local"), *map(wheel, names)])
    assert modules(python).keys() == {"lambda-durable", *names}
    command = str(python.with_name("durable"))
    for flavour in FLAVOURS:
        target = f"{FUNCTIONS / 'words.py'}:{flavour}"
        told = json.loads(run(command, "run", target, "--skip-time", "--json"))
        check(told["result"]["said"], [])


def test_all(folder: Path) -> None:
    """Everything together: each word works, and `durable` has the commands that others add."""
    names = ["kernel", "local", "testing", *PLUGINS]
    wheels = [wheel("lambda-durable", "standard,local,testing,lean-client")]
    python = make(folder, [*wheels, *(wheel(f"lambda-durable-{name}") for name in names)])
    found = modules(python, *WITH_OTHERS)
    assert found.keys() == {"lambda-durable", *(f"lambda-durable-{name}" for name in names)}
    for told in check_words(python, PLUGINS):
        assert told["entry points"] == sorted(plugin.replace("-", "_") for plugin in PLUGINS)
    install(python, "pytest>=8")
    assert modules(python).keys() == found.keys()
    help_text = run(str(python.with_name("durable")), "--help")
    assert "record" in help_text
    assert "replay" in help_text
