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

SUB = {"Ref": "Sub"}
SUBNET = resource("AWS::EC2::Subnet", VpcId={"Ref": "Vpc"})
GATEWAY = {"GatewayId": {"Ref": "Gateway"}}


def group(*subnets: Any) -> dict[str, Any]:
    return resource("AWS::RDS::DBSubnetGroup", SubnetIds=list(subnets))


def network(**target: Any) -> dict[str, Any]:
    return {
        "Sub": SUBNET,
        "Vpc": resource("AWS::EC2::VPC"),
        "Gateway": resource("AWS::EC2::InternetGateway"),
        "Vpn": resource("AWS::EC2::VPNGateway", Type="ipsec.1"),
        "Nat": resource("AWS::EC2::NatGateway", SubnetId="subnet-9"),
        "Table": resource("AWS::EC2::RouteTable", VpcId={"Ref": "Vpc"}),
        "Linked": resource("AWS::EC2::SubnetRouteTableAssociation", SubnetId=SUB, RouteTableId={"Ref": "Table"}),
        "Out": resource(
            "AWS::EC2::Route", RouteTableId={"Ref": "Table"}, **{"DestinationCidrBlock": "0.0.0.0/0", **target}
        ),
    }


CASES = RuleCases(
    "network.database-subnets-private",
    (
        good("a subnet without routes", resources(It=group(SUB), Sub=SUBNET)),
        good("a subnet behind a NAT gateway", resources(It=group(SUB), **network(NatGatewayId={"Ref": "Nat"}))),
        good("a subnet behind a VPN", resources(It=group(SUB), **network(GatewayId={"Ref": "Vpn"}))),
        good("subnets from elsewhere", resources(It=group("subnet-1", "subnet-2"))),
        good("open subnets", opened(It=resource("AWS::RDS::DBSubnetGroup", SubnetIds=OPEN))),
        good(
            "a route to one network through the gateway",
            resources(It=group(SUB), **network(DestinationCidrBlock="198.51.100.0/24", **GATEWAY)),
        ),
        bad(
            "a public subnet",
            resources(It=group("subnet-1", SUB), **network(**GATEWAY)),
            at=("Properties.SubnetIds.1",),
        ),
        bad(
            "a public subnet, by a gateway from elsewhere",
            resources(It=group(SUB), **network(GatewayId="igw-0123456789abcdef0")),
            at=("Properties.SubnetIds.0",),
        ),
        bad(
            "half of the internet",
            resources(It=group(SUB), **network(DestinationCidrBlock="0.0.0.0/1", **GATEWAY)),
            at=("Properties.SubnetIds.0",),
        ),
        bad(
            "a search domain",
            resources(
                It=resource("AWS::OpenSearchService::Domain", VPCOptions={"SubnetIds": [SUB]}), **network(**GATEWAY)
            ),
            at=("Properties.VPCOptions.SubnetIds.0",),
        ),
        bad(
            "a warehouse's subnets",
            resources(It=resource("AWS::Redshift::ClusterSubnetGroup", SubnetIds=[SUB]), **network(**GATEWAY)),
            at=("Properties.SubnetIds.0",),
        ),
        unknown("an open gateway", opened(It=group(SUB), **network(GatewayId=OPEN)), at=("Properties.GatewayId",)),
        bad(
            "an EMR cluster",
            resources(It=resource("AWS::EMR::Cluster", Instances={"Ec2SubnetId": SUB}), **network(**GATEWAY)),
            at=("Properties.Instances.Ec2SubnetId",),
        ),
        bad(
            "a file system",
            resources(It=resource("AWS::EFS::MountTarget", SubnetId=SUB), **network(**GATEWAY)),
            at=("Properties.SubnetId",),
        ),
        unknown(
            "a condition",
            conditional(It=group(either(SUB, "subnet-1")), **network(**GATEWAY)),
            at=("Properties.SubnetIds.0",),
        ),
        not_applicable("a subnet", resources(It=SUBNET)),
    ),
)


@each(CASES)
def test_database_subnets_private(case: Case) -> None:
    hold(CASES, case)
