"""Arithmetic on sets of addresses and ports: what one set holds and another does not.

A span set is a sorted tuple of disjoint, not adjacent, closed intervals. An area is a set of (port, address) pairs,
written as rows: a span of ports with the span set of its addresses, sorted, neighbours with equal addresses joined.
Both forms are canonical: equal sets are equal tuples, however they were put together.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Span = tuple[int, int]
Spans = tuple[Span, ...]
Row = tuple[int, int, Spans]
Area = tuple[Row, ...]

NOTHING: Final[Area] = ()


def spans(intervals: Iterable[Span]) -> Spans:
    """Make a span set.

    Args:
        intervals: first and last of each, in any order; they may overlap. One whose last is below its first is empty.
    """
    merged: list[Span] = []
    for first, last in sorted(i for i in intervals if i[0] <= i[1]):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def without(left: Spans, right: Spans) -> Spans:
    """Give what is in one span set and not in another."""
    found: list[Span] = []
    for first, last in left:
        at = first
        for begin, end in right:
            if end < at or begin > last:
                continue
            if begin > at:
                found.append((at, begin - 1))
            at = end + 1
            if at > last:
                break
        if at <= last:
            found.append((at, last))
    return tuple(found)


def together(left: Spans, right: Spans) -> Spans:
    """Give what is in either span set."""
    return spans((*left, *right))


def shared(left: Spans, right: Spans) -> Spans:
    """Give what is in both span sets."""
    return without(left, without(left, right))


def size(found: Spans) -> int:
    """Count what a span set holds."""
    return sum(last - first + 1 for first, last in found)


def area(boxes: Iterable[tuple[Span, Span]]) -> Area:
    """Make an area.

    Args:
        boxes: (span of ports, span of addresses) of each part, in any order; they may overlap.
    """
    known = [box for box in boxes if box[0][0] <= box[0][1] and box[1][0] <= box[1][1]]
    edges = sorted({ports[0] for ports, _ in known} | {ports[1] + 1 for ports, _ in known})
    rows = (
        (first, after - 1, spans(where for ports, where in known if ports[0] <= first and after - 1 <= ports[1]))
        for first, after in pairwise(edges)
    )
    return _joined(rows)


def _joined(rows: Iterable[Row]) -> Area:
    joined: list[Row] = []
    for first, last, where in rows:
        if not where:
            continue
        if joined and joined[-1][1] + 1 == first and joined[-1][2] == where:
            joined[-1] = (joined[-1][0], last, where)
        else:
            joined.append((first, last, where))
    return tuple(joined)


def _rowwise(left: Area, right: Area, combine: Callable[[Spans, Spans], Spans]) -> Area:
    edges = sorted({edge for first, last, _ in (*left, *right) for edge in (first, last + 1)})
    return _joined((first, after - 1, combine(_at(left, first), _at(right, first))) for first, after in pairwise(edges))


def _at(found: Area, port: int) -> Spans:
    return next((where for first, last, where in found if first <= port <= last), ())


def minus(left: Area, right: Area) -> Area:
    """Give what is in one area and not in another."""
    return _rowwise(left, right, without)


def plus(left: Area, right: Area) -> Area:
    """Give what is in either area."""
    return _rowwise(left, right, together)


def both(left: Area, right: Area) -> Area:
    """Give what is in both areas."""
    return _rowwise(left, right, shared)
