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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, defaulted, either, opened

AT = ("Properties.PubliclyAccessible",)
GROUP = resource("AWS::RDS::DBSubnetGroup", SubnetIds=[{"Ref": "Sub"}])
SUBNET = resource("AWS::EC2::Subnet", VpcId={"Ref": "Vpc"})
VPC = resource("AWS::EC2::VPC")
ROUTED = {
    "Gateway": resource("AWS::EC2::InternetGateway"),
    "Routes": resource("AWS::EC2::RouteTable", VpcId={"Ref": "Vpc"}),
    "Linked": resource(
        "AWS::EC2::SubnetRouteTableAssociation", SubnetId={"Ref": "Sub"}, RouteTableId={"Ref": "Routes"}
    ),
    "Out": resource(
        "AWS::EC2::Route",
        RouteTableId={"Ref": "Routes"},
        DestinationCidrBlock="0.0.0.0/0",
        GatewayId={"Ref": "Gateway"},
    ),
}
NETWORK = {"Group": GROUP, "Sub": SUBNET, "Vpc": VPC}
IN_GROUP = {"DBSubnetGroupName": {"Ref": "Group"}}


def instance(**properties: Any) -> dict[str, Any]:
    return resource("AWS::RDS::DBInstance", **properties)


def cluster(**properties: Any) -> dict[str, Any]:
    return resource("AWS::RDS::DBCluster", **properties)


CASES = RuleCases(
    "network.rds-not-public",
    (
        good("false", resources(It=instance(PubliclyAccessible="false"))),
        bad("true", resources(It=instance(PubliclyAccessible=True, **IN_GROUP), **NETWORK), at=AT),
        bad("true as text, on a cluster", resources(It=cluster(Engine="postgres", PubliclyAccessible="true")), at=AT),
        good("absent in a private subnet", resources(It=instance(**IN_GROUP), **NETWORK)),
        bad("absent in a public subnet", resources(It=instance(**IN_GROUP), **NETWORK, **ROUTED), at=AT),
        good(
            "false in a public subnet",
            resources(It=instance(PubliclyAccessible=False, **IN_GROUP), **NETWORK, **ROUTED),
        ),
        bad("absent in the default VPC", resources(It=instance()), at=AT),
        bad("no value in the default VPC", resources(It=instance(PubliclyAccessible=NO_VALUE)), at=AT),
        bad("restored in the default VPC", resources(It=instance(DBSnapshotIdentifier="last")), at=AT),
        bad(
            "a Multi-AZ cluster in the default VPC",
            resources(It=cluster(Engine="postgres", DBClusterInstanceClass="db.m6gd.large")),
            at=AT,
        ),
        good(
            "a Multi-AZ cluster in a subnet group from elsewhere",
            resources(It=cluster(DBClusterInstanceClass="db.m6gd.large", DBSubnetGroupName="theirs")),
        ),
        good("a replica in the network of its source", resources(It=instance(SourceDBInstanceIdentifier="orders"))),
        good("absent in a subnet group from elsewhere", resources(It=instance(DBSubnetGroupName="theirs"))),
        good("absent in an open subnet group", opened(It=instance(DBSubnetGroupName=OPEN))),
        good(
            "absent in subnets from elsewhere",
            resources(It=instance(**IN_GROUP), Group=resource("AWS::RDS::DBSubnetGroup", SubnetIds=["subnet-1"])),
        ),
        good(
            "absent in open subnets",
            opened(It=instance(**IN_GROUP), Group=resource("AWS::RDS::DBSubnetGroup", SubnetIds=OPEN)),
        ),
        good(
            "an Aurora instance in its cluster's network",
            resources(
                It=instance(DBClusterIdentifier={"Ref": "Main"}),
                Main=cluster(Engine="aurora-postgresql", **IN_GROUP),
                **NETWORK,
            ),
        ),
        bad(
            "an Aurora instance in its cluster's public subnet",
            resources(
                It=instance(DBClusterIdentifier={"Ref": "Main"}),
                Main=cluster(Engine="aurora-postgresql", **IN_GROUP),
                **NETWORK,
                **ROUTED,
            ),
            at=AT,
        ),
        bad(
            "an Aurora instance that says true",
            resources(It=instance(DBClusterIdentifier="main", PubliclyAccessible=True)),
            at=AT,
        ),
        good("an Aurora instance whose cluster is elsewhere", resources(It=instance(DBClusterIdentifier="main"))),
        good("an Aurora cluster, whose instances are judged", resources(It=cluster(Engine="aurora-postgresql"))),
        bad(
            "a shard group that says true",
            resources(It=resource("AWS::RDS::DBShardGroup", PubliclyAccessible=True)),
            at=AT,
        ),
        bad("a parameter's default", defaulted("true", It=instance(PubliclyAccessible=OPEN)), at=AT),
        unknown("a parameter without default", opened(It=instance(PubliclyAccessible=OPEN)), at=AT),
        unknown("a condition", conditional(It=instance(PubliclyAccessible=either(True, False))), at=AT),
        unknown("a map", resources(It=instance(PubliclyAccessible={"a": 1})), at=AT),
        not_applicable("a subnet group", resources(It=GROUP)),
    ),
)


@each(CASES)
def test_rds_not_public(case: Case) -> None:
    hold(CASES, case)
