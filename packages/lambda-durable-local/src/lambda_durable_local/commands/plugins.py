"""`durable plugins`: what is installed beside core, and what each of them brings."""

import json

import click
from rich.text import Text

from lambda_durable import defaults, discovery

from ..contributions import Contribution, contribution
from ..views.screen import make_console
from .failing import readable_errors
from .options import plain_option


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a list for programs.")
@plain_option
@readable_errors
def plugins(*, as_json: bool, plain: bool) -> None:
    """List the plugins that handlers get here, in their order, and what each registers.

    Plugins that a handler names itself, in @durable_execution(plugins=[...]), come before these.
    """
    found = [contribution(plugin) for plugin in (*discovery.installed(), defaults)]
    if as_json:
        click.echo(json.dumps([each.as_json() for each in found], indent=2))
        return
    console = make_console(plain=plain)
    for number, each in enumerate(found):
        if number:
            console.print()
        console.print(Text(each.name, style="bold").append(_origin(each), style="dim"))
        for title, names in each.sections():
            console.print(Text(f"  {title:<18}").append(", ".join(names)), soft_wrap=True)


def _origin(found: Contribution) -> str:
    parts = [found.version, "core" if found.name == defaults.__name__ else None]
    return "".join(f"  {part}" for part in parts if part)
