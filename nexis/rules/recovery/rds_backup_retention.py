"""RDS keeps automated backups for a week or more; our own baseline for two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.rds_limits import LEAST_BACKUP_DAYS
from nexis.rules import _rds
from nexis.rules.requirements import Requirement, at_least, property_rule

if TYPE_CHECKING:
    from nexis.rules.model import Rule

#: Source: AWS Security Hub User Guide, RDS.11: backup retention of seven days or more.
LEAST_DAYS: Final = 7


def _requirements(days: int) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(
            type=kind,
            path=("BackupRetentionPeriod",),
            accepts=at_least(days),
            expected=f"{days} days or more (35 at most)",
            absent="RDS then keeps backups for 1 day",
            source=f"CloudFormation reference, {kind} BackupRetentionPeriod",
            as_of="2026-11-23",
            example=days,
        )
        for kind in (_rds.INSTANCE, _rds.CLUSTER)
    )


RETENTION = property_rule(
    rule_id="recovery.rds-backup-retention",
    title="RDS keeps automated backups for a week or more",
    why="Damage is often noticed days later; without a backup from before it there is nothing to go back to.",
    requirements=_requirements(LEAST_DAYS),
    fix=f"set BackupRetentionPeriod to {LEAST_DAYS} or more (CDK: backup_retention=Duration.days({LEAST_BACKUP_DAYS}))",
    cdk=f"""
rds.DatabaseInstance(
    self, "Database", engine=engine, vpc=vpc, backup_retention=Duration.days({LEAST_BACKUP_DAYS})
)
""",
    source="RDS User Guide, Backup retention period",
    applies=_rds.decides_for_itself,
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("CC7.5", "A1.2"), "AWS FSBP": ("RDS.11",), "NIST 800-53 r5": ("CP-9",)},
)

TWO_WEEKS = property_rule(
    rule_id="recovery.rds-backup-two-weeks",
    title="RDS keeps automated backups for two weeks or more",
    why="Damage that is noticed after a holiday is beyond repair when the backups before it are gone.",
    requirements=_requirements(LEAST_BACKUP_DAYS),
    fix=f"set BackupRetentionPeriod to {LEAST_BACKUP_DAYS} or more (CDK: ManagedDatabase does)",
    cdk=f"""
rds.DatabaseInstance(
    self, "Database", engine=engine, vpc=vpc, backup_retention=Duration.days({LEAST_BACKUP_DAYS})
)
""",
    source="RDS User Guide, Backup retention period",
    applies=_rds.decides_for_itself,
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("CC7.5", "A1.2")},
    scope="baseline",  # the frameworks are content with a week
)

RULES: tuple[Rule, ...] = (RETENTION, TWO_WEEKS)
