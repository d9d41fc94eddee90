"""What is special to containers; for the target `docker` alone."""

import time
from contextlib import closing
from pathlib import Path

from conftest import Scenario
from deployed import functions, name_of
from executions import Runner
from targets.docker import OPTIONS, DockerDeployment, template_of
from targets.local import client, service

_SECONDS = 60.0


def test_a_service_that_is_killed(scenario: Scenario, tmp_path: Path) -> None:
    """Its containers end with it, and the next service goes on with what it has recorded."""
    deployment = scenario.deployment
    assert isinstance(deployment, DockerDeployment)
    function = name_of(scenario.flavour, "is_interrupted")
    template = template_of(
        [each for each in functions() if each.name == function], deployment.images
    )

    with service(template, tmp_path, *OPTIONS, variables=deployment.variables) as served:
        with closing(client(served.url)) as reached:
            runner = Runner(DockerDeployment(reached, served.url, {}, deployment.variables))
            arn = runner.start(function, {"exits": False})
            runner.until(arn, "StepStarted", name="interrupted")
        assert len(deployment.containers(served.url, function)) == 1
        served.process.kill()
        until = time.monotonic() + _SECONDS
        while deployment.containers(served.url, function):
            assert time.monotonic() < until, "a container has outlived its service"
            time.sleep(0.2)

    with (
        service(template, tmp_path, *OPTIONS, variables=deployment.variables) as served,
        closing(client(served.url)) as reached,
    ):
        runner = Runner(DockerDeployment(reached, served.url, {}, deployment.variables))
        done = runner.finish(arn)
    assert done.status == "SUCCEEDED"
    assert done.result.endswith(" done")
    assert len(done.of("StepStarted", name="before")) == 1
