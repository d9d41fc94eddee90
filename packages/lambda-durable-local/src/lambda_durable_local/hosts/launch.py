"""The program of an execution environment's process: Lambda's own runtime for Python.

It is run by its path, with the interpreter that the function is for, so it imports nothing that
is not Python's own: `launch.py LIFE OURS HANDLER`. LIFE is a pipe that closes when the service's
process ends, however it ends; then this process ends too. OURS is a folder to take `awslambdaric`
from, should the interpreter have none. `launch.py --check OURS` says whether one can be imported,
and `launch.py --describe HANDLER` whether a handler is durable.
"""

import atexit
import importlib.abc
import os
import runpy
import sys
import threading
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO

_DURABLE = ("lambda_durable", "aws_durable_execution_sdk_python")
"""The packages whose decorators make a handler durable."""

_COMPILED = "runtime_client"
_PARTS = frozenset({"awslambdaric", _COMPILED, "simplejson", "snapshot_restore_py"})


class _Borrowed(importlib.abc.MetaPathFinder):
    """Finds the runtime's own modules in a folder, and nothing else that is in it."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return where a module is, None if it is none of the runtime's."""
        if path is not None or fullname not in _PARTS:
            return None
        found = PathFinder.find_spec(fullname, [self._folder])
        if found is None and fullname == _COMPILED:
            # It is compiled for another version of Python.
            found = spec_from_file_location(fullname, Path(__file__).with_name(f"{fullname}.py"))
        return found


class _WholeLines:
    """Writes each thread's output in whole lines.

    `print` writes a line and its end one after the other, and a line of another thread that comes
    between them would make both unreadable to whoever reads the log.
    """

    lock = threading.RLock()

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rests: dict[int, str] = {}
        atexit.register(self._finish)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write what ends a line; the rest waits for its end."""
        thread = threading.get_ident()
        lines, end, rest = (self._rests.pop(thread, "") + text).rpartition("\n")
        if rest:
            self._rests[thread] = rest
        if end:
            with self.lock:
                self._stream.write(lines + end)
                self._stream.flush()
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write texts one after the other."""
        for line in lines:
            self.write(line)

    def _finish(self) -> None:
        for rest in self._rests.values():
            self._stream.write(rest)
        self._stream.flush()


def borrow(folder: str) -> None:
    """Take the runtime from a folder, unless the interpreter has one."""
    if find_spec("awslambdaric") is None:
        sys.meta_path.append(_Borrowed(folder))


def end_with(life: int) -> None:
    """End this process when the pipe's other end is closed."""

    def watch() -> None:
        os.read(life, 1)
        os._exit(1)

    threading.Thread(target=watch, name="lambda-durable-life", daemon=True).start()


def check() -> None:
    """Import the runtime, or raise ImportError."""
    client = import_module("awslambdaric.lambda_runtime_client")
    if client.runtime_client is None:
        raise ImportError("its runtime_client is for another version of Python")


def describe(handler: str) -> bool:
    """Import a handler, and return whether it is durable, under further decorators too."""
    module, _, name = handler.rpartition(".")
    function = getattr(import_module(module.replace("/", ".")), name)
    while function is not None:
        made_in = getattr(function, "__globals__", {}).get("__name__", type(function).__module__)
        if made_in.partition(".")[0] in _DURABLE:
            return True
        function = getattr(function, "__wrapped__", None)
    return False


def main(arguments: list[str]) -> None:
    """Run the runtime until the process ends."""
    # Not this file's folder, but that of the function's code.
    own = Path(__file__).resolve().parent
    sys.path[:] = [str(Path.cwd()), *(each for each in sys.path if Path(each).resolve() != own)]
    if arguments[0] == "--check":
        borrow(arguments[1])
        check()
        return
    if arguments[0] == "--describe":
        # On a line of its own, after whatever the module prints.
        print(f"\n{describe(arguments[1])}")  # noqa: T201 - this is the answer
        return
    life, folder, handler = arguments
    end_with(int(life))
    sys.stdout, sys.stderr = _WholeLines(sys.stdout), _WholeLines(sys.stderr)
    borrow(folder)
    sys.argv = ["awslambdaric", handler]
    runpy.run_module("awslambdaric", run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
