"""Code blocks are found, with what their document asks for."""

from pathlib import Path

import pytest

pytest.importorskip("markdown_it")

from tools.documents import blocks, documents

DOCUMENT = """# Title

```python
x = 1
```

- in a list:

  ```python title="handler.py"
  y = 2
  ```

<!-- not executed: needs an account -->
```console
$ aws lambda invoke
```

````text
```python
not a block of its own
```
````
"""


def test_blocks(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(DOCUMENT)
    first, listed, skipped, text = blocks(document)
    assert (first.language, first.line, first.code) == ("python", 4, "x = 1\n")
    assert (listed.title, listed.line, listed.code) == ("handler.py", 10, "y = 2\n")
    assert skipped.skipped_because == "needs an account"
    assert first.skipped_because is None
    assert text.language == "text"


def test_documents(tmp_path: Path) -> None:
    for name in ("README.md", "docs/a/b.md", "docs/c.md", "plugins/x/README.md", "tests/d.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [str(each.relative_to(tmp_path)) for each in documents(tmp_path)]
    assert found == ["README.md", "docs/a/b.md", "docs/c.md", "plugins/x/README.md"]
