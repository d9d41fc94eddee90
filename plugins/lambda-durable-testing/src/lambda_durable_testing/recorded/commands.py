"""Commands of `durable`: record executions, and replay them against new code.

Found through entry points by `lambda-durable-local`, which brings click.
"""

from pathlib import Path
from typing import Any

import click

from lambda_durable.errors import DurableError

from .folders import handler_at, recordings_in
from .recording import Recording
from .redaction import redact_members
from .replay import made_by, replay


@click.command("replay")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--handler", "target", metavar="MODULE:NAME", help="Replay against this handler.")
@click.option("--readable", is_flag=True, help="Have payloads only be readable, not the same.")
def replay_command(*, paths: tuple[Path, ...], target: str | None, readable: bool) -> None:
    """Replay the recordings in PATHS (files or folders): may this code be deployed?

    No step runs and nothing is sent. The exit status is 1 if a recording is not repeated.
    """
    failed = 0
    try:
        for path in [file for each in paths for file in recordings_in(each)]:
            recording = Recording.load(path)
            handler = handler_at(target or recording.handler, path)
            made = replay(handler, recording, payloads="readable" if readable else "same")
            click.echo(f"{path}: {made}")
            failed += not made.passed
    except DurableError as error:
        raise click.UsageError(str(error)) from error
    if failed:
        raise SystemExit(1)


@click.command("record")
@click.argument("arn")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--endpoint", metavar="URL", help="The service to ask; AWS if none is given.")
@click.option("--handler", "target", metavar="MODULE:NAME", help="The handler that made it.")
@click.option("--redact", multiple=True, metavar="MEMBER", help="Blank this member of payloads.")
def record_command(
    *, arn: str, path: Path, endpoint: str | None, target: str | None, redact: tuple[str, ...]
) -> None:
    """Record the execution ARN, with its data, into the file PATH."""
    from boto3 import client  # slow to import, and not needed for a replay

    service: Any = client("lambda", endpoint_url=endpoint)  # pyright: ignore[reportUnknownMemberType]  # boto3 has no types
    try:
        hook = redact_members(*redact) if redact else None
        recording = Recording.from_client(service, arn, redact=hook)
        if target is not None:
            recording = made_by(handler_at(target, path), recording)
        recording.save(path)
    except (DurableError, AssertionError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{path}: {len(recording.events)} events of {recording.name}, {recording.status}")
