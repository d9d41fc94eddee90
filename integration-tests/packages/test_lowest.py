"""Everything works with the lowest versions that the distributions allow, on each Python."""

from pathlib import Path

from environments import make, run, wheel
from lowest import lowest
from services import FUNCTIONS, check_words, modules

PLUGINS = ["callbacks", "concurrency", "lean-client", "retry", "serializers"]
OTHERS = [f"lambda-durable-{each}" for each in ("kernel", "local", "testing", *PLUGINS)]


def test_lowest_versions(folder: Path) -> None:
    """The service runs on them and so do the functions; every module can be imported."""
    names = ["lambda-durable", *OTHERS]
    pins = lowest(names, extras=["pydantic", "pytest"])
    python = make(folder, [*map(wheel, names), *pins])
    assert modules(python).keys() == set(names)
    check_words(python, PLUGINS, service=python)
    assert run(str(python), str(FUNCTIONS / "models.py")) == "amount=Decimal('1.5')\n"
    listed = run(str(python.with_name("durable")), "plugins")
    assert all(f"lambda_durable_{each.replace('-', '_')}" in listed for each in PLUGINS)
