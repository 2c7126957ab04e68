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
ATTACHED = resource("AWS::EC2::VPCGatewayAttachment", VpcId={"Ref": "Vpc"}, InternetGatewayId="igw-1")
NETWORK = {"Group": GROUP, "Sub": SUBNET, "Vpc": VPC}
IN_GROUP = {"DBSubnetGroupName": {"Ref": "Group"}}


def instance(**properties: Any) -> dict[str, Any]:
    return resource("AWS::RDS::DBInstance", **properties)


def cluster(**properties: Any) -> dict[str, Any]:
    return resource("AWS::RDS::DBCluster", **properties)


CASES = RuleCases(
    "network.rds-states-not-public",
    (
        good("false", resources(It=instance(PubliclyAccessible="false"))),
        good("true, which is another rule's", resources(It=instance(PubliclyAccessible=True))),
        good("absent in a network without a gateway", resources(It=instance(**IN_GROUP), **NETWORK)),
        bad("absent in a network with a gateway", resources(It=instance(**IN_GROUP), **NETWORK, Link=ATTACHED), at=AT),
        good("absent in the default VPC, which another rule is about", resources(It=instance())),
        unknown("absent in a subnet group from elsewhere", resources(It=instance(DBSubnetGroupName="theirs")), at=AT),
        unknown(
            "absent in subnets from elsewhere",
            resources(It=instance(**IN_GROUP), Group=resource("AWS::RDS::DBSubnetGroup", SubnetIds=["subnet-1"])),
            at=AT,
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
            "an Aurora instance in its cluster's network, with a gateway",
            resources(
                It=instance(DBClusterIdentifier={"Ref": "Main"}),
                Main=cluster(Engine="aurora-postgresql", **IN_GROUP),
                **NETWORK,
                Link=ATTACHED,
            ),
            at=AT,
        ),
        unknown(
            "an Aurora instance whose cluster is elsewhere", resources(It=instance(DBClusterIdentifier="main")), at=AT
        ),
        good("an Aurora cluster, whose instances are judged", resources(It=cluster(Engine="aurora-postgresql"))),
        good(
            "a Multi-AZ cluster in a network without a gateway",
            resources(It=cluster(Engine="postgres", **IN_GROUP), **NETWORK),
        ),
        bad(
            "a Multi-AZ cluster in a network with a gateway",
            resources(It=cluster(Engine="postgres", **IN_GROUP), **NETWORK, Link=ATTACHED),
            at=AT,
        ),
        unknown("a replica of something", resources(It=instance(SourceDBInstanceIdentifier="main")), at=AT),
        good("a parameter's default", defaulted("false", It=instance(PubliclyAccessible=OPEN))),
        unknown("a parameter without default", opened(It=instance(PubliclyAccessible=OPEN)), at=AT),
        unknown(
            "a condition",
            conditional(It=instance(PubliclyAccessible=either(NO_VALUE, False), **IN_GROUP), **NETWORK, Link=ATTACHED),
            at=AT,
        ),
        not_applicable("a subnet group", resources(It=GROUP)),
        good("a Neptune cluster, whose instances are judged", resources(It=cluster(Engine="neptune"))),
        bad("a cluster without engine or network", resources(It=cluster()), at=AT),
    ),
)


@each(CASES)
def test_rds_states_not_public(case: Case) -> None:
    hold(CASES, case)
