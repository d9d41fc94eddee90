"""The shape of the code: sizes, docstrings and suppressions, measured with `ast` alone.

`python -m tools.shape` prints a table of where every distribution stands and fails when a limit is
broken. The limits are here and nowhere else.
"""

import ast
import io
import re
import statistics
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.distributions import CORE, ROOT, Distribution, discover

MODULE_LINES = 300
FUNCTION_LINES = 50
CORE_NAMES = 40
PLUGIN_NAMES = 10

# A suppression names what it suppresses and says why, after a dash or in a comment of its own.
_SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pyright:\s*ignore)(?P<rest>.*)", re.IGNORECASE)
_CODE_AND_REASON = re.compile(
    r"(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*|\[[\w-]+(?:\s*,\s*[\w-]+)*\])"
    r"\s*[-:;,#(].*[A-Za-z]{3}"
)
_LEFT_OVER = re.compile(r"\b(TODO|FIXME)\b")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Shape:
    """What was measured in some modules; `problems` are `file:line: what is wrong`."""

    module_lines: list[int] = field(default_factory=list)
    function_lines: list[int] = field(default_factory=list)
    longest_function: str = "-"
    documented: int = 0
    public: int = 0
    exported: int | None = None
    problems: list[str] = field(default_factory=list)


def measure(distribution: Distribution, root: Path = ROOT) -> Shape:
    """Return the shape of a distribution's import package."""
    shape = Shape()
    for path in sorted(distribution.package.rglob("*.py")):
        measure_module(path, shape, root)
    limit = exported_limit(distribution)
    front = distribution.package / "__init__.py"
    if front.exists():
        shape.exported = len(exported_names(ast.parse(front.read_text(encoding="utf-8"))))
        if limit is not None and shape.exported > limit:
            shape.problems.append(
                f"{front.relative_to(root)}:1: {shape.exported} public names, at most {limit}"
            )
    return shape


def exported_limit(distribution: Distribution) -> int | None:
    """Return how many names the import package may offer at its top."""
    if distribution.name == CORE:
        return CORE_NAMES
    return PLUGIN_NAMES if distribution.is_plugin else None


def measure_module(path: Path, shape: Shape, root: Path) -> None:
    """Add one module to `shape`."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, filename=str(path))
    where = path.relative_to(root)
    lines = len(text.splitlines())
    shape.module_lines.append(lines)
    if lines > MODULE_LINES:
        shape.problems.append(f"{where}:1: module of {lines} lines, at most {MODULE_LINES}")
    if text.strip() and ast.get_docstring(tree) is None:
        shape.problems.append(f"{where}:1: module without a docstring")
    for function in (node for node in ast.walk(tree) if isinstance(node, Function)):
        _measure_function(function, where, shape)
    parts = path.with_suffix("").parts[len(root.parts) :]
    if not any(_is_private(part) for part in parts):
        for node, name in public_definitions(tree):
            shape.public += 1
            if ast.get_docstring(node) is None:
                shape.problems.append(f"{where}:{node.lineno}: {name} has no docstring")
            else:
                shape.documented += 1
    shape.problems += [f"{where}:{line}: {what}" for line, what in bad_comments(text)]


def _measure_function(function: Function, where: Path, shape: Shape) -> None:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if lines > max(shape.function_lines, default=0):
        shape.longest_function = f"{where.stem}.{function.name}"
    shape.function_lines.append(lines)
    if lines > FUNCTION_LINES:
        shape.problems.append(
            f"{where}:{function.lineno}: {function.name} has {lines} lines,"
            f" at most {FUNCTION_LINES}"
        )


def _is_private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def public_definitions(tree: ast.Module) -> Iterator[tuple[Function | ast.ClassDef, str]]:
    """Yield the functions, classes and methods that need a docstring of their own.

    Not dunder methods, whose meaning is Python's; not overloads and property setters, which share
    the docstring of their function; not what `@override` marks, which its base describes.
    """
    yield from _definitions(tree.body, "")


def _definitions(
    body: list[ast.stmt], prefix: str
) -> Iterator[tuple[Function | ast.ClassDef, str]]:
    for node in body:
        if isinstance(node, ast.If | ast.Try):  # version switches, optional imports
            yield from _definitions([*node.body, *node.orelse], prefix)
        elif isinstance(node, Function):
            if not node.name.startswith("_") and not _shares_a_docstring(node):
                yield node, prefix + node.name
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node, prefix + node.name
            yield from _definitions(node.body, f"{prefix}{node.name}.")


def _shares_a_docstring(node: Function) -> bool:
    last_words = {ast.unparse(each).rpartition(".")[2] for each in node.decorator_list}
    return bool(last_words & {"overload", "override", "setter", "deleter"})


def exported_names(tree: ast.Module) -> list[str]:
    """Return the public names of an `__init__`: its `__all__`, else what it binds."""
    names: list[str] = []
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                listed = ast.literal_eval(value)
                return [name for name in listed if not name.startswith("__")]
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names += [alias.asname or alias.name.partition(".")[0] for alias in aliases]
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.append(node.name)
            case ast.Assign(targets=targets):
                names += [each.id for each in targets if isinstance(each, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.append(name)
            case _:
                pass
    return [name for name in names if not name.startswith("_")]


def bad_comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with a suppression that does not explain itself, or with work left over."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        line = token.start[0]
        if left_over := _LEFT_OVER.search(token.string):
            yield line, f"{left_over[0]} left in the code"
        suppression = _SUPPRESSION.search(token.string)
        if suppression and not _CODE_AND_REASON.match(suppression["rest"]):
            yield line, f"{suppression[1]} without a code and a reason"


def table(shapes: dict[str, Shape]) -> str:
    """Return where each distribution stands, one line each."""
    row = "{:28} {:>7} {:>6} {:>6} {:>8}  {:34} {:>10} {:>8}".format
    lines = [
        row("", "modules", "median", "max", "function", "longest", "docstrings", "exported"),
        row("limit", "", "", MODULE_LINES, FUNCTION_LINES, "", "100 %", ""),
    ]
    for name, shape in shapes.items():
        covered = f"{100 * shape.documented // shape.public} %" if shape.public else "-"
        lines.append(
            row(
                name,
                len(shape.module_lines),
                int(statistics.median(shape.module_lines or [0])),
                max(shape.module_lines, default=0),
                max(shape.function_lines, default=0),
                shape.longest_function[:34],
                covered,
                "-" if shape.exported is None else shape.exported,
            )
        )
    return "\n".join(lines)


def main() -> int:
    """Print the table and the problems; return 1 if there are any."""
    shapes = {each.name: measure(each) for each in discover()}
    print(table(shapes))
    problems = [problem for shape in shapes.values() for problem in shape.problems]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
