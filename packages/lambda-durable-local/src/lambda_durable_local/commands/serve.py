"""`durable serve`: the service over HTTP, for any AWS SDK."""

import logging
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ..sources.endpoint import DEFAULT_PORT, TOKEN_VARIABLE
from .failing import readable_errors
from .options import plain_option
from .places import place_of
from .serve_plans import Options, make_plan


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option(
    "--template",
    "templates",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A SAM or CloudFormation template whose functions are served; may be given again.",
)
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A value for a parameter of the templates.",
)
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="NAME=TARGET",
    help="A further function under a name of its own, durable or plain.",
)
@click.option(
    "--store",
    "store_path",
    type=click.Path(path_type=Path),
    help="The file that keeps executions; without it they are forgotten when the service ends.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@click.option(
    "--bind",
    "address",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; another than this machine's own needs --token.",
)
@click.option(
    "--token",
    envvar=TOKEN_VARIABLE,
    help="What clients have to give, as AWS access key id or bearer token; `new` makes one.",
)
@click.option(
    "--host",
    type=click.Choice(["process", "inprocess", "docker"]),
    default="process",
    show_default=True,
    help="Where functions run: in processes with Lambda's own runtime, in this one, in containers.",
)
@click.option("--python", default=sys.executable, help="The interpreter of functions' processes.")
@click.option("--env", "variables", multiple=True, metavar="NAME=VALUE", help="For all functions.")
@click.option(
    "--log-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where each function's log is written, as NAME.log; without it they are printed.",
)
@click.option(
    "--log-format", type=click.Choice(["JSON", "Text"]), help="Instead of the templates'."
)
@click.option("--skip-time", is_flag=True, help="Jump over the time in which nothing runs.")
@click.option(
    "--quota",
    "quotas",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Another limit of size or number, as in operations=5000.",
)
@click.option("--no-quotas", is_flag=True, help="Lift the service's limits of size and number.")
@plain_option
@readable_errors
def serve(
    *,
    targets: Sequence[str],
    store_path: Path | None,
    port: int,
    address: str,
    token: str | None,
    plain: bool,
    **options: Any,
) -> None:
    """Serve functions and their executions over HTTP, until SIGTERM or Ctrl-C.

    TARGET is path/to/file.py:NAME or package.module:NAME, of a durable function. Every AWS SDK
    reaches the service with AWS_ENDPOINT_URL_LAMBDA, or an endpoint_url of its own.
    """
    # The server is slow to import, and no other command needs it.
    from ..api.access import is_loopback
    from ..serving.listening import bind, url
    from ..serving.service import serve as serve_plan

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    if token == "new":
        token = secrets.token_urlsafe(24)
        click.echo(f"token {token}")
    if token is None and not is_loopback(address):
        raise click.BadParameter(
            f"{address} can be reached from other machines: give a --token, or `--token new`",
            param_hint="--bind",
        )
    with place_of(store_path) as place:
        given = Options(targets=targets, token=token, **options)
        plan = make_plan(given, place.path)
        listening = bind(address, port)

        def say_where(_: object) -> None:
            click.echo(f"listening on {url(listening)}")

        serve_plan(plan, listening, on_ready=say_where)
