"""What a plugin brings: the hooks it implements, and the names it registers through them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from lambda_durable import hookspecs
from lambda_durable.errors import PluginError

_NAMING = {
    "durable_retry_strategies": "retry strategies",
    "durable_wait_strategies": "wait strategies",
    "durable_serializers": "serializers",
}
_HOOKS = sorted(name for name in vars(hookspecs) if name.startswith("durable_"))


@dataclass(frozen=True, slots=True)
class Contribution:
    """A plugin's name, its version if it is a distribution's, its hooks, and names by kind."""

    name: str
    version: str | None
    names: dict[str, list[str]]
    hooks: list[str]

    def sections(self) -> list[tuple[str, list[str]]]:
        """Return what there is to show, with titles."""
        found = [*self.names.items(), ("hooks", self.hooks)]
        return [(title, names) for title, names in found if names]

    def as_json(self) -> dict[str, Any]:
        """Return it in JSON's types."""
        return asdict(self)


def contribution(plugin: object) -> Contribution:
    """Return what a plugin brings; raise PluginError if a hook of it fails."""
    name = getattr(plugin, "__name__", None) or type(plugin).__qualname__
    hooks = [hook for hook in _HOOKS if _implements(plugin, hook)]
    names = {
        title: _registered(name, hook, getattr(plugin, hook))
        for hook, title in _NAMING.items()
        if hook in hooks
    }
    return Contribution(name, _version(name), names, hooks)


def _implements(plugin: object, hook: str) -> bool:
    # The mark that `hookimpl` leaves; without it a function of that name is none of a plugin's.
    return hasattr(getattr(plugin, hook, None), f"{hookspecs.PROJECT}_impl")


def _registered(plugin: str, hook: str, call: Callable[[], Mapping[str, object]]) -> list[str]:
    try:
        return sorted(call())
    except Exception as error:
        raise PluginError(f"plugin {plugin} failed in {hook}: {error}") from error


def _version(module: str) -> str | None:
    try:
        return version(module.partition(".")[0].replace("_", "-"))
    except PackageNotFoundError:
        return None
