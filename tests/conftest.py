"""How the tests are spread over processes, and how much they try."""

from __future__ import annotations

import gc
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from xdist.scheduler import LoadScopeScheduling

from tests.support import examples

if TYPE_CHECKING:
    import pytest

examples.register()

# Every test in these files synthesizes an app of its own, so they may run anywhere.
SPREAD = ("test_weaken.py", "test_fail_closed.py", "test_findings_at_your_line.py")


class FileScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist's scheduler is not typed for subclasses
    """Keeps the tests of a file in one process, since many share a real deployment."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return nodeid if PurePosixPath(file).name in SPREAD else file


def pytest_collection_finish() -> None:
    """Keep thousands of tests and the CDK's modules out of what the garbage collector walks through again and again."""
    gc.freeze()
    gc.set_threshold(50_000)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileScheduling:
    """Give our scheduler."""
    return FileScheduling(config, log)
