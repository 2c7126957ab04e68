"""RDS databases say that they have no public address, or stand where RDS gives them none.

Asked of our own baseline. Without `PubliclyAccessible` RDS decides by the network: public if the VPC of the subnet
group (without a subnet group: the default VPC, which has an internet gateway from the start) has an internet gateway
attached. So absence is followed through the subnet group to the VPC and its attachments. What certainly stands in the
default VPC is `network.rds-not-public`. Aurora clusters have no such property; their instances have.

Source: RDS API reference, CreateDBInstance and CreateDBCluster, PubliclyAccessible, read 2026-11-23; Amazon VPC User
Guide, "Default VPCs".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.model import Problem, Rule
from nexis.rules.network._links import SUBNET_GROUP, VPC, internet_attachments, subnets_of
from nexis.rules.network.rds_not_public import CLUSTER, PROPERTY, in_default_vpc
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(database: View) -> Iterator[Problem]:
    """Judge a DB instance or a DB cluster."""
    if not isinstance(database.get(PROPERTY), Absent) or _is_aurora_cluster(database) or in_default_vpc(database):
        return
    gateway = _gateway_of(database)
    if gateway is not None:
        yield Problem(
            place(PROPERTY),
            f"is absent, and RDS then gives the database a public address, because {gateway}; expected false",
        )


def _is_aurora_cluster(database: View) -> bool:
    if database.type != CLUSTER:
        return False
    engine = database.literal("Engine")
    return not isinstance(engine, Absent) and engine.lower().startswith(("aurora", "neptune", "docdb"))


def _gateway_of(database: View) -> str | None:
    """Say through which internet gateway the database would be public; None if through none."""
    at = database
    if database.type != CLUSTER and isinstance(database.get("DBSubnetGroupName"), Absent):
        cluster = database.target("DBClusterIdentifier", types=(CLUSTER,))
        if cluster is not None:
            at = cluster
        elif not isinstance(database.get("DBClusterIdentifier"), Absent):
            raise Undetermined(place(PROPERTY), "it is absent, and the instance's cluster is not in these templates")
        elif not isinstance(database.get("SourceDBInstanceIdentifier"), Absent):
            raise Undetermined(place(PROPERTY), "it is absent, and a replica takes the network of its source")
    if isinstance(at.get("DBSubnetGroupName"), Absent):
        return "it stands in the default VPC, which has an internet gateway"
    group = at.target("DBSubnetGroupName", types=(SUBNET_GROUP,))
    if group is None:
        raise Undetermined(place(PROPERTY), "it is absent, and the subnet group is not in these templates")
    for _, subnet in subnets_of(group, "SubnetIds"):
        vpc = None if subnet is None else subnet.target("VpcId", types=(VPC,))
        if vpc is None:
            raise Undetermined(place(PROPERTY), "it is absent, and the VPC of the subnets is not in these templates")
        for attachment in internet_attachments(vpc):
            return f"{attachment.logical_id} attaches an internet gateway to its VPC {vpc.logical_id}"
    return None


RULE = Rule(
    id="network.rds-states-not-public",
    severity="error",
    title="RDS databases say that they have no public address, or stand where RDS gives them none",
    why="A database with a public address is one security group mistake away from everyone who scans the internet.",
    fix="set PubliclyAccessible: false (CDK: publicly_accessible=False)",
    types=("AWS::RDS::DBInstance", CLUSTER),
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("RDS.2",)},
    source="RDS API reference, CreateDBInstance and CreateDBCluster, PubliclyAccessible",
    cdk='rds.DatabaseInstance(self, "Orders", engine=engine, vpc=vpc, publicly_accessible=False)',
    example={"Orders": {"Type": "AWS::RDS::DBInstance", "Properties": {"PubliclyAccessible": False}}},
    scope="baseline",
)
