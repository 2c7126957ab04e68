"""RDS databases survive the loss of a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules import _rds
from nexis.rules.model import Problem, Rule
from nexis.rules.requirements import Requirement, is_true
from nexis.templates.values import Unknown
from nexis.templates.views import Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

INSTANCE = Requirement(
    type=_rds.INSTANCE,
    path=("MultiAZ",),
    accepts=is_true,
    expected="true",
    absent="RDS then runs the instance in one zone only",
    source="CloudFormation reference, AWS::RDS::DBInstance MultiAZ",
    as_of="2026-11-23",
)


def check(database: View) -> Iterator[Problem]:
    """Ask an instance for its standby, and an Aurora cluster for two instances. Multi-AZ clusters have three zones."""
    if database.type == _rds.INSTANCE:
        yield from INSTANCE.problems(database)
    elif _rds.is_aurora(_rds.engine_of(database)):
        yield from _aurora(database)


def applies(database: View) -> bool:
    """Leave out what has its zones elsewhere: members, replicas, Aurora instances, clusters without instances here."""
    if not _rds.decides_for_itself(database):
        return False
    if database.type == _rds.INSTANCE:
        engine = database.peek("Engine")
        return not (isinstance(engine, str) and _rds.is_aurora(engine.strip().lower()))
    # Serverless v1 has no instances; those of another cluster may stand in a template that is not judged here.
    return database.literal("EngineMode") != "serverless" and bool(_instances(database))


def _instances(cluster: View) -> list[View]:
    """Give the instances that are of this cluster, or may be."""
    return [
        instance
        for instance in cluster.scene.declared(_rds.INSTANCE)
        if isinstance(instance.peek("DBClusterIdentifier"), Unknown)
        or cluster.is_named_by(instance.peek("DBClusterIdentifier"))
    ]


def _aurora(cluster: View) -> Iterator[Problem]:
    members = list(cluster.referrers(_rds.INSTANCE, "DBClusterIdentifier"))
    if len(members) < 2:
        for instance in cluster.scene.views(_rds.INSTANCE):
            link = instance.peek("DBClusterIdentifier")
            if isinstance(link, Unknown):
                raise Undetermined(place(), f"{instance.logical_id} may be one of its instances: {link.reason}")
        found = ", ".join(member.logical_id for member in members) or "none"
        yield Problem(
            place(), f"has fewer than two instances in these templates ({found}); expected two or more, in two zones"
        )
        return
    zones = {str(member.peek("AvailabilityZone")) for member in members}
    named = [member.peek("AvailabilityZone") for member in members]
    if len(zones) == 1 and all(isinstance(zone, str) for zone in named):
        yield Problem(
            place(), f"has all its instances in {zones.pop()}; expected two zones (or no AvailabilityZone: RDS spreads)"
        )


RULE = Rule(
    id="recovery.rds-multi-az",
    severity="error",
    title="RDS databases survive the loss of a zone",
    why="In one zone a fault, or a mere maintenance window, takes the database away for as long as it lasts.",
    fix="set MultiAZ: true (CDK: multi_az=True); give an Aurora cluster a second AWS::RDS::DBInstance",
    types=(_rds.INSTANCE, _rds.CLUSTER),
    check=check,
    applies=applies,
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("RDS.5", "RDS.15")},
    source="RDS User Guide, Configuring and managing a Multi-AZ deployment; Aurora User Guide, High availability",
    cdk='rds.DatabaseInstance(self, "Database", engine=engine, vpc=vpc, multi_az=True)',
    example={"Database": {"Type": _rds.INSTANCE, "Properties": {"Engine": "postgres", "MultiAZ": True}}},
)
