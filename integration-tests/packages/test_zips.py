"""As deployed by slim packagers, without `dist-info`, and with core in a layer."""

import json
import shutil
from pathlib import Path

from environments import install, make, wheel
from expected import check
from services import FLAVOURS, FUNCTIONS, results, serving

PLUGINS = ["callbacks", "concurrency", "retry", "serializers"]
WHEELS = [f"lambda-durable-{each}" for each in PLUGINS]


def install_bare(python: Path, folder: Path, *arguments: str) -> Path:
    """Install into a folder, as packagers for Lambda do, and take the metadata away."""
    install(python, "--target", str(folder), *arguments)
    for metadata in folder.glob("*.dist-info"):
        shutil.rmtree(metadata)
    return folder


def deploy(folder: Path, code: Path, layer: Path | None = None) -> Path:
    """Pack a function's code, unpack it as Lambda does, and return a template to serve it."""
    shutil.copy(FUNCTIONS / "words.py", code)
    shutil.unpack_archive(shutil.make_archive(str(code), "zip", code), folder / "var-task")
    common = {
        "Runtime": "python3.11",
        "CodeUri": "var-task",
        "Timeout": 120,
        "DurableConfig": {"RetentionPeriodInDays": 1},
        "Layers": [{"Ref": "Core"}] if layer else [],
    }
    resources: dict[str, object] = {
        flavour.capitalize(): {
            "Type": "AWS::Serverless::Function",
            "Properties": {"FunctionName": flavour, "Handler": f"words.{flavour}", **common},
        }
        for flavour in FLAVOURS
    }
    if layer:
        properties = {"ContentUri": str(layer)}
        resources["Core"] = {"Type": "AWS::Serverless::LayerVersion", "Properties": properties}
    template = folder / "template.json"
    template.write_text(
        json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources})
    )
    return template


def check_deployed(template: Path, python: Path, core: Path) -> None:
    """Run both handlers in a bare Python: no entry points, core from where it was put."""
    with serving("--template", str(template), "--python", str(python)) as client:
        for told in results(client, *FLAVOURS):
            assert told["entry points"] == []
            assert not any(name.startswith("lambda-durable") for name in told["distributions"])
            assert Path(told["core"]).is_relative_to(core)
            check(told["said"], PLUGINS)


def test_a_zip_without_dist_info(folder: Path) -> None:
    """First-party plugins are found by their import names, where there are no entry points."""
    python = make(folder / "bare")
    code = install_bare(python, folder / "code", *map(wheel, ["lambda-durable", *WHEELS]))
    check_deployed(deploy(folder, code), python, folder / "var-task")


def test_core_in_a_layer(folder: Path) -> None:
    """Core and what it needs are in a layer, as in /opt/python, the plugins with the function."""
    python = make(folder / "bare")
    layer = folder / "layer"
    install_bare(python, layer / "python", wheel("lambda-durable"))
    code = install_bare(python, folder / "code", "--no-deps", *map(wheel, WHEELS))
    check_deployed(deploy(folder, code, layer), python, layer / "python")
