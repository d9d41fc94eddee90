"""What `import lambda_durable` loads: a cold start pays for it on every new environment.

How long that takes is no test's business but a benchmark's: `nox -s bench -- --case import`.
"""

import subprocess
import sys

import pytest

# Nothing here is needed before a handler runs, and each costs a cold start some milliseconds.
UNWANTED = [
    "asyncio",
    "boto3",
    "botocore",
    "concurrent.futures",
    "email",
    "http",
    "importlib.metadata",
    "inspect",
    "json",
    "logging",
    "multiprocessing",
    "pluggy",
    "socket",
    "ssl",
    "unittest",
    "urllib.request",
]

DEFINE_HANDLER = """
@lambda_durable.durable_execution
def handler(event: dict, ctx: lambda_durable.DurableContext) -> dict:
    return event
"""


def loaded_by(code: str) -> set[str]:
    """Return the modules that an interpreter has loaded after running the code and nothing else.

    It runs without `site`, whose `.pth` files may load what is looked for.
    """
    script = f"import sys; sys.path[:] = {sys.path!r}\n{code}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.fixture(scope="module", params=["", DEFINE_HANDLER], ids=["import", "handler"])
def loaded(request: pytest.FixtureRequest) -> set[str]:
    return loaded_by("import lambda_durable\n" + request.param)


@pytest.mark.parametrize("module", UNWANTED)
def test_loads_nothing_that_can_wait(loaded: set[str], module: str) -> None:
    assert not {name for name in loaded if name == module or name.startswith(f"{module}.")}


def test_loads_no_plugin(loaded: set[str]) -> None:
    tops = {name.partition(".")[0] for name in loaded}
    assert {top for top in tops if top.startswith("lambda_durable")} == {"lambda_durable"}


def test_names_that_are_loaded_later_are_listed() -> None:
    import lambda_durable
    from lambda_durable import operations, protocol

    for package in (lambda_durable, operations, protocol):
        assert set(package.__all__) <= set(dir(package))
        for name in package.__all__:
            assert getattr(package, name) is not None


def test_a_name_that_is_not_there_is_told_as_python_tells_it() -> None:
    with pytest.raises(ImportError, match="cannot import name 'durable_exekution'"):
        from lambda_durable import durable_exekution  # type: ignore[attr-defined]  # noqa: F401


def test_the_measure_works() -> None:
    assert {"ssl", "asyncio"} <= loaded_by("import asyncio")
    assert not loaded_by("") & set(UNWANTED)
