"""Patterns with `*` and `?`, as policies of AWS write them."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=8192)
def glob(pattern: str) -> re.Pattern[str]:
    """Give a pattern as a regular expression, to be matched as a whole.

    It takes time in proportion to the text, however many `*` the pattern has: each piece between two of them is sought
    once, at its first place.

    Args:
        pattern: such as `iam:Pass*`; letters count as they are.
    """
    first, *pieces = re.split(r"\*+", pattern)
    if not pieces:
        return re.compile(_literal(first), re.DOTALL)
    *between, last = pieces
    sought = "".join(f"(?>.*?{_literal(piece)})" for piece in between)
    return re.compile(f"{_literal(first)}{sought}.*{_literal(last)}", re.DOTALL)


def matches_glob(pattern: str, text: str) -> bool:
    """Whether a pattern covers a whole text.

    Args:
        pattern: with `*` and `?`.
        text: the text.
    """
    if "?" not in pattern:
        before, star, after = pattern.partition("*")
        if not star:
            return pattern == text
        if "*" not in after:  # as nearly all of them are written, and nothing to compile
            whole = len(text) >= len(before) + len(after)
            return whole and text.startswith(before) and text.endswith(after)
    return glob(pattern).fullmatch(text) is not None


def _literal(piece: str) -> str:
    return "".join("." if c == "?" else re.escape(c) for c in piece)
