"""The built site is whole: its links lead somewhere, and every public name is in it."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import Page
from sphinx.util.inventory import InventoryFile

from tools.distributions import ROOT, discover
from tools.site import hooks, public, readmes

PAGES_OF_SPHINX = {"genindex.html", "py-modindex.html", "search.html"}


@pytest.fixture(scope="session")
def documented(site: Path) -> set[str]:
    """Return the full names of all Python objects that the site describes."""
    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="")
    return {
        name for kind in inventory.data if kind.startswith("py:") for name in inventory.data[kind]
    }


def test_links_inside_lead_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    dead = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            anchor = unquote(parts.fragment)
            known = pages[target].anchors if target in pages else set()
            if not target.exists() or (anchor and target in pages and anchor not in known):
                dead.append(f"{path.relative_to(site)}: {link}")
    assert not dead


def test_there_are_links_to_check(pages: dict[Path, Page]) -> None:
    assert sum(len(page.links) for page in pages.values()) > 1000


def test_every_public_name_is_documented(documented: set[str]) -> None:
    names = public.names()
    assert len(names) > 200
    assert {each.full for each in names if each.home not in documented} == set()


@pytest.mark.parametrize("name", sorted(each.name for each in discover()))
def test_every_name_that_a_package_offers_is_public(name: str) -> None:
    (found,) = [each for each in discover() if each.name == name]
    package = __import__(found.import_name)
    offered = {f"{found.import_name}.{each}" for each in getattr(package, "__all__", [])}
    assert offered <= {each.full for each in public.names()}


@pytest.mark.parametrize("name", sorted(each.name for each in discover()))
def test_every_distribution_has_its_pages(site: Path, name: str) -> None:
    for kind in ("distributions", "api"):
        page = f"reference/{kind}/{name}"
        assert (site / f"{page}.html").is_file(), f"write docs/{page}.md, like those beside it"


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in (ROOT / "examples").rglob("README.md"))
)
def test_every_example_has_its_page(folder: Path) -> None:
    assert readmes.page_of(folder) is not None


@pytest.mark.parametrize("name", hooks.all_hooks())
def test_every_hook_has_its_page_with_an_example(site: Path, name: str) -> None:
    page = (site / "reference" / "hooks" / f"{name}.html").read_text(encoding="utf-8")
    assert f'id="lambda_durable.hookspecs.{name}"' in page
    assert "highlight-python" in page


def test_every_page_can_be_reached(site: Path, pages: dict[Path, Page]) -> None:
    linked = {
        (path.parent / unquote(urlsplit(link).path)).resolve()
        for path, page in pages.items()
        for link in page.links
        if urlsplit(link).path
    }
    found = {path for path in pages if path.name not in PAGES_OF_SPHINX}
    assert {str(path.relative_to(site)) for path in found if path.resolve() not in linked} == set()
