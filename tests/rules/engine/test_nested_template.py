from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nexis.check import judge
from nexis.rules.engine.nested_template import RULE
from nexis.templates.load import StackFile, load_stacks
from tests.support.rule_cases import (
    Case,
    RuleCases,
    each,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)

if TYPE_CHECKING:
    from pathlib import Path

NESTED = "AWS::CloudFormation::Stack"

CASES = RuleCases(
    "engine.nested-template",
    (
        unknown(
            "the template lies at an address",
            resources(It=resource(NESTED, TemplateURL="https://example.com/t.json")),
            at=("Properties.TemplateURL",),
        ),
        unknown("no template is named", resources(It=resource(NESTED)), at=("Properties.TemplateURL",)),
        not_applicable("another type", resources(It=resource("AWS::CloudFormation::StackSet"))),
    ),
)


@each(CASES)
def test_nested_template(case: Case) -> None:
    hold(CASES, case)


def test_a_nested_template_in_the_assembly_passes_and_one_that_cannot_be_read_does_not(tmp_path: Path) -> None:
    parent = resources(Inner=resource(NESTED), Broken=resource(NESTED))
    parent["Resources"]["Inner"]["Metadata"] = {"aws:asset:path": "inner.json"}
    parent["Resources"]["Broken"]["Metadata"] = {"aws:asset:path": "absent.json"}
    (tmp_path / "parent.json").write_text(json.dumps(parent))
    (tmp_path / "inner.json").write_text("{}")
    stack = StackFile(file=tmp_path / "parent.json", stack="Parent", region=None, account=None, construct=None)
    assembly, errors = load_stacks([stack])
    assert [error.file for error in errors] == [str(tmp_path / "absent.json")]
    outcomes = {j.resource.logical_id: j.outcome for j in judge(assembly, rules=[RULE])}
    assert outcomes == {"Inner": "pass", "Broken": "unknown"}
