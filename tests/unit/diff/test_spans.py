"""Sets of addresses and ports: whatever way a set is put together, it is the same set."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nexis.diff.spans import area, both, minus, plus, shared, size, spans, together, without

NUMBERS = st.integers(0, 30)
INTERVALS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6)
BOXES = st.lists(st.tuples(st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS)), max_size=6)


def points(intervals: list[tuple[int, int]]) -> set[int]:
    return {n for first, last in intervals for n in range(first, last + 1)}


def cells(boxes: list[tuple[tuple[int, int], tuple[int, int]]]) -> set[tuple[int, int]]:
    return {
        (p, a) for ports, where in boxes for p in range(ports[0], ports[1] + 1) for a in range(where[0], where[1] + 1)
    }


def cells_of(found: tuple[tuple[int, int, tuple[tuple[int, int], ...]], ...]) -> set[tuple[int, int]]:
    return cells([((first, last), where) for first, last, held in found for where in held])


@given(INTERVALS, INTERVALS)
def test_span_sets_are_sets(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    a, b = spans(left), spans(right)
    assert points(list(a)) == points(left)
    assert points(list(without(a, b))) == points(left) - points(right)
    assert points(list(together(a, b))) == points(left) | points(right)
    assert points(list(shared(a, b))) == points(left) & points(right)
    assert size(a) == len(points(left))


@given(BOXES, BOXES)
def test_areas_are_sets(
    left: list[tuple[tuple[int, int], tuple[int, int]]], right: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    a, b = area(left), area(right)
    assert cells_of(a) == cells(left)
    assert cells_of(minus(a, b)) == cells(left) - cells(right)
    assert cells_of(plus(a, b)) == cells(left) | cells(right)
    assert cells_of(both(a, b)) == cells(left) & cells(right)


@given(BOXES, st.randoms())
def test_equal_sets_are_equal_however_they_are_written(
    boxes: list[tuple[tuple[int, int], tuple[int, int]]], order: object
) -> None:
    split = [((p, p), where) for ports, where in boxes for p in range(ports[0], ports[1] + 1)]
    order.shuffle(split)  # type: ignore[attr-defined]
    assert area(split) == area(boxes)
