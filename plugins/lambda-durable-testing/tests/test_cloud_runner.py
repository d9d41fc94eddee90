"""One text of tests for both runners: in this process, and deployed to `durable serve`."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cloud_functions
import pytest

from lambda_durable.errors import InvalidInputError, NotDurableError
from lambda_durable_testing.cloud import CloudRunner, LogFile
from lambda_durable_testing.cloud.patience import Patience
from lambda_durable_testing.errors import ExecutionBlockedError, ExecutionNotSucceededError
from lambda_durable_testing.local import LocalRunner
from lambda_durable_testing.recorded import Recording, replay

FUNCTIONS = Path(__file__).parent / "cloud_functions.py"
DURABLE = ("order", "approved", "broken", "stuck")

Make = Callable[..., Any]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service that has the functions, and skips the time that nothing needs."""
    logs = tmp_path_factory.getbasetemp() / "logs"
    command = [
        *(sys.executable, "-m", "lambda_durable_local", "serve", "--skip-time", "--port", "0"),
        *("--log-dir", str(logs), "--log-format", "JSON"),
        *[f"--function={name}={FUNCTIONS}:{name}" for name in (*DURABLE, "plain")],
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            while line and not line.startswith("listening on "):
                line = process.stdout.readline()
            assert line, "the service did not start"
            yield line.split()[-1]
        finally:
            process.terminate()


@pytest.fixture(params=["local", "cloud"])
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make a runner of the kind that is the test's turn."""
    if request.param == "local":
        return lambda name, **_: LocalRunner(getattr(cloud_functions, name))
    endpoint: str = request.getfixturevalue("endpoint")
    logs = tmp_path_factory.getbasetemp() / "logs"
    return lambda name, patience=50: CloudRunner(
        name, endpoint_url=endpoint, patience=patience, logs=LogFile(logs / f"{name}.log")
    )


def test_an_execution_to_its_end(make: Make) -> None:
    result = make("order").run({"items": ["tea", "cup"]})
    assert result.result == {"paid": "at last", "parcels": ["TEA", "CUP"]}
    assert result.succeeded
    assert result.invocations == 4
    assert result.duration is not None
    assert result.duration.total_seconds() >= 3720
    assert result.operations["flaky"].attempts == 3
    assert [each.name for each in result.operations] == ["reserve", "warehouse", "flaky", "parcels"]
    assert [each.result for each in result.operations.named("pack")] == ["TEA", "CUP"]
    assert len(result.events("StepFailed")) == 2


def test_what_was_logged(make: Make) -> None:
    execution = make("order").start({"items": ["tea", "cup"]})
    execution.finish()
    for _ in Patience(50).looks():  # a log may be written a moment after the execution has ended
        found = [each for each in execution.result().logs if each.name == "orders"]
        if found:
            break
    assert [each.getMessage() for each in found] == ["reserving tea, cup"]
    assert found[0].levelname == "WARNING"


def test_callbacks_by_name(make: Make) -> None:
    execution = make("approved").start()
    execution.callback("manager").succeed(payload="yes")
    receipt = execution.callback("receipt")
    receipt.heartbeat()
    receipt.succeed(payload="paid")
    assert execution.finish().result == ["yes", "paid"]
    with pytest.raises(LookupError, match="has ended and has no open callback called 'manager'"):
        execution.callback("manager")


def test_a_callback_that_fails(make: Make) -> None:
    execution = make("approved").start()
    execution.callback().fail("not today", type="Refused")
    result = execution.finish()
    assert result.status == "FAILED"
    assert "not today" in str(result.error)


def test_errors_of_the_function_are_raised(make: Make) -> None:
    result = make("broken").run("tea")
    assert result.status == "FAILED"
    assert result.operations["refuse"].error is not None
    assert result.operations["refuse"].error.type == "ValueError"
    with pytest.raises(ExecutionNotSucceededError, match="no tea"):
        _ = result.result


def test_an_execution_as_it_is_now(make: Make) -> None:
    execution = make("approved").start()
    callback = execution.callback("manager")
    execution.advance()
    result = execution.result()
    assert (result.status, result.payload, result.duration) == ("RUNNING", None, None)
    assert execution.operations["manager"].status == "STARTED"
    assert execution.operations["prepare"].status == "SUCCEEDED"
    callback.succeed(payload="1")
    execution.callback("receipt").succeed(payload="2")
    execution.finish()
    assert execution.is_closed


def test_stopping(make: Make) -> None:
    execution = make("stuck").start()
    execution.callback("never")
    execution.stop("enough")
    result = execution.finish()
    assert result.status == "STOPPED"
    assert "enough" in str(result.error)


def test_a_name_starts_once(make: Make) -> None:
    runner = make("broken")
    first = runner.start("tea", name="order-1")
    assert runner.start("tea", name="order-1").arn == first.arn
    assert "/durable-execution/order-1/" in first.arn


def test_an_execution_that_never_ends(make: Make) -> None:
    make("stuck").start(name="stuck-1").callback("never")  # its process has begun, however slowly
    execution = make("stuck", patience=0.3).start(name="stuck-1")
    with pytest.raises(ExecutionBlockedError, match="never"):
        execution.finish()


# What only the cloud runner does


def test_a_deployed_execution_is_recorded_and_replayed(endpoint: str) -> None:
    runner = CloudRunner("order", endpoint_url=endpoint)
    arn = runner.start({"items": ["tea"]}).finish().arn
    recording = Recording.from_client(runner.client, arn)
    assert recording.status == "SUCCEEDED"
    assert replay(cloud_functions.order, recording).passed


def test_a_function_that_is_not_there(endpoint: str) -> None:
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        CloudRunner("absent", endpoint_url=endpoint).run()


def test_a_function_that_is_not_durable(endpoint: str) -> None:
    with pytest.raises(Exception, match="not a durable function"):
        CloudRunner("plain", endpoint_url=endpoint).run()


def test_a_callback_that_does_not_open(endpoint: str) -> None:
    CloudRunner("stuck", endpoint_url=endpoint).start(name="stuck-2").callback("never")
    runner = CloudRunner("stuck", endpoint_url=endpoint, patience=0.3)
    execution = runner.start(name="stuck-2")
    with pytest.raises(LookupError, match="has gone on for 0.3 s and has no open callback") as told:
        execution.callback("other")
    assert "never" in str(told.value), "the operations are shown"


def test_time_that_nobody_can_move() -> None:
    execution = CloudRunner("order", client=object(), patience=10)
    with pytest.raises(InvalidInputError, match="would wait for 3600 real seconds"):
        _start(execution).advance(3600)


def _start(runner: CloudRunner) -> Any:
    class Client:
        asked: dict[str, Any]

        def invoke(self, **asked: Any) -> dict[str, Any]:
            Client.asked = asked
            return {"DurableExecutionArn": "arn"}

    runner.client = Client()
    execution = runner.start({"a": 1})
    assert json.loads(Client.asked["Payload"]) == {"a": 1}
    assert Client.asked["DurableExecutionName"], "a request that is repeated starts once"
    return execution


@pytest.mark.parametrize(
    ("function", "qualifier"),
    [
        ("order", "$LATEST"),
        ("order:live", None),
        ("arn:aws:lambda:eu-west-1:123456789012:function:order", "$LATEST"),
        ("arn:aws:lambda:eu-west-1:123456789012:function:order:7", None),
    ],
)
def test_a_version_is_named_once(function: str, qualifier: str | None) -> None:
    assert CloudRunner(function, client=object()).qualifier == qualifier


def test_bad_input() -> None:
    class Client:
        def invoke(self, **asked: Any) -> dict[str, Any]:
            return {"StatusCode": 202}

    with pytest.raises(NotDurableError, match="DurableConfig"):
        CloudRunner("order", client=Client()).start()
    with pytest.raises(InvalidInputError, match="function is the name or the ARN"):
        CloudRunner("", client=object())
