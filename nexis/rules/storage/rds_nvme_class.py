"""RDS instances have local NVMe disks for temporary data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.rds_classes import has_local_nvme, nearest_classes
from nexis.rules import _rds
from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

PROPERTY = {_rds.INSTANCE: "DBInstanceClass", _rds.CLUSTER: "DBClusterInstanceClass"}

SERVERLESS = "db.serverless"
SMALL = "db.r6gd.xlarge"


def applies(database: View) -> bool:
    """Judge instances, and clusters that have a class of their own (Multi-AZ; Aurora's have it on the instances)."""
    if database.type == _rds.INSTANCE or not isinstance(database.peek(PROPERTY[_rds.CLUSTER]), Absent):
        return True
    return not _rds.is_aurora(_rds.engine_of(database))


def check(database: View) -> Iterator[Problem]:
    """Look the class up; a copy that names none has its source's."""
    name = PROPERTY[database.type]
    found = database.literal(name)
    if not isinstance(found, Absent):
        if not has_local_nvme(found):
            # db.serverless has no size to be near to.
            near = ", ".join(nearest_classes(SMALL if found == SERVERLESS else found))
            yield Problem(place(name), f"found {found!r}, which has no local NVMe disk; expected for instance {near}")
        return
    source = _rds.source_property(database)
    if source is not None:
        original = _rds.source_of(database, source)
        inherited = original.literal(PROPERTY[original.type])
        if not isinstance(inherited, Absent):
            if not has_local_nvme(inherited):
                yield Problem(
                    place(name),
                    f"is absent, and {original.logical_id}'s class {inherited!r} has no local NVMe disk; expected for "
                    f"instance {', '.join(nearest_classes(inherited))}",
                )
            return
    snapshot = _rds.snapshot_property(database)
    if source is not None or snapshot is not None:
        raise Undetermined(place(name), f"it follows what stands in {source or snapshot}; name the class")
    yield Problem(place(name), "is absent; expected a class with local NVMe, such as db.m6gd.large")


RULE = Rule(
    id="storage.rds-nvme-class",
    severity="error",
    title="RDS instances have local NVMe disks for temporary data",
    why="On other classes temporary files go to network storage; the NVMe disks are encrypted with keys that never "
    "leave the machine.",
    fix="set DBInstanceClass (Multi-AZ clusters: DBClusterInstanceClass) to a class with local NVMe, such as "
    "db.m6gd.large (CDK: instance_type=ec2.InstanceType('m6gd.large'))",
    types=tuple(PROPERTY),
    check=check,
    applies=applies,
    claims=("storage.nvme",),
    controls={"SOC 2": ("CC6.1",)},
    source="RDS User Guide, Improving query performance for RDS for PostgreSQL with Amazon RDS Optimized Reads",
    cdk='rds.DatabaseInstance(self, "Database", vpc=vpc, instance_type=ec2.InstanceType("m6gd.large"),\n'
    "    engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17))",
    example={
        "Database": {"Type": _rds.INSTANCE, "Properties": {"Engine": "postgres", "DBInstanceClass": "db.m6gd.large"}}
    },
    # RDS keeps its data on EBS, encrypted or not by StorageEncrypted; the local disks hold temporary data only.
    scope="baseline",
)
