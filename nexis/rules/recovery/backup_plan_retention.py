"""Backup plans keep what they make as long as backups are promised."""

from __future__ import annotations

from nexis.facts.rds_limits import LEAST_BACKUP_DAYS
from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, at_least, requiring, types_of

REQUIREMENTS = (
    Requirement(
        type="AWS::Backup::BackupPlan",
        path=("BackupPlan", "BackupPlanRule", "*", "Lifecycle", "DeleteAfterDays"),
        accepts=at_least(LEAST_BACKUP_DAYS),
        expected=f"{LEAST_BACKUP_DAYS} or more, or nothing",
        absent="",  # kept for ever
        source="CloudFormation reference, AWS::Backup::BackupPlan LifecycleResourceType",
        as_of="2026-11-23",
    ),
)

RULE = Rule(
    id="recovery.backup-plan-retention",
    severity="error",
    title=f"Backup plans keep recovery points for {LEAST_BACKUP_DAYS} days or more",
    why="A mistake that nobody sees for a week is beyond repair when the backups before it are gone.",
    fix=f"set Lifecycle.DeleteAfterDays to {LEAST_BACKUP_DAYS} or more (CDK: delete_after=Duration.days(35))",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("A1.2", "CC7.5")},
    source="AWS Backup Developer Guide, Backup plan options and configuration (lifecycle)",
)
