"""Patterns with `*` and `?` as sets of texts: whether one holds all that another holds.

The answer is never wrong where it says yes. It may say no to two ways of writing the same set that nobody writes, such
as `a*?*` and `a?*`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

WILDCARDS: Final = frozenset("*?")


def is_pattern(text: str) -> bool:
    """Whether a text has wildcards in it."""
    return not WILDCARDS.isdisjoint(text)


@lru_cache(maxsize=65536)
def holds(outer: str, inner: str) -> bool:
    """Whether a pattern covers everything that another one covers.

    Args:
        outer: with `*` and `?`.
        inner: with `*` and `?`.
    """
    if outer in ("*", inner):
        return True
    if not is_pattern(outer):
        return False  # it covers one text, and the other covers another one or more
    fixed = outer.partition("*")[0]
    if "?" not in fixed and not inner.startswith(fixed):
        return False
    # reached[i]: the pieces of the outer pattern so far cover the first i pieces of the inner one
    reached = [True] + [False] * len(inner)
    for piece in outer:
        after = [False] * (len(inner) + 1)
        if piece == "*":
            any_before = False
            for at, here in enumerate(reached):
                any_before = any_before or here
                after[at] = any_before
        else:
            for at, letter in enumerate(inner):
                after[at + 1] = reached[at] and letter != "*" and (piece in ("?", letter))
        reached = after
        if not any(reached):
            return False
    return reached[-1]


@lru_cache(maxsize=65536)
def meet(left: str, right: str) -> bool:
    """Whether two patterns cover a text in common.

    Args:
        left: with `*` and `?`.
        right: with `*` and `?`.
    """
    reached = {0}
    reached = _past_stars(left, reached)
    # rows: positions in the left pattern that can be reached after each letter of the right one
    for letter in right:
        if letter == "*":
            reached = set(range(min(reached), len(left) + 1)) if reached else set()
        else:
            reached = {
                at if left[at] == "*" else at + 1
                for at in reached
                if at < len(left) and (left[at] in "*?" or letter in ("?", left[at]))
            }
            reached = _past_stars(left, reached)
    return len(left) in reached


def _past_stars(pattern: str, reached: set[int]) -> set[int]:
    found = set(reached)
    for at in sorted(reached):
        while at < len(pattern) and pattern[at] == "*":
            at += 1
            found.add(at)
    return found
