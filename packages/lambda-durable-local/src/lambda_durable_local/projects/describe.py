"""The program that imports a module and says which durable handlers it has.

It is run by its path, with the interpreter that the functions are for and in the folder where
their imports begin, so it imports nothing that is not Python's own: `describe.py MODULE`.
"""

import json
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

_HANDLER = ("lambda_durable.handler", "DurableHandler")


def handlers(module: str) -> list[str]:
    """Return the names of the handlers that a module defines; not those that it imports."""
    return [
        name
        for name, each in vars(import_module(module)).items()
        if getattr(each, "__module__", None) == module and _is_handler(each)
    ]


def _is_handler(value: object) -> bool:
    """Return whether a value is a durable handler, under further decorators too."""
    while value is not None:
        kind = type(value)
        if (kind.__module__, kind.__qualname__) == _HANDLER:
            return True
        value = getattr(value, "__wrapped__", None)
    return False


def described(module: str) -> dict[str, Any]:
    """Return the handlers, or why the module cannot be imported, with the user's own lines."""
    try:
        return {"handlers": handlers(module)}
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the user's module raises
        told = traceback.TracebackException.from_exception(error)
        told.stack = traceback.StackSummary.from_list(
            [frame for frame in told.stack if not _is_ours(frame.filename)]
        )
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        return {"error": reason, "lines": "".join(told.format(chain=False)).splitlines()}


def _is_ours(filename: str) -> bool:
    importing = ("<frozen importlib", str(Path(import_module.__code__.co_filename)))
    return filename == __file__ or filename.startswith(importing)


def main(module: str) -> None:
    """Print the answer on the last line, after whatever the module prints."""
    own = Path(__file__).resolve().parent
    sys.path[:] = [str(Path.cwd()), *(each for each in sys.path if Path(each).resolve() != own)]
    print(f"\n{json.dumps(described(module))}")  # noqa: T201 - this is the answer


if __name__ == "__main__":
    main(sys.argv[1])
