"""`durable completion`: what makes a shell complete commands, options and names."""

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script for SHELL; `eval "$(durable completion bash)"` in its start-up file."""
    found = get_completion_class(shell)
    assert found is not None, "click knows the shells of the choice"
    root = context.find_root()
    name = root.info_name or "durable"
    click.echo(found(root.command, {}, name, "_DURABLE_COMPLETE").source())
