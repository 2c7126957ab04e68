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
from tests.support.rule_templates import conditional

VPC = resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")
OWN = {"Fn::GetAtt": ["It", "DefaultSecurityGroup"]}
DEFAULT = {"GroupName": "default", "VpcId": {"Ref": "It"}}


def group(**properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::SecurityGroup", **properties)


CASES = RuleCases(
    "network.default-security-group-closed",
    (
        bad("nothing closes it", resources(It=VPC), at=("Properties",)),
        good("a custom resource with its id", resources(It=VPC, Close=resource("Custom::Close", GroupId=OWN))),
        good(
            "a custom resource with its ARN",
            resources(
                It=VPC,
                Close=resource(
                    "AWS::CloudFormation::CustomResource",
                    Groups=[{"Fn::Sub": "arn:aws:ec2:x:y:security-group/${It.DefaultSecurityGroup}"}],
                ),
            ),
        ),
        bad(
            "a custom resource for another VPC",
            resources(
                It=VPC,
                Other=VPC,
                Close=resource("Custom::Close", GroupId={"Fn::GetAtt": ["Other", "DefaultSecurityGroup"]}),
            ),
            at=("Properties",),
        ),
        bad(
            "a custom resource with something else of it",
            resources(It=VPC, Close=resource("Custom::Close", Vpc={"Ref": "It"})),
            at=("Properties",),
        ),
        bad(
            "an ordinary resource with its id",
            resources(It=VPC, Host=resource("AWS::EC2::Instance", SecurityGroupIds=[OWN])),
            at=("Properties",),
        ),
        good("the group itself is seen, and is judged", resources(It=VPC, Own=group(**DEFAULT))),
        unknown(
            "a custom resource only sometimes",
            conditional(It=VPC, Close={**resource("Custom::Close", GroupId=OWN), "Condition": "Chosen"}),
            at=("Properties",),
        ),
        good("a default group without rules", resources(It=group(GroupName="default", VpcId="vpc-1"))),
        good(
            "a default group with empty lists",
            resources(It=group(GroupName="default", SecurityGroupIngress=[], SecurityGroupEgress=[])),
        ),
        bad(
            "a default group as EC2 makes it",
            resources(
                It=group(
                    GroupName="default",
                    SecurityGroupIngress=[{"IpProtocol": "-1", "SourceSecurityGroupId": {"Ref": "It"}}],
                    SecurityGroupEgress=[{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
                )
            ),
            at=("Properties.SecurityGroupIngress", "Properties.SecurityGroupEgress"),
        ),
        bad(
            "a default group with a separate rule",
            resources(
                It=group(GroupName="default"),
                Rule=resource(
                    "AWS::EC2::SecurityGroupIngress", GroupId={"Ref": "It"}, IpProtocol="-1", CidrIp="10.0.0.0/8"
                ),
            ),
            at=("Properties.SecurityGroupIngress",),
        ),
        not_applicable("another group", resources(It=group(GroupName="web"))),
    ),
)


@each(CASES)
def test_default_security_group_closed(case: Case) -> None:
    hold(CASES, case)
