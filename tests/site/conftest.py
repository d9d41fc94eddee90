"""The site as it was built: `nox -s docs` builds it and names its folder in `SITE`."""

import os
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest


@dataclass
class Page(HTMLParser):
    """What a page of the site links to, and what can be linked to in it."""

    links: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect ids and links, pictures' and styles' included."""
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            elif name in ("href", "src") and value:
                self.links.add(value)


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built site."""
    return Path(os.environ["SITE"])


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[Path, Page]:
    """Return all pages of the site."""
    found = {}
    for path in site.rglob("*.html"):
        found[path] = Page()
        found[path].feed(path.read_text(encoding="utf-8"))
    return found
