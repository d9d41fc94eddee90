"""The commands that documents show, and which of them are run.

The rule is a short list. `durable` and `python` run, in a scratch folder with our wheels installed.
`pip install` and `nox` are checked instead: the distributions, extras and sessions they name must
exist. Making or entering a folder needs no check. Anything else is an error, so that a document
cannot show what nobody has tried.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import PurePosixPath

_VARIABLE = re.compile(r"^[A-Z_][A-Z0-9_]*=")
_REQUIREMENT = re.compile(r"^(?P<name>lambda-durable[a-z-]*)(?:\[(?P<extras>[\w,-]+)\])?$")
_SESSION = re.compile(r"^(?P<name>[a-z_]+)(?:-3\.\d+)?(?:\((?P<suite>[\w-]+)\))?$")


class UnknownCommandError(Exception):
    """A document shows a command that is neither run nor checked, or names what does not exist."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command to run; `variables` are set for it alone."""

    arguments: list[str]
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What commands may name: sessions of nox, and distributions with their extras."""

    sessions: AbstractSet[str]
    distributions: Mapping[str, AbstractSet[str]]


def lines(code: str, language: str) -> Iterator[str]:
    """Yield the command lines of a block, continuations joined.

    In `console` blocks these follow `$ ` and the rest is output; in `bash` and `sh` blocks every
    line that is no comment is one.
    """
    joined = re.sub(r"\\\n\s*>?\s*", "", code)
    for line in joined.splitlines():
        if line.startswith("$ "):
            yield line[2:]
        elif language != "console" and line.strip() and not line.startswith("#"):
            yield line


def to_run(line: str, known: Known) -> Iterator[Command]:
    """Yield what is to be run of a command line, and check the rest of it."""
    for part in _split(line):
        variables = dict(_assignments(part))
        arguments = part[len(variables) :]
        program = PurePosixPath(arguments[0]).name if arguments else ""
        if program == "pip" or arguments[1:3] == ["-m", "pip"]:
            _check_pip(arguments[arguments.index("install") + 1 :], line, known)
        elif program == "nox":
            _check_nox(arguments[1:], line, known)
        elif re.fullmatch(r"python[\d.]*", program) and arguments[1:3] != ["-m", "venv"]:
            yield Command(["python", *arguments[1:]], variables)
        elif program == "durable":
            yield Command(["durable", *arguments[1:]], variables)
        elif not re.fullmatch(r"python[\d.]*|cd|mkdir", program):
            message = f"documents may not show {line!r}: nothing runs or checks {program!r}"
            raise UnknownCommandError(message)


def _split(line: str) -> Iterator[list[str]]:
    part: list[str] = []
    for word in shlex.split(line, comments=True):
        if word in ("&&", ";"):
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _assignments(words: list[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        if not _VARIABLE.match(word):
            return
        name, _, value = word.partition("=")
        yield name, value


def _check_pip(arguments: list[str], line: str, known: Known) -> None:
    for argument in arguments:
        match = _REQUIREMENT.match(argument)
        if argument.startswith("-") or argument in ("nox", "nox[uv]"):
            continue
        if match is None or match["name"] not in known.distributions:
            message = f"{line!r} installs {argument!r}, which is not one of our distributions"
            raise UnknownCommandError(message)
        extras = set(match["extras"].split(",")) if match["extras"] else set()
        if missing := extras - known.distributions[match["name"]]:
            message = f"{line!r} names extras that {match['name']} does not have: {missing}"
            raise UnknownCommandError(message)


def _check_nox(arguments: list[str], line: str, known: Known) -> None:
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    for argument in own:
        if argument.startswith("-"):
            continue
        match = _SESSION.match(argument)
        suites = {*known.distributions, "repository"}
        if match is None or match["name"] not in known.sessions:
            message = f"{line!r} names {argument!r}, which is not a session of nox"
            raise UnknownCommandError(message)
        if match["suite"] and match["suite"] not in suites:
            message = f"{line!r} names {match['suite']!r}, which is not a distribution"
            raise UnknownCommandError(message)
