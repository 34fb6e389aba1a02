"""`pytest -m story --story N` runs exactly the tests that tell acceptance story N of docs/stories.md."""

import pytest

STORIES = range(1, 13)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --story."""
    parser.addoption("--story", type=int, choices=list(STORIES), metavar="N", help="only the tests of story N (1-12)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what tells another story; refuse a mark without a known number."""
    for item in items:
        for mark in item.iter_markers("story"):
            if len(mark.args) != 1 or mark.args[0] not in STORIES:
                raise pytest.UsageError(f"{item.nodeid}: story() takes one number from 1 to 12")
    wanted = config.getoption("--story")
    if wanted is None:
        return
    chosen = [item for item in items if any(mark.args == (wanted,) for mark in item.iter_markers("story"))]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen
