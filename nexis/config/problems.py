"""What is wrong with a configuration: found, expected, and what to do."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse a configuration.

    Attributes:
        place: Where in the document: keys, and positions in lists.
        got: What was found.
        expected: What would have been accepted.
        do: What to do now, with the nearest valid value.
    """

    place: tuple[str | int, ...]
    got: str
    expected: str
    do: str

    @property
    def key(self) -> str:
        """The place as it is written: ``hosts.count``, ``zones[1]``."""
        text = ""
        for part in self.place:
            text += f"[{part}]" if isinstance(part, int) else f".{part}"
        return text.removeprefix(".")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like the one given; the first in alphabetical order if several are.

    Args:
        word: What was found.
        known: The valid words, at least one.
    """
    return max(sorted(known), key=lambda candidate: difflib.SequenceMatcher(None, word.lower(), candidate).ratio())


def enumerate_words(words: Iterable[str], last: str = "or") -> str:
    """Write words as ``a, b or c``.

    Args:
        words: The words.
        last: What joins the last two.
    """
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end
