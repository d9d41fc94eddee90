"""How Sphinx builds the site: `nox -s docs`."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for `tools.site`, which makes pages from the code

project = "Lambda Durable"
author = "Lambda Durable maintainers"
release = version_of("lambda-durable")
version = ".".join(release.split(".")[:2])

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_design",
    "sphinx_copybutton",
    "tools.site",
]
exclude_patterns = ["decisions/0000-template.md"]
# What would need the network, or says nothing about our own names.
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(?!lambda_durable).*"),
    # Attributes and parameters that are handed on as they are, and are nobody's to look into.
    (r"py:.*", r"lambda_durable\.(scope\.Scope|running\.RunningScope|line\.Line)"),
    (r"py:.*", r"lambda_durable\.(execution\.(Execution|Settings)|plugins\.Plugins)"),
    (r"py:.*", r"lambda_durable_testing\.(watching\.Conditions|cloud\.patience\.Patience)"),
]

myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 4

autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
add_module_names = False
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True

html_theme = "furo"
html_title = f"{project} {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_theme_options = {
    "footer_icons": [],
    "light_css_variables": {"color-brand-primary": "#0b6e4f", "color-brand-content": "#0b6e4f"},
    "dark_css_variables": {"color-brand-primary": "#6fcf97", "color-brand-content": "#6fcf97"},
}
pygments_style = "friendly"
pygments_dark_style = "github-dark"
