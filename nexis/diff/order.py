"""Which resources a deployment must finish before it begins others: by reference, by DependsOn, or stack by stack."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from nexis.diff.match import exports_of, references

if TYPE_CHECKING:
    from nexis.diff.sides import Sides

Key = tuple[str, str]


class Order:
    """The order of a deployment of the side after the change.

    Args:
        sides: both sides.
    """

    def __init__(self, sides: Sides) -> None:
        self._pairs = sides.matching.pairs
        entries = {(p.head[0].key, p.head[1].logical_id): p.head for p in self._pairs if p.head is not None}
        exports = exports_of(entries)
        self._after: dict[Key, set[Key]] = defaultdict(set)
        self._stacks: dict[str, set[str]] = defaultdict(set)
        for (template, logical_id), (_, resource) in entries.items():
            here = (template, logical_id)
            self._after[here] |= {(template, name) for name in resource.depends_on}
            for name in references(resource.properties):
                if isinstance(name, tuple):
                    if name[0] in exports:
                        self._stacks[template].add(exports[name[0]][0])
                elif (template, name) in entries:
                    self._after[here].add((template, name))

    def is_settled(self, one: int, other: int) -> bool:
        """Whether one resource is finished before the other begins, whichever.

        Args:
            one: the number of a pair.
            other: the number of another.
        """
        first, second = self._pairs[one].head, self._pairs[other].head
        if first is None or second is None:
            return False
        a, b = (first[0].key, first[1].logical_id), (second[0].key, second[1].logical_id)
        if a[0] == b[0]:
            return _leads(self._after, a, b) or _leads(self._after, b, a)
        return _leads(self._stacks, a[0], b[0]) or _leads(self._stacks, b[0], a[0])


def _leads(edges: dict[Any, set[Any]], begin: Any, end: Any) -> bool:
    seen, waiting = set(), [begin]
    while waiting:
        at = waiting.pop()
        if at == end:
            return True
        if at not in seen:
            seen.add(at)
            waiting += edges.get(at, ())
    return False
