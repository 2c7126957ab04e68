"""Making changes of what was found in the scenarios of one resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nexis.diff.model import Change, Place
from nexis.diff.sides import in_every_scenario
from nexis.templates.scenarios import TooManyScenarios

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.diff.match import Pair
    from nexis.diff.model import Direction, Section
    from nexis.diff.sides import Sides
    from nexis.rules.model import Severity
    from nexis.templates.scenarios import Choices


def place_of(pair: Pair) -> Place:
    """Name the resource of a pair as reports do."""
    template, resource = pair.shown
    was = pair.base[1].logical_id if pair.base is not None else None
    return Place(
        resource=resource.logical_id,
        type=resource.type,
        file=template.file,
        construct=resource.construct,
        before=was if pair.head is not None and was != resource.logical_id else None,
    )


class Maker:
    """Makes the changes of one resource.

    Args:
        sides: both sides.
        pair: the resource.
        section: the kind of change.
        severity: how bad it is if it is weaker.
    """

    def __init__(self, sides: Sides, pair: Pair, section: Section, severity: Severity = "error") -> None:
        self.sides = sides
        self.pair = pair
        self.section = section
        self.severity = severity

    def change(self, direction: Direction, message: str, **more: Any) -> Change:
        """Make one change."""
        return Change(
            **{
                "section": self.section,
                "severity": self.severity,
                "place": place_of(self.pair),
                **more,
                "direction": direction,
                "message": message,
            }
        )

    def changes(
        self,
        evaluate: Callable[[Choices], frozenset[tuple[Any, ...]]],
        sentence: Callable[..., str],
        advice: str = "",
        path: Callable[..., str | None] = lambda *_: None,
    ) -> Iterator[Change]:
        """Evaluate in every scenario and write what was found.

        Args:
            evaluate: gives tuples whose first item is the direction.
            sentence: writes one.
            advice: what to do where something is weaker.
            path: gives the property that one is about.
        """
        try:
            for outcome in in_every_scenario(evaluate):
                direction = outcome.found[0]
                when = f" (when {outcome.when})" if outcome.when else ""
                yield self.change(
                    direction,
                    f"{sentence(*outcome.found)}{when}",
                    advice=advice if direction == "weaker" else "",
                    path=path(*outcome.found),
                )
        except TooManyScenarios as problem:
            if not self.is_untouched():
                yield self.change("weaker", f"cannot be compared: {problem}")

    def is_untouched(self) -> bool:
        """Whether the templates of both sides say the very same of everything that could matter here."""
        pair = self.pair
        if pair.base is None or pair.head is None:
            return False
        before, after = pair.base[0], pair.head[0]
        return (before.resources, before.parameters, before.conditions, before.mappings) == (
            after.resources,
            after.parameters,
            after.conditions,
            after.mappings,
        )
