"""Cases of rules that look at one resource: its properties, and what must be said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.rule_cases import RuleCases, bad, good, not_applicable, resource, resources, unknown
from tests.support.rule_templates import conditional, defaulted, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.rule_cases import Case

Properties = dict[str, Any]


def one(kind: str, properties: Properties) -> dict[str, Any]:
    """Make a template with one resource."""
    return resources(It=resource(kind, **properties))


def cases_of(
    rule: str,
    kind: str,
    *,
    fine: Mapping[str, Properties],
    wrong: Mapping[str, tuple[Properties, str]],
    open_: tuple[Properties, str] | None = None,
    weak: tuple[Properties, Any, str] | None = None,
    either: tuple[Properties, str] | None = None,
    more: tuple[Case, ...] = (),
    other: str = "AWS::CloudFormation::WaitConditionHandle",
) -> RuleCases:
    """Make the cases of a rule.

    Args:
        rule: its id.
        kind: the type of the resource.
        fine: properties that pass, by reason.
        wrong: properties that fail, with the place that must be named, by reason.
        open_: properties that use the parameter `Open` without a default, with the place that must be named.
        weak: properties that use the parameter `Open`, the weak default it has, and the place that must be named.
        either: properties that use the condition `Chosen`, of which one side is weak, and the place.
        more: further cases.
        other: a type that the rule does not judge.
    """
    cases: list[Case] = [good(why, one(kind, properties)) for why, properties in fine.items()]
    cases += [bad(why, one(kind, properties), at=(at,)) for why, (properties, at) in wrong.items()]
    if weak is not None:
        properties, value, at = weak
        cases.append(bad("behind a parameter's default", defaulted(value, It=resource(kind, **properties)), at=(at,)))
    if either is not None:
        cases.append(unknown("weak in one case of two", conditional(It=resource(kind, **either[0])), at=(either[1],)))
    if open_ is not None:
        cases.append(unknown("a parameter without a default", opened(It=resource(kind, **open_[0])), at=(open_[1],)))
    return RuleCases(rule, (*cases, *more, not_applicable("another type", one(other, {}))))
