"""The default security group of every VPC is closed.

No property closes it: EC2 makes the group together with the VPC. So either a custom resource is given the group's id
(`Fn::GetAtt` Vpc.DefaultSecurityGroup) and revokes its two rules, or the group itself can be seen, as in an audit of a
live account (a security group named `default`, which no template can make), and has no rules.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from nexis.rules.model import Problem, Rule
from nexis.rules.network._links import VPC
from nexis.rules.network._security_rules import EGRESS, GROUP, INGRESS, rules_of
from nexis.templates.values import Reference, Text
from nexis.templates.views import place, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

ATTRIBUTE = "DefaultSecurityGroup"


def applies(resource: View) -> bool:
    """Judge every VPC, and of the security groups only the default one."""
    return resource.type == VPC or resource.peek("GroupName") == "default"


def check(resource: View) -> Iterator[Problem]:
    """Judge a VPC or a default group."""
    if resource.type == VPC:
        if not _is_closed_by_custom_resource(resource) and not _default_group_is_seen(resource):
            yield Problem(
                "Properties",
                "nothing closes the VPC's default security group; expected a custom resource that is given its id "
                "and revokes its rules",
            )
        return
    for direction in (INGRESS, EGRESS):
        rules = list(rules_of(resource, direction))
        if rules:
            names = ", ".join(rule.resource.logical_id for rule in rules)
            yield Problem(
                place(direction.inline), f"found {len(rules)} rules in the default group ({names}), expected none"
            )


def _default_group_is_seen(vpc: View) -> bool:
    return any(group.peek("GroupName") == "default" for group in vpc.referrers(GROUP, "VpcId"))


def _is_closed_by_custom_resource(vpc: View) -> bool:
    for template in vpc.scene.assembly.templates.values():
        for logical_id, resource in template.resources.items():
            if resource.type.startswith("Custom::") or resource.type == "AWS::CloudFormation::CustomResource":
                custom = vpc.scene.view(template, logical_id)
                if custom.exists and any(_names_default_group(vpc, value) for _, value in walk(custom.peek())):
                    return True
    return False


def _names_default_group(vpc: View, value: Any) -> bool:
    references = value.references if isinstance(value, Text) else (value,) if isinstance(value, Reference) else ()
    own = (vpc.template.key, vpc.logical_id, ATTRIBUTE)
    return any((r.stack, r.logical_id, r.attribute) == own for r in chain(references))


RULE = Rule(
    id="network.default-security-group-closed",
    severity="error",
    title="The default security group of every VPC has no rules",
    why="Whatever is started without a group lands in it, and can then talk to everything else in it and to the world.",
    fix="add a custom resource with Fn::GetAtt <Vpc>.DefaultSecurityGroup among its properties that revokes the "
    "group's rules (CDK: HardenedNetwork does, or restrict_default_security_group=True of ec2.Vpc)",
    types=(VPC, GROUP),
    applies=applies,
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("EC2.2",)},
    source="Amazon VPC User Guide, Default security groups for your VPCs",
    cdk='ec2.Vpc(self, "Network", restrict_default_security_group=True)',
    example={
        "Network": {"Type": VPC, "Properties": {"CidrBlock": "10.20.0.0/16"}},
        "CloseDefaultGroup": {
            "Type": "Custom::CloseSecurityGroup",
            "Properties": {
                "ServiceToken": "arn:aws:lambda:eu-central-1:111111111111:function:close",
                "SecurityGroupId": {"Fn::GetAtt": ["Network", ATTRIBUTE]},
            },
        },
    },
    scope="baseline",
)
