"""The options that say where executions are: in a store's file, or at an endpoint."""

import functools
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from lambda_durable.errors import DurableError

from ..sources.base import Source
from ..sources.endpoint import AWS, DEFAULT
from ..sources.remote import RemoteSource
from ..sources.stored import StoredSource

_Decorator = Callable[[Any], Any]

store_option: _Decorator = click.option(
    "--store",
    "store_path",
    type=click.Path(path_type=Path),
    help="The file of `durable run --store` or `durable serve --store`.",
)
endpoint_option: _Decorator = click.option(
    "--endpoint",
    metavar=f"URL|{AWS}",
    help=f"Where the Lambda API is; `{AWS}` is your account.  "
    f"[default: AWS_ENDPOINT_URL_LAMBDA, or {DEFAULT}]",
)
function_option: _Decorator = click.option(
    "--function", help="Look only at executions of this function."
)
json_option: _Decorator = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, for programs."
)


def source_options(command: Any) -> Any:
    """Add the options of a command that only looks."""
    return store_option(endpoint_option(command))


@contextmanager
def opened(store_path: Path | None, endpoint: str | None) -> Iterator[Source]:
    """Give the source that was asked for."""
    if store_path is not None and endpoint is not None:
        raise click.UsageError("give --store or --endpoint, not both")
    source: Source = (
        RemoteSource(endpoint_or_default(endpoint))
        if store_path is None
        else StoredSource(store_path)
    )
    try:
        yield source
    finally:
        source.close()


@contextmanager
def remote(endpoint: str | None) -> Iterator[RemoteSource]:
    """Give the endpoint that was asked for."""
    source = RemoteSource(endpoint_or_default(endpoint))
    try:
        yield source
    finally:
        source.close()


def endpoint_or_default(endpoint: str | None) -> str:
    """Return an endpoint: the one that was typed, that of AWS's own variable, or the usual one."""
    found = endpoint or os.environ.get("AWS_ENDPOINT_URL_LAMBDA") or DEFAULT
    if found != AWS and not found.startswith(("http://", "https://")):
        raise click.BadParameter(
            f"{found!r} is neither a URL, as in {DEFAULT}, nor `{AWS}`", param_hint="--endpoint"
        )
    return found


def completing(find: Callable[[Source], Sequence[str]]) -> Callable[..., list[CompletionItem]]:
    """Return what completes a word in a shell, from the source that the line names so far."""

    @functools.wraps(find)
    def complete(
        context: click.Context, _: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        given = context.params
        try:
            with opened(given.get("store_path"), given.get("endpoint")) as source:
                names = find(source)
        except (DurableError, click.ClickException):
            return []
        return [
            CompletionItem(name) for name in dict.fromkeys(names) if name.startswith(incomplete)
        ]

    return complete


def _executions(source: Source) -> Sequence[str]:
    return [row.start.name for row in source.rows()]


def _functions(source: Source) -> Sequence[str]:
    return source.functions if isinstance(source, RemoteSource) else ()


execution_argument: _Decorator = click.argument(
    "name", required=False, shell_complete=completing(_executions)
)
needed_execution_argument: _Decorator = click.argument(
    "name", shell_complete=completing(_executions)
)
function_argument: _Decorator = click.argument("name", shell_complete=completing(_functions))
