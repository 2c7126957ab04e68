"""RDS databases have no public address.

`PubliclyAccessible: true` gives one. Without the property RDS decides by the network: where that has an internet
gateway, the database gets an address. The templates often do not show the network, so absence fails here only in two
places: in a subnet that they show to be public, and where no subnet group is named, since the database then stands in
the default VPC, which has an internet gateway from the start. Our own baseline asks more:
`network.rds-states-not-public`. Aurora clusters have no such property; their instances have.

Sources: RDS API reference, CreateDBInstance and CreateDBCluster, PubliclyAccessible; Amazon VPC User Guide, "Default
VPCs". Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule
from nexis.rules.network._links import SUBNET_GROUP, leads_to_internet_gateway, routes_of, subnets_of
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

PROPERTY: Final = "PubliclyAccessible"
INSTANCE: Final = "AWS::RDS::DBInstance"
CLUSTER: Final = "AWS::RDS::DBCluster"
SHARD_GROUP: Final = "AWS::RDS::DBShardGroup"

#: What an instance takes its network from, where it names no subnet group: its cluster, or what it is a copy of.
FOLLOWED: Final = (
    "DBClusterIdentifier",
    "SourceDBClusterIdentifier",
    "SourceDBInstanceIdentifier",
    "SourceDbiResourceId",
    "SourceDBInstanceAutomatedBackupsArn",
)


def check(database: View) -> Iterator[Problem]:
    """Judge a DB instance, a DB cluster or a shard group."""
    if database.flag(PROPERTY, default=False):
        yield Problem(place(PROPERTY), "found true, expected false: the database gets a public address")
        return
    if not isinstance(database.peek(PROPERTY), Absent):
        return
    if in_default_vpc(database):
        yield Problem(
            place(PROPERTY),
            "is absent, as is DBSubnetGroupName: the database then stands in the default VPC, which has an internet "
            "gateway, and RDS gives it a public address; expected false",
        )
        return
    route = _way_in(database) if database.type == INSTANCE else None
    if route is not None:
        yield Problem(
            place(PROPERTY),
            "is absent, and RDS then gives the database a public address, because its network has an internet "
            f"gateway, to which {route.logical_id} leads from its subnet; expected false",
        )


def in_default_vpc(database: View) -> bool:
    """Whether a database certainly stands in the default VPC: nothing says where else it would.

    Args:
        database: an AWS::RDS::DBInstance, or an AWS::RDS::DBCluster, of which only Multi-AZ clusters count.
    """
    if not isinstance(database.peek("DBSubnetGroupName"), Absent):
        return False
    if database.type == INSTANCE:
        return all(isinstance(database.peek(name), Absent) for name in FOLLOWED)
    return (
        database.type == CLUSTER
        and not isinstance(database.peek("DBClusterInstanceClass"), Absent)
        and isinstance(database.peek("ReplicationSourceIdentifier"), Absent)
    )


def _way_in(database: View) -> View | None:
    """Give a route between the internet and a database's subnets, as far as they stand in the assembly."""
    at = database
    if isinstance(database.peek("DBSubnetGroupName"), Absent):
        cluster = _named(database, "DBClusterIdentifier", CLUSTER)
        if cluster is None:
            return None
        at = cluster
    group = _named(at, "DBSubnetGroupName", SUBNET_GROUP)
    if group is None or isinstance(group.peek("SubnetIds"), Unknown):
        return None
    for _, subnet in subnets_of(group, "SubnetIds"):
        if subnet is not None:
            route = next(filter(leads_to_internet_gateway, routes_of(subnet)), None)
            if route is not None:
                return route
    return None


def _named(resource: View, name: str, kind: str) -> View | None:
    value = resource.peek(name)
    return resource.named(value, kind) if isinstance(value, str) else None


RULE = Rule(
    id="network.rds-not-public",
    severity="fatal",
    title="RDS databases have no public address",
    why="A database with a public address is one security group mistake away from everyone who scans the internet.",
    fix="set PubliclyAccessible: false (CDK: publicly_accessible=False)",
    types=(INSTANCE, CLUSTER, SHARD_GROUP),
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("RDS.2",), "CIS AWS Foundations 5.0": ("2.2.3",)},
    source="RDS API reference, CreateDBInstance and CreateDBCluster, PubliclyAccessible",
    cdk='rds.DatabaseInstance(self, "Orders", engine=engine, vpc=vpc, publicly_accessible=False)',
    example={"Orders": {"Type": INSTANCE, "Properties": {"PubliclyAccessible": False}}},
)
