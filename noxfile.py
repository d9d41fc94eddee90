"""What a change must pass, one session each: `nox` runs them all, `nox --list` explains them."""

import json
import os
import shutil
import sys
from pathlib import Path

import nox

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # nox loads this file without its folder on the path

from tools import backend, javascript  # noqa: E402 - the path is set just above
from tools.distributions import discover, third_party  # noqa: E402 - as above

PYTHONS = ["3.11", "3.12", "3.13"]
WHEELS = ROOT / "build" / "wheels"
DISTRIBUTIONS = discover()
SUITES = [*(each.name for each in DISTRIBUTIONS), "repository", "examples"]
PYPROJECT = nox.project.load_toml("pyproject.toml")

# The main job: what `nox -s demo` installs and runs; arguments after `--` are added.
DEMO_INSTALLS = [
    *("lambda-durable", "lambda-durable-kernel", "lambda-durable-local"),
    *("lambda-durable-retry", "lambda-durable-serializers"),
]
DEMO = [
    *("durable", "run", "examples/order_processing/handler.py:handler"),
    *("--event", "examples/order_processing/order.json"),
    *("--skip-time", "--kill-at", "hand_over"),
]

# How long a session may take, once interrupted, to remove what it has made elsewhere.
_REMOVAL_SECONDS = 900

nox.needs_version = ">=2026"
nox.options.default_venv_backend = backend.choose(ROOT / ".nox")
nox.options.reuse_venv = "yes"
# A Python that is not here is skipped, in CI as well, and the closing summary of nox says so.
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"
backend.show_pyenv_pythons()


@nox.session
def lint(session: nox.Session) -> None:
    """Look for mistakes and untidy formatting with ruff, and for news that cannot be collected."""
    session.install(*_group("lint"))
    session.run("towncrier", "build", "--draft", "--version", "next", silent=True)
    _run_all(session, ["ruff", "check", *session.posargs], ["ruff", "format", "--check"])


@nox.session(venv_backend="none")
def shape(session: nox.Session) -> None:
    """Measure modules, functions, docstrings and suppressions against their limits."""
    session.run(sys.executable, "-m", "tools.shape", external=True)


@nox.session
def imports(session: nox.Session) -> None:
    """Check the layers, what may not be imported where, and that nothing is circular."""
    session.install(*_group("imports"))
    session.run("python", "-m", "tools.contracts", env={"PYTHONPATH": _checkout_path()})


@nox.session
def types(session: nox.Session) -> None:
    """Check the types with mypy and pyright, and that both reject what is wrong."""
    session.install(*_group("types"), *third_party(DISTRIBUTIONS))
    session.env.update({"PYTHONPATH": _checkout_path(), "MYPYPATH": _checkout_path()})
    _run_all(
        session,
        ["python", "-m", "tools.checked_types"],
        ["python", "-m", "tools.public_types"],
        ["python", "-m", "tools.typing_tests"],
    )


@nox.session(default=False)
def wheels(session: nox.Session) -> None:
    """Build the wheel of every distribution, all of one version, for the sessions below."""
    session.install(*_group("build"))
    shutil.rmtree(WHEELS, ignore_errors=True)
    version: dict[str, str] = {}
    for each in DISTRIBUTIONS:
        with session.chdir(each.folder):
            session.run(
                *("python", "-m", "hatchling", "build", "-t", "wheel", "-d", str(WHEELS)),
                env=version,
                silent=True,
            )
        # The first wheel decides, so that a file saved meanwhile does not split the versions.
        (first, *_) = WHEELS.glob("*.whl")
        version = {"SETUPTOOLS_SCM_PRETEND_VERSION": first.name.split("-")[1]}
        session.log(f"{each.name} {version['SETUPTOOLS_SCM_PRETEND_VERSION']}")


@nox.session(python=PYTHONS, default=False, requires=["wheels"])
def installed(session: nox.Session) -> None:
    """Install all wheels and what tests need into one environment per Python."""
    # The repository's own tests are about `tools`, which need what the checks need, and an example
    # builds a wheel of its own.
    needed = ["pip", *_group("test", "docs", "imports", "build", "release")]
    _install_wheels(session, *needed, *third_party(DISTRIBUTIONS))


@nox.session(default=False)
def official(session: nox.Session) -> None:
    """Install the official SDK alone, whose functions run on our service."""
    session.install(*_group("official"))


# The environment of its own that nox makes for each suite stays empty: all suites of a Python share
# one, which is made once. Without an environment nox would not take this over a list of Pythons.
@nox.session(python=PYTHONS, requires=["installed-{python}"])
@nox.parametrize("suite", [nox.param(name, id=name) for name in SUITES])
def tests(session: nox.Session, suite: str) -> None:
    """Run the tests of one distribution, or of the examples, against the installed wheels."""
    python = ROOT / ".nox" / f"installed-{str(session.python).replace('.', '-')}" / "bin" / "python"
    folders = {each.name: each.folder for each in DISTRIBUTIONS}
    tests = "examples" if suite == "examples" else "tests"
    folder = folders.get(suite, ROOT)
    if not (folder / tests).is_dir():
        session.skip(f"{suite} has no tests")
    # All generated programs run on the first Python; on the others a part will do.
    programs = {} if session.python == PYTHONS[0] else {"LAMBDA_DURABLE_PROGRAMS": "100"}
    with session.chdir(folder):
        session.run(
            *(str(python), "-m", "pytest", "-p", "from_wheels", "-p", "any_machine"),
            *("-n", "auto", "--dist", "loadgroup", tests),
            *(["--ignore=tests/docs", "--ignore=tests/site"] if suite == "repository" else []),
            # `functions_of_others` runs these, on one Python.
            *(["--ignore=tests/test_official.py"] if suite == "lambda-durable-local" else []),
            *session.posargs,
            env={
                **programs,
                "PYTHONPATH": str(ROOT / "tools" / "pytest_plugins"),
                "LAMBDA_DURABLE_OFFICIAL_PYTHON": str(
                    ROOT / ".nox" / "official" / "bin" / "python"
                ),
            },
            external=True,
            # 5: nothing was selected, as must be in most suites after `-- -k something`
            success_codes=[0, 5] if session.posargs else [0],
        )


@nox.session(default=False, requires=[f"installed-{PYTHONS[0]}", "official"])
def functions_of_others(session: nox.Session) -> None:
    """Run functions of the official SDK, in its own environment, on the local service."""
    python = ROOT / ".nox" / f"installed-{PYTHONS[0].replace('.', '-')}" / "bin" / "python"
    with session.chdir(ROOT / "packages" / "lambda-durable-local"):
        session.run(
            *(str(python), "-m", "pytest", "-p", "from_wheels", "tests/test_official.py"),
            *session.posargs,
            env={
                "PYTHONPATH": str(ROOT / "tools" / "pytest_plugins"),
                "LAMBDA_DURABLE_OFFICIAL_PYTHON": str(
                    ROOT / ".nox" / "official" / "bin" / "python"
                ),
            },
            external=True,
        )


@nox.session(default=False, requires=["wheels"])
def peers(session: nox.Session) -> None:
    """Compare with the official SDK, in one environment: where it goes wrong, and its format."""
    _install_wheels(session, *_group("test", "official"), *third_party(DISTRIBUTIONS))
    plugins = str(ROOT / "tools" / "pytest_plugins")
    pytest = ("pytest", "-p", "from_wheels", "-p", "any_machine", *session.posargs)
    session.run(*pytest, "tests/peers", env={"PYTHONPATH": plugins})
    with session.chdir("plugins/lambda-durable-serializers"):
        session.run(*pytest, "tests/test_official_format.py", env={"PYTHONPATH": plugins})


@nox.session(requires=["wheels"])
def docs_tests(session: nox.Session) -> None:
    """Execute every code block of the README files, the docs and the examples."""
    _install_wheels(session, *_group("test", "docs"))
    # Documents may name sessions; nox itself is not in this environment.
    sessions = json.dumps(sorted(nox.registry.get()))
    session.run(
        *("pytest", "-n", "auto", "--dist", "loadgroup", "tests/docs"),
        *session.posargs,
        env={"NOX_SESSIONS": sessions},
    )


@nox.session(requires=["wheels"])
def docs(session: nox.Session) -> None:
    """Build the documentation's site in build/site, and check its links and that it is complete.

    Warnings are errors. With `-- --serve` the site is shown at http://127.0.0.1:8000 afterwards.
    """
    _install_wheels(session, *_group("test", "site"))
    pages, site = str(ROOT / "docs"), str(ROOT / "build" / "site")
    builder = (
        "python",
        "-m",
        "sphinx",
        "--fail-on-warning",
        "--keep-going",
        "-n",
        "-q",
        "-E",
        "-a",
    )
    session.run(*builder, "-b", "html", pages, site, env={"PYTHONPATH": str(ROOT)})
    session.run("pytest", "tests/site", env={"SITE": site})
    if "--serve" in session.posargs:
        session.run("python", "-m", "http.server", "--bind", "127.0.0.1", "-d", site)


@nox.session(default=False, requires=["wheels"])
def demo(session: nox.Session) -> None:
    """Run the main job: an order that waits, is killed half-way and is resumed."""
    if missing := set(DEMO_INSTALLS) - {each.name for each in DISTRIBUTIONS}:
        session.skip(f"not in this repository yet: {', '.join(sorted(missing))}")
    _install_wheels(session, only=DEMO_INSTALLS)
    session.run(*DEMO, *session.posargs)


@nox.session(default=False, requires=["wheels"])
def picture(session: nox.Session) -> None:
    """Make the README's picture of an execution anew, by running the demo in a terminal."""
    _install_wheels(session, *_group("site"), only=DEMO_INSTALLS)
    session.run("python", "-m", "tools.picture", "docs/_static/timeline.svg", *DEMO)


@nox.session(default=False, requires=["wheels"])
def functions(session: nox.Session) -> None:
    """Install all wheels and Lambda's own runtime, for functions that the local service runs."""
    _install_wheels(session, *_group("functions"))


@nox.session(default=False, requires=["functions"])
def conformance(session: nox.Session) -> None:
    """Judge our functions by AWS's conformance requirements; says how to get them."""
    if not os.environ.get("LAMBDA_DURABLE_CONFORMANCE") and "--runner" not in session.posargs:
        session.skip(
            "AWS publishes the requirements in github.com/aws/aws-durable-execution-conformance-"
            "tests; set LAMBDA_DURABLE_CONFORMANCE to the folder that holds them and run.py"
        )
    _install_wheels(session, *_group("docs"))
    python = ROOT / ".nox" / "functions" / "bin" / "python"
    script = "integration-tests/conformance/evaluate.py"
    session.run("python", script, "--python", str(python), *session.posargs)


@nox.session(python=PYTHONS, requires=["installed-{python}"])
def packages(session: nox.Session) -> None:
    """Try the wheels in fresh environments: alone, together, in a layer, at lowest versions."""
    python = ROOT / ".nox" / f"installed-{str(session.python).replace('.', '-')}" / "bin" / "python"
    tests = ROOT / "integration-tests" / "packages"
    session.run(
        *(str(python), "-m", "pytest", "-n", "auto", str(tests)),
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
    _install_wheels(session, *_group("test", "functions", "official"))
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
            "PYTHONPATH": str(ROOT / "tools" / "pytest_plugins"),
            "LAMBDA_DURABLE_JAVASCRIPT": "" if missing else str(folder),
        },
    )


@nox.session(requires=["functions"])
def integration(session: nox.Session) -> None:
    """Run what users do in real functions: `-- --target process` (the default), `docker`, `aws`."""
    # pip, for the libraries of images: of their Python, which is not this one.
    _install_wheels(session, "pip", *_group("test"))
    python = ROOT / ".nox" / "functions" / "bin" / "python"
    scenarios = ("pytest", "-p", "from_wheels", "integration-tests/scenarios")
    scenarios += ("--function-python", str(python))
    plugins = {"PYTHONPATH": str(ROOT / "tools" / "pytest_plugins")}
    aws = any(each.endswith("aws") for each in session.posargs)
    # Processes are quickly deployed, so each worker has functions of its own.
    elsewhere = aws or any(each.endswith("docker") for each in session.posargs)
    compared: tuple[str, ...] = ()
    if aws and not any(each.startswith(("--dry-run", "--clean-up")) for each in session.posargs):
        local = str(ROOT / "build" / "histories")
        session.run(*scenarios, "-n", "auto", "--save-histories", local, env=plugins)
        compared = ("--compare-with", local)
    session.run(
        *scenarios,
        *([] if elsewhere else ["-n", "auto"]),
        *compared,
        *session.posargs,
        env=plugins,
        # After Ctrl-C all that was made is removed, which nox would wait for no longer than 0.3 s.
        interrupt_timeout=_REMOVAL_SECONDS,
        terminate_timeout=_REMOVAL_SECONDS,
    )


@nox.session(requires=["wheels"])
def aws_target(session: nox.Session) -> None:
    """Run the target `aws` against moto's server and the local service, without an account."""
    _install_wheels(session, "pip", *_group("test", "functions", "aws"))
    session.run(
        *("pytest", "-p", "from_wheels", "integration-tests/aws-target", *session.posargs),
        env={"PYTHONPATH": str(ROOT / "tools" / "pytest_plugins")},
    )


@nox.session(default=False)
def async_package(session: nox.Session) -> None:
    """Install the package that `bench` measures in an environment of its own."""
    session.install(*_group("bench-async-package"))


@nox.session(default=False, requires=["wheels", "async_package"])
def bench(session: nox.Session) -> None:
    """Measure both flavours beside the official SDK and an async package; decides nothing."""
    _install_wheels(session, *_group("bench"))
    python = ROOT / ".nox" / "async_package" / "bin" / "python"
    session.run(
        *("python", "-m", "benchmarks", "run", "--async-package", str(python)), *session.posargs
    )


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Build the wheels and sdists that are published, check them, and install every one."""
    session.install(*_group("build"))
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    for each in DISTRIBUTIONS:  # the wheel is made of the sdist
        session.run("python", "-m", "build", "--no-isolation", "-o", "dist", str(each.folder))
    session.run("twine", "check", "--strict", *(str(file) for file in sorted(dist.iterdir())))
    version = str(session.run("python", "-m", "tools.built", silent=True)).strip()
    # As a user does, by name, so that what they need of each other is looked up.
    every = [f"{each.name}=={version}" for each in DISTRIBUTIONS]
    session.install("--find-links", "dist", *every)
    session.run("python", "-m", "tools.built", "--installed")
    sdists = [str(file) for file in sorted(dist.glob("*.tar.gz"))]
    session.install("--no-deps", "--no-build-isolation", "--force-reinstall", *sdists)
    session.run("python", "-m", "tools.built", "--installed")


@nox.session(default=False, requires=["wheels"])
def record(session: nox.Session) -> None:
    """Record executions for later versions to resume: `nox -s record -- X.Y.Z`."""
    _install_wheels(session)
    session.run("python", "-m", "tests.upgrade.record", *session.posargs)


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Prepare a release, `nox -s release -- X.Y.Z`: changelog, tag, files. Publishes nothing."""
    session.install(*_group("release"))
    session.run("python", "-m", "tools.release", *session.posargs)
    session.notify("build")


def _run_all(session: nox.Session, *commands: list[str]) -> None:
    """Run every command, whether or not one before it failed: all there is to repair shows."""
    failed = []
    for command in commands:
        try:
            session.run(*command)
        except nox.command.CommandFailed:
            failed.append(" ".join(command[:3]))
    if failed:
        session.error(f"failed: {'; '.join(failed)}")


def _group(*names: str) -> tuple[str, ...]:
    return nox.project.dependency_groups(PYPROJECT, *names)


def _checkout_path() -> str:
    return os.pathsep.join([str(ROOT), *(str(each.source) for each in DISTRIBUTIONS)])


def _install_wheels(
    session: nox.Session, *requirements: str, only: list[str] | None = None
) -> None:
    """Install our wheels, then again and alone: a rebuilt wheel may have the same version."""
    ours = [str(file) for file in sorted(WHEELS.glob("*.whl")) if _wanted(file, only)]
    session.install(*ours, *requirements)
    session.install("--force-reinstall", "--no-deps", *ours)


def _wanted(wheel: Path, only: list[str] | None) -> bool:
    return only is None or wheel.name.split("-")[0].replace("_", "-") in only
