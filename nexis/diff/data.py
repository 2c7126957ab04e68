"""Stateful resources that a deployment would replace or delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.diff.changes import Maker
from nexis.diff.replacement import KEPT, Fates
from nexis.facts.stateful_types import IN_A_CLUSTER, STATEFUL
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.diff.match import Pair
    from nexis.diff.model import Change
    from nexis.diff.sides import Sides
    from nexis.templates.scenarios import Choices

ADVICE: Final = (
    "keep the logical id and what can be set only once; where it has to be a new one, retain the old one "
    "(DeletionPolicy and UpdateReplacePolicy: Retain) and move the data first"
)


def compare_data(sides: Sides) -> Iterator[Change]:
    """Give the resources with data that a deployment would replace or delete.

    Args:
        sides: both sides of the change.
    """
    for pair in sides.matching.pairs:
        if pair.type in STATEFUL and pair.base is not None:
            yield from _fate(sides, pair)


def _fate(sides: Sides, pair: Pair) -> Iterator[Change]:
    maker = Maker(sides, pair, "data")

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        fate = Fates(sides, choices).of(pair)
        if fate is None:
            return frozenset()
        before, _ = sides.views(pair, choices)
        link = IN_A_CLUSTER.get(pair.type)
        in_cluster = before is not None and link is not None and not isinstance(before.peek(link), Absent)
        return frozenset({("weaker", fate.how, fate.why, fate.policy, in_cluster)})

    def says(_: str, how: str, why: str, policy: str, in_cluster: bool) -> str:
        name, held = pair.shown[1].logical_id, STATEFUL[pair.type]
        happens = (
            "would be deleted" if how == "deleted" else f"{'may' if how.startswith('may') else 'would'} be replaced"
        )
        return f"{name}, which holds {held}, {happens}: {why}; {_after(policy, in_cluster=in_cluster)}"

    yield from maker.changes(evaluate, says, ADVICE)


def _after(policy: str, *, in_cluster: bool) -> str:
    """Say what becomes of what it held."""
    if in_cluster:
        return "the data stays in its cluster"
    if policy in KEPT:
        return "the old one stays behind, with its data and unmanaged (Retain)"
    if policy == "Snapshot":
        return "a last snapshot is taken, and the data is gone from where it is used"
    if policy == "Delete":
        return "its data is lost"
    return f"whether its data is lost hangs on {policy}"
