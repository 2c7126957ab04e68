from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, opened

VPC = resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")
AT = ("Properties",)


def log(**changes: Any) -> dict[str, Any]:
    return resource(
        "AWS::EC2::FlowLog", **{"ResourceType": "VPC", "ResourceId": {"Ref": "It"}, "TrafficType": "ALL", **changes}
    )


SUBNET = resource("AWS::EC2::Subnet", VpcId={"Ref": "It"})


def subnet_log(name: str, traffic: str = "ALL") -> dict[str, Any]:
    return log(ResourceType="Subnet", ResourceId={"Ref": name}, TrafficType=traffic)


SHARED: tuple[Case, ...] = (
    good("all traffic", resources(It=VPC, Log=log())),
    good("by the VPC's id", resources(It=VPC, Log=log(ResourceId={"Fn::GetAtt": ["It", "VpcId"]}))),
    good("a log of all traffic beside one of some", resources(It=VPC, Some=log(TrafficType="ACCEPT"), Log=log())),
    good("a log of every subnet", resources(It=VPC, A=SUBNET, B=SUBNET, X=subnet_log("A"), Y=subnet_log("B"))),
    bad("accepted traffic only", resources(It=VPC, Log=log(TrafficType="ACCEPT")), at=AT),
    bad("no traffic type", resources(It=VPC, Log=log(TrafficType=NO_VALUE)), at=AT),
    unknown("open traffic", opened(It=VPC, Log=log(TrafficType=OPEN)), at=("Properties.TrafficType",)),
    not_applicable("a subnet", resources(It=resource("AWS::EC2::Subnet"))),
)
MISSING: tuple[Case, ...] = (
    bad("a log of one of two subnets", resources(It=VPC, A=SUBNET, B=SUBNET, X=subnet_log("A")), at=AT),
    bad("no log", resources(It=VPC), at=AT),
    bad("a log of another VPC", resources(It=VPC, Other=VPC, Log=log(ResourceId={"Ref": "Other"})), at=AT),
    bad("a log of a subnet", resources(It=VPC, Log=log(ResourceType="Subnet")), at=AT),
    bad(
        "a log that does not exist",
        {
            **resources(It=VPC, Log={**log(), "Condition": "Never"}),
            "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        },
        at=AT,
    ),
    bad("odd things where the VPC is named", resources(It=VPC, Log=log(ResourceId={"a": ["b"]})), at=AT),
    unknown("a log only sometimes", conditional(It=VPC, Log={**log(), "Condition": "Chosen"}), at=AT),
)
REFUSED = resources(It=VPC, Log=log(TrafficType="REJECT"))

CASES = (
    RuleCases("logging.vpc-flow-logs", (*SHARED, *MISSING, good("refused traffic", REFUSED))),
    RuleCases(
        "logging.vpc-flow-logs-all-traffic",
        (
            *SHARED,
            bad("refused traffic only", REFUSED, at=AT),
            not_applicable("no log, which the other rule says", resources(It=VPC)),
        ),
    ),
)


@each_of(CASES)
def test_vpc_flow_logs(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
