"""Encryption, logging and recovery that went, although every rule may still be content.

Of a list, the weakest item counts: whoever adds a disk that is not encrypted has made the machine weaker.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from nexis.diff.changes import Maker
from nexis.diff.replacement import KEPT, deletion_policy, update_replace_policy
from nexis.facts.protective_order import GUARDS, LISTS, NEVER_ENDS, order_of, promise_of
from nexis.facts.stateful_types import STATEFUL
from nexis.templates.resolver import scalar_text
from nexis.templates.values import Unknown
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.diff.match import Pair
    from nexis.diff.model import Change
    from nexis.diff.sides import Side, Sides
    from nexis.templates.scenarios import Choices
    from nexis.templates.views import View

Path = tuple[str, ...]
TAGS: Final = frozenset({"Tags", "TagSpecifications", "HostedZoneTags", "FileSystemTags"})
#: Lists of pairs of a name and a value, of which the name is what matters.
NAMES: Final = ("Key", "AttributeKey", "Name", "ParameterName")
VALUES: Final = ("Value", "AttributeValue", "ParameterValue")

UNORDERED: Final = " (which is in no known order)"

#: (rank, how it is written); a rank of None stands for a value that cannot be known.
Level = tuple[float | None, str]


def compare_protection(sides: Sides) -> Iterator[Change]:
    """Compare the properties that protect by degrees, and the resources that protect by being there.

    Args:
        sides: both sides of the change.
    """
    for pair in sides.matching.pairs:
        if pair.base is not None and pair.head is not None:
            yield from _levels(sides, pair)
            if pair.type in STATEFUL:
                yield from _policies(sides, pair)
        if pair.type in GUARDS:
            yield from _guard(sides, pair)


# ---- properties ----


def _levels(sides: Sides, pair: Pair) -> Iterator[Change]:
    maker = Maker(sides, pair, "protection")

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        before, after = sides.views(pair, choices)
        if before is None or after is None:
            return frozenset()
        old, new = levels_of(sides.base, before), levels_of(sides.head, after)
        found: set[tuple[Any, ...]] = set()
        for path in {**old, **new}:
            order = order_of(pair.type, path)
            if order is None:
                continue
            default: Level | None = None if order.absent is None else (order.absent, "nothing")
            one, other = old.get(path, default), new.get(path, default)
            if one is None or other is None or one == other:
                continue
            direction = _direction(one, other)
            if direction:
                found.add((direction, path, one[1], other[1], promise_of(pair.type, path, order)))
        found |= _lists(before, after)
        return frozenset(found)

    yield from maker.changes(evaluate, _says(pair), path=lambda _, path, *rest: ".".join(("Properties", *path)))


def _says(pair: Pair) -> Any:
    name = pair.shown[1].logical_id

    def says(direction: str, path: Path, old: str, new: str, promise: str) -> str:
        now = "is weaker" if direction == "weaker" else "is stronger"
        return f"{name}: {'.'.join(path)} {now}, {old} before and {new} now ({promise})"

    return says


def _direction(old: Level, new: Level) -> str:
    """Say which of two levels is weaker; one that cannot be known is weaker than one that can."""
    if old[0] is None or new[0] is None:
        if old == new or (old[1].endswith(UNORDERED) and new[1].endswith(UNORDERED)):
            return ""  # of two values that are in no order, the rules judge which will do
        return "weaker" if new[0] is None else "stronger"
    return "weaker" if new[0] < old[0] else "stronger" if new[0] > old[0] else ""


def levels_of(side: Side, view: View) -> dict[Path, Level]:
    """Give the level of every property of a resource that is in an order, the weakest of each list.

    Args:
        side: the side it stands on.
        view: the resource.
    """
    found: dict[Path, list[Level]] = defaultdict(list)
    holders: dict[Path, int] = defaultdict(int)
    for name in view.resource.properties:
        if name not in TAGS:
            _collect(side, view, view.peek(name), (str(name),), found, holders)
    made = {}
    for path, levels in found.items():
        order = order_of(view.type, path)
        if order is not None and len(levels) < holders[path[:-1]] and order.absent is not None:
            levels = [*levels, (order.absent, "nothing")]
        made[path] = min(levels, key=lambda level: -1.0 if level[0] is None else level[0])
    return made


def _collect(
    side: Side,
    view: View,
    value: Any,
    path: Path,
    found: dict[Path, list[Level]],
    holders: dict[Path, int],
) -> None:
    if isinstance(value, dict):
        named = next((str(value[key]) for key in NAMES if isinstance(value.get(key), str)), None)
        held = next((value[key] for key in VALUES if key in value), None)
        if named is not None and held is not None and len(value) <= len((*NAMES, *VALUES)):
            _collect(side, view, held, (*path, named), found, holders)
            return
        holders[path] += 1
        for key, item in value.items():
            _collect(side, view, item, (*path, str(key)), found, holders)
    elif isinstance(value, list):
        for item in value:
            _collect(side, view, item, path, found, holders)
    elif not isinstance(value, (Absent, type(None))) and (order := order_of(view.type, path)) is not None:
        if isinstance(value, Unknown):
            # A key or a bucket that whoever deploys has to name is there, whichever it is.
            written = f"a value that cannot be known ({value.reason})"
            rank = order.rank("${named}") if value.stands and order.rank("${named}") is not None else None
            found[path].append((rank, written))
            return
        text = scalar_text(value)
        rank = order.rank(text)
        if rank is None:
            found[path].append((None, f"{text}{UNORDERED}"))
        else:
            found[path].append((rank, "for ever" if rank == NEVER_ENDS else text))


def _lists(before: View, after: View) -> set[tuple[Any, ...]]:
    """Compare lists of which each item protects."""
    found: set[tuple[Any, ...]] = set()
    for name, promise in LISTS.items():
        old, new = before.peek(name), after.peek(name)
        if isinstance(new, Unknown) and not isinstance(old, Unknown) and _texts(old):
            found.add(("weaker", (name,), ", ".join(sorted(_texts(old))), "a value that cannot be known", promise))
        elif not isinstance(new, Unknown) and not isinstance(old, Unknown):
            gone, added = _texts(old) - _texts(new), _texts(new) - _texts(old)
            if gone:
                found.add(("weaker", (name,), ", ".join(sorted(gone)), "nothing of it", promise))
            if added:
                found.add(("stronger", (name,), "nothing of it", ", ".join(sorted(added)), promise))
    return found


def _texts(value: Any) -> set[str]:
    items = value if isinstance(value, list) else [value]
    return {
        "a value that cannot be known" if isinstance(item, Unknown) else scalar_text(item)
        for item in items
        if not isinstance(item, (Absent, type(None), dict))
    }


# ---- what becomes of the data of a resource that goes ----


def _policies(sides: Sides, pair: Pair) -> Iterator[Change]:
    maker = Maker(sides, pair, "protection")
    name = pair.shown[1].logical_id

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        before, after = sides.views(pair, choices)
        if before is None or after is None:
            return frozenset()
        found: set[tuple[Any, ...]] = set()
        for policy, read in (("DeletionPolicy", deletion_policy), ("UpdateReplacePolicy", update_replace_policy)):
            old, new = read(before), read(after)
            if direction := _direction((_kept(old), old), (_kept(new), new)):
                found.add((direction, policy, old, new))
        return frozenset(found)

    def says(direction: str, policy: str, old: str, new: str) -> str:
        now = "is weaker" if direction == "weaker" else "is stronger"
        when = "is deleted" if policy == "DeletionPolicy" else "is replaced"
        return f"{name}: {policy} {now}, {old} before and {new} now (what it holds outlives it when it {when})"

    yield from maker.changes(evaluate, says, path=lambda _, policy, *rest: policy)


def _kept(policy: str) -> float | None:
    """Rank a policy by what is left afterwards; None for one that cannot be known."""
    return 2 if policy in KEPT else {"Delete": 0, "Snapshot": 1}.get(policy)


# ---- resources that protect others ----


def _guard(sides: Sides, pair: Pair) -> Iterator[Change]:
    link, promise = GUARDS[pair.type]
    maker = Maker(sides, pair, "protection")

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        before, after = sides.views(pair, choices)
        found: set[tuple[Any, ...]] = set()
        if before is not None and after is None and _is_still_there(sides, before, link, choices, before=True):
            found.add(("weaker",))
        if after is not None and before is None and _is_still_there(sides, after, link, choices, before=False):
            found.add(("stronger",))
        return frozenset(found)

    def says(direction: str) -> str:
        name = pair.shown[1].logical_id
        return f"{name} ({pair.type}) is {'gone' if direction == 'weaker' else 'new'}: {promise}"

    yield from maker.changes(evaluate, says)


def _is_still_there(sides: Sides, guard: View, link: str, choices: Choices, *, before: bool) -> bool:
    """Whether what a resource protects stands on the other side too."""
    value = guard.peek(link) if link else None
    target = guard.named(value) if isinstance(value, str) else None
    if target is None:
        return True
    pair = (sides.base if before else sides.head).pair(target)
    views = sides.views(pair, choices)
    return views[1 if before else 0] is not None
