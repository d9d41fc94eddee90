"""Every code block of every document is executed, or skipped with a reason that is reported."""

import pytest
from pages import Page, all_blocks, name_of

from tools.documents import Block


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[object, Page]:
    """Hold one page for each document, with its folder and its namespace."""
    found = {block.document for block in all_blocks()}
    return {each: Page(each, tmp_path_factory.mktemp(each.stem)) for each in found}


@pytest.mark.parametrize("block", all_blocks(), ids=name_of)
def test_block(block: Block, pages: dict[object, Page]) -> None:
    """Execute one block after those above it."""
    if block.skipped_because:
        pytest.skip(block.skipped_because)
    pages[block.document].execute_through(block)
