"""The CloudFormation example of every rule says things that CloudFormation knows.

A table that misspells a resource type or a property would judge nothing at all and look perfect. The examples are made
of the tables' own types and paths, so the CDK's validator, which has AWS's schemas, would say so.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, CfnResource, Environment, Stack

from nexis.rules.registry import all_rules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Of AWS's schemas: unknown property, unknown type, wrong JSON type, wrong value. (What an example leaves out is no
# matter: it shows the property, not the whole resource.)
WRONG = ("F3002", "F3006", "F3012", "W3030", "F3030")

# Types that AWS has and the pinned CDK does not know yet.
NEWER = ("AWS::ECS::Gateway",)


def violations(folder: Path, examples: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What the CDK's validator finds wrong in resources, by the name of the stack they stand in."""
    app = App(outdir=str(folder), analytics_reporting=False)
    for name, resources in examples.items():
        stack = Stack(app, name.replace(".", "-"), env=Environment(account="1" * 12, region="us-east-1"))
        for logical_id, resource in resources.items():
            if resource["Type"].startswith(("AWS::Serverless::", "Custom::", "Nexis::")):
                continue  # not CloudFormation's own
            if resource["Type"] in NEWER:
                continue
            made = CfnResource(stack, logical_id, type=resource["Type"], properties=resource.get("Properties", {}))
            made.override_logical_id(logical_id)
    app.synth()
    report = json.loads((folder / "validation-report.json").read_text(encoding="utf-8"))
    return [
        f"{violation['ruleName']} {construct['constructPath']} {violation['description']}"
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
        if violation["ruleName"] in WRONG
    ]


@pytest.mark.real
def test_every_type_and_property_exists(tmp_path: Path) -> None:
    assert violations(tmp_path, {rule.id: rule.example for rule in all_rules()}) == []


@pytest.mark.real
@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ({"Type": "AWS::S3::Buckets"}, "F3006"),
        ({"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": {"State": "Enabled"}}}, "F3002"),
        ({"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": {"Status": "On"}}}, "W3030"),
    ],
    ids=["an unknown type", "an unknown property", "an unknown value"],
)
def test_a_misspelt_one_would_be_named(tmp_path: Path, resource: dict[str, Any], said: str) -> None:
    assert any(found.startswith(said) for found in violations(tmp_path, {"misspelt": {"It": resource}}))
