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

AT = ("Properties.AssignIpv6AddressOnCreation",)


def subnet(value: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Subnet", VpcId="vpc-1", AssignIpv6AddressOnCreation=value)


def routed(**target: Any) -> dict[str, Any]:
    return {
        "Gateway": resource("AWS::EC2::InternetGateway"),
        "Egress": resource("AWS::EC2::EgressOnlyInternetGateway", VpcId="vpc-1"),
        "Table": resource("AWS::EC2::RouteTable", VpcId="vpc-1"),
        "Linked": resource(
            "AWS::EC2::SubnetRouteTableAssociation", SubnetId={"Ref": "It"}, RouteTableId={"Ref": "Table"}
        ),
        "Out": resource("AWS::EC2::Route", RouteTableId={"Ref": "Table"}, DestinationIpv6CidrBlock="::/0", **target),
    }


CASES = RuleCases(
    "network.subnet-no-ipv6-address",
    (
        good("nothing said", resources(It=resource("AWS::EC2::Subnet", VpcId="vpc-1"))),
        good("false", resources(It=subnet("false"))),
        good(
            "behind an egress-only gateway",
            resources(It=subnet(True), **routed(EgressOnlyInternetGatewayId={"Ref": "Egress"})),
        ),
        good(
            "false beside a route to the internet", resources(It=subnet(False), **routed(GatewayId={"Ref": "Gateway"}))
        ),
        bad("true, with nothing known of its routes", resources(It=subnet(True)), at=AT),
        bad(
            "with a route to the internet", resources(It=subnet("true"), **routed(GatewayId={"Ref": "Gateway"})), at=AT
        ),
        unknown("a parameter", opened(It=subnet(OPEN)), at=AT),
        unknown("a condition", conditional(It=subnet(either(True, False))), at=AT),
        unknown(
            "a route to an open gateway",
            opened(It=subnet(True), **routed(GatewayId=OPEN)),
            at=("Properties.GatewayId",),
        ),
        not_applicable("a VPC", resources(It=resource("AWS::EC2::VPC"))),
    ),
)


@each(CASES)
def test_subnet_no_ipv6_address(case: Case) -> None:
    hold(CASES, case)
