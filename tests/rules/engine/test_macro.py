from __future__ import annotations

from typing import Any

import pytest

from nexis.check import judge
from nexis.rules.engine.macro import RULE
from nexis.templates.model import Assembly, read_document
from tests.support.rule_cases import Case, RuleCases, each, good, hold, not_applicable, resource, resources, unknown

AT = ("Properties.Name",)


def macro(**given: Any) -> dict[str, Any]:
    """A macro as a template is read: a pseudo resource."""
    return resources(It=resource("Nexis::Macro", **given))


CASES = RuleCases(
    "engine.macro",
    (
        good("serverless types", macro(Name="AWS::Serverless-2016-10-31")),
        good("loops are written out", macro(Name="AWS::LanguageExtensions")),
        not_applicable("a resource", resources(It=resource("AWS::S3::Bucket"))),
        unknown("a macro of somebody", macro(Name="Own"), at=AT),
        unknown("a file that is included", macro(Name="AWS::Include"), at=AT),
        unknown("a module", resources(It=resource("Own::Queues::Encrypted::MODULE", Name="q")), at=AT),
        unknown("a macro without a name", macro(), at=AT),
        unknown("a name that is none", macro(Name=["Own"]), at=AT),
    ),
)


@each(CASES)
def test_macro(case: Case) -> None:
    hold(CASES, case)


BUCKET = {"Type": "AWS::S3::Bucket"}
INCLUDE = {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/key"}}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"Transform": "Own"}, {"(Transform)": "unknown"}),
        ({"Transform": INCLUDE}, {"(Transform)": "unknown"}),
        ({"Transform": ["AWS::LanguageExtensions", "Own"]}, {"(Transform.0)": "pass", "(Transform.1)": "unknown"}),
        ({"Resources": {"Fn::Transform": INCLUDE, "Bucket": BUCKET}}, {"Fn::Transform": "unknown"}),
        ({"Resources": {"Made": {"Fn::Transform": INCLUDE}}}, {"Made": "unknown"}),
        ({"Resources": {"Made": {"Type": "Own::Queues::Encrypted::MODULE"}}}, {"Made": "unknown"}),
        ({"Resources": {"Bucket": {**BUCKET, "Fn::Transform": INCLUDE}}}, {}),
        ({}, {}),
    ],
)
def test_wherever_a_template_asks_for_a_macro_it_is_said(document: Any, expected: dict[str, str]) -> None:
    made = read_document({"Resources": {"Bucket": BUCKET}, **document}, key="t", file="t.json")
    judged = judge(Assembly(templates={"t": made}), rules=[RULE])
    assert {j.resource.logical_id: j.outcome for j in judged} == expected
