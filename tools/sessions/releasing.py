"""What is published, and how that is prepared."""

import shutil

import nox

from tools.distributions import ROOT
from tools.sessions.common import DISTRIBUTIONS, group, install_wheels


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Build the wheels and sdists that are published, check them, and install every one."""
    session.install(*group("build"))
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
    install_wheels(session)
    session.run("python", "-m", "tests.upgrade.record", *session.posargs)


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Prepare a release, `nox -s release -- X.Y.Z`: changelog, tag, files. Publishes nothing."""
    session.install(*group("release"))
    session.run("python", "-m", "tools.release", *session.posargs)
    session.notify("build")
