"""The `durable` command; each of its commands is a module of `commands`."""

from importlib.metadata import PackageNotFoundError, version

import click

from .commands.callback import callback
from .commands.completion import completion
from .commands.control import delete, pause, resume, stop
from .commands.history import history
from .commands.installed import Commands
from .commands.invoke import invoke
from .commands.list import list_executions
from .commands.logs import logs
from .commands.new import new
from .commands.plugins import plugins
from .commands.run import run
from .commands.serve import serve
from .commands.show import show
from .commands.template import template


def _version() -> str:
    try:
        return version("lambda-durable-local")
    except PackageNotFoundError:  # a checkout that is on the path
        return "(not installed)"


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(_version(), message="durable %(version)s")
def main() -> None:
    """Run durable Lambda functions on this machine, and look at what they did."""


_COMMANDS = (
    *(new, template),
    *(run, serve, invoke),
    *(list_executions, show, history, logs, callback),
    *(stop, pause, resume, delete),
    *(plugins, completion),
)

for _command in _COMMANDS:
    main.add_command(_command)
