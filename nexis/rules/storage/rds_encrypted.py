"""RDS storage is encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules import _rds
from nexis.rules.model import Problem, Rule
from nexis.rules.requirements import Requirement, is_true
from nexis.rules.storage._at_rest import is_named
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

REQUIREMENTS: Final = {
    kind: Requirement(
        type=kind,
        path=("StorageEncrypted",),
        accepts=is_true,
        expected="true",
        absent=absent,
        source=f"CloudFormation reference, {kind} StorageEncrypted",
        as_of="2026-11-23",
    )
    for kind, absent in (
        (_rds.INSTANCE, "RDS then leaves the instance's storage unencrypted"),
        (_rds.CLUSTER, "the template then promises no encryption of the cluster's storage"),
        (_rds.GLOBAL_CLUSTER, "the template then promises no encryption of the global database"),
    )
}


#: Aurora Serverless v1 encrypts every cluster. Source: Aurora User Guide, "Using Amazon Aurora Serverless v1"; as of
#: 2026-11-23.
SERVERLESS_V1: Final = "serverless"


def applies(database: View) -> bool:
    """Leave out members of clusters: Aurora's instances, which have no storage of their own, among them."""
    aurora = database.type == _rds.INSTANCE and str(database.peek("Engine")).lower().startswith("aurora")
    return not aurora and not _rds.is_cluster_member(database)


def check(database: View) -> Iterator[Problem]:
    """Ask for encryption, stated or taken from a source in the same assembly."""
    if isinstance(database.get("StorageEncrypted"), Absent):
        if database.type == _rds.CLUSTER and database.literal("EngineMode") == SERVERLESS_V1:
            return
        source = _rds.source_property(database)
        if source is not None:
            yield from _inherited(database, source)
            return
        snapshot = _rds.snapshot_property(database)
        if snapshot is not None:
            raise Undetermined(
                place("StorageEncrypted"),
                f"it follows the snapshot in {snapshot}; state StorageEncrypted: true if the snapshot is encrypted "
                "(copy it with a key if it is not)",
            )
    yield from REQUIREMENTS[database.type].problems(database)


def _inherited(database: View, source: str) -> Iterator[Problem]:
    """Judge a copy by what it copies: AWS lets neither a replica nor a point in time differ from it."""
    try:
        original = _rds.source_of(database, source)
    except Undetermined:
        if is_named(database, "KmsKeyId"):
            return  # AWS refuses a key for the copy of what is not encrypted
        raise
    try:
        problems = list(REQUIREMENTS[original.type].problems(original))
    except Undetermined as opened:
        raise Undetermined(place(source), f"{original.logical_id}.{opened.path}: {opened.reason}") from opened
    for problem in problems:
        yield Problem(place(source), f"is a copy of {original.logical_id}, whose StorageEncrypted {problem.message}")


RULE = Rule(
    id="storage.rds-encrypted",
    severity="fatal",
    title="RDS storage is encrypted",
    why="Data, backups, replicas and snapshots of an unencrypted database lie readable on AWS's disks.",
    fix="set StorageEncrypted: true (CDK: storage_encrypted=True); existing storage is encrypted by copying a snapshot",
    types=tuple(REQUIREMENTS),
    check=check,
    applies=applies,
    claims=("storage.at-rest",),
    controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("RDS.3", "RDS.27")},
    source="Amazon RDS User Guide, Encrypting Amazon RDS resources",
    cdk='rds.DatabaseInstance(self, "Database", vpc=vpc, storage_encrypted=True,\n'
    "    engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17))",
    example={
        "Database": {"Type": _rds.INSTANCE, "Properties": {"Engine": "postgres", "StorageEncrypted": True}},
        "Cluster": {"Type": _rds.CLUSTER, "Properties": {"Engine": "aurora-postgresql", "StorageEncrypted": True}},
    },
)
