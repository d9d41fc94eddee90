"""The plugin: its hooks, its names, and what importing it costs."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from serializer_values import HERE, Invoice, Order, same

import lambda_durable_serializers as plugin
from lambda_durable.abc import Serializer
from lambda_durable.errors import SerializationError


def run(code: str) -> list[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_names() -> None:
    pytest.importorskip("pydantic")
    names = plugin.durable_serializers()
    assert {name: repr(serializer) for name, serializer in names.items()} == {
        "extended-json": "extended_json",
        "compressed": "extended_json | compress",
        "official": "official_json",
        "pydantic": "pydantic_json",
    }
    assert all(isinstance(serializer, Serializer) for serializer in names.values())


def test_without_pydantic_there_is_no_such_name() -> None:
    code = (
        "import sys, importlib.util\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name: None if name == 'pydantic' else find(name)\n"
        "import lambda_durable_serializers as plugin\n"
        "print(*plugin.durable_serializers())"
    )
    assert run(code) == ["extended-json", "compressed", "official"]


@pytest.mark.parametrize(
    ("hint", "value"), [(Any, {"a": (1,)}), (Invoice, Invoice(1)), (Order | Invoice, Invoice(2))]
)
def test_extended_json_is_chosen_for_every_type(hint: Any, value: Any) -> None:
    serializer = plugin.durable_serializer(hint)
    assert same(serializer.loads(serializer.dumps(value, HERE), hint, HERE), value)


def test_what_is_chosen_for_no_type_refuses_to_lose_one() -> None:
    with pytest.raises(SerializationError, match="its class would be lost"):
        plugin.durable_serializer(Any).dumps(Invoice(1), HERE)


def test_importing_and_using_it_loads_nothing_expensive() -> None:
    code = (
        "import sys, json, typing, lambda_durable.invocation\n"  # what every invocation loads
        "before = set(sys.modules)\n"
        "import lambda_durable_serializers as plugin\n"
        "from lambda_durable.abc import Where\n"
        "plugin.durable_serializers()\n"
        "serializer = plugin.durable_serializer(dict)\n"
        "where = Where('arn', '1', 'x')\n"
        "serializer.loads(serializer.dumps({'a': [1]}, where), dict, where)\n"
        "print(*sorted(n for n in set(sys.modules) - before if '_serializers' not in n))"
    )
    assert run(code) == []


def test_the_code_of_the_readme_runs() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    namespace: dict[str, Any] = {"__name__": "readme"}
    sys.modules["readme"] = type(sys)("readme")
    try:
        for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL):
            exec(block, namespace)
    finally:
        del sys.modules["readme"]
    assert (
        namespace["compressed"].loads(namespace["compressed"].dumps([1] * 5000, HERE), Any, HERE)
        == [1] * 5000
    )
    order = namespace["Order"]("a", namespace["Decimal"]("1.50"))
    assert plugin.durable_serializer(namespace["Order"]).dumps(order, HERE) == (
        '{"sku":"a","price":{"!decimal":"1.50"}}'
    )
