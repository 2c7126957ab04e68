"""Finding the line of every key in a TOML file, which `tomllib` does not tell.

Source: TOML 1.0.0.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A place in a document: keys, and positions in arrays.
Place = tuple[str | int, ...]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE: Final = re.compile(r"[^,\]}#\r\n]+")
_STRINGS: Final = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\])*"'),
    re.compile(r"'[^']*'"),
)


def line_numbers(text: str) -> dict[Place, int]:
    """Find the line of every key, table and array element of a TOML document.

    Args:
        text: The document.

    Returns:
        From a place such as ``("hosts", "count")`` or ``("zones", 1)`` to its line, counted from 1.

    Raises:
        tomllib.TOMLDecodeError: If the document is not TOML.
    """
    # The scanner below relies on the document being right; this also makes it safe to decode quoted keys.
    tomllib.loads(text)
    return _Scanner(text).document()


def line_of(lines: Mapping[Place, int], place: Place) -> int:
    """Return the line of a place, or of the nearest thing around it if the place itself is missing.

    Args:
        lines: What `line_numbers` found.
        place: The place to look for.
    """
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        # tomllib reads CRLF as LF; a lone CR cannot occur outside strings.
        self.text = text
        self.at = 0
        self.lines: dict[Place, int] = {}
        self.counts: dict[Place, int] = {}

    def document(self) -> dict[Place, int]:
        table: Place = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return self.at

    def _take(self, *patterns: re.Pattern[str]) -> str | None:
        for pattern in patterns:
            found = pattern.match(self.text, self.at)
            if found is not None:
                self.at = found.end()
                return found.group()
        return None

    def _note(self, place: Place, start: int) -> None:
        self.lines.setdefault(place, self.text.count("\n", 0, start) + 1)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            bare = self._take(_BARE_KEY)
            parts.append(bare if bare is not None else self._quoted_key())
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _quoted_key(self) -> str:
        quoted = self._take(*_STRINGS[2:])
        return str(tomllib.loads(f"x = {quoted}")["x"])

    def _header(self) -> Place:
        start = self.at
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.at += brackets
        place: Place = ()
        keys = self._key()
        for position, key in enumerate(keys):
            place = (*place, key)
            self._note(place, start)
            is_new_element = brackets == 2 and position == len(keys) - 1
            if is_new_element:
                self.counts[place] = self.counts.get(place, 0) + 1
            if place in self.counts:
                place = (*place, self.counts[place] - 1)
                self._note(place, start)
        self.at += brackets
        return place

    def _pair(self, table: Place) -> None:
        start = self.at
        place = table
        for key in self._key():
            place = (*place, key)
            self._note(place, start)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(place)

    def _value(self, place: Place) -> None:
        if self.text[self.at] == "[":
            self._array(place)
        elif self.text[self.at] == "{":
            self._inline_table(place)
        elif self._take(*_STRINGS) is None:
            self._take(_BARE_VALUE)

    def _array(self, place: Place) -> None:
        self.at += 1
        position = 0
        while self.text[self._skip(_BLANK)] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            element = (*place, position)
            self._note(element, self.at)
            self._value(element)
            position += 1
        self.at += 1

    def _inline_table(self, place: Place) -> None:
        self.at += 1
        while self.text[self._skip(_BLANK)] != "}":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._pair(place)
        self.at += 1
