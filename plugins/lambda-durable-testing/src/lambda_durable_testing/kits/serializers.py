"""What every serializer must do; see `lambda_durable.abc.Serializer`."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from typing import Any, Final

from lambda_durable.abc import Serializer, Where
from lambda_durable.errors import SerializationError

WHERE: Final = Where(
    "arn:aws:lambda:us-east-1:123456789012:function:kit:1/durable-execution/one/id", "1", "kit"
)
_VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1.5,
    2**60,
    "",
    'text with \u00e9, \U0001f600, " and \\',
    [],
    {},
    [1, [2, [3]], None],
    {"a": {"b": ["c", False]}, "": 0, "\u00fc": "\n"},
    "x" * 100_000,
)
_NOT_IMPORTABLE: Final = 77
_ELSEWHERE: Final = (
    "import importlib, json, sys\n"
    "try:\n"
    "    kit = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])()\n"
    "except (ImportError, AttributeError):\n"
    f"    sys.exit({_NOT_IMPORTABLE})\n"
    "texts = json.load(sys.stdin)\n"
    "serializer = kit.make_serializer()\n"
    "for text, (type, value) in zip(texts, kit.typed_values(), strict=True):\n"
    "    read = kit.told(serializer, type).loads(text, type, kit.where)\n"
    "    assert kit.same(read, value), f'{value!r:.200} was read as {read!r:.200}'\n"
)


class SerializerKit:
    """The promises of a serializer: values come back, in any process, or an error says why not."""

    where: Where = WHERE
    """Which payload is meant, in all that the kit writes and reads."""

    def make_serializer(self) -> Serializer:
        """Return a new serializer."""
        raise NotImplementedError

    def values(self) -> Iterable[Any]:
        """Return values that it keeps; by default what JSON has."""
        return copy.deepcopy(_VALUES)

    def typed_values(self) -> Iterable[tuple[Any, Any]]:
        """Return (declared type, value) pairs; by default the values, with `Any`."""
        return [(Any, value) for value in self.values()]

    def unwritable(self) -> Iterable[Any]:
        """Return values that it cannot keep; by default an object that means nothing to it."""
        return [object(), {"deep": [object()]}]

    def unreadable(self) -> Iterable[str]:
        """Return texts that it has not written; empty for one to which every text is a payload."""
        return ["\x00 no payload", "{", ""]

    def same(self, read: Any, value: Any) -> bool:
        """Return whether what was read is what was written: equal, and of the same type."""
        return type(read) is type(value) and bool(read == value)

    def told(self, serializer: Serializer, type: Any) -> Serializer:
        """Return the serializer as core uses it for a declared type."""
        for_type = getattr(serializer, "for_type", None)
        found: Serializer = serializer if for_type is None else for_type(type)
        return found

    def test_payloads_are_text(self) -> None:
        """A payload is a string that UTF-8 can carry."""
        for type, value in self.typed_values():
            text: Any = self._written(type, value)
            assert isinstance(text, str), f"dumps({value!r:.80}) returned {text!r:.80}, no string"
            text.encode()

    def test_values_come_back(self) -> None:
        """What is read is what was written."""
        for type, value in self.typed_values():
            self._check_read(self._written(type, value), type, value)

    def test_values_come_back_in_another_process(self) -> None:
        """A payload is read where nothing is left of what wrote it: a new process, another seed."""
        cls = self.__class__
        texts = [self._written(type, value) for type, value in self.typed_values()]
        path = os.pathsep.join(filter(None, sys.path))
        done = subprocess.run(  # noqa: S603 - this interpreter, and the names of a class
            [sys.executable, "-c", _ELSEWHERE, cls.__module__, cls.__qualname__],
            input=json.dumps(texts).encode(),
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "4711"},
            capture_output=True,
            check=False,
        )
        if done.returncode == _NOT_IMPORTABLE:  # a class of a function: a new serializer must do
            for text, (type, value) in zip(texts, self.typed_values(), strict=True):
                self._check_read(text, type, value)
            return
        assert done.returncode == 0, f"in another process: {done.stderr.decode()[-2000:]}"

    def test_values_are_left_alone(self) -> None:
        """Writing does not change the value."""
        for type, value in self.typed_values():
            before = copy.deepcopy(value)
            self._written(type, value)
            assert self.same(value, before), f"dumps changed {before!r:.200} to {value!r:.200}"

    def test_values_are_read_anew(self) -> None:
        """Each reading gives a value of its own: changing one does not change the next."""
        for type, value in self.typed_values():
            serializer, text = self.told(self.make_serializer(), type), self._written(type, value)
            first = serializer.loads(text, type, self.where)
            if isinstance(first, list | dict | set | bytearray):
                first.clear()
            self._check_read(text, type, value, serializer)

    def test_other_values_are_refused(self) -> None:
        """What cannot be kept is a SerializationError, which no retry is wasted on."""
        for value in self.unwritable():
            try:
                text = self._written(Any, value)
            except SerializationError as error:
                if error.retryable:
                    raise AssertionError(
                        f"{value!r:.80} cannot be kept the next time either"
                    ) from error
            except Exception as error:
                raise AssertionError(
                    f"dumps({value!r:.80}) raised {error!r:.200}, no SerializationError"
                ) from error
            else:
                raise AssertionError(f"dumps({value!r:.80}) kept what cannot be read: {text!r:.80}")

    def test_other_texts_are_refused(self) -> None:
        """What is no payload is a SerializationError."""
        for text in self.unreadable():
            try:
                value = self.make_serializer().loads(text, Any, self.where)
            except SerializationError:
                continue
            except Exception as error:
                raise AssertionError(
                    f"loads({text!r:.80}) raised {error!r:.200}, no SerializationError"
                ) from error
            raise AssertionError(f"loads({text!r:.80}) made {value!r:.80} of what is no payload")

    def _written(self, type: Any, value: Any) -> str:
        return self.told(self.make_serializer(), type).dumps(value, self.where)

    def _check_read(
        self, text: str, type: Any, value: Any, serializer: Serializer | None = None
    ) -> None:
        serializer = serializer or self.told(self.make_serializer(), type)
        read = serializer.loads(text, type, self.where)
        assert self.same(read, value), f"{value!r:.200} was read as {read!r:.200}"
