"""Cases of rules: one small template each, with what the rule must say of one resource of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from nexis.check import judge_resource
from nexis.rules.registry import all_rules
from nexis.templates.model import Assembly, read_document
from nexis.templates.resolver import ParameterSource

Kind = Literal["good", "bad", "not-applicable", "unknown"]
OUTCOME = {"good": "pass", "bad": "fail", "not-applicable": "not-applicable", "unknown": "unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A template, the resource to judge, and what must be said of it.

    `at` holds the property paths that must be named, no more and no fewer.
    """

    kind: Kind
    why: str
    template: dict[str, Any]
    resource: str
    at: tuple[str, ...] = ()
    strict: bool = False
    region: str | None = "eu-central-1"


@dataclass(frozen=True, slots=True)
class RuleCases:
    """All cases of one rule; `no_unknown` says why a rule cannot have an unknown case."""

    rule: str
    cases: tuple[Case, ...]
    no_unknown: str = ""
    kinds: set[str] = field(default_factory=set)


def resources(**named: dict[str, Any]) -> dict[str, Any]:
    """Make a template of resources."""
    return {"Resources": named}


def resource(type_: str, **properties: Any) -> dict[str, Any]:
    """Make a resource."""
    return {"Type": type_, "Properties": properties}


def good(why: str, template: dict[str, Any], resource: str = "It", **more: Any) -> Case:
    """A resource that passes."""
    return Case(kind="good", why=why, template=template, resource=resource, **more)


def bad(why: str, template: dict[str, Any], resource: str = "It", *, at: tuple[str, ...], **more: Any) -> Case:
    """A resource that fails, at these properties."""
    return Case(kind="bad", why=why, template=template, resource=resource, at=at, **more)


def not_applicable(why: str, template: dict[str, Any], resource: str = "It", **more: Any) -> Case:
    """A resource that the rule does not judge."""
    return Case(kind="not-applicable", why=why, template=template, resource=resource, **more)


def unknown(why: str, template: dict[str, Any], resource: str = "It", *, at: tuple[str, ...], **more: Any) -> Case:
    """A resource of which the rule cannot know, because of these properties."""
    return Case(kind="unknown", why=why, template=template, resource=resource, at=at, **more)


def each(cases: RuleCases) -> pytest.MarkDecorator:
    """Parametrize a test over cases."""
    return pytest.mark.parametrize("case", cases.cases, ids=lambda case: f"{case.kind}: {case.why}")


def each_of(tables: tuple[RuleCases, ...]) -> pytest.MarkDecorator:
    """Parametrize a test over the cases of several rules, as (cases, case)."""
    pairs = [
        pytest.param(cases, case, id=f"{cases.rule} {case.kind}: {case.why}")
        for cases in tables
        for case in cases.cases
    ]
    return pytest.mark.parametrize(("cases", "case"), pairs)


def hold(cases: RuleCases, case: Case) -> None:
    """Judge the case's resource and compare the verdict and the properties named."""
    rule = next(rule for rule in all_rules() if rule.id == cases.rule)
    template = read_document(case.template, key="case", file="case.json", region=case.region, account="111111111111")
    judged_resource = template.resources[case.resource]
    if not rule.judges(judged_resource.type):
        assert case.kind == "not-applicable", f"{rule.id} does not judge {judged_resource.type}"
        return
    judgement = judge_resource(
        Assembly(templates={"case": template}), template, judged_resource, rule, ParameterSource(strict=case.strict)
    )
    found = sorted({problem.property for problem in judgement.problems})
    assert (judgement.outcome, found, judgement.crash) == (OUTCOME[case.kind], sorted(case.at), ""), judgement.problems
