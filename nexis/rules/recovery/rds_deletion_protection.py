"""RDS databases cannot be deleted by one call."""

from __future__ import annotations

from nexis.rules import _rds
from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, example_of, is_true, requiring, types_of

REQUIREMENTS = tuple(
    Requirement(
        type=kind,
        path=("DeletionProtection",),
        accepts=is_true,
        expected="true",
        absent="RDS then deletes the database when asked once",
        source=f"CloudFormation reference, {kind} DeletionProtection",
        as_of="2026-11-23",
        example=True,
    )
    for kind in (_rds.INSTANCE, _rds.CLUSTER, _rds.GLOBAL_CLUSTER)
)

RULE = Rule(
    id="recovery.rds-deletion-protection",
    severity="error",
    title="RDS databases cannot be deleted by one call",
    why="A mistyped command, a removed line or a stolen credential would delete the database with its backups.",
    fix="set DeletionProtection: true (CDK: deletion_protection=True)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    applies=lambda database: not _rds.is_cluster_member(database),
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("RDS.7", "RDS.8")},
    source="RDS User Guide, Deleting a DB instance: deletion protection",
    cdk='rds.DatabaseInstance(self, "Database", engine=engine, vpc=vpc, deletion_protection=True)',
    example=example_of(*REQUIREMENTS),
)
