"""The properties of one resource, resolved and checked when they are read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..targets import did_you_mean
from .scope import Place, Unknown
from .values import NO_VALUE, Values


class Properties:
    """A mapping in a template; what is wrong with a value is raised with its place."""

    def __init__(self, place: Place, values: Values, given: Any) -> None:
        self.place = place
        self._values = values
        if given is not None and not isinstance(given, Mapping):
            raise place.error(f"must be a mapping of names to values, not {given!r}")
        self._given: Mapping[str, Any] = given or {}

    def __contains__(self, name: str) -> bool:
        return self._given.get(name) is not None

    @property
    def names(self) -> Sequence[str]:
        """Return the names that have a value."""
        return [name for name in self._given if name in self]

    def get(self, name: str) -> Any:
        """Return the value of a property, None if it has none."""
        if name not in self:
            return None
        try:
            found = self._values.of(self._given[name])
        except Unknown as unknown:
            raise self.place.at(name).error(str(unknown)) from None
        return None if found is NO_VALUE else found

    def text(self, name: str, default: str = "") -> str:
        """Return a property that is a text, or a number in its place."""
        found = self.get(name)
        if found is None:
            return default
        if isinstance(found, bool):
            return "true" if found else "false"
        if not isinstance(found, str | int | float):
            raise self.place.at(name).error(f"must be a text, not {found!r}")
        return str(found)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a property that is a whole number within bounds."""
        found = self.get(name)
        if found is None:
            return default
        try:
            number = None if isinstance(found, bool) else int(str(found))
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            raise self.place.at(name).error(
                f"must be a whole number from {least} to {most}, not {found!r}"
            )
        return number

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """Return a property that is one of some words."""
        found = self.text(name, default)
        if found not in choices:
            raise self.place.at(name).error(
                f"must be {' or '.join(choices)}, not {found!r}{did_you_mean(found, [*choices])}"
            )
        return found

    def words(self, name: str) -> tuple[str, ...]:
        """Return a property that is a list of texts, or one text."""
        found = self.get(name)
        if found is None:
            return ()
        return tuple(str(each) for each in (found if isinstance(found, list) else [found]))

    def layers(self) -> tuple[Path, ...]:
        """Return the folders of the layers that the same template makes, in their order."""
        given = self._given.get("Layers")
        names = [each.get("Ref") for each in given or () if isinstance(each, Mapping)]
        found = [self._values.layer_folder(name) for name in names if isinstance(name, str)]
        return tuple(folder for folder in found if folder is not None)

    def section(self, name: str) -> "Properties":
        """Return the properties below one; there are none if it is missing."""
        found = self._given.get(name)
        if isinstance(found, Mapping) and len(found) == 1 and _is_function(next(iter(found))):
            found = self.get(name)
        return Properties(self.place.at(name), self._values, found)


def _is_function(name: object) -> bool:
    return isinstance(name, str) and (name == "Ref" or name.startswith("Fn::"))


def merged(common: Any, own: Any) -> Any:
    """Return a property as SAM makes it from Globals and a resource's own value."""
    if isinstance(common, Mapping) and isinstance(own, Mapping):
        if any(_is_function(name) for name in (*common, *own)):
            return own
        names = [*common, *(name for name in own if name not in common)]
        return {
            name: merged(common[name], own[name])
            if name in common and name in own
            else (own if name in own else common)[name]
            for name in names
        }
    if isinstance(common, list) and isinstance(own, list):
        return [*common, *own]
    return own
