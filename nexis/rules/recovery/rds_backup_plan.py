"""RDS databases are in a backup plan of AWS Backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules import _rds
from nexis.rules.model import Problem, Rule
from nexis.rules.recovery._backup_selections import SELECTION, is_selected
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(database: View) -> Iterator[Problem]:
    """Look for a selection in the assembly that takes the database in."""
    if not is_selected(database):
        yield Problem(
            place(),
            f"no {SELECTION} in these templates takes it in, by ARN or by tags; expected one, so that backups also lie "
            "outside the database's own reach",
        )


RULE = Rule(
    id="recovery.rds-backup-plan",
    severity="error",
    title="RDS databases are in a backup plan of AWS Backup",
    why="RDS's own backups go with the instance and its account rights; a vault of its own keeps copies out of reach.",
    fix="name the database's ARN in Resources of an AWS::Backup::BackupSelection, or give it the tags that one asks "
    "for (CDK: plan.add_selection(…, resources=[backup.BackupResource.from_rds_database_instance(…)]))",
    types=(_rds.INSTANCE, _rds.CLUSTER),
    check=check,
    applies=_rds.decides_for_itself,
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("CC7.5", "A1.2"), "AWS FSBP": ("RDS.26",)},
    source="AWS Backup Developer Guide, Assigning resources to a backup plan",
    cdk="""
plan.add_selection("Databases", resources=[backup.BackupResource.from_rds_database_instance(database)])
""",
    example={
        "Database": {"Type": _rds.INSTANCE, "Properties": {"Engine": "postgres"}},
        "Selection": {
            "Type": SELECTION,
            "Properties": {
                "BackupPlanId": "plan",
                "BackupSelection": {
                    "SelectionName": "databases",
                    "IamRoleArn": "arn:aws:iam::111111111111:role/backup",
                    "Resources": [{"Fn::GetAtt": ["Database", "DBInstanceArn"]}],
                },
            },
        },
    },
    scope="baseline",  # the frameworks are content with RDS's own backups
)
