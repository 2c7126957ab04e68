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
from tests.support.rule_templates import OPEN, opened

SAID = {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}]}
PRIVATE = resource("AWS::EC2::Subnet")
IN = {"SubnetId": {"Ref": "Sub"}}
BY_TEMPLATE = {"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Lt"}, "Version": "1"}}
LAUNCH = resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={})
QUIET = resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=SAID)


def instance(**properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Instance", **properties)


def group(**properties: Any) -> dict[str, Any]:
    return resource("AWS::AutoScaling::AutoScalingGroup", **properties)


CASES = RuleCases(
    "network.hosts-in-private-subnets",
    (
        good("an instance that says no", resources(It=instance(**SAID))),
        good("an instance in a private subnet", resources(It=instance(**IN), Sub=PRIVATE)),
        good(
            "an instance in a public subnet, which is another rule's",
            resources(It=instance(**IN), Sub=resource("AWS::EC2::Subnet", MapPublicIpOnLaunch=True)),
        ),
        good("an instance whose template says no", resources(It=instance(**BY_TEMPLATE), Lt=QUIET)),
        bad("an instance without any subnet", resources(It=instance()), at=("Properties.SubnetId",)),
        bad(
            "an instance whose template says nothing",
            resources(It=instance(**BY_TEMPLATE), Lt=LAUNCH),
            at=("Properties.SubnetId",),
        ),
        unknown(
            "an instance in a subnet from elsewhere",
            resources(It=instance(SubnetId="subnet-1")),
            at=("Properties.SubnetId",),
        ),
        unknown("an instance in an open subnet", opened(It=instance(SubnetId=OPEN)), at=("Properties.SubnetId",)),
        unknown(
            "an instance whose template is elsewhere",
            resources(It=instance(LaunchTemplate={"LaunchTemplateId": "lt-1"}, **IN), Sub=PRIVATE),
            at=("Properties.LaunchTemplate.LaunchTemplateId",),
        ),
        good(
            "a group in private subnets",
            resources(It=group(**BY_TEMPLATE, VPCZoneIdentifier=[{"Ref": "Sub"}]), Lt=LAUNCH, Sub=PRIVATE),
        ),
        good("a group whose template says no", resources(It=group(**BY_TEMPLATE, VPCZoneIdentifier=["s"]), Lt=QUIET)),
        bad(
            "a group without subnets",
            resources(It=group(**BY_TEMPLATE, AvailabilityZones=["eu-central-1a"]), Lt=LAUNCH),
            at=("Properties.VPCZoneIdentifier",),
        ),
        unknown(
            "a group in subnets from elsewhere",
            resources(It=group(**BY_TEMPLATE, VPCZoneIdentifier=["subnet-1"]), Lt=LAUNCH),
            at=("Properties.VPCZoneIdentifier.0",),
        ),
        unknown(
            "a group that copies an instance", resources(It=group(InstanceId="i-1")), at=("Properties.InstanceId",)
        ),
        not_applicable("a launch template", resources(It=LAUNCH)),
    ),
)


@each(CASES)
def test_hosts_in_private_subnets(case: Case) -> None:
    hold(CASES, case)
