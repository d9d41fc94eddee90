"""The shape check finds what it is meant to find, and nothing else."""

import ast
from pathlib import Path

import pytest

from tools.distributions import Distribution
from tools.shape import Shape, bad_comments, exported_names, measure, public_definitions, table

WHOLE = '''"""A module."""


def documented() -> None:
    """Do nothing."""
'''


def distribution(root: Path, modules: dict[str, str], kind: str = "plugins") -> Distribution:
    """Write a distribution `lambda-durable-x` with these modules."""
    folder = root / kind / "lambda-durable-x"
    package = folder / "src" / "lambda_durable_x"
    package.mkdir(parents=True)
    for name, text in modules.items():
        (package / name).write_text(text)
    return Distribution("lambda-durable-x", folder, {})


def shape_of(root: Path, text: str) -> Shape:
    return measure(distribution(root, {"module.py": text}), root)


def test_a_whole_module_has_no_problems(tmp_path: Path) -> None:
    shape = shape_of(tmp_path, WHOLE)
    assert shape.problems == []
    assert (shape.documented, shape.public) == (1, 1)
    assert shape.module_lines == [5]
    assert shape.longest_function == "module.documented"


def test_a_long_module_is_a_problem(tmp_path: Path) -> None:
    assert shape_of(tmp_path, '"""x"""\n' + "x = 1\n" * 299).problems == []
    (problem,) = shape_of(tmp_path / "b", '"""x"""\n' + "x = 1\n" * 300).problems
    assert problem.endswith("module.py:1: module of 301 lines, at most 300")


def test_a_long_function_is_a_problem(tmp_path: Path) -> None:
    body = '"""x"""\nclass _A:\n    async def f(self):\n' + "        x = 1\n" * 50
    (problem,) = shape_of(tmp_path, body).problems
    assert problem.endswith("module.py:3: f has 51 lines, at most 50")


def test_an_empty_module_needs_no_docstring_and_any_other_does(tmp_path: Path) -> None:
    assert shape_of(tmp_path, "").problems == []
    (problem,) = shape_of(tmp_path / "b", "x = 1\n").problems
    assert problem.endswith("module without a docstring")


def test_private_modules_need_no_public_docstrings(tmp_path: Path) -> None:
    made = distribution(tmp_path, {"_ours.py": '"""x"""\ndef f(): ...\n'})
    assert measure(made, tmp_path).problems == []


def test_what_needs_a_docstring() -> None:
    tree = ast.parse(
        """
class A:
    def __init__(self): ...
    def method(self): ...
    def _private(self): ...
    @overload
    def method(self): ...
    @typing.override
    def inherited(self): ...
    @x.setter
    def x(self, value): ...
    class B:
        def inner(self): ...
class _C:
    def hidden(self): ...
if sys.version_info > (3, 12):
    def switched():
        def nested(): ...
"""
    )
    names = [name for _, name in public_definitions(tree)]
    assert names == ["A", "A.method", "A.B", "A.B.inner", "switched"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from .a import b, _c\nimport d.e\n__version__ = '1'\nf = 1\ng: int = 2", "b d f g"),
        ("from .a import b, c\n__all__ = ['b', '__version__']", "b"),
        ("def f(): ...\nclass G: ...", "f G"),
    ],
)
def test_exported_names(text: str, names: str) -> None:
    assert exported_names(ast.parse(text)) == names.split()


@pytest.mark.parametrize("kind", ["packages", "plugins"])
def test_a_plugin_offers_ten_names(tmp_path: Path, kind: str) -> None:
    front = '"""x"""\n' + "".join(f"n{i} = 0\n" for i in range(11))
    shape = measure(distribution(tmp_path, {"__init__.py": front}, kind), tmp_path)
    assert shape.exported == 11
    assert bool(shape.problems) == (kind == "plugins")


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: S603 - the command is ours",
        "# noqa: S603, S607 - the command is ours",
        "# type: ignore[arg-type]  # boto3 is untyped here",
        "# type: ignore[arg-type]  # a member equals its string",
        "# pyright: ignore[reportPrivateUsage] (pluggy offers no public way)",
        "# about noise: nothing",
    ],
)
def test_explained_suppressions_pass(comment: str) -> None:
    assert list(bad_comments(f"x = 1  {comment}\n")) == []


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: S603",
        "# noqa - because",
        "# type: ignore",
        "# type: ignore[arg-type]",
        "# type:ignore  # because",
        "# pyright: ignore[reportPrivateUsage]",
        "# TODO: later",
        "# FIXME",
    ],
)
def test_bare_suppressions_and_leftovers_do_not(comment: str) -> None:
    assert [line for line, _ in bad_comments(f'"""# noqa"""\nx = 1  {comment}\n')] == [2]


def test_the_table_has_a_line_for_each_distribution(tmp_path: Path) -> None:
    text = table({"lambda-durable-x": shape_of(tmp_path, WHOLE), "empty": Shape()})
    assert [line.split()[0] for line in text.splitlines()] == [
        "modules",
        "limit",
        "lambda-durable-x",
        "empty",
    ]
    assert "100 %" in text
