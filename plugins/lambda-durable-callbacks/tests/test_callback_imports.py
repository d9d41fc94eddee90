"""What importing the package costs, in a handler without callbacks and beside one."""

import subprocess
import sys

import pytest


def loaded_by(code: str) -> set[str]:
    """Return the modules that an interpreter has loaded after running the code."""
    script = f"import sys; sys.path[:] = {sys.path!r}\n{code}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_operations_and_boto3_are_imported_when_they_are_used() -> None:
    loaded = loaded_by("import lambda_durable.invocation, lambda_durable_callbacks")
    added = loaded - loaded_by("import lambda_durable.invocation")  # as every invocation does
    assert {name for name in added if not name.startswith("lambda_durable_callbacks")} == set()
    assert {f"lambda_durable_callbacks.{name}" for name in ("creating", "waiting", "results")} & (
        loaded
    ) == set()


@pytest.mark.parametrize("module", ["boto3", "asyncio", "lambda_durable.clients.connection"])
def test_a_client_that_was_not_used(module: str) -> None:
    assert module not in loaded_by(
        "from lambda_durable_callbacks import CallbackClient; CallbackClient()"
    )
