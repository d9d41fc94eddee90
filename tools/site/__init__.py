"""What the documentation's site needs besides Sphinx: pages and pictures made from the code.

`setup` is called by Sphinx, since `docs/conf.py` names this package as an extension. The modules
that make text and pictures (`public`, `api`, `lifecycle`, `tables`, `readmes`) do not need Sphinx.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: "Sphinx") -> dict[str, Any]:
    """Have generated parts filled in, docstrings read as Markdown, and names found."""
    from . import docstrings, pages, references  # these need Sphinx, the rest does not

    app.connect("source-read", pages.fill_in)
    app.connect("autodoc-process-docstring", docstrings.process)
    app.connect("doctree-read", references.settle)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
