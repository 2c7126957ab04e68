"""Two sides -> everything that is weaker or stronger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.diff.access import compare_access
from nexis.diff.data import compare_data
from nexis.diff.hosts import compare_hosts
from nexis.diff.model import SECTIONS, Comparison
from nexis.diff.protection import compare_protection
from nexis.diff.reach import compare_reach
from nexis.diff.routes import compare_routes
from nexis.diff.sides import Sides
from nexis.diff.verdicts import compare_verdicts
from nexis.templates.resolver import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nexis.diff.model import Change
    from nexis.templates.model import Assembly, Template
    from nexis.waivers import Waiver

_SEVERITIES: Final = ("fatal", "error", "warning")
_DIRECTIONS: Final = ("weaker", "stronger", "note")


def compare(
    base: Sequence[Assembly],
    head: Sequence[Assembly],
    *,
    parameters: ParameterSource | None = None,
    baseline: bool = False,
    waivers: Sequence[Waiver] = (),
    base_name: str = "base",
    head_name: str = "head",
    file_name: Callable[[Template], str] | None = None,
) -> Comparison:
    """Compare two sets of templates.

    Args:
        base: the assemblies before the change.
        head: the assemblies after it.
        parameters: where parameters get their values, the same for both.
        baseline: whether the rules that only our own baseline must keep are asked of everything.
        waivers: checked ones; they mark what is weaker.
        base_name: how the side before is called.
        head_name: how the side after is called.
        file_name: gives a template's file relative to its side; as the template says when not given.
    """
    source = parameters or ParameterSource()
    sides = Sides(base, head, source, file_name or (lambda template: template.file))
    changes: list[Change] = [
        *compare_hosts(sides),
        *compare_data(sides),
        *compare_reach(sides),
        *compare_routes(sides),
        *compare_access(sides),
        *compare_protection(sides),
        *compare_verdicts(sides, source, baseline=baseline, waivers=waivers),
    ]
    return Comparison(
        base=base_name,
        head=head_name,
        changes=tuple(sorted(_told_once(changes), key=_rank)),
        templates=(_templates(base), _templates(head)),
        resources=(_resources(base), _resources(head)),
    )


def _rank(change: Change) -> tuple[int, int, int, str, str, str]:
    return (
        _DIRECTIONS.index(change.direction),
        0 if change.severity == "fatal" else 1,
        list(SECTIONS).index(change.section),
        change.place.file,
        change.place.construct or change.place.resource,
        f"{_SEVERITIES.index(change.severity)} {change.rule or ''} {change.message}",
    )


def _told_once(changes: Sequence[Change]) -> list[Change]:
    """Leave out the degree of a property of which a rule already says the same."""
    said = {(c.direction, c.place, _last(c.path)) for c in changes if c.rule is not None}
    kept = [c for c in changes if c.rule is not None or (c.direction, c.place, _last(c.path)) not in said or not c.path]
    return list({(c.direction, c.place, c.rule, c.message): c for c in kept}.values())


def _last(path: str | None) -> str:
    return (path or "").rpartition(".")[2]


def _templates(side: Sequence[Assembly]) -> int:
    return sum(len(assembly.templates) for assembly in side)


def _resources(side: Sequence[Assembly]) -> int:
    return sum(
        not logical_id.startswith("(")
        for assembly in side
        for template in assembly.templates.values()
        for logical_id in template.resources
    )
