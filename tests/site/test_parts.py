"""The parts of the site that are made from the code say what the code says."""

from xml.etree import ElementTree as ET

import pytest

from lambda_durable.errors import DurableError
from lambda_durable.lifecycle import SDK_TRANSITIONS, SERVICE_TRANSITIONS
from lambda_durable.protocol import Limits, OperationType
from tools.distributions import ROOT, discover
from tools.site import commands, docstrings, hooks, lifecycle, pages, public, readmes, tables

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("type", OperationType)
def test_every_transition_is_an_arrow(type: OperationType) -> None:
    picture = ET.fromstring(lifecycle.svg(type))
    drawn = [each.text for each in picture.iter(f"{SVG}text") if each.get("class") == "label"]
    by_sdk = [str(action) for ends in SDK_TRANSITIONS[type].values() for action in ends]
    by_service = [reason for ends in SERVICE_TRANSITIONS[type].values() for reason in ends]
    assert drawn == by_sdk + by_service
    dashed = [each for each in picture.iter(f"{SVG}line") if each.get("class") == "service"]
    assert len(dashed) == len(by_service)


@pytest.mark.parametrize("type", OperationType)
def test_arrows_go_from_status_to_status(type: OperationType) -> None:
    picture = ET.fromstring(lifecycle.svg(type))
    columns = {
        each.get("x"): each.text for each in picture.iter(f"{SVG}text") if each.get("y") == "29"
    }
    starts = [columns[each.get("cx")] for each in picture.iter(f"{SVG}circle")]
    assert starts == [arrow.start for arrow in lifecycle.arrows(type)]
    for arrow in lifecycle.arrows(type):
        assert f"{arrow.start} becomes {arrow.end} by {arrow.label}" in lifecycle.svg(type)


def test_every_limit_is_in_the_table() -> None:
    text = tables.limits("", "limits")
    for name in vars(Limits):
        if name.isupper():
            assert f"`{name}`" in text
    assert "| `OPERATION_PAYLOAD_BYTES` | operation payload, bytes | 1,048,576 (1 MiB) |" in text
    assert "| `WAIT_SECONDS` | wait, seconds | 31,622,400 (366 days) |" in text


def test_every_error_is_in_the_tree() -> None:
    text = tables.errors("", "errors")
    lines = text.splitlines()
    assert lines[0].startswith("- {py:obj}`~lambda_durable.DurableError`")
    found = {each for each in public.names() if isinstance(each.value, type)}
    for each in found:
        if issubclass(each.value, DurableError):
            assert sum(f"`~{each.home}`" in line for line in lines) == 1
    (step,) = [line for line in lines if "lambda_durable.StepError`" in line]
    assert step.startswith("    - ")


def test_hooks_are_told_apart() -> None:
    kinds = {name: hooks.kind(name) for name in hooks.all_hooks()}
    assert kinds["durable_map"] == "Vocabulary"
    assert kinds["durable_service"] == "Providers"
    assert kinds["durable_attempt_started"] == "Observers"
    assert kinds["durable_around_call"] == "Surroundings"
    assert "the first that is not None" in hooks.text("durable_retry", "")
    assert "of all plugins" in hooks.text("durable_serializers", "")
    assert "none; it is told" in hooks.text("durable_attempt_started", "")
    assert "lambda_durable.events.OperationInfo" in hooks.text("durable_retry", "")


def test_every_command_and_its_options_are_there() -> None:
    text = commands.text("", "command-line")
    for title in ("## durable run", "## durable callback", "### durable callback succeed"):
        assert f"{title}\n" in text
    assert "`--skip-time`" in text
    assert "## durable replay\n" in text  # a plugin's
    assert "--help" not in text


@pytest.mark.parametrize(
    ("docstring", "rewritten"),
    [
        ("Return `x`.", "Return ``x``."),
        ("See `StepError`s.", r"See :py:obj:`StepError <lambda_durable.StepError>`\ s."),
        ("`a b\nc`", "``a b c``"),
        ("What *args and _x are.", r"What \*args and \_x are."),
        (
            "One:\n\n    ctx.wait(1)\n\nTwo.",
            "One:\n\n.. code-block:: python\n\n    ctx.wait(1)\n\nTwo.",
        ),
        ("Already ``x``.", "Already ``x``."),
        (
            "| a | b |\n|---|---|\n| `x` | y |",
            ".. list-table::\n   :header-rows: 1\n\n   * - a\n     - b\n   * - ``x``\n     - y",
        ),
    ],
)
def test_docstrings_become_restructured_text(docstring: str, rewritten: str) -> None:
    assert docstrings.rewritten(docstring) == rewritten


def test_links_of_a_readme_lead_to_pages() -> None:
    text = readmes.text(
        "plugins/lambda-durable-retry", "reference/distributions/lambda-durable-retry"
    )
    assert "[Lambda Durable](../../index.md)" in text
    example = readmes.text("examples/order_processing", "examples/order-processing")
    assert "{download}`handler.py <../../examples/order_processing/handler.py>`" in example


def test_documents_are_found_by_their_pages() -> None:
    assert readmes.page_of(ROOT) == "index"
    assert readmes.page_of(ROOT / "docs" / "why.md") == "why"
    assert readmes.page_of(ROOT / "docs" / "howto") == "howto/index"
    assert readmes.page_of(ROOT / "examples" / "README.md") == "examples/index"
    assert readmes.page_of(ROOT / "changelog.d" / "README.md") is None


def test_code_in_a_readme_is_left_alone() -> None:
    for each in discover():
        readme = (each.folder / "README.md").read_text(encoding="utf-8")
        page = readmes.text(each.folder.relative_to(ROOT).as_posix(), "reference/distributions/x")
        assert page.count("```") == readme.count("```")


def test_a_request_that_means_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="asks for 'nothing'"):
        pages.filled_in("\n:::{from-code} nothing\n:::\n", "a-page")


def test_a_public_name_is_documented_once() -> None:
    homes = {each.full: each.home for each in public.names()}
    assert homes["lambda_durable.abc.Serializer"] == "lambda_durable.Serializer"
    assert homes["lambda_durable_concurrency.BatchResult"] == "lambda_durable.batches.BatchResult"
    assert public.link_target("DurableContext") == "lambda_durable.DurableContext"
    assert public.link_target("retry") is None
    assert all(homes.get(home, home) == home for home in homes.values())
