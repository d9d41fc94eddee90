"""Tests against real parts: packages, containers, other SDKs, AWS; and benchmarks."""

import os

import nox

from tools import javascript
from tools.distributions import ROOT
from tools.sessions.common import (
    PLUGINS,
    PYTHONS,
    WHEELS,
    group,
    install_wheels,
    installed_python,
    python_of,
)

# How long a session may take, once interrupted, to remove what it has made elsewhere.
_REMOVAL_SECONDS = 900


@nox.session(default=False, requires=["functions"])
def conformance(session: nox.Session) -> None:
    """Judge our functions by AWS's conformance requirements; says how to get them."""
    if not os.environ.get("LAMBDA_DURABLE_CONFORMANCE") and "--runner" not in session.posargs:
        session.skip(
            "AWS publishes the requirements in github.com/aws/aws-durable-execution-conformance-"
            "tests; set LAMBDA_DURABLE_CONFORMANCE to the folder that holds them and run.py"
        )
    install_wheels(session, *group("docs"))
    script = "integration-tests/conformance/evaluate.py"
    session.run("python", script, "--python", python_of("functions"), *session.posargs)


@nox.session(python=PYTHONS, requires=["installed-{python}"])
def packages(session: nox.Session) -> None:
    """Try the wheels in fresh environments: alone, together, in a layer, at lowest versions."""
    tests = ROOT / "integration-tests" / "packages"
    session.run(
        *(installed_python(str(session.python)), "-m", "pytest", "-n", "auto", str(tests)),
        # An sdist is the same whichever Python builds it.
        *(["--ignore", str(tests / "test_sdists.py")] if session.python != PYTHONS[0] else []),
        *session.posargs,
        env={
            "LAMBDA_DURABLE_WHEELS": str(WHEELS),
            "LAMBDA_DURABLE_UV": nox.virtualenv.UV if session.venv_backend == "uv" else "",
        },
        external=True,
        success_codes=[0, 5] if session.posargs else [0],
    )


@nox.session(default=False, requires=["wheels"])
def other_sdks(session: nox.Session) -> None:
    """Run functions of the official SDKs beside ours: Python, and JavaScript where npm is."""
    install_wheels(session, *group("test", "functions", "official"))
    folder = ROOT / ".nox" / "javascript"
    if missing := javascript.missing():
        session.warn(
            f"the JavaScript SDK's functions are skipped: there is no {', '.join(missing)}; on "
            "Debian: apt-get install nodejs npm make g++ cmake python3 autoconf automake libtool"
        )
    else:
        javascript.prepare(
            ROOT / "integration-tests" / "peers" / "javascript",
            folder,
            lambda *npm: session.run(*npm, "--prefix", str(folder), external=True),
        )
    session.run(
        *("pytest", "-p", "from_wheels", "integration-tests/peers", *session.posargs),
        env={
            **PLUGINS,
            "LAMBDA_DURABLE_JAVASCRIPT": "" if missing else str(folder),
        },
    )


@nox.session(requires=["functions"])
def integration(session: nox.Session) -> None:
    """Run what users do in real functions: `-- --target process` (the default), `docker`, `aws`."""
    # pip, for the libraries of images: of their Python, which is not this one.
    install_wheels(session, "pip", *group("test"))
    scenarios = (
        *("pytest", "-p", "from_wheels", "integration-tests/scenarios"),
        *("--function-python", python_of("functions")),
    )
    aws = any(each.endswith("aws") for each in session.posargs)
    # Processes are quickly deployed, so each worker has functions of its own.
    elsewhere = aws or any(each.endswith("docker") for each in session.posargs)
    compared: tuple[str, ...] = ()
    if aws and not any(each.startswith(("--dry-run", "--clean-up")) for each in session.posargs):
        local = str(ROOT / "build" / "histories")
        session.run(*scenarios, "-n", "auto", "--save-histories", local, env=PLUGINS)
        compared = ("--compare-with", local)
    session.run(
        *scenarios,
        *([] if elsewhere else ["-n", "auto"]),
        *compared,
        *session.posargs,
        env=PLUGINS,
        # After Ctrl-C all that was made is removed, which nox would wait for no longer than 0.3 s.
        interrupt_timeout=_REMOVAL_SECONDS,
        terminate_timeout=_REMOVAL_SECONDS,
    )


@nox.session(requires=["wheels"])
def aws_target(session: nox.Session) -> None:
    """Run the target `aws` against moto's server and the local service, without an account."""
    install_wheels(session, "pip", *group("test", "functions", "aws"))
    session.run(
        *("pytest", "-p", "from_wheels", "integration-tests/aws-target", *session.posargs),
        env=PLUGINS,
    )


@nox.session(default=False, requires=["wheels", "async_package"])
def bench(session: nox.Session) -> None:
    """Measure both flavours beside the official SDK and an async package; decides nothing."""
    install_wheels(session, *group("bench"))
    session.run(
        *("python", "-m", "benchmarks", "run", "--async-package", python_of("async_package")),
        *session.posargs,
    )
