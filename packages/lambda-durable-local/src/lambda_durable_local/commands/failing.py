"""How a command says that it cannot do what it was asked for."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

from lambda_durable.errors import DurableError

from ..errors import LocalError

CommandT = TypeVar("CommandT", bound=Callable[..., Any])

BAD_USAGE = 2


class Refusal(click.ClickException):
    """An error message without a traceback, and exit status 2."""

    exit_code = BAD_USAGE


def readable_errors(command: CommandT) -> CommandT:
    """Turn this package's errors, raised in a command, into messages and exit status 2."""

    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except LocalError as error:
            raise Refusal("\n".join([error.message, *error.details])) from error
        except DurableError as error:
            raise Refusal(str(error)) from error

    return wrapped  # type: ignore[return-value]  # it takes what `command` takes
