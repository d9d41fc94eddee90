"""In Lambda, a function's initialization loads what its first invocation needs; elsewhere nothing.

Each test looks at a fresh interpreter, where nothing else has loaded anything.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

IN_LAMBDA = {
    "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "LAMBDA_DURABLE_PLUGINS": "",
}

ELSEWHERE = {k: v for k, v in IN_LAMBDA.items() if k != "AWS_LAMBDA_RUNTIME_API"}

SERVICE = """
import sys
from lambda_durable import durable_execution, hookimpl

class Saved:
    '''A service that has saved everything that it is sent.'''

    def checkpoint(self, arn, token, updates):
        changed = [
            {"Id": each["Id"], "Type": each["Type"], "Status": "SUCCEEDED",
             "StepDetails": {"Result": each.get("Payload")}}
            for each in updates
        ]
        return {"CheckpointToken": "next", "NewExecutionState": {"Operations": changed}}

EXECUTION = {"Id": "e", "Type": "EXECUTION", "Status": "STARTED", "StartTimestamp": 1,
             "ExecutionDetails": {"InputPayload": "{}"}}
EVENT = {
    "DurableExecutionArn": "arn",
    "CheckpointToken": "first",
    "InitialExecutionState": {"Operations": [EXECUTION], "NextMarker": ""},
}
"""

HANDLERS = {
    "def": """
from lambda_durable import DurableContext

@durable_execution(plugins=PLUGINS)
def handler(event: dict, ctx: DurableContext) -> str:
    return ctx.step(str, 1)
""",
    "async def": """
from lambda_durable import AsyncDurableContext

@durable_execution(plugins=PLUGINS)
async def handler(event: dict, ctx: AsyncDurableContext) -> str:
    return await ctx.step(str, 1)
""",
}

INVOKED = """
before = set(sys.modules)
output = handler.run_invocation(EVENT, None, service=Saved())
print(output)
print("more:", *sorted(set(sys.modules) - before))
"""


def run(code: str, environment: Mapping[str, str]) -> str:
    """Return what the code prints in an interpreter of its own."""
    script = f"import sys; sys.path[:] = {sys.path!r}\n{SERVICE}\n{code}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=dict(environment),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(params=HANDLERS)
def handler(request: pytest.FixtureRequest) -> str:
    return HANDLERS[request.param]


def test_in_lambda_the_first_invocation_loads_nothing_more(handler: str) -> None:
    printed = run(f"PLUGINS = []\n{handler}\n{INVOKED}", IN_LAMBDA)
    assert "'Status': 'SUCCEEDED'" in printed
    assert printed.splitlines()[-1] == "more:"


def test_in_lambda_boto3_has_made_its_client(handler: str) -> None:
    code = """
from lambda_durable.clients import connection
print(connection._made.cache_info().currsize, "boto3" in sys.modules)
"""
    assert run(f"PLUGINS = []\n{handler}\n{code}", IN_LAMBDA).split() == ["1", "True"]


def test_elsewhere_the_decorator_loads_nothing(handler: str) -> None:
    code = "print('boto3' in sys.modules, 'lambda_durable.invocation' in sys.modules)"
    assert run(f"PLUGINS = []\n{handler}\n{code}", ELSEWHERE).split() == ["False", "False"]


@pytest.mark.parametrize(
    "module",
    [
        "asyncio",
        "boto3",
        "importlib.metadata",
        "lambda_durable.context.awaited",
        "lambda_durable.operations.condition",
        "lambda_durable.operations.invoke",
        "lambda_durable.runtimes.tasks",
    ],
)
def test_elsewhere_an_invocation_loads_only_what_its_handler_uses(module: str) -> None:
    code = f"PLUGINS = []\n{HANDLERS['def']}\n{INVOKED}\nprint('all:', *sys.modules)"
    printed = run(code, ELSEWHERE)
    loaded = set(printed.splitlines()[-1].split())
    assert "'Status': 'SUCCEEDED'" in printed
    assert {"lambda_durable.operations.step", "lambda_durable.runtimes.threads"} <= loaded
    assert module not in loaded


OTHER_CLIENT = """
class Client(Saved):
    def connect(self):
        print("connected")

class Other:
    @hookimpl
    def durable_service({parameters}):
        print("asked")
        return Client()

PLUGINS = [Other()]
"""

THEN = """
print("then")
print(handler(EVENT, None)["Status"], "boto3" in sys.modules)
"""


def test_the_client_of_a_plugin_is_connected_instead(handler: str) -> None:
    other = OTHER_CLIENT.format(parameters="self")
    told = run(f"{other}\n{handler}\n{THEN}", IN_LAMBDA).split()
    assert told == ["asked", "connected", "then", "asked", "SUCCEEDED", "False"]


def test_a_plugin_that_wants_the_invocation_is_asked_when_there_is_one(handler: str) -> None:
    other = OTHER_CLIENT.format(parameters="self, invocation")
    told = run(f"{other}\n{handler}\n{THEN}", IN_LAMBDA).split()
    assert told == ["then", "asked", "SUCCEEDED", "False"]


def test_a_client_that_cannot_be_connected_is_told_by_the_invocation(handler: str) -> None:
    other = """
class Other:
    @hookimpl
    def durable_service(self):
        raise LookupError("no client")

PLUGINS = [Other()]
"""
    code = """
try:
    handler(EVENT, None)
except Exception as error:
    print(type(error).__name__, error)
"""
    told = run(f"{other}\n{handler}\n{code}", IN_LAMBDA)
    assert told.startswith("PluginError plugin Other failed in durable_service: no client")


def test_a_plugin_that_is_not_there_is_told_by_the_invocation(handler: str) -> None:
    code = """
try:
    handler.run_invocation(EVENT, None, service=Saved())
except Exception as error:
    print(type(error).__name__, error)
"""
    told = run(
        f"PLUGINS = []\n{handler}\n{code}", {**IN_LAMBDA, "LAMBDA_DURABLE_PLUGINS": "not_there"}
    )
    assert told.startswith("PluginError plugin 'not_there'")


def test_without_a_region_it_is_the_invocation_that_fails(handler: str) -> None:
    environment = {k: v for k, v in IN_LAMBDA.items() if k != "AWS_DEFAULT_REGION"}
    told = run(f"PLUGINS = []\n{handler}\nprint(handler(EVENT, None))", environment)
    assert "'Status': 'FAILED'" in told
    assert "You must specify a region" in told


@pytest.mark.parametrize("imported", [True, False], ids=["imported", "script"])
def test_hooks_that_follow_the_handler_in_its_module_count(
    handler: str, tmp_path: Path, *, imported: bool
) -> None:
    code = """
@hookimpl
def durable_invocation_started(event):
    print("told")
"""
    own = f"PLUGINS = [sys.modules[__name__]]\n{handler}\n{code}"
    invoked = "handler.run_invocation(EVENT, None, service=Saved())"
    if imported:
        (tmp_path / "app.py").write_text(f"{SERVICE}\n{own}")
        own = f"sys.path.insert(0, {str(tmp_path)!r})\nfrom app import handler"
    assert run(f"{own}\n{invoked}", IN_LAMBDA).split() == ["told"]
