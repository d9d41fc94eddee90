"""One function's resource as a function to run here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from lambda_durable_kernel import Settings

from ..errors import TemplateError
from ..functions import Image, LocalFunction, LogFormat, Logging
from ..targets import Target
from .properties import Properties

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
_YEAR_SECONDS = 31_622_400
_LAMBDA = "AWS_ENDPOINT_URL_LAMBDA"
_DEFAULT_CONCURRENCY = LocalFunction.__dataclass_fields__["concurrency"].default


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says about all functions; it stands above what templates say."""

    environment: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    log_format: LogFormat | None = None
    settings: Settings = field(default_factory=Settings)


def read_function(
    name: str, of: Properties, metadata: Properties, options: Options
) -> LocalFunction:
    """Return the function that a resource's properties describe."""
    if not _NAME.fullmatch(name):
        raise of.place.at("FunctionName").error(
            f"{name!r} is not a function's name: 1 to 64 letters, digits, - and _"
        )
    durable = of.section("DurableConfig")
    image = _image(of)
    limit = durable.number("ExecutionTimeout", 0, 1, _YEAR_SECONDS)
    return LocalFunction(
        name=name,
        target=_image_target(of, image) if image else _target(of, metadata),
        timeout=of.number("Timeout", 3, 1, 900),
        memory_mb=of.number("MemorySize", 128, 128, 32_768),
        environment=_environment(of, options),
        settings=options.settings,
        durable="DurableConfig" in of,
        execution_timeout=limit or None,
        retention_days=durable.number("RetentionPeriodInDays", 14, 1, 90),
        concurrency=of.number(
            "ReservedConcurrentExecutions", cast(int, _DEFAULT_CONCURRENCY), 1, 1_000_000
        ),
        runtime=of.text("Runtime"),
        handler=of.text("Handler"),
        image=image,
        command=_command(metadata),
        layers=of.layers(),
        logging=_logging(of, options),
    )


def _environment(of: Properties, options: Options) -> dict[str, str]:
    variables = of.section("Environment").section("Variables")
    found: dict[str, str] = {}
    for name in variables.names:
        if name == _LAMBDA or name in options.environment:
            # Lambda is this service, wherever a deployment would find it; and of what the user
            # says, it need not be known what the template says.
            continue
        try:
            if variables.get(name) is not None:
                found[name] = variables.text(name)
        except TemplateError as error:
            text = f"{error.message}; --env {name}=VALUE gives all functions a value for it"
            raise TemplateError(text) from None
    return found | dict(options.environment)


def _logging(of: Properties, options: Options) -> Logging:
    config = of.section("LoggingConfig")
    format = config.choice("LogFormat", "Text", ("Text", "JSON"))
    level = config.choice("ApplicationLogLevel", "", ("", *_LEVELS))
    return Logging(options.log_format or cast(LogFormat, format), level or None)


def _command(metadata: Properties) -> tuple[str, ...]:
    return metadata.section("LambdaDurable").words("Command")


def _image(of: Properties) -> Image | None:
    code = of.section("Code") if isinstance(of.get("Code"), Mapping) else None
    is_image = of.choice("PackageType", "Zip", ("Zip", "Image")) == "Image"
    if not is_image:
        return None
    uri = of.text("ImageUri") or (code.text("ImageUri") if code is not None else "")
    if not uri:
        raise of.place.at("ImageUri").error(
            "is missing: name an image that `docker run` finds, for example my-function:latest"
        )
    config = of.section("ImageConfig")
    return Image(
        uri,
        config.words("EntryPoint"),
        config.words("Command"),
        config.text("WorkingDirectory"),
    )


def _image_target(of: Properties, image: Image) -> Target:
    folder = of.place.path.resolve().parent
    return Target(f"image {image.uri}", "", "", folder)


def _target(of: Properties, metadata: Properties) -> Target:
    folder = _folder(of)
    handler = of.text("Handler")
    runtime = of.text("Runtime")
    if "Command" in metadata.section("LambdaDurable") or runtime.startswith("provided"):
        return Target(handler or str(folder), "", "", folder)
    if not runtime:
        raise of.place.at("Runtime").error("is missing: say which, for example python3.13")
    if not handler:
        raise of.place.at("Handler").error("is missing: name a function, for example app.handler")
    module, dot, attribute = handler.rpartition(".")
    if not dot or not module or not attribute:
        raise of.place.at("Handler").error(
            f"must be a module and a function in it, as in app.handler, not {handler!r}"
        )
    if not runtime.startswith("python"):
        return Target(handler, module, attribute, folder)
    file = _python_file(of, folder, module)
    text = handler if file is None else f"{file}:{attribute}"
    return Target(text, module.replace("/", "."), attribute, folder, file)


def _folder(of: Properties) -> Path:
    name = "CodeUri" if "CodeUri" in of else "Code"
    given = of.get(name)
    if "InlineCode" in of or (isinstance(given, Mapping) and "ZipFile" in given):
        raise of.place.error(
            "code in the template is not run here: put it into a folder, and name that as CodeUri"
        )
    if isinstance(given, Mapping) or str(given).startswith("s3://"):
        raise of.place.at(name).error(
            "is code that was uploaded already: name the folder that holds it here"
        )
    folder = (of.place.path.resolve().parent / str(given or ".")).resolve()
    if folder.is_file():
        raise of.place.at(name).error(
            f"{folder} is a file: name the folder that holds the function's code"
        )
    if not folder.is_dir():
        raise of.place.at(name).error(f"there is no folder {folder}")
    return folder


def _python_file(of: Properties, folder: Path, module: str) -> Path | None:
    """Return the handler's file; None if it is none of the function's, but may be in a layer."""
    path = folder / module.replace(".", "/")
    for file in (path.with_name(f"{path.name}.py"), path / "__init__.py"):
        if file.is_file():
            return file
    if "Layers" not in of and not list(path.parent.glob(f"{path.name}.*")):
        raise of.place.at("Handler").error(
            f"there is no {path.relative_to(folder)}.py in {folder}, where the function's code is"
        )
    return None
