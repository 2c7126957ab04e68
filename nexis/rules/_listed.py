"""Requirements on what a list holds, on one entry of a list of named values, and on one of several ways being open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexis.records import record
from nexis.rules.model import Problem
from nexis.rules.requirements import Requirement, something
from nexis.templates.resolver import scalar_text
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View


@record(kw_only=True)
class Holds(Requirement):
    """A list of texts that must hold certain ones.

    Args:
        needed: the texts, compared without regard to case.
        one_is_enough: whether any one of them will do.
    """

    needed: tuple[str, ...]
    one_is_enough: bool = False

    def problems(self, resource: View) -> Iterator[Problem]:
        """Give what is wrong with a resource of the type.

        Args:
            resource: the resource.

        Raises:
            Undetermined: the list is open, or an item that may be the missing one.
        """
        if not self.asked(resource):
            return
        yield from held(resource, self.path, self.needed, one_is_enough=self.one_is_enough, absent=self.absent)


def held(
    resource: View, path: tuple[str | int, ...], needed: tuple[str, ...], *, one_is_enough: bool = False, absent: str
) -> Iterator[Problem]:
    """Judge whether a list of texts holds certain ones.

    Args:
        resource: the resource.
        path: of the list, from `Properties` down.
        needed: the texts, compared without regard to case.
        one_is_enough: whether any one of them will do.
        absent: what it means when the list is absent; empty when that is accepted.

    Raises:
        Undetermined: the list is open, or an item that may be the missing one.
    """
    found = resource.items(*path)
    if not found and not absent and isinstance(resource.get(*path), Absent):
        return
    written = {str(item).lower() for item in found if isinstance(item, str) and not is_deferred(item)}
    missing = [name for name in needed if name.lower() not in written]
    if not missing or (one_is_enough and len(missing) < len(needed)):
        return
    for item in found:
        if isinstance(item, Unknown):
            raise Undetermined(place(*path), item.reason)
        if is_deferred(item):
            raise Undetermined(place(*path), f"{str(item)!r} is known only after deployment")
    expected = (" or " if one_is_enough else " and ").join(repr(name) for name in needed)
    said = (
        f"found {', '.join(sorted(written))}" if written else f"is empty or absent, and {absent or 'that is nothing'}"
    )
    yield Problem(place(*path), f"{said}; expected {expected}")


@record(kw_only=True)
class Entry(Requirement):
    """One entry of a list of named values, such as load balancer attributes.

    Args:
        named: what the entry's name fields must say, as (field, value).
        field: the field that holds its value.
    """

    named: tuple[tuple[str, str], ...]
    field: str = "Value"

    def problems(self, resource: View) -> Iterator[Problem]:
        """Give what is wrong with a resource of the type.

        Args:
            resource: the resource.

        Raises:
            Undetermined: the list is open, or an entry that may be the one in question.
        """
        if not self.asked(resource):
            return
        doubt: Undetermined | None = None
        for position, item in enumerate(resource.items(*self.path)):
            here: tuple[str | int, ...] = (*self.path, position)
            try:
                if _is_named(item, self.named, place(*here)):
                    value = resource.literal(*here, self.field)
                    if isinstance(value, Absent) or (self.accepts is not None and not self.accepts(value)):
                        said = "has no value" if isinstance(value, Absent) else f"found {value!r}"
                        yield Problem(place(*here, self.field), f"{said}, expected {self.expected}")
                    return
            except Undetermined as opened:
                doubt = doubt or opened
        if doubt is not None:
            raise doubt
        if self.absent:
            name = self.named[-1][1]
            yield Problem(place(*self.path), f"has no entry {name!r}, and {self.absent}; expected {self.expected}")


def _is_named(item: Any, named: tuple[tuple[str, str], ...], where: str) -> bool:
    if isinstance(item, Unknown):
        raise Undetermined(where, item.reason)
    if not isinstance(item, dict):
        return False
    for name, wanted in named:
        value = item.get(name)
        if isinstance(value, Unknown):
            raise Undetermined(f"{where}.{name}", value.reason)
        if value is None or isinstance(value, (dict, list)) or scalar_text(value) != wanted:
            return False
    return True


@record(kw_only=True)
class OneWay(Requirement):
    """Several properties of which one must be accepted, such as the places a log can go to.

    Args:
        ways: the properties, below `path`.
    """

    ways: tuple[tuple[str, ...], ...]

    def problems(self, resource: View) -> Iterator[Problem]:
        """Give what is wrong with a resource of the type.

        Args:
            resource: the resource.

        Raises:
            Undetermined: no property is accepted, and one of them is open.
        """
        if not self.asked(resource):
            return
        doubt: Undetermined | None = None
        for way in self.ways:
            try:
                if _is_open(resource, (*self.path, *way), self.accepts):
                    return
            except Undetermined as opened:
                doubt = doubt or opened
        if doubt is not None:
            raise doubt
        names = ", ".join(".".join(way) for way in self.ways)
        yield Problem(place(*self.path), f"none of {names} is set so, and {self.absent}; expected {self.expected}")


def _is_open(resource: View, path: tuple[str, ...], accepts: Callable[[str], bool] | None) -> bool:
    if accepts is None:
        return not isinstance(something(resource, path), Absent)
    found = resource.literal(*path)
    return not isinstance(found, Absent) and accepts(found)


def is_named_from(resource: View, kind: str, *path: str | int) -> bool:
    """Whether an existing resource of some type names this one.

    Args:
        resource: the resource.
        kind: the type of those that may name it.
        path: of the naming property, from `Properties` down.

    Raises:
        Undetermined: none does, but what one of them names is open.
    """
    if any(True for _ in resource.referrers(kind, *path)):
        return True
    for other in resource.scene.views(kind):
        value = other.peek(*path)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Unknown):
                raise Undetermined(place(), f"{other.logical_id}.{place(*path)} may name it: {item.reason}")
    return False
