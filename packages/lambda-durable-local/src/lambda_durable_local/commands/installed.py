"""The commands of `durable`: its own, and those of installed packages.

A package adds one with an entry point of the group `lambda_durable_local`, which names a click
command. They are looked for when a command is asked for that `durable` does not have, and for help.
"""

import click

GROUP = "lambda_durable_local"


class Commands(click.Group):
    """A group that also knows the commands of installed packages."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name, the group's own first."""
        own = super().get_command(ctx, cmd_name)
        return own if own is not None else _of_packages(cmd_name).get(cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, the group's own first."""
        own = super().list_commands(ctx)
        return [*own, *(name for name in sorted(_of_packages()) if name not in own)]


def _of_packages(name: str | None = None) -> dict[str, click.Command]:
    from importlib.metadata import entry_points  # slow, and most commands are our own

    found: dict[str, click.Command] = {}
    wanted = entry_points(group=GROUP) if name is None else entry_points(group=GROUP, name=name)
    for entry_point in wanted:
        try:
            command = entry_point.load()
        except ImportError as error:
            click.echo(f"the command {entry_point.name!r} cannot be loaded: {error}", err=True)
        else:
            found[entry_point.name] = command
    return found
