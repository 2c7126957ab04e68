from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, conditional, either, opened

DEFAULT = {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}
VPC = resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")
OWN = {"Ref": "Group"}
GROUP = resource("AWS::EC2::SecurityGroup", GroupDescription="x")


def database(*groups: Any) -> dict[str, Any]:
    return resource("AWS::RDS::DBInstance", VPCSecurityGroups=list(groups))


def rule(kind: str, group: Any) -> dict[str, Any]:
    return resource(f"AWS::EC2::SecurityGroup{kind}", GroupId=group, IpProtocol="-1", CidrIp="10.0.0.0/8")


CASES = RuleCases(
    "network.default-security-group-unused",
    (
        good("a group of its own", resources(It=database(OWN), Group=GROUP)),
        good("a group from elsewhere", resources(It=database("sg-0123456789abcdef0"))),
        good("a rule of another group", resources(It=rule("Ingress", OWN), Group=GROUP)),
        bad(
            "the default one among others",
            resources(It=database(OWN, DEFAULT), Group=GROUP, Vpc=VPC),
            at=("Properties.VPCSecurityGroups.1",),
        ),
        bad(
            "by name",
            resources(It=resource("AWS::EC2::Instance", SecurityGroups=["default"])),
            at=("Properties.SecurityGroups.0",),
        ),
        bad(
            "deep down, not in a list",
            resources(
                It=resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"NetworkInterfaces": {"Groups": DEFAULT}}),
                Vpc=VPC,
            ),
            at=("Properties.LaunchTemplateData.NetworkInterfaces.Groups",),
        ),
        bad(
            "of an interface",
            resources(It=resource("AWS::EC2::Instance", NetworkInterfaces=[{"GroupSet": [DEFAULT]}]), Vpc=VPC),
            at=("Properties.NetworkInterfaces.0.GroupSet.0",),
        ),
        bad("a rule let in", resources(It=rule("Ingress", DEFAULT), Vpc=VPC), at=("Properties.GroupId",)),
        bad("a rule let out", resources(It=rule("Egress", DEFAULT), Vpc=VPC), at=("Properties.GroupId",)),
        bad(
            "a rule by name",
            resources(It=resource("AWS::EC2::SecurityGroupIngress", GroupName="default")),
            at=("Properties.GroupName",),
        ),
        unknown(
            "a condition",
            conditional(It=database(either(DEFAULT, "sg-0123456789abcdef0")), Vpc=VPC),
            at=("Properties.VPCSecurityGroups.0",),
        ),
        not_applicable("a database without groups", resources(It=resource("AWS::RDS::DBInstance"))),
        not_applicable("a database in an open group", opened(It=database(OPEN))),
        not_applicable("a VPC", resources(It=VPC)),
    ),
)


@each(CASES)
def test_default_security_group_unused(case: Case) -> None:
    hold(CASES, case)
