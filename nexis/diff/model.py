"""What a comparison tells: the changes, each weaker or stronger than before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nexis.rules.model import Severity

Direction = Literal["weaker", "stronger", "note"]
Section = Literal["hosts", "data", "reach", "access", "protection", "verdicts"]

#: In the order in which reports show them, with the words above each.
SECTIONS: Final[Mapping[Section, str]] = {
    "hosts": "Hosts with local disks",
    "data": "Data that would be replaced or deleted",
    "reach": "Who can reach what",
    "access": "Permissions",
    "protection": "Encryption, logging and recovery",
    "verdicts": "Rules",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The resource that a change is about.

    Args:
        resource: its logical id, after the change if it still stands.
        type: its type.
        file: of its template.
        construct: its construct path, if known.
        before: its logical id before the change, where it was another.
    """

    resource: str
    type: str
    file: str
    construct: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is weaker, stronger or worth knowing after the change.

    Args:
        section: the kind of change.
        direction: what it means for whoever relies on the template.
        severity: `fatal` cannot be waived.
        place: the resource.
        message: what changed, in one sentence.
        rule: the rule whose verdict changed, if it is one.
        advice: what to do.
        waiver: who answers for it, if somebody does.
        path: the property it is about, as reports write it.
    """

    section: Section
    direction: Direction
    severity: Severity
    place: Place
    message: str
    rule: str | None = None
    advice: str = ""
    waiver: Mapping[str, Any] | None = None
    path: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it makes the comparison fail."""
        return self.direction == "weaker" and (self.waiver is None or self.severity == "fatal")

    def as_json(self) -> dict[str, Any]:
        """Give the change as the JSON report writes it."""
        return {
            "section": self.section,
            "direction": self.direction,
            "severity": self.severity,
            "rule": self.rule,
            "resource": self.place.resource,
            "was": self.place.before,
            "type": self.place.type,
            "construct": self.place.construct,
            "file": self.place.file,
            "property": self.path,
            "message": self.message,
            "advice": self.advice,
            "waiver": None if self.waiver is None else dict(self.waiver),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The outcome of comparing two sides.

    Args:
        base: how the side before was named.
        head: how the side after was named.
        changes: everything found.
        templates: how many templates stand on each side.
        resources: how many resources stand in them.
    """

    base: str
    head: str
    changes: Sequence[Change] = field(default_factory=tuple)
    templates: tuple[int, int] = (0, 0)
    resources: tuple[int, int] = (0, 0)

    @property
    def weaker(self) -> list[Change]:
        """What is weaker and nobody answers for, fatal first."""
        return [change for change in self.changes if change.counts]

    @property
    def waived(self) -> list[Change]:
        """What is weaker and somebody answers for."""
        return [change for change in self.changes if change.direction == "weaker" and not change.counts]

    @property
    def stronger(self) -> list[Change]:
        """What is stronger."""
        return [change for change in self.changes if change.direction == "stronger"]

    @property
    def notes(self) -> list[Change]:
        """What is neither, and worth knowing."""
        return [change for change in self.changes if change.direction == "note"]

    @property
    def exit_code(self) -> int:
        """0: nothing is weaker; 1: something is."""
        return 1 if self.weaker else 0

    def summary(self) -> dict[str, Any]:
        """Count what was compared and found."""
        weaker = self.weaker
        return {
            "templates": list(self.templates),
            "resources": list(self.resources),
            "fatal": sum(change.severity == "fatal" for change in weaker),
            "weaker": len(weaker),
            "waived": len(self.waived),
            "stronger": len(self.stronger),
            "notes": len(self.notes),
        }
