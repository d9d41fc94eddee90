"""`durable new`: a project with a function, its test and what deploys it."""

import json
from pathlib import Path

import click

from ..projects.finding import runtime_here
from ..projects.making import make_project
from ..projects.sam import Settings
from .failing import readable_errors
from .options import runtime_option


@click.command()
@click.argument("name")
@click.option("--async", "is_async", is_flag=True, help="Write it in async def.")
@click.option(
    "--into",
    "parent",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The folder that the project's own folder is made in.  [default: the current one]",
)
@runtime_option
@click.option("--json", "as_json", is_flag=True, help="Print what was made for programs.")
@readable_errors
def new(name: str, *, is_async: bool, parent: Path, runtime: str | None, as_json: bool) -> None:
    """Make a folder NAME with a durable function that runs, and its test that passes.

    With it come a SAM template, a Dockerfile, the list of plugins and a workflow for CI. What
    exists already is never touched.
    """
    settings = Settings(runtime or runtime_here())
    files = make_project(name, parent, settings, is_async=is_async)
    folder = parent / name
    if as_json:
        told = {"folder": str(folder), "files": sorted(map(str, files))}
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(f"{folder}/")
    for file in sorted(each.relative_to(folder) for each in files):
        click.echo(f"  {file}")
    module = next(each.stem for each in files if each.parent.name == "src" and each.suffix == ".py")
    click.echo(
        f"\nNext:\n  cd {folder}\n  pip install -r requirements-dev.txt\n  python -m pytest\n"
        f"  durable run src/{module}.py:handler --event event.json --skip-time"
    )
