"""RDS keeps automated backups for two weeks or more."""

from __future__ import annotations

from typing import Final

from nexis.facts.rds_limits import LEAST_BACKUP_DAYS
from nexis.rules import _rds
from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, at_least, requiring, types_of

LEAST_DAYS: Final = LEAST_BACKUP_DAYS

REQUIREMENTS = tuple(
    Requirement(
        type=kind,
        path=("BackupRetentionPeriod",),
        accepts=at_least(LEAST_DAYS),
        expected=f"{LEAST_DAYS} days or more (35 at most)",
        absent="RDS then keeps backups for 1 day",
        source=f"CloudFormation reference, {kind} BackupRetentionPeriod",
        as_of="2026-11-23",
    )
    for kind in (_rds.INSTANCE, _rds.CLUSTER)
)

RULE = Rule(
    id="recovery.rds-backup-retention",
    severity="error",
    title="RDS keeps automated backups for two weeks or more",
    why="Damage is often noticed days later; without a backup from before it there is nothing to go back to.",
    fix=f"set BackupRetentionPeriod to {LEAST_DAYS} or more (CDK: backup_retention=Duration.days({LEAST_DAYS}))",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    applies=_rds.decides_for_itself,
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("CC7.5", "A1.2"), "AWS FSBP": ("RDS.11",)},
    source="RDS User Guide, Backup retention period",
)
