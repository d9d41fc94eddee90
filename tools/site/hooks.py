"""The hooks as their specifications say: signature, kind, and the words of the docstring."""

import ast
import inspect
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from lambda_durable import hookspecs

from .docstrings import rewritten

KINDS: Final = {
    "Vocabulary": (
        "Supply a word of the context. Called when the word is, live and on replay; the first "
        "answer that is not None is taken. A `DurableError` about the arguments goes to the "
        "caller, any other exception stops the execution with a `PluginError`."
    ),
    "Providers": (
        "Supply a name, a default or a client. An exception stops the execution with a "
        "`PluginError`."
    ),
    "Observers": "Are told what happens. An exception is logged and goes no further.",
    "Surroundings": "Hold something open while user code runs.",
}


def all_hooks() -> dict[str, Callable[..., Any]]:
    """Return the hooks by name, in the order of their specifications."""
    return {name: each for name, each in vars(hookspecs).items() if name.startswith("durable_")}


def kind(name: str) -> str:
    """Return which of `KINDS` a hook is, as its place among the specifications says."""
    source = inspect.getsource(hookspecs)
    before = source[: source.index(f"def {name}(")]
    return max(KINDS, key=lambda each: before.rfind(f"# --- {each}"))


def is_first_result(hook: Callable[..., Any]) -> bool:
    """Return whether the first answer that is not None is taken."""
    return bool(getattr(hook, "lambda_durable_spec", {}).get("firstresult"))


def text(name: str, page: str) -> str:
    """Return the specification of a hook."""
    hook = all_hooks()[name]
    answers = "the first that is not None" if is_first_result(hook) else "of all plugins"
    if inspect.signature(hook).return_annotation in ("None", None):
        answers = "none; it is told"
    return "\n".join(
        [
            "````{eval-rst}",
            f".. py:function:: lambda_durable.hookspecs.{name}{_signature(hook)}",
            "",
            *(f"   {line}" for line in rewritten(inspect.getdoc(hook) or "").splitlines()),
            "````",
            "",
            f"- Kind: [{kind(name).lower()}](index.md#{kind(name).lower()}).",
            f"- Answer: {answers}.",
        ]
    )


def _signature(hook: Callable[..., Any]) -> str:
    """Return the signature with full names: of two classes called alike the right one is meant."""
    imported = _imported()
    text = str(inspect.signature(hook)).replace("'", "")
    return re.sub(r"(?<![\w.])[A-Z]\w*(?!\w)", lambda match: imported.get(match[0], match[0]), text)


@cache
def _imported() -> dict[str, str]:
    """Return the full names of what the specifications import for their annotations."""
    imports = [
        node
        for node in ast.walk(ast.parse(inspect.getsource(hookspecs)))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    return {
        alias.name: f"lambda_durable.{node.module}.{alias.name}"
        for node in imports
        for alias in node.names
    }


def overview(argument: str, page: str) -> str:
    """Return all hooks by kind, each with the first sentence of its specification."""
    parts = []
    for title, description in KINDS.items():
        rows = [
            f"| [`{name}`]({name}.md) | {_first_sentence(hook)} |"
            for name, hook in all_hooks().items()
            if kind(name) == title
        ]
        parts.append("\n".join([f"## {title}", "", description, "", "| | |", "|---|---|", *rows]))
    return "\n\n".join(parts)


def _first_sentence(hook: Callable[..., Any]) -> str:
    return " ".join((inspect.getdoc(hook) or "").partition("\n\n")[0].split())
