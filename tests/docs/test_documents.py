"""Every code block of every document is executed, or skipped with a reason that is reported."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from pages import Page, all_blocks, name_of

from tools.documents import Block

SECONDS = 300
"""What a block may take on a machine that has much else to do."""


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Page]:
    """Return a function that holds one page for each document, with its folder and names."""
    return cache(lambda document: Page(document, tmp_path_factory.mktemp(document.stem)))


@pytest.mark.timeout(SECONDS)
@pytest.mark.parametrize("block", all_blocks(), ids=name_of)
def test_block(block: Block, page_of: Callable[[Path], Page]) -> None:
    """Execute one block after those above it."""
    if block.skipped_because:
        pytest.skip(block.skipped_because)
    page_of(block.document).execute_through(block)
