"""Tables made from the code's own constants and classes."""

import ast
import inspect
import re
import textwrap
import tokenize
from collections.abc import Iterator
from io import StringIO

from lambda_durable.errors import DurableError
from lambda_durable.protocol import Limits

from .public import names


def limits(argument: str, page: str) -> str:
    """Return the limits, a table for each comment that says where they come from."""
    source = textwrap.dedent(inspect.getsource(Limits))
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    parts: list[str] = []
    (body,) = ast.parse(source).body
    assert isinstance(body, ast.ClassDef)
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if comment := comments.get(node.lineno - 1):
                said = comment[0].upper() + comment[1:]
                parts.append(f"\n{said}:\n\n| constant | | value |\n|---|---|--:|")
            name = node.target.id
            parts.append(f"| `{name}` | {_in_words(name)} | {_amount(name)} |")
    return "\n".join(parts)


def _in_words(name: str) -> str:
    words = name.lower().split("_")
    unit = {"length": "characters", "bytes": "bytes", "seconds": "seconds", "days": "days"}
    if words[-1] in unit:
        return f"{' '.join(words[:-1])}, {unit[words[-1]]}"
    return " ".join(words)


def _amount(name: str) -> str:
    value: int = getattr(Limits, name)
    if name.endswith("_BYTES"):
        for unit, size in (("MiB", 1024 * 1024), ("KiB", 1024)):
            if value % size == 0:
                return f"{value:,} ({value // size} {unit})"
    if name.endswith("_SECONDS") and value % 86400 == 0:
        return f"{value:,} ({value // 86400} days)"
    return f"{value:,}"


def errors(argument: str, page: str) -> str:
    """Return the errors of all distributions as a tree, each with what its class says."""
    known: dict[type, str] = {
        each.value: each.home
        for each in names()
        if inspect.isclass(each.value) and issubclass(each.value, BaseException)
    }
    others = [each for each in known if not _has_parent(each, known)]
    trees: list[type] = [DurableError, *others]
    return "\n".join(line for root in dict.fromkeys(trees) for line in _tree(root, known, 0))


def _has_parent(error: type, known: dict[type, str]) -> bool:
    return any(base in known for base in error.__mro__[1:])


def _tree(error: type, known: dict[type, str], depth: int) -> Iterator[str]:
    said = re.sub(r"\s+", " ", (inspect.getdoc(error) or "").partition("\n\n")[0])
    yield f"{'  ' * depth}- {{py:obj}}`~{known[error]}`: {said}"
    for child in known:
        if next(base for base in child.__mro__[1:] if base in known or base is object) is error:
            yield from _tree(child, known, depth + 1)
