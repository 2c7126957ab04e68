"""The groups of production hosts outlive their stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.tags import CLUSTER_TAG, ENVIRONMENT_TAG
from nexis.rules._tags import has_tag
from nexis.rules.model import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

#: What leaves the resource standing. Source: CloudFormation User Guide, DeletionPolicy and UpdateReplacePolicy.
KEPT: Final = ("Retain", "RetainExceptOnCreate")
PRODUCTION: Final = "prod"


def _applies(resource: View) -> bool:
    return has_tag(resource, CLUSTER_TAG) and has_tag(resource, ENVIRONMENT_TAG, PRODUCTION)


def _check(resource: View) -> Iterator[Problem]:
    attributes = (
        ("DeletionPolicy", resource.resource.deletion_policy),
        ("UpdateReplacePolicy", resource.resource.update_replace_policy),
    )
    for name, raw in attributes:
        value = "Delete" if raw is None else resource.scene.resolver.resolve(resource.template, raw)
        if not isinstance(value, str):
            yield Problem(name, f"cannot be known here: found {value!r}, expected {' or '.join(KEPT)}", "unknown")
        elif value not in KEPT:
            yield Problem(name, f"found {value!r}, expected {' or '.join(KEPT)}")


RULE = Rule(
    id="hosts.kept-in-production",
    severity="error",
    title="The Auto Scaling groups of production database hosts outlive their stack",
    why="Local NVMe disks die with their instance: a deleted stack would take every copy of the data with it at once.",
    fix="set DeletionPolicy and UpdateReplacePolicy to Retain (CDK: apply_removal_policy(RemovalPolicy.RETAIN))",
    types=("AWS::AutoScaling::AutoScalingGroup",),
    check=_check,
    applies=_applies,
    claims=("storage.nvme", "touchpoints.changes"),
    controls={"SOC 2": ("A1.2", "CC8.1")},
    source="CloudFormation User Guide, DeletionPolicy attribute; Amazon EC2 User Guide, SSD instance store volumes",
    cdk="group.apply_removal_policy(RemovalPolicy.RETAIN)",
    example={
        "Host": {
            "Type": "AWS::AutoScaling::AutoScalingGroup",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "MinSize": "1",
                "MaxSize": "1",
                "Tags": [
                    {"Key": CLUSTER_TAG, "Value": "main", "PropagateAtLaunch": True},
                    {"Key": ENVIRONMENT_TAG, "Value": PRODUCTION, "PropagateAtLaunch": True},
                ],
            },
        }
    },
)
