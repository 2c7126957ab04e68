"""How the tests are spread over processes."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest

# Every test in these files synthesizes an app of its own, so they may run anywhere.
SPREAD = ("test_weaken.py", "test_fail_closed.py")


class FileScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist's scheduler is not typed for subclasses
    """Keeps the tests of a file in one process, since many share a real deployment."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return nodeid if PurePosixPath(file).name in SPREAD else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileScheduling:
    """Give our scheduler."""
    return FileScheduling(config, log)
