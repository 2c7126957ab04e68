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
from tests.support.rule_templates import OPEN, conditional, opened

TAGS = [{"Key": "nexis:network", "Value": "isolated"}]
IT = {"Ref": "It"}
ISOLATED = resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16", Tags=TAGS)
GATEWAY = resource("AWS::EC2::InternetGateway")
TABLE = resource("AWS::EC2::RouteTable", VpcId={"Ref": "Vpc"})
SUBNET = resource("AWS::EC2::Subnet", VpcId={"Ref": "Vpc"})
LINK = resource("AWS::EC2::SubnetRouteTableAssociation", SubnetId={"Ref": "Sub"}, RouteTableId={"Ref": "Table"})
GROUP = resource("AWS::RDS::DBSubnetGroup", SubnetIds=[{"Ref": "Sub"}])


def route(**properties: Any) -> dict[str, Any]:
    return resource(
        "AWS::EC2::Route", **{"RouteTableId": {"Ref": "Table"}, "DestinationCidrBlock": "0.0.0.0/0", **properties}
    )


def database(**routes: Any) -> dict[str, Any]:
    return resources(
        It=GROUP, Sub=SUBNET, Vpc=resource("AWS::EC2::VPC"), Table=TABLE, Link=LINK, Gateway=GATEWAY, **routes
    )


AT = ("Properties.SubnetIds.0",)

CASES = RuleCases(
    "network.no-internet-gateway",
    (
        good("an isolated VPC", resources(It=ISOLATED, Sub=resource("AWS::EC2::Subnet", VpcId=IT))),
        bad(
            "an internet gateway",
            resources(
                It=ISOLATED,
                Gateway=GATEWAY,
                Link=resource("AWS::EC2::VPCGatewayAttachment", VpcId=IT, InternetGatewayId={"Ref": "Gateway"}),
            ),
            at=("Properties",),
        ),
        bad(
            "an internet gateway from elsewhere",
            resources(
                It=ISOLATED, Link=resource("AWS::EC2::VPCGatewayAttachment", VpcId=IT, InternetGatewayId="igw-1")
            ),
            at=("Properties",),
        ),
        good(
            "a VPN gateway",
            resources(It=ISOLATED, Link=resource("AWS::EC2::VPCGatewayAttachment", VpcId=IT, VpnGatewayId="vgw-1")),
        ),
        bad(
            "a NAT gateway in a subnet",
            resources(
                It=ISOLATED,
                Sub=resource("AWS::EC2::Subnet", VpcId=IT),
                Nat=resource("AWS::EC2::NatGateway", SubnetId={"Ref": "Sub"}),
            ),
            at=("Properties",),
        ),
        bad(
            "a regional NAT gateway",
            resources(It=ISOLATED, Nat=resource("AWS::EC2::NatGateway", VpcId=IT)),
            at=("Properties",),
        ),
        bad(
            "an egress-only gateway",
            resources(It=ISOLATED, Out=resource("AWS::EC2::EgressOnlyInternetGateway", VpcId=IT)),
            at=("Properties",),
        ),
        bad(
            "a route to a gateway from elsewhere",
            resources(It=ISOLATED, Table=resource("AWS::EC2::RouteTable", VpcId=IT), Out=route(NatGatewayId="nat-1")),
            at=("Properties",),
        ),
        good(
            "a gateway of another VPC",
            resources(
                It=ISOLATED,
                Other=resource("AWS::EC2::VPC"),
                Link=resource("AWS::EC2::VPCGatewayAttachment", VpcId={"Ref": "Other"}, InternetGatewayId="igw-1"),
            ),
        ),
        not_applicable(
            "a VPC that is not tagged",
            resources(
                It=resource("AWS::EC2::VPC"),
                Link=resource("AWS::EC2::VPCGatewayAttachment", VpcId=IT, InternetGatewayId="igw-1"),
            ),
        ),
        # subnets of databases
        good("a database's subnet without routes", database()),
        bad("a route to an internet gateway", database(Out=route(GatewayId={"Ref": "Gateway"})), at=AT),
        bad("a route to an internet gateway from elsewhere", database(Out=route(GatewayId="igw-1")), at=AT),
        bad("a route to a NAT gateway", database(Out=route(NatGatewayId="nat-1")), at=AT),
        bad("half a route", database(Out=route(NatGatewayId="nat-1", DestinationCidrBlock="128.0.0.0/1")), at=AT),
        bad(
            "an IPv6 route",
            database(
                Out=resource(
                    "AWS::EC2::Route",
                    RouteTableId={"Ref": "Table"},
                    DestinationIpv6CidrBlock="::/0",
                    EgressOnlyInternetGatewayId="eigw-1",
                )
            ),
            at=AT,
        ),
        good("a route into another network", database(Out=route(TransitGatewayId="tgw-1"))),
        good("a route to a VPN", database(Out=route(GatewayId="vgw-1", DestinationCidrBlock="10.9.0.0/16"))),
        good(
            "a NAT route to one known network",
            database(Out=route(NatGatewayId="n", DestinationCidrBlock="10.9.0.0/16")),
        ),
        good("subnets from elsewhere", resources(It=resource("AWS::RDS::DBSubnetGroup", SubnetIds=["subnet-1"]))),
        unknown(
            "an open list of subnets",
            opened(It=resource("AWS::RDS::DBSubnetGroup", SubnetIds=OPEN)),
            at=("Properties.SubnetIds",),
        ),
        unknown(
            "a route only sometimes",
            {**conditional(**database()["Resources"], Out={**route(NatGatewayId="nat-1"), "Condition": "Chosen"})},
            at=AT,
        ),
        good(
            "a route to a VPN gateway of the same template",
            database(Out=route(GatewayId={"Ref": "Vpn"}), Vpn=resource("AWS::EC2::VPNGateway")),
        ),
        bad(
            "a NAT route to a prefix list",
            database(
                Out=resource(
                    "AWS::EC2::Route", RouteTableId={"Ref": "Table"}, NatGatewayId="n", DestinationPrefixListId="pl-1"
                )
            ),
            at=AT,
        ),
        bad(
            "a NAT route to something that is no range",
            database(Out=route(NatGatewayId="n", DestinationCidrBlock="anywhere")),
            at=AT,
        ),
    ),
)


@each(CASES)
def test_no_internet_gateway(case: Case) -> None:
    hold(CASES, case)
