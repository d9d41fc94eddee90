"""A document under test: what its blocks have defined so far, and the folder they run in."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import yaml

from tools.commands import Command, Known, lines, to_run
from tools.distributions import ROOT, discover
from tools.documents import Block, blocks, documents

SECONDS = 240
NOT_CODE = {"text", "mermaid"}


@cache
def all_blocks() -> tuple[Block, ...]:
    """Return the blocks of all documents."""
    return tuple(block for document in documents(ROOT) for block in blocks(document))


def name_of(block: Block) -> str:
    """Return where the block is, as the test's name."""
    return f"{block.document.relative_to(ROOT)}:{block.line}-{block.language or 'none'}"


def known() -> Known:
    """Return what commands in documents may name."""
    return Known(
        sessions=set(json.loads(os.environ["NOX_SESSIONS"])),
        distributions={each.name: set(each.extras) for each in discover()},
    )


class Page:
    """One document. Its Python blocks share a module, its commands a folder with the examples."""

    def __init__(self, document: Path, folder: Path) -> None:
        self.folder = folder
        self.module = types.ModuleType(f"document_{document.stem.replace('-', '_')}")
        self.printed = ""
        self.imported: dict[str, types.ModuleType] = {}
        self.waiting = [each for each in blocks(document) if not each.skipped_because]
        # Found by name, as the module of a class or a handler has to be.
        sys.modules[self.module.__name__] = self.module
        if (ROOT / "examples").is_dir():
            shutil.copytree(ROOT / "examples", folder / "examples")

    def execute_through(self, block: Block) -> None:
        """Execute the blocks up to this one that were not executed yet."""
        while block in self.waiting:
            self.execute(self.waiting.pop(0))

    def execute(self, block: Block) -> None:
        """Execute one block as its language asks for."""
        if block.title:
            (self.folder / block.title).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / block.title).write_text(block.code, encoding="utf-8")
        if block.is_output:
            assert printed_as(block.code, self.printed), f"what was printed:\n{self.printed}"
            return
        self.printed = ""
        if block.language == "python":
            self._run_python(block)
        elif block.language in ("console", "bash", "sh"):
            for line in lines(block.code, block.language):
                for command in to_run(line, known()):
                    self._run(command)
        elif block.language in PARSERS:
            PARSERS[block.language](block.code)
        else:
            where = f"{block.document}:{block.line}"
            assert block.language, f"{where}: name the block's language, `text` if it has none"
            assert block.language in NOT_CODE, f"{where}: nothing tests {block.language!r}"

    def _run_python(self, block: Block) -> None:
        # Blank lines in front make line numbers in tracebacks those of the document.
        source = "\n" * (block.line - 1) + block.code
        output = StringIO()
        with self._at_home(), redirect_stdout(output):
            exec(compile(source, str(block.document), "exec"), self.module.__dict__)
        self.printed = output.getvalue()

    @contextmanager
    def _at_home(self) -> Iterator[None]:
        """Work in the page's folder and import from it; two pages may call a file alike."""
        before = Path.cwd()
        os.chdir(self.folder)
        sys.path.insert(0, str(self.folder))
        sys.modules.update(self.imported)
        try:
            yield
        finally:
            os.chdir(before)
            sys.path.remove(str(self.folder))
            folder = f"{self.folder}{os.sep}"
            self.imported = {
                name: module
                for name, module in sys.modules.items()
                if (getattr(module, "__file__", None) or "").startswith(folder)
            }
            for name in self.imported:
                del sys.modules[name]

    def _run(self, command: Command) -> None:
        scripts = Path(sys.executable).parent
        done = subprocess.run(
            [str(scripts / command.arguments[0]), *command.arguments[1:]],
            cwd=self.folder,
            env=os.environ | {"PATH": f"{scripts}:{os.environ['PATH']}"} | command.variables,
            timeout=SECONDS,
            capture_output=True,
            text=True,
            check=False,
        )
        print(done.stdout)
        self.printed += done.stdout
        assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stderr}"


def printed_as(shown: str, printed: str) -> bool:
    """Return whether a document shows what was printed; see `tools.documents`."""
    parts = [re.escape(_without_places(part)) for part in re.split(r"(?m)^\s*\[\.\.\.\]\n", shown)]
    return re.fullmatch(r"(?:.*\n)*?".join(parts), _without_places(printed)) is not None


def _without_places(text: str) -> str:
    return re.sub(r"/[^\s:]+:\d+", "PLACE", re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE))


class _TemplateLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, `!Ref` and the like."""


def _short_form(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return {tag: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {tag: loader.construct_sequence(node)}
    assert isinstance(node, yaml.MappingNode)
    return {tag: loader.construct_mapping(node)}


_TemplateLoader.add_multi_constructor("!", _short_form)

PARSERS: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": lambda text: yaml.load(text, _TemplateLoader),
}
