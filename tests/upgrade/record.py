"""Records executions for later versions to resume: `nox -s record -- X.Y.Z`, at each release.

What was recorded with a version that was never released, to have something between two releases,
is replaced.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from .executions import EVENT, HANDLERS, INVOKES, STARTED_AT, finish, make_service
from .recordings import FOLDER, Recording, WatchedStore

_VERSION = re.compile(r"\d+\.\d+\.\d+(\.dev\d+)?")


def record(version: str, flavour: str, workflow: str, path: Path) -> Recording:
    """Run a workflow on a store at `path`, and return what the store held on the way."""
    store = WatchedStore(path)
    try:
        simulation = make_service(store, flavour, workflow, now=STARTED_AT)
        arn = simulation.start(INVOKES, EVENT, name=workflow)
        done = finish(simulation, arn)
    finally:
        store.close()
    return Recording(
        version=version,
        flavour=flavour,
        workflow=workflow,
        arn=arn,
        status=done.status,
        result=done.result,
        error=dict(done.error) if done.error is not None else None,
        schema=store.schema,
        states=store.states,
    )


def record_all(version: str, folder: Path) -> list[Path]:
    """Record every workflow in both flavours into a new folder, and return the files."""
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "recorded"
        made.mkdir()
        for flavour, handlers in HANDLERS.items():
            for workflow in handlers:
                path = Path(scratch) / f"{workflow}-{flavour}.db"
                record(version, flavour, workflow, path).save(made)
        shutil.copytree(made, folder)
    return sorted(folder.iterdir())


def main(arguments: list[str]) -> int:
    """Record for the version that is asked for; return 1 if that cannot be."""
    if len(arguments) != 1 or not _VERSION.fullmatch(arguments[0]):
        print("say for which version: nox -s record -- X.Y.Z", file=sys.stderr)
        return 1
    version = arguments[0]
    if (FOLDER / version).exists():
        print(
            f"{FOLDER / version} exists: what was released is not recorded again", file=sys.stderr
        )
        return 1
    unreleased = list(FOLDER.glob("*.dev*"))
    files = record_all(version, FOLDER / version)
    for folder in unreleased:
        shutil.rmtree(folder)
    for file in files:
        print(file.relative_to(FOLDER.parent.parent.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
