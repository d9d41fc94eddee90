"""What other sessions need: wheels, and environments that several of them share."""

import shutil

import nox

from tools.distributions import third_party
from tools.sessions.common import DISTRIBUTIONS, PYTHONS, WHEELS, group, install_wheels


@nox.session(default=False)
def wheels(session: nox.Session) -> None:
    """Build the wheel of every distribution, all of one version, for the sessions below."""
    session.install(*group("build"))
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
    needed = ["pip", *group("test", "docs", "imports", "build", "release")]
    install_wheels(session, *needed, *third_party(DISTRIBUTIONS))


@nox.session(default=False)
def official(session: nox.Session) -> None:
    """Install the official SDK alone, whose functions run on our service."""
    session.install(*group("official"))


@nox.session(default=False, requires=["wheels"])
def functions(session: nox.Session) -> None:
    """Install all wheels and Lambda's own runtime, for functions that the local service runs."""
    install_wheels(session, *group("functions"))


@nox.session(default=False)
def async_package(session: nox.Session) -> None:
    """Install the package that `bench` measures in an environment of its own."""
    session.install(*group("bench-async-package"))
