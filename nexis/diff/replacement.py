"""Which resources a deployment would replace or delete.

A resource is another one in AWS when its logical id, its type or its stack is; when a property changed that can be set
only once; and when such a property refers to something that is itself another one.

Sources: CloudFormation User Guide, "Update behaviors of stack resources", "DeletionPolicy attribute" and
"UpdateReplacePolicy attribute".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from nexis.diff.sides import has_open
from nexis.facts.stateful_types import HOST_TYPES, SNAPSHOT, SNAPSHOT_BY_DEFAULT, STATEFUL, replacing
from nexis.templates.resolver import scalar_text
from nexis.templates.values import Reference, Text, Unknown
from nexis.templates.views import Absent, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.diff.match import Entry, Pair
    from nexis.diff.sides import Side, Sides
    from nexis.templates.scenarios import Choices
    from nexis.templates.views import View

How = Literal["replaced", "may be replaced", "deleted"]
KEPT: Final = ("Retain", "RetainExceptOnCreate")
UNKNOWN_POLICY: Final = "a policy that cannot be known"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a deployment does to a resource.

    Args:
        how: what happens.
        why: what in the templates makes it happen.
        policy: what happens to what it held: `Delete`, `Retain`, `Snapshot`, or what cannot be known.
    """

    how: How
    why: str
    policy: str


class Fates:
    """The fates of the resources of a change, in one scenario.

    Args:
        sides: both sides.
        choices: of the scenario.
    """

    def __init__(self, sides: Sides, choices: Choices) -> None:
        self.sides = sides
        self.choices = choices
        self._known: dict[int, Fate | None] = {}
        self._asking: set[int] = set()

    def of(self, pair: Pair) -> Fate | None:
        """Give what happens to a resource that stood before; None where it stays the same one.

        Args:
            pair: the resource.
        """
        if pair.number not in self._known:
            if pair.number in self._asking:
                return None  # a circle of references makes nobody another one
            self._asking.add(pair.number)
            try:
                self._known[pair.number] = self._find(pair)
            finally:
                self._asking.discard(pair.number)
        return self._known[pair.number]

    def _find(self, pair: Pair) -> Fate | None:
        before, after = self.sides.views(pair, self.choices)
        if before is None:
            return None
        if after is None:
            return Fate("deleted", _why_gone(pair), deletion_policy(before))
        if not pair.stays:
            return Fate("deleted", _why_moved(pair, before, after), deletion_policy(before))
        above = self._above(pair)
        if above is not None:
            return Fate("deleted", above, deletion_policy(before))
        if pair.type not in STATEFUL and pair.type not in HOST_TYPES:
            return None
        always, sometimes = replacing(pair.type)
        hard = list(self._changed(before, after, always))
        soft = list(self._changed(before, after, sometimes))
        if not hard and not soft:
            return None
        names = ", ".join(dict.fromkeys(path for path, _ in hard or soft))
        certain = any(known for _, known in hard)
        return Fate("replaced" if certain else "may be replaced", f"{names} changed", replacement_policy(before, after))

    def _above(self, pair: Pair) -> str | None:
        """Say whether the nested stack that a resource stands in is another one."""
        entry: Entry | None = pair.head
        while entry is not None and entry[0].nested_in is not None:
            parent = self.sides.head.pairs.get(entry[0].nested_in)
            if parent is None:
                return None
            if not parent.stays:
                return f"its nested stack {parent.shown[1].logical_id} is another one"
            entry = parent.head
        return None

    def _changed(self, before: View, after: View, paths: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
        """Give the paths whose values differ, and whether both are known."""
        for path in paths:
            old = self._values(self.sides.base, before, path)
            new = self._values(self.sides.head, after, path)
            if old != new:
                yield path, not has_open(old) and not has_open(new)

    def _values(self, side: Side, view: View, path: str) -> Any:
        first, *rest = path.split(".")
        return [self.plain(side, value) for value in _at(view.peek(first), rest)]

    def plain(self, side: Side, value: Any) -> Any:
        """Write a value with references that tell a resource from the one that takes its place."""
        if isinstance(value, dict):
            return {str(key): self.plain(side, item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.plain(side, item) for item in value]
        if isinstance(value, Reference) and side is self.sides.head and value.is_resource:
            pair = side.pairs.get((value.stack, value.logical_id))
            if pair is not None and (not pair.stays or self.is_another(pair)):
                return f"(new){side.plain(value)}"
        if isinstance(value, Text):
            return "".join(
                str(self.plain(side, part)) if isinstance(part, Reference) else str(part) for part in value.parts
            )
        plain = side.plain(value)
        return plain if not isinstance(plain, str) or isinstance(value, Unknown) else scalar_text(plain)

    def is_another(self, pair: Pair) -> bool:
        """Whether what stands there after the change is another resource than before."""
        fate = self.of(pair)
        return fate is not None and fate.how != "may be replaced"


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(value, Unknown):
        yield value
    elif path and path[0] == "*":
        for item in value if isinstance(value, list) else [value]:
            yield from _at(item, path[1:])
    elif path:
        yield from _at(as_mapping(value).get(path[0]), path[1:])
    elif value is not None and not isinstance(value, Absent):
        yield value


def _why_gone(pair: Pair) -> str:
    return "its condition no longer holds" if pair.head is not None else "it is in the templates no more"


def _why_moved(pair: Pair, before: View, after: View) -> str:
    if before.logical_id != after.logical_id:
        return (
            f"its logical id changed from {before.logical_id} to {after.logical_id}: another resource to CloudFormation"
        )
    old, new = before.template, after.template
    if (old.region, old.account) != (new.region, new.account):
        return f"its stack moved from {old.account} {old.region} to {new.account} {new.region}"
    return f"it moved from the stack {old.stack or old.key} to {new.stack or new.key}"


def deletion_policy(view: View) -> str:
    """Say what happens to what a resource holds when it is deleted.

    Args:
        view: the resource before the change: CloudFormation follows the template that is deployed.
    """
    found = _policy(view, view.resource.deletion_policy)
    if found:
        return found
    saved = view.type in SNAPSHOT_BY_DEFAULT and isinstance(view.peek("DBClusterIdentifier"), Absent)
    return "Snapshot" if saved or (view.type == "AWS::RDS::DBCluster") else "Delete"


def replacement_policy(before: View, after: View) -> str:
    """Say what happens to what a resource holds when it is replaced: the worse of what both templates say.

    Args:
        before: the resource before the change.
        after: the resource after it.
    """
    found = [update_replace_policy(view) for view in (before, after)]
    return next((policy for policy in ("Delete",) if policy in found), found[1])


def update_replace_policy(view: View) -> str:
    """Say what happens to what a resource holds when an update puts another one in its place.

    Args:
        view: the resource.
    """
    return _policy(view, view.resource.update_replace_policy) or "Delete"


def _policy(view: View, raw: Any) -> str:
    if raw is None:
        return ""
    value = view.resolve(raw)
    if not isinstance(value, str) or isinstance(value, (Reference, Text)):
        return UNKNOWN_POLICY
    if value == "Snapshot" and view.type not in SNAPSHOT:
        return "Delete"  # CloudFormation refuses it
    return value
