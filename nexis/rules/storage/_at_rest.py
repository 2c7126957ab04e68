"""What the tables of this theme share: the promise they keep, and properties that only some resources decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.rules.requirements import Requirement, is_true, property_rule
from nexis.templates.views import ABSENT, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nexis.rules.model import Rule
    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
CLAIMS: Final = ("storage.at-rest",)
SOC_2: Final = ("CC6.1",)
NIST: Final = ("SC-28",)


def controls(*fsbp: str) -> dict[str, tuple[str, ...]]:
    """Give the controls of a rule about encryption at rest.

    Args:
        fsbp: ids of AWS's Foundational Security Best Practices.

    Source: AICPA Trust Services Criteria; AWS Security Hub controls reference; NIST SP 800-53 r5.
    """
    found = {"SOC 2": SOC_2, "AWS FSBP": fsbp, "NIST 800-53 r5": NIST}
    return {framework: ids for framework, ids in found.items() if ids}


def switched_on(
    kind: str, *path: str, absent: str, source: str, when: Callable[[View], bool] | None = None
) -> Requirement:
    """Make the row of a switch that must be true.

    Args:
        kind: the resource type.
        path: of the switch, from `Properties` down.
        absent: what AWS does when it is absent, in words; empty when it then encrypts.
        source: where that is documented.
        when: whether it is asked of a resource; always when None.
    """
    return Requirement(
        type=kind,
        path=path,
        accepts=is_true,
        expected="true",
        absent=absent,
        source=source,
        as_of=AS_OF,
        example=True,
        when=when,
    )


def at_rest(
    rule_id: str,
    *requirements: Requirement,
    title: str,
    why: str,
    fix: str,
    cdk: str,
    source: str,
    fsbp: tuple[str, ...] = (),
    example: Mapping[str, Any] | None = None,
) -> Rule:
    """Make a rule of a table's rows.

    Args:
        rule_id: `storage.name`; for ever.
        requirements: the rows.
        title: the compliant state, in one sentence.
        why: what goes wrong otherwise.
        fix: what to do, with the property to set.
        cdk: Python that makes it so with aws-cdk-lib.
        source: where the facts come from.
        fsbp: ids of AWS's Foundational Security Best Practices.
        example: the `Resources` of a template that passes; made of the rows when not given.
    """
    return property_rule(
        rule_id=rule_id,
        title=title,
        why=why,
        requirements=requirements,
        fix=fix,
        cdk=cdk,
        source=source,
        claims=CLAIMS,
        controls=controls(*fsbp),
        example=example,
    )


def is_named(resource: View, *path: str | int) -> bool:
    """Whether a property names something, such as a key; which one does not matter, so a parameter names one too.

    Args:
        resource: the resource.
        path: of the property, from `Properties` down.

    Raises:
        Undetermined: whether anything stands there is open, or what stands there is no name.
    """
    if isinstance(resource.peek(*path), dict | list):
        raise Undetermined(place(*path), "found no text, expected a name, id or ARN")
    named = Requirement(
        type=resource.type,
        path=tuple(map(str, path)),
        accepts=None,
        expected="a name",
        absent="it names nothing",
        source="",
        as_of=AS_OF,
    )
    return not any(True for _ in named.problems(resource))


def is_absent(resource: View, *path: str | int) -> bool:
    """Whether nothing stands at a place; something that is open counts as standing there."""
    return resource.peek(*path) is ABSENT
