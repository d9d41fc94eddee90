"""Functions in containers. What needs a Docker engine is skipped where none answers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from environment_hosts import FUNCTIONS, SERVICE, running

from lambda_durable_local.errors import HostError, TargetError
from lambda_durable_local.functions import Image, LocalFunction
from lambda_durable_local.hosts import docker
from lambda_durable_local.hosts.launches import LIFE
from lambda_durable_local.targets import Target, parse

HERE = Target("x", "", "", FUNCTIONS)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a program that is found as `docker`; what it does is up to the test."""
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    docker.check_engine.cache_clear()
    yield program
    docker.check_engine.cache_clear()


def test_a_function_of_a_runtime_runs_in_lambdas_image(command: Path) -> None:
    target = parse(f"{FUNCTIONS / 'in_lambda.py'}:handler")
    function = LocalFunction(
        "fn",
        target,
        memory_mb=256,
        runtime="python3.13",
        handler="in_lambda.handler",
        environment={"OWN": "secret"},
    )
    launch = docker.DockerLauncher(function, SERVICE).launch("127.0.0.1:5")
    line = " ".join(launch.command)
    name = launch.command[5]
    assert f"{command} {name} run --rm --name {name} --network host" in line
    assert "--memory=256m" in line
    assert "--label lambda-durable.function=fn" in line
    assert f"--label lambda-durable.service={SERVICE.endpoint}" in line
    assert f"--volume {FUNCTIONS}:/var/task:ro" in line
    assert line.endswith("public.ecr.aws/lambda/python:3.13 in_lambda.handler")
    assert "--env OWN" in line
    assert "secret" not in line
    assert (
        launch.environment.items()
        >= {
            "OWN": "secret",
            "LAMBDA_TASK_ROOT": "/var/task",
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:5",
        }.items()
    )
    assert list(launch.ending) == [str(command), "rm", "--force", name]


def test_a_layer_is_where_images_look_for_it(command: Path, tmp_path: Path) -> None:
    function = LocalFunction("fn", HERE, runtime="python3.13", layers=(tmp_path,))
    line = " ".join(docker.DockerLauncher(function, SERVICE).launch("127.0.0.1:5").command)
    assert f"--volume {tmp_path}:/opt:ro" in line
    several = LocalFunction("fn", HERE, runtime="python3.13", layers=(tmp_path, tmp_path))
    with pytest.raises(TargetError, match="several layers"):
        docker.DockerLauncher(several, SERVICE).check()


def test_an_image_keeps_what_it_says_itself(command: Path) -> None:
    image = Image("orders:1", ("/run", "-x"), ("app.handler",), "/work")
    function = LocalFunction("fn", HERE, image=image)
    launch = docker.DockerLauncher(function, SERVICE).launch("127.0.0.1:5")
    line = " ".join(launch.command)
    assert "--workdir /work --entrypoint /run --env" in line
    assert line.endswith("orders:1 -x app.handler")
    assert not {"LAMBDA_TASK_ROOT", "_HANDLER"} & launch.environment.keys()


@pytest.mark.parametrize(
    ("runtime", "image"),
    [("nodejs22.x", "nodejs:22"), ("java21", "java:21"), ("provided.al2023", "provided:al2023")],
)
def test_the_images_of_runtimes(runtime: str, image: str) -> None:
    function = LocalFunction("fn", HERE, runtime=runtime)
    assert docker.image_of(function) == f"public.ecr.aws/lambda/{image}"


def test_what_cannot_be_run(command: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = docker.DockerLauncher(LocalFunction("fn", HERE, runtime="go1.x"), SERVICE)
    with pytest.raises(TargetError, match="no image is known"):
        odd.check()
    packed = docker.DockerLauncher(LocalFunction("fn", HERE, image=Image("a:b")), SERVICE)
    packed.check()
    command.write_text('#!/bin/sh\n[ "$1" = version ]\n')
    with pytest.raises(TargetError, match="docker pull a:b"):
        packed.check()
    command.write_text("#!/bin/sh\nexit 1\n")
    docker.check_engine.cache_clear()
    with pytest.raises(HostError, match="no Docker engine answers"):
        packed.check()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(HostError, match="there is no `docker` command"):
        packed.check()


def test_a_container_that_is_left_is_removed(command: Path, tmp_path: Path) -> None:
    """The client's end is not the container's, so the engine is told."""
    command.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n[ "$1" = rm ] && exit\n'
        f"exec {sys.executable} {FUNCTIONS / 'runtime_of_ones_own.py'}\n"
    )
    function = LocalFunction("fn", HERE, image=Image("a:b"))
    launcher = docker.DockerLauncher(function, SERVICE)
    with running(HERE, launcher=launcher, environment={"_HANDLER": "own"}) as run:
        # The launcher gives no handler to an image; the runtime here wants one.
        error = run.error()
    assert error["ErrorType"] == "Runtime.ExitError"
    first, last = (tmp_path / "calls").read_text().splitlines()
    name = first.split()[3]
    assert "exit status" in error["ErrorMessage"]
    assert last == f"rm --force {name}"


def test_a_code_of_the_command_can_stand_for_a_signal(command: Path) -> None:
    command.write_text('#!/bin/sh\n[ "$1" = rm ] || exit 137\n')
    launcher = docker.DockerLauncher(LocalFunction("fn", HERE, image=Image("a:b")), SERVICE)
    with running(HERE, launcher=launcher) as run:
        assert run.error()["ErrorMessage"].endswith("signal: killed")


def test_a_container_ends_with_the_service(command: Path, tmp_path: Path) -> None:
    """Whatever ends the service closes the pipe, and the engine is told."""
    told = tmp_path / "calls"
    command.write_text(f'#!/bin/sh\necho "$@" >> {told}\n[ "$1" = rm ] || exec sleep 60\n')
    launcher = docker.DockerLauncher(LocalFunction("fn", HERE, image=Image("a:b")), SERVICE)
    launch = launcher.launch("127.0.0.1:5")
    life, ours = os.pipe()
    line = [str(life) if part == LIFE else part for part in launch.command]
    with subprocess.Popen(
        line, env=launch.environment, pass_fds=(life,), start_new_session=True
    ) as process:
        try:
            os.close(life)
            os.close(ours)
            until = time.monotonic() + 50
            while not told.exists() or "rm --force" not in told.read_text():
                assert time.monotonic() < until
                time.sleep(0.05)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    name = launch.command[5]
    assert f"rm --force {name}" in told.read_text().splitlines()


@pytest.fixture
def version() -> str:
    """Return the version of an image of Lambda's for Python that the engine has; or skip."""
    docker.check_engine.cache_clear()
    try:
        docker.check_engine()
    except HostError as error:
        pytest.skip(str(error))
    for version in ("3.13", "3.12", "3.11"):
        image = f"public.ecr.aws/lambda/python:{version}"
        found = subprocess.run(["docker", "image", "inspect", image], capture_output=True)
        if found.returncode == 0:
            return version
    pytest.skip("the engine has no public.ecr.aws/lambda/python:3.13: `docker pull` it")


def no_container_is_left() -> bool:
    command = ["docker", "ps", "-q", "--filter", "name=lambda-durable-"]
    return subprocess.run(command, capture_output=True, check=True).stdout == b""


def test_a_runtime_in_an_engine(version: str) -> None:
    target = parse(f"{FUNCTIONS / 'in_lambda.py'}:handler")
    options: dict[str, Any] = {
        "runtime": f"python{version}",
        "handler": "in_lambda.handler",
        "memory_mb": 256,
    }
    launcher = docker.DockerLauncher(LocalFunction("fn", target, **options), SERVICE)
    with running(target, launcher=launcher) as run:
        run.host.load()
        first = run.answer(log="told")
        assert first["folder"] == "/var/task"
        assert first["environment"]["AWS_ENDPOINT_URL_LAMBDA"] == SERVICE.endpoint
        assert run.answer()["pid"] == first["pid"]
        assert run.error(exit=3)["ErrorMessage"].endswith("exit status 3")
        assert run.error(**{"raise": "no"})["ErrorType"] == "ValueError"
    assert any("told" in line for line in run.lines)
    assert no_container_is_left()


def test_a_time_out_in_an_engine(version: str, tmp_path: Path) -> None:
    target = parse(f"{FUNCTIONS / 'in_lambda.py'}:handler")
    function = LocalFunction(
        "fn", target, runtime=f"python{version}", handler="in_lambda.handler", memory_mb=256
    )
    launcher = docker.DockerLauncher(function, SERVICE)
    with running(target, launcher=launcher, timeout=1.0) as run:
        assert run.error(**{"await": "/never"})["ErrorType"] == "Sandbox.Timedout"
        assert no_container_is_left()


def test_an_image_in_an_engine(version: str, tmp_path: Path) -> None:
    (tmp_path / "in_lambda.py").write_text((FUNCTIONS / "in_lambda.py").read_text())
    (tmp_path / "Dockerfile").write_text(
        f"FROM public.ecr.aws/lambda/python:{version}\nCOPY in_lambda.py /var/task/\n"
    )
    subprocess.run(["docker", "build", "-t", "lambda-durable-test", tmp_path], check=True)
    image = Image("lambda-durable-test", command=("in_lambda.handler",))
    function = LocalFunction("fn", HERE, image=image, memory_mb=256)
    with running(HERE, launcher=docker.DockerLauncher(function, SERVICE)) as run:
        run.host.load()
        assert run.answer()["environment"]["LAMBDA_TASK_ROOT"] == "/var/task"
