"""What `durable run` was asked for, as a plan."""

import os
from collections.abc import Sequence

import click

from lambda_durable_kernel import Quotas, Settings

from .. import events, targets
from ..functions import LocalFunction
from ..running import HostKind, Plan
from .options import environment, function_targets


def make_plan(
    *,
    target: str,
    event: str | None,
    name: str | None,
    functions: Sequence[str],
    host: HostKind,
    python: str,
    variables: Sequence[str],
    timeout: float,
    execution_timeout: int | None,
    skip_time: bool,
    kills: Sequence[str],
    no_quotas: bool,
) -> Plan:
    """Return the plan for the command's options; refuse what cannot be carried out."""
    if kills and host == "inprocess":
        raise click.UsageError("--kill-at kills the function's process: it needs --host process")
    settings = Settings(region=region(), quotas=Quotas.lifted() if no_quotas else Quotas())
    main = targets.parse(target)
    others = {other: targets.parse(text) for other, text in function_targets(functions).items()}
    own_name = main.function_name
    if own_name in others:
        raise click.BadParameter(
            f"{own_name!r} is the name of TARGET itself", param_hint="--function"
        )
    found = [
        LocalFunction(
            each, of, timeout=timeout, environment=environment(variables), settings=settings
        )
        for each, of in ({own_name: main} | others).items()
    ]
    payload = events.payload(event, limit=None) if no_quotas else events.payload(event)
    return Plan(
        function=found[0],
        payload=payload,
        name=name,
        others=found[1:],
        host=host,
        python=python,
        execution_timeout=execution_timeout,
        skip_time=skip_time,
        kills=kills,
        settings=settings,
    )


def region() -> str:
    """Return the region that functions are told they run in: that of AWS's own variables."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or Settings().region
