"""`durable template`: the SAM template for the durable handlers of a package."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from lambda_durable.protocol import Limits

from ..errors import ProjectError
from ..projects.finding import find_handlers, runtime_here
from ..projects.naming import logical_id
from ..projects.sam import Function, Settings, as_data, render
from .failing import readable_errors
from .options import runtime_option


@click.command()
@click.argument("places", nargs=-1, metavar="[PLACE]...")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The file to write, which must not exist; without it the template is printed.",
)
@click.option("--python", default=sys.executable, help="The interpreter that imports handlers.")
@runtime_option
@click.option(
    "--timeout",
    type=click.IntRange(1, 900),
    default=60,
    show_default=True,
    help="Seconds that one invocation may take.",
)
@click.option(
    "--execution-timeout",
    type=click.IntRange(1, Limits.EXECUTION_TIMEOUT_SECONDS),
    default=604_800,
    show_default=True,
    help="Seconds that an execution may take.",
)
@click.option(
    "--retention-days",
    type=click.IntRange(1, 90),
    default=14,
    show_default=True,
    help="How long executions are kept when they have ended.",
)
@click.option(
    "--log-format", type=click.Choice(["JSON", "Text"]), default="JSON", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of YAML.")
@readable_errors
def template(
    *,
    places: tuple[str, ...],
    output: Path | None,
    python: str,
    runtime: str | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """Write the SAM template for the durable handlers found in each PLACE.

    A PLACE is a folder, a Python file or a package; without one it is the current folder. Files
    that mention durable_execution are imported; tests are left out.
    """
    if output is not None and output.exists():
        raise ProjectError(f"{output} exists already: name another file, or move it away")
    base = Path() if output is None else output.parent
    if not base.is_dir():
        raise ProjectError(f"there is no folder {base} to write {output} in")
    found = find_handlers(places or (".",), python)
    functions = [
        Function(logical_id(each.name), each.name, _relative(each.folder, base), each.handler)
        for each in found
    ]
    text = render(functions, Settings(runtime or runtime_here(), **settings))
    if as_json:
        text = json.dumps(as_data(text), indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)
        click.echo(f"{output}: {', '.join(each.name for each in found)}")
    for folder in dict.fromkeys(each.folder for each in found):
        if not (folder / "requirements.txt").exists():
            click.echo(f"{folder} has no requirements.txt, which `sam build` installs", err=True)


def _relative(folder: Path, base: Path) -> str:
    """Return a folder as a template in `base` names it."""
    return os.path.relpath(folder, base.resolve()) + "/"


def _write(output: Path, text: str) -> None:
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ProjectError(f"{output} cannot be written: {error.strerror}") from error
