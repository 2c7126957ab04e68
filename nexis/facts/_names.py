"""Reading EC2 type and RDS class names, to find the nearest name that qualifies."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from nexis.patterns import pattern
from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable

_FAMILY = pattern(r"(?P<series>[a-z]+?)(?P<generation>\d+)(?P<attributes>[a-z]*)(?P<rest>-[a-z0-9-]+)?$")
_SIZE = pattern(r"(?:metal-)?(?P<factor>\d*)(?P<unit>metal|nano|micro|small|medium|xlarge|xl|large)$")

#: log2 of a size in units of `large`, which is how AWS scales vCPUs, memory and price within a family.
#: Plain `metal` is a whole machine of differing size: somewhere near 24xlarge.
_LOG2_OF_LARGE = {
    "metal": 5.6,
    "nano": -4.0,
    "micro": -3.0,
    "small": -2.0,
    "medium": -1.0,
    "large": 0.0,
    "xl": 1.0,
    "xlarge": 1.0,
}

#: A series without local disks, and the series with them that serves the same purpose.
_SAME_PURPOSE = {"t": "m", "u": "x", "a": "m", "h": "i", "d": "i"}


@record
class _Name:
    series: str
    generation: int
    attributes: frozenset[str]
    rest: str
    size: float | None


@lru_cache(maxsize=2048)
def _read(name: str) -> _Name:
    family, _, size = name.partition(".")
    parts = _FAMILY.match(family)
    scale = _SIZE.match(size)
    log2 = None
    if scale is not None:
        log2 = _LOG2_OF_LARGE[scale["unit"]] + (math.log2(int(scale["factor"])) if int(scale["factor"] or 0) else 0.0)
    if parts is None:
        return _Name(family, 0, frozenset(), "", log2)
    series = _SAME_PURPOSE.get(parts["series"], parts["series"])
    return _Name(series, int(parts["generation"]), frozenset(parts["attributes"]), parts["rest"] or "", log2)


def _distance(wanted: _Name, other: _Name) -> float:
    # The letter d is what makes the difference between the type asked for and the one with disks: it costs nothing.
    letters = (wanted.attributes ^ other.attributes) - {"d"}
    distance = 0.0 if wanted.series == other.series else 4.0
    distance += 0.6 * len(letters)
    distance += 0.5 * min(abs(wanted.generation - other.generation), 6)
    distance += 0.0 if wanted.rest == other.rest else 1.0
    if wanted.size is not None and other.size is not None:
        distance += 0.7 * abs(wanted.size - other.size)
    return distance


def nearest_names(name: str, candidates: Iterable[str], count: int) -> tuple[str, ...]:
    """Return the candidates nearest to a type name: same purpose, processor and size first.

    Args:
        name: An EC2 type name such as ``m7g.large``; anything else is compared by its letters.
        candidates: EC2 type names that qualify.
        count: How many to return, at most.

    Returns:
        The nearest candidates, nearest first; ties in alphabetical order.
    """
    from difflib import SequenceMatcher  # late, as a name is seldom wrong

    text = name.strip().lower()
    wanted = _read(text)
    found: list[tuple[float, str]] = []
    for distance, candidate in sorted((_distance(wanted, _read(candidate)), candidate) for candidate in candidates):
        if len(found) >= count and (not found or distance > found[-1][0]):
            break  # comparing letters is slow and only adds to the distance
        distance += 2.0 * (1.0 - SequenceMatcher(None, text, candidate).ratio())
        found = sorted([*found, (distance, candidate)])[:count]
    return tuple(candidate for _, candidate in found)
