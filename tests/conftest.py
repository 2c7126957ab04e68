"""How the tests are spread over processes."""

from __future__ import annotations

import pytest

# Every test in these files starts a program of its own, so they may run anywhere.
SPREAD = ("test_weaken.py", "test_fail_closed.py")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file that share a real deployment in one process."""
    for item in items:
        if item.get_closest_marker("real") and item.path.name not in SPREAD:
            item.add_marker(pytest.mark.xdist_group(item.path.name))
