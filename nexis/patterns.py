"""Regular expressions that are compiled when they are first used: most runs use few of those that rules have."""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    """Stands in for a regular expression until it is used.

    Args:
        text: the expression.
        flags: as `re.compile` takes them.
    """

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._compiled is None:
            self._compiled = re.compile(self._text, self._flags)
        found = getattr(self._compiled, name)
        setattr(self, name, found)  # so that it is asked for once
        return found


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Give a regular expression that is compiled when it is first used.

    Args:
        text: the expression.
        flags: as `re.compile` takes them.
    """
    return cast("re.Pattern[str]", _Pattern(text, flags))
