"""Rules of the kind "this property must be so", as tables of requirements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from nexis.rules.model import Problem, parts
from nexis.templates.views import Absent, as_number, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One property of one resource type that must have an accepted value.

    Args:
        type: the resource type.
        path: of the property, from `Properties` down; `*` stands for every item of a list.
        accepts: whether a scalar, as CloudFormation writes it (`true`, `443`), is accepted; None accepts anything
            that is there, references included.
        expected: the accepted values in words.
        absent: what AWS does when the property is absent, in words; empty when its default is accepted.
        source: where the default is documented.
        as_of: when that was read, ISO date.
    """

    type: str
    path: tuple[str, ...]
    accepts: Callable[[str], bool] | None
    expected: str
    absent: str
    source: str
    as_of: str

    def problems(self, resource: View) -> Iterator[Problem]:
        """Give what is wrong with a resource of the type.

        Args:
            resource: the resource.

        Raises:
            Undetermined: the value is open.
        """
        yield from self._problems(resource, (), self.path)

    def _problems(self, resource: View, done: tuple[str | int, ...], left: tuple[str, ...]) -> Iterator[Problem]:
        if "*" in left:
            star = left.index("*")
            here = (*done, *left[:star])
            for position in range(len(resource.items(*here))):
                yield from parts(partial(self._problems, resource, (*here, position), left[star + 1 :]))
            return
        path = (*done, *left)
        found = resource.get(*path) if self.accepts is None else resource.literal(*path)
        if isinstance(found, Absent):
            if self.absent:
                yield Problem(place(*path), f"is absent, and {self.absent}; expected {self.expected}")
        elif self.accepts is not None and not self.accepts(found):
            yield Problem(place(*path), f"found {found!r}, expected {self.expected}")


def requiring(*requirements: Requirement) -> Callable[[View], Iterator[Problem]]:
    """Make a rule's check of a table.

    Args:
        requirements: each is checked on the resources of its type.
    """

    def check(resource: View) -> Iterator[Problem]:
        yield from parts(*(partial(r.problems, resource) for r in requirements if r.type == resource.type))

    return check


def types_of(*requirements: Requirement) -> tuple[str, ...]:
    """Give the resource types of a table, each once, in order."""
    return tuple(dict.fromkeys(requirement.type for requirement in requirements))


def is_true(text: str) -> bool:
    """Accept `true`."""
    return text.lower() == "true"


def is_false(text: str) -> bool:
    """Accept `false`."""
    return text.lower() == "false"


def one_of(*values: str) -> Callable[[str], bool]:
    """Accept some values, to the letter."""
    return lambda text: text in values


def at_least(least: float) -> Callable[[str], bool]:
    """Accept numbers from a least one up."""

    def accept(text: str) -> bool:
        number = as_number(text)
        return number is not None and number >= least

    return accept
