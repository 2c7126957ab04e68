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
from tests.support.rule_templates import NO_VALUE, OPEN, defaulted, opened

TAG = {"Key": "nexis:cluster", "Value": "main", "PropagateAtLaunch": True}


def group(**changes: Any) -> dict[str, Any]:
    properties = {"MinSize": "1", "MaxSize": "1", "VPCZoneIdentifier": ["subnet-1"], "Tags": [TAG], **changes}
    return resource("AWS::AutoScaling::AutoScalingGroup", **properties)


ZONE = "Properties.VPCZoneIdentifier"

CASES = RuleCases(
    "hosts.group-of-one",
    (
        good("one host in one subnet", resources(It=group())),
        good("one host, said three times", resources(It=group(MinSize=1, MaxSize=1, DesiredCapacity="1"))),
        good("one subnet, not in a list", resources(It=group(VPCZoneIdentifier="subnet-1"))),
        bad("two at most", resources(It=group(MaxSize=2)), at=("Properties.MaxSize",)),
        bad("none at least", resources(It=group(MinSize="0")), at=("Properties.MinSize",)),
        bad("none wished for", resources(It=group(DesiredCapacity=0)), at=("Properties.DesiredCapacity",)),
        bad("no size", resources(It=group(MaxSize=NO_VALUE)), at=("Properties.MaxSize",)),
        bad("two subnets", resources(It=group(VPCZoneIdentifier=["subnet-1", "subnet-2"])), at=(ZONE,)),
        bad("no subnet", resources(It=group(VPCZoneIdentifier=NO_VALUE)), at=(ZONE,)),
        bad(
            "every zone",
            resources(It=group(VPCZoneIdentifier=NO_VALUE, AvailabilityZones={"Fn::GetAZs": ""})),
            at=("Properties.AvailabilityZones",),
        ),
        bad(
            "a group whose template is tagged",
            resources(
                It=group(Tags=[], MaxSize=3, LaunchTemplate={"LaunchTemplateId": {"Ref": "Lt"}}),
                Lt=resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"TagSpecifications": [{"Tags": [TAG]}]}),
            ),
            at=("Properties.MaxSize",),
        ),
        bad("a parameter's default", defaulted("3", It=group(MaxSize=OPEN)), at=("Properties.MaxSize",)),
        unknown("a parameter without default", opened(It=group(MaxSize=OPEN)), at=("Properties.MaxSize",)),
        unknown("open subnets", opened(It=group(VPCZoneIdentifier=OPEN)), at=(ZONE,)),
        unknown("an open item among the subnets", opened(It=group(VPCZoneIdentifier=[OPEN])), at=(ZONE,)),
        bad("two subnets, one of them open", opened(It=group(VPCZoneIdentifier=["subnet-1", OPEN])), at=(ZONE,)),
        unknown("no number", resources(It=group(MaxSize="one")), at=("Properties.MaxSize",)),
        not_applicable("a group of something else", resources(It=group(Tags=[], MaxSize=9))),
        good(
            "one subnet of the same template",
            resources(It=group(VPCZoneIdentifier=[{"Ref": "Sub"}]), Sub=resource("AWS::EC2::Subnet")),
        ),
        bad(
            "all zones beside another",
            resources(It=group(VPCZoneIdentifier=NO_VALUE, AvailabilityZones=["eu-central-1a", {"Fn::GetAZs": ""}])),
            at=("Properties.AvailabilityZones",),
        ),
    ),
)


@each(CASES)
def test_group_of_one(case: Case) -> None:
    hold(CASES, case)
