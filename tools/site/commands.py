"""The reference of the `durable` command line, made from its click commands."""

from collections.abc import Iterator

import click

from lambda_durable_local.command_line import main


def text(argument: str, page: str) -> str:
    """Return a section for each command, those of installed plugins included."""
    return "\n\n".join(_sections(main, click.Context(main, info_name="durable"), 2))


def walk(
    group: click.Group, context: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield the commands of a group, and of the groups in it, with their contexts."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        yield command, inner
        if isinstance(command, click.Group):
            yield from walk(command, inner)


def _sections(group: click.Group, context: click.Context, level: int) -> Iterator[str]:
    for command, inner in walk(group, context):
        depth = level + len(inner.command_path.split()) - 2
        yield "\n".join(
            [
                f"{'#' * depth} {inner.command_path}",
                "",
                *_help(command),
                "",
                "```text",
                inner.command_path + " " + " ".join(command.collect_usage_pieces(inner)),
                "```",
                "",
                *_options(command, inner),
            ]
        )


def _help(command: click.Command) -> list[str]:
    return [line.replace("\b", "").strip() for line in (command.help or "").splitlines()]


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    records = [each.get_help_record(context) for each in command.get_params(context)]
    shown = [each for each in records if each and "--help" not in each[0]]
    if shown:
        yield from ("| option | |", "|---|---|")
    for option, said in shown:
        yield f"| `{_cell(option)}` | {_cell(said)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
