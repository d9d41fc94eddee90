"""What is checked without running it."""

import sys

import nox

from tools.distributions import third_party
from tools.sessions.common import DISTRIBUTIONS, checkout_path, group, run_all


@nox.session
def lint(session: nox.Session) -> None:
    """Look for mistakes and untidy formatting with ruff, and for news that cannot be collected."""
    session.install(*group("lint"))
    session.run("towncrier", "build", "--draft", "--version", "next", silent=True)
    run_all(session, ["ruff", "check", *session.posargs], ["ruff", "format", "--check"])


@nox.session(venv_backend="none")
def shape(session: nox.Session) -> None:
    """Measure modules, functions, docstrings and suppressions against their limits."""
    session.run(sys.executable, "-m", "tools.shape", external=True)


@nox.session
def imports(session: nox.Session) -> None:
    """Check the layers, what may not be imported where, and that nothing is circular."""
    session.install(*group("imports"))
    session.run("python", "-m", "tools.contracts", env={"PYTHONPATH": checkout_path()})


@nox.session
def types(session: nox.Session) -> None:
    """Check the types with mypy and pyright, and that both reject what is wrong."""
    session.install(*group("types"), *third_party(DISTRIBUTIONS))
    session.env.update({"PYTHONPATH": checkout_path(), "MYPYPATH": checkout_path()})
    run_all(
        session,
        ["python", "-m", "tools.checked_types"],
        ["python", "-m", "tools.public_types"],
        ["python", "-m", "tools.typing_tests"],
    )
