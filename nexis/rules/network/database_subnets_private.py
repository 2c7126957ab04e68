"""Databases and file systems stand in subnets without a route to an internet gateway.

Judged where a database, a cache, a broker, a search domain, a file system or an EMR cluster gets its subnets. A NAT
gateway or an egress-only gateway lets nobody in, and passes here; our own baseline has neither
(`network.no-internet-gateway`).
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.rules.network._links import SUBNET_GROUP, leads_to_internet_gateway, routes_of, subnets_of
from nexis.templates.values import Unknown
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.templates.views import View

EMR: Final = "AWS::EMR::Cluster"

#: An EMR cluster names one subnet, or several to choose from.
EMR_SUBNETS: Final = (("Instances", "Ec2SubnetId"), ("Instances", "Ec2SubnetIds"))

# Source: CloudFormation resource reference, each type's page, read 2026-11-23.
SUBNETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        SUBNET_GROUP: ("SubnetIds",),
        "AWS::DocDB::DBSubnetGroup": ("SubnetIds",),
        "AWS::DocDBElastic::Cluster": ("SubnetIds",),
        "AWS::Neptune::DBSubnetGroup": ("SubnetIds",),
        "AWS::Redshift::ClusterSubnetGroup": ("SubnetIds",),
        "AWS::RedshiftServerless::Workgroup": ("SubnetIds",),
        "AWS::ElastiCache::SubnetGroup": ("SubnetIds",),
        "AWS::ElastiCache::ServerlessCache": ("SubnetIds",),
        "AWS::MemoryDB::SubnetGroup": ("SubnetIds",),
        "AWS::DAX::SubnetGroup": ("SubnetIds",),
        "AWS::DMS::ReplicationSubnetGroup": ("SubnetIds",),
        "AWS::OpenSearchService::Domain": ("VPCOptions", "SubnetIds"),
        "AWS::Elasticsearch::Domain": ("VPCOptions", "SubnetIds"),
        "AWS::MSK::Cluster": ("BrokerNodeGroupInfo", "ClientSubnets"),
        "AWS::AmazonMQ::Broker": ("SubnetIds",),
        "AWS::Timestream::InfluxDBInstance": ("VpcSubnetIds",),
        "AWS::Timestream::InfluxDBCluster": ("VpcSubnetIds",),
        "AWS::EFS::MountTarget": ("SubnetId",),
        "AWS::FSx::FileSystem": ("SubnetIds",),
    }
)


def check(resource: View) -> Iterator[Problem]:
    """Judge what places a database; subnets from elsewhere are judged where they stand."""
    for place_of_list in (SUBNETS[resource.type],) if resource.type != EMR else EMR_SUBNETS:
        if isinstance(resource.peek(*place_of_list), Unknown):
            continue
        for path, subnet in subnets_of(resource, *place_of_list):
            if subnet is not None:
                yield from parts(partial(_subnet, path, subnet))


def _subnet(path: tuple[str | int, ...], subnet: View) -> Iterator[Problem]:
    for route in routes_of(subnet):
        if leads_to_internet_gateway(route):
            yield Problem(
                place(*path),
                f"the route {route.logical_id} leads from the subnet {subnet.logical_id} to an internet gateway; "
                "expected a private subnet",
            )


RULE = Rule(
    id="network.database-subnets-private",
    severity="error",
    title="Databases and file systems stand in subnets without a route to an internet gateway",
    why="In a public subnet one property or one security group mistake puts the data on the internet.",
    fix="name private subnets in the subnet group: their route tables have no route to an internet gateway "
    "(CDK: vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED))",
    types=(*SUBNETS, EMR),
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("RDS.46",)},
    source="AWS Security Hub User Guide, RDS.46; Amazon VPC User Guide, Subnets for your VPC",
    cdk='rds.DatabaseInstance(self, "Orders", engine=engine, vpc=vpc,\n'
    "                     vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED))",
    example={
        "Data": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": "vpc-1", "CidrBlock": "10.20.1.0/24"}},
        "Databases": {
            "Type": SUBNET_GROUP,
            "Properties": {"DBSubnetGroupDescription": "Databases", "SubnetIds": [{"Ref": "Data"}]},
        },
    },
)
