"""Nothing uses a VPC's default security group, and no rule is added to it.

A template can name it in two ways: `Fn::GetAtt` Vpc.DefaultSecurityGroup, and, where groups are named, `default`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.facts.network_security_groups import SECURITY_GROUP_PATHS
from nexis.rules.model import Problem, Rule
from nexis.rules.network._group_users import named_groups
from nexis.rules.network._security_rules import EGRESS, INGRESS
from nexis.templates.values import Reference
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

ATTRIBUTE: Final = "DefaultSecurityGroup"
RULES_OF_GROUPS: Final = (INGRESS.separate, EGRESS.separate)


def applies(resource: View) -> bool:
    """Judge what names a security group."""
    return resource.type in RULES_OF_GROUPS or any(True for _ in named_groups(resource))


def check(resource: View) -> Iterator[Problem]:
    """Judge a user of security groups, or a rule of one."""
    if resource.type in RULES_OF_GROUPS:
        for name in ("GroupId", "GroupName"):
            if _is_default(resource.peek(name)):
                yield Problem(
                    place(name), "found a VPC's default security group, which must have no rules; expected another one"
                )
        return
    for path, value in named_groups(resource):
        if _is_default(value):
            yield Problem(
                place(*path), "found a VPC's default security group; expected a group made for this and nothing else"
            )


def _is_default(value: Any) -> bool:
    if isinstance(value, Reference):
        return value.attribute == ATTRIBUTE
    return isinstance(value, str) and value.strip().lower() == "default"


RULE = Rule(
    id="network.default-security-group-unused",
    severity="error",
    title="Nothing uses a VPC's default security group, and no rule is added to it",
    why="Everything that is started without a group lands in the default one, and shares whatever it may reach.",
    fix="name a security group made for the purpose instead of Fn::GetAtt <Vpc>.DefaultSecurityGroup or `default` "
    '(CDK: ec2.SecurityGroup(self, "Database", vpc=vpc, allow_all_outbound=False))',
    types=(*RULES_OF_GROUPS, *SECURITY_GROUP_PATHS),
    applies=applies,
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("EC2.2",), "CIS AWS Foundations 5.0": ("5.5",)},
    source="Amazon VPC User Guide, Default security groups for your VPCs",
    cdk='group = ec2.SecurityGroup(self, "Database", vpc=vpc, allow_all_outbound=False)\n'
    'rds.DatabaseInstance(self, "Orders", engine=engine, vpc=vpc, security_groups=[group])',
    example={
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "Databases"}},
        "Orders": {"Type": "AWS::RDS::DBInstance", "Properties": {"VPCSecurityGroups": [{"Ref": "Group"}]}},
    },
)
