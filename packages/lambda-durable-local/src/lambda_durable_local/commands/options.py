"""Values that are read from options, and options that several commands have."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import click

_FUNCTION_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")

plain_option: Callable[[Any], Any] = click.option(
    "--plain", is_flag=True, help="No colours and no movement, as when the output is no terminal."
)

runtime_option: Callable[[Any], Any] = click.option(
    "--runtime",
    type=click.Choice(["python3.11", "python3.12", "python3.13", "python3.14"]),
    help="Lambda's runtime.  [default: that of this Python]",
)


def environment(given: Sequence[str]) -> dict[str, str]:
    """Return environment variables from `NAME=VALUE` texts."""
    return name_values(given, "--env")


def name_values(given: Sequence[str], option: str) -> dict[str, str]:
    """Return values by name from the `NAME=VALUE` texts of an option."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint=option)
        found[name] = value
    return found


def function_targets(given: Sequence[str]) -> dict[str, str]:
    """Return targets by the names of functions, from `NAME=TARGET` texts."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, target = text.partition("=")
        if not equals or not target or not _FUNCTION_NAME.fullmatch(name):
            raise click.BadParameter(
                f"{text!r} is not NAME=TARGET, with a NAME of letters, digits, - and _",
                param_hint="--function",
            )
        if name in found:
            raise click.BadParameter(f"{name!r} is given twice", param_hint="--function")
        found[name] = target
    return found
