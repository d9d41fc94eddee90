"""A target: which function of which file or module is meant, as `handler.py:handler` says it."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from .errors import TargetError

_GENERIC = frozenset({"app", "handler", "index", "lambda_function", "lambda_handler", "main"})
"""Names that say nothing: the folder's or the package's is used instead."""


@dataclass(frozen=True, slots=True)
class Target:
    """A function to run: `text` is what was typed, `folder` where its imports begin."""

    text: str
    module: str
    attribute: str
    folder: Path
    file: Path | None = None

    @property
    def function_name(self) -> str:
        """Return the Lambda function's name that the target gets: letters, digits, `-` and `_`."""
        parts = self.module.split(".")
        if len(parts) > 1 and parts[-1] in _GENERIC:
            parts.pop()
        name = parts[-1]
        if name in _GENERIC and self.file is not None:
            name = self.file.parent.name or name
        if self.attribute not in _GENERIC and self.attribute != name:
            name = f"{name}-{self.attribute}"
        return re.sub(r"[^a-zA-Z0-9_-]", "-", name)[:64]


def parse(text: str) -> Target:
    """Return the target that a text names; raise TargetError if it cannot be one.

    `path/to/file.py:name` is a file, `package.module:name` a module that can be imported from the
    current folder or is installed. Files are looked for, nothing is imported.
    """
    where, colon, attribute = text.rpartition(":")
    if not colon or not where or not attribute:
        where = text.strip(":")
        raise TargetError(
            f"TARGET {text!r} does not say which function: write FILE.py:NAME or MODULE:NAME, "
            f"for example {where or 'handler.py'}:handler"
        )
    if not attribute.isidentifier():
        raise TargetError(f"TARGET {text!r}: {attribute!r} cannot be the name of a function")
    if where.endswith(".py") or "/" in where:
        return _file_target(text, Path(where), attribute)
    if not all(part.isidentifier() for part in where.split(".")):
        raise TargetError(
            f"TARGET {text!r}: {where!r} is neither a file, as in FILE.py:NAME, nor a module, as "
            "in MODULE:NAME"
        )
    return Target(text, where, attribute, Path.cwd())


def _file_target(text: str, path: Path, attribute: str) -> Target:
    if not path.is_file():
        raise TargetError(f"TARGET {text!r}: {_missing(path)}")
    if path.suffix != ".py":
        raise TargetError(f"TARGET {text!r}: {path} is not a Python file (.py)")
    file = path.resolve()
    # Inside a package, so that its relative imports work, the module has its full name.
    folder, parts = file.parent, [file.stem]
    while (folder / "__init__.py").exists() and folder.parent != folder:
        parts.insert(0, folder.name)
        folder = folder.parent
    return Target(text, ".".join(parts), attribute, folder, file)


def _missing(path: Path) -> str:
    if path.is_dir():
        return f"{path} is a folder, not a file"
    if not path.parent.is_dir():
        return f"there is no file {path}, and no folder {path.parent} either"
    others = {file.name: str(file) for file in path.parent.glob("*.py")}
    return f"there is no file {path}{did_you_mean(path.name, others)}"


def did_you_mean(name: str, known: "dict[str, str] | list[str]") -> str:
    """Return a question with the names that are near, or a list of what there is."""
    shown = known if isinstance(known, dict) else {each: each for each in known}
    near = get_close_matches(name, shown, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {' or '.join(shown[each] for each in near)}?"
    if shown:
        first = sorted(shown)[:8]
        more = ", ..." if len(shown) > len(first) else ""
        return f"; there are: {', '.join(shown[each] for each in first)}{more}"
    return ""
