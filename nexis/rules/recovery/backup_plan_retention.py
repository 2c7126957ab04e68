"""Backup plans keep what they make for a week or more; our own baseline as long as backups are promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.rds_limits import LEAST_BACKUP_DAYS
from nexis.rules.requirements import Requirement, at_least, property_rule

if TYPE_CHECKING:
    from nexis.rules.model import Rule

#: As long as RDS is asked to keep its own. Source: AWS Security Hub User Guide, RDS.11.
LEAST_DAYS: Final = 7


def _requirements(days: int) -> tuple[Requirement, ...]:
    return (
        Requirement(
            type="AWS::Backup::BackupPlan",
            path=("BackupPlan", "BackupPlanRule", "*", "Lifecycle", "DeleteAfterDays"),
            accepts=at_least(days),
            expected=f"{days} or more, or nothing",
            absent="",  # kept for ever
            source="CloudFormation reference, AWS::Backup::BackupPlan LifecycleResourceType",
            as_of="2026-11-23",
            example=35,
        ),
    )


WEEK = property_rule(
    rule_id="recovery.backup-plan-week",
    title=f"Backup plans keep recovery points for {LEAST_DAYS} days or more",
    why="A mistake that nobody sees over a long weekend is beyond repair when the backups before it are gone.",
    requirements=_requirements(LEAST_DAYS),
    fix="set Lifecycle.DeleteAfterDays to 35 (CDK: delete_after=Duration.days(35))",
    cdk="plan.add_rule(backup.BackupPlanRule(delete_after=Duration.days(35)))",
    source="AWS Backup Developer Guide, Backup plan options and configuration (lifecycle)",
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("A1.2", "CC7.5"), "NIST 800-53 r5": ("CP-9",)},
)

LONG_ENOUGH = property_rule(
    rule_id="recovery.backup-plan-retention",
    title=f"Backup plans keep recovery points for {LEAST_BACKUP_DAYS} days or more",
    why="A mistake that nobody sees for a week is beyond repair when the backups before it are gone.",
    requirements=_requirements(LEAST_BACKUP_DAYS),
    fix=f"set Lifecycle.DeleteAfterDays to {LEAST_BACKUP_DAYS} or more (CDK: delete_after=Duration.days(35))",
    cdk="plan.add_rule(backup.BackupPlanRule(delete_after=Duration.days(35)))",
    source="AWS Backup Developer Guide, Backup plan options and configuration (lifecycle)",
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("A1.2", "CC7.5")},
    scope="baseline",  # other data may be worth less
)

RULES: tuple[Rule, ...] = (WEEK, LONG_ENOUGH)
