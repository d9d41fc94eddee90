"""Tests of the distributions, the examples and the documents, on this machine alone."""

import json
import os
import shutil

import nox

from tools.distributions import ROOT, third_party
from tools.sessions.common import (
    DISTRIBUTIONS,
    PLUGINS,
    PYTHONS,
    group,
    install_wheels,
    installed_python,
    python_of,
)

SUITES = [*(each.name for each in DISTRIBUTIONS), "repository", "examples"]
ELSEWHERE = ["docs", "site", "peers"]
"""The folders of the repository's own tests that need more than is installed for all suites."""

EXHAUSTIVE = [
    *("lambda-durable", "lambda-durable-local", "lambda-durable-concurrency"),
    *("lambda-durable-lean-client", "lambda-durable-testing", "repository"),
]
"""The suites that have tests which try everything; a session of its own runs these."""

WORKERS = str((os.cpu_count() or 1) + 1)
"""How many tests run at once: many wait for processes that they have started."""

SHORT = ["lambda-durable-kernel", "lambda-durable-retry", "lambda-durable-serializers"]
"""The suites that are over before several processes have begun."""

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


# The environment of its own that nox makes for each suite stays empty: all suites of a Python share
# one, which is made once. Without an environment nox would not take this over a list of Pythons.
@nox.session(python=PYTHONS, requires=["installed-{python}"])
@nox.parametrize("suite", [nox.param(name, id=name) for name in SUITES])
def tests(session: nox.Session, suite: str) -> None:
    """Run the tests of one distribution, or of the examples, against the installed wheels."""
    _run(session, suite, str(session.python), "-m", "not exhaustive")


@nox.session(requires=[f"installed-{PYTHONS[0]}"])
@nox.parametrize("suite", [nox.param(name, id=name) for name in EXHAUSTIVE])
def exhaustive(session: nox.Session, suite: str) -> None:
    """Try everything: hundreds of programs, stopped at every checkpoint; every change; kills."""
    _run(session, suite, PYTHONS[0], "-m", "exhaustive")


def _run(session: nox.Session, suite: str, python: str, *selection: str) -> None:
    """Run tests of a suite with what is installed for a Python."""
    folders = {each.name: each.folder for each in DISTRIBUTIONS}
    tests = "examples" if suite == "examples" else "tests"
    folder = folders.get(suite, ROOT)
    if not (folder / tests).is_dir():
        session.skip(f"{suite} has no tests")
    with session.chdir(folder):
        session.run(
            *(installed_python(python), "-m", "pytest"),
            *("-p", "from_wheels", "-p", "any_machine"),
            *("-n", "0" if suite in SHORT else WORKERS, "--dist", "loadgroup", tests, *selection),
            # Sessions of their own run these, on one Python.
            *(f"--ignore=tests/{each}" for each in ELSEWHERE if suite == "repository"),
            *(["--ignore=tests/test_official.py"] if suite == "lambda-durable-local" else []),
            *session.posargs,
            env={**PLUGINS, "LAMBDA_DURABLE_OFFICIAL_PYTHON": python_of("official")},
            external=True,
            # 5: nothing was selected, as must be in most suites after `-- -k something`
            success_codes=[0, 5] if session.posargs else [0],
        )


@nox.session(default=False, requires=[f"installed-{PYTHONS[0]}", "official"])
def functions_of_others(session: nox.Session) -> None:
    """Run functions of the official SDK, in its own environment, on the local service."""
    with session.chdir(ROOT / "packages" / "lambda-durable-local"):
        session.run(
            *(installed_python(PYTHONS[0]), "-m", "pytest", "-p", "from_wheels"),
            "tests/test_official.py",
            *session.posargs,
            env={
                **PLUGINS,
                "LAMBDA_DURABLE_OFFICIAL_PYTHON": python_of("official"),
            },
            external=True,
        )


@nox.session(default=False, requires=["wheels"])
def peers(session: nox.Session) -> None:
    """Compare with the official SDK, in one environment: where it goes wrong, and its format."""
    install_wheels(session, *group("test", "official"), *third_party(DISTRIBUTIONS))
    pytest = ("pytest", "-p", "from_wheels", "-p", "any_machine", *session.posargs)
    session.run(*pytest, "tests/peers", env=PLUGINS)
    with session.chdir("plugins/lambda-durable-serializers"):
        session.run(*pytest, "tests/test_official_format.py", env=PLUGINS)


@nox.session(requires=["wheels"])
def docs_tests(session: nox.Session) -> None:
    """Execute every code block of the README files, the docs and the examples."""
    install_wheels(session, *group("test", "docs"))
    # Documents may name sessions; nox itself is not in this environment.
    sessions = json.dumps(sorted(nox.registry.get()))
    session.run("pytest", "tests/docs", *session.posargs, env={"NOX_SESSIONS": sessions})


@nox.session(requires=["wheels"])
def docs(session: nox.Session) -> None:
    """Build the documentation's site in build/site, and check its links and that it is complete.

    Warnings are errors. With `-- --serve` the site is shown at http://127.0.0.1:8000 afterwards.
    """
    install_wheels(session, *group("test", "site"))
    pages, site = str(ROOT / "docs"), str(ROOT / "build" / "site")
    shutil.rmtree(site, ignore_errors=True)  # Sphinx leaves pages behind that are none any more
    options = ("--fail-on-warning", "--keep-going", "-n", "-q", "-E", "-a", "-b", "html")
    session.run("python", "-m", "sphinx", *options, pages, site, env={"PYTHONPATH": str(ROOT)})
    session.run("pytest", "tests/site", env={"SITE": site})
    if "--serve" in session.posargs:
        session.run("python", "-m", "http.server", "--bind", "127.0.0.1", "-d", site)


@nox.session(default=False, requires=["wheels"])
def demo(session: nox.Session) -> None:
    """Run the main job: an order that waits, is killed half-way and is resumed."""
    if missing := set(DEMO_INSTALLS) - {each.name for each in DISTRIBUTIONS}:
        session.skip(f"not in this repository yet: {', '.join(sorted(missing))}")
    install_wheels(session, only=DEMO_INSTALLS)
    session.run(*DEMO, *session.posargs)


@nox.session(default=False, requires=["wheels"])
def picture(session: nox.Session) -> None:
    """Make the README's picture of an execution anew, by running the demo in a terminal."""
    install_wheels(session, *group("site"), only=DEMO_INSTALLS)
    session.run("python", "-m", "tools.picture", "docs/_static/timeline.svg", *DEMO)
