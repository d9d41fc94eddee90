"""What `durable serve` was asked for, as a plan."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lambda_durable_kernel import Quotas, Settings

from .. import targets
from ..functions import LocalFunction, LogFormat, Logging
from .options import environment, function_targets, name_values
from .plans import region

if TYPE_CHECKING:
    from ..serving.hosting import HostKind
    from ..serving.service import ServePlan

_TOKEN = re.compile(r"[A-Za-z0-9_.~-]{16,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The command's options, as they were typed."""

    targets: Sequence[str]
    templates: Sequence[Path]
    parameters: Sequence[str]
    functions: Sequence[str]
    token: str | None
    host: "HostKind"
    python: str
    variables: Sequence[str]
    log_dir: Path | None
    log_format: LogFormat | None
    skip_time: bool
    quotas: Sequence[str]
    no_quotas: bool


def make_plan(given: Options, store: Path) -> "ServePlan":
    """Return the plan for the command's options; refuse what cannot be carried out."""
    from ..serving.service import ServePlan

    if given.token is not None and not _TOKEN.fullmatch(given.token):
        raise click.BadParameter(
            "give 16 to 128 letters, digits, - and _ (or `new`)", param_hint="--token"
        )
    settings = Settings(region=region(), quotas=_quotas(given))
    functions = _functions(given, settings)
    if not functions:
        raise click.UsageError("nothing to serve: give a --template, a TARGET or a --function")
    return ServePlan(
        functions=functions,
        store=store,
        host=given.host,
        python=given.python,
        log_dir=given.log_dir,
        skip_time=given.skip_time,
        token=given.token,
        settings=settings,
    )


def _functions(given: Options, settings: Settings) -> list[LocalFunction]:
    variables = environment(given.variables)
    logging = Logging(given.log_format) if given.log_format else Logging()
    named: list[tuple[str, str, bool | None]] = [
        *((targets.parse(text).function_name, text, True) for text in given.targets),
        *((name, text, None) for name, text in function_targets(given.functions).items()),
    ]
    found = [
        LocalFunction(
            name,
            targets.parse(text),
            environment=variables,
            settings=settings,
            durable=durable,
            logging=logging,
        )
        for name, text, durable in named
    ]
    found += _from_templates(given, settings, variables)
    _check_names(found)
    return found


def _from_templates(
    given: Options, settings: Settings, variables: Mapping[str, str]
) -> list[LocalFunction]:
    if not given.templates:
        return []
    from ..templates import read_templates

    return read_templates(
        given.templates,
        environment=variables,
        parameters=name_values(given.parameters, "--parameter"),
        log_format=given.log_format,
        settings=settings,
    )


def _check_names(functions: Sequence[LocalFunction]) -> None:
    seen: set[str] = set()
    for each in functions:
        if each.name in seen:
            raise click.UsageError(
                f"two functions are called {each.name!r}: give one another name, with "
                "--function NAME=TARGET"
            )
        seen.add(each.name)


def _quotas(given: Options) -> Quotas:
    quotas = Quotas.lifted() if given.no_quotas else Quotas()
    known = {each.name for each in fields(Quotas)}
    for name, text in name_values(given.quotas, "--quota").items():
        if name not in known:
            raise click.BadParameter(
                f"there is no quota {name!r}{targets.did_you_mean(name, sorted(known))}",
                param_hint="--quota",
            )
        if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
            raise click.BadParameter(
                f"{name}={text}: give a whole number from 1", param_hint="--quota"
            )
        quotas = replace(quotas, **{name: int(text)})
    return quotas
