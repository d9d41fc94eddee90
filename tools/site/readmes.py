"""READMEs of distributions and examples as pages of the site, their links led to where they go."""

import re
from pathlib import Path

from tools.distributions import ROOT

_LINK = re.compile(r"(?<!\!)\[(?P<label>[^\]]+)\]\((?P<target>[^)\s#:]*)(?P<anchor>#[^)\s]*)?\)")
_FENCE = re.compile(r"^(?:```|~~~)")


def text(place: str, page: str) -> str:
    """Return a folder's README, or another document outside of `docs`, for a page in there."""
    document = ROOT / place
    return "\n".join(_lines(document / "README.md" if document.is_dir() else document, page))


def _lines(readme: Path, page: str) -> list[str]:
    found, in_code = [], False
    for line in readme.read_text(encoding="utf-8").splitlines():
        in_code ^= bool(_FENCE.match(line.strip()))
        found.append(line if in_code else _LINK.sub(lambda m: _link(m, readme, page), line))
    return found


def _link(match: re.Match[str], readme: Path, page: str) -> str:
    label, target, anchor = match["label"], match["target"], match["anchor"] or ""
    if not target:
        return match[0]
    up = "../" * (len(Path(page).parts) - 1)
    path = (readme.parent / target).resolve()
    if path.is_dir() or path.suffix == ".md":
        found = page_of(path)
        return f"[{label}]({up}{found}.md{anchor})" if found else label
    return f"{{download}}`{label.strip('`')} <{up}../{path.relative_to(ROOT)}>`"


def more(argument: str, page: str) -> str:
    """Return the contents of what a page does not list itself, of all that stands beside it."""
    folder = (ROOT / "docs" / page).parent
    listed = re.findall(r"^[\w/-]+$", (folder / f"{page}.md").read_text("utf-8"), re.MULTILINE)
    beside = sorted(each.stem for each in folder.glob("*.md"))
    others = [each for each in beside if each not in (*listed, page)]
    entries = "\n".join([*others, "decisions/index"])
    return f":::{{toctree}}\n:hidden:\n:caption: More\n\n{entries}\n:::"


def page_of(path: Path) -> str | None:
    """Return the page, without suffix, that shows a document or a folder's README, if any does."""
    place = path.parent if path.name == "README.md" else path
    if place == ROOT:
        return "index"
    if place.is_relative_to(ROOT / "docs"):
        page = place / "index.md" if place.is_dir() else place
        return page.relative_to(ROOT / "docs").with_suffix("").as_posix()
    name = place.relative_to(ROOT).as_posix()
    for page in sorted((ROOT / "docs").rglob("*.md")):
        if f":::{{from-code}} readme {name}\n" in page.read_text(encoding="utf-8"):
            return page.relative_to(ROOT / "docs").with_suffix("").as_posix()
    return None
