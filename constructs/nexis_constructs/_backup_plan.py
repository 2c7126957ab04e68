"""Daily backups of one RDS instance through AWS Backup, in a vault of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aws_cdk import Aws
from aws_cdk import aws_backup as backup
from constructs import Construct

from nexis.facts.rds_limits import LEAST_BACKUP_DAYS
from nexis_constructs._checks import check_between, removal_policy
from nexis_constructs._roles import allow, service_role
from nexis_constructs.customer_key import CustomerKey

if TYPE_CHECKING:
    from aws_cdk import aws_rds as rds

MOST_VAULT_DAYS: Final = 3650

DAILY: Final = "cron(0 6 * * ? *)"
"""Six o'clock UTC, hours away from RDS's own backup and maintenance windows, near which AWS Backup cannot start."""


class BackupPlan(Construct):
    """An AWS Backup vault, plan and selection for one RDS instance, with a role that can back up nothing else.

    A vault that is retained is locked in governance mode: nobody deletes a backup early without lifting the lock first.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        name: name of the vault and the plan.
        instance: the RDS instance.
        storage_key: the key of the instance's storage, in which RDS encrypts the snapshots too.
        keep_days: days each backup is kept.
        retain: whether the vault and its key outlive the stack.

    Attributes:
        vault: the vault.
        plan: the plan.
        role: the role that makes the backups.

    Raises:
        ValueError: if backups would be kept too short a time.

    Source: AWS Backup Developer Guide, "AWS Backup Vault Lock", "Encryption for backups in AWS Backup" and "Managed
    policies for AWS Backup", Customer managed policies, Amazon RDS; AWS Managed Policy Reference Guide,
    AWSBackupServiceRolePolicyForBackup (of which this role has the part for RDS instances).
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        instance: rds.CfnDBInstance,
        storage_key: CustomerKey,
        keep_days: int = 35,
        retain: bool = True,
    ) -> None:
        check_between("keep_days", keep_days, least=LEAST_BACKUP_DAYS, most=MOST_VAULT_DAYS, unit="days")
        super().__init__(scope, construct_id)
        key = CustomerKey(self, "Key", purpose="backup vault", retain=retain)
        key.allow_via_service("backup")
        self.vault = backup.CfnBackupVault(
            self,
            "Vault",
            backup_vault_name=name,
            encryption_key_arn=key.key_arn,
            lock_configuration=backup.CfnBackupVault.LockConfigurationTypeProperty(min_retention_days=LEAST_BACKUP_DAYS)
            if retain
            else None,
        )
        self.vault.apply_removal_policy(removal_policy(retain=retain))
        plan = backup.CfnBackupPlan
        self.plan = plan(
            self,
            "Plan",
            backup_plan=plan.BackupPlanResourceTypeProperty(
                backup_plan_name=name,
                backup_plan_rule=[
                    plan.BackupRuleResourceTypeProperty(
                        rule_name="daily",
                        target_backup_vault=self.vault.ref,
                        schedule_expression=DAILY,
                        start_window_minutes=60,
                        completion_window_minutes=360,
                        lifecycle=plan.LifecycleResourceTypeProperty(delete_after_days=keep_days),
                    )
                ],
            ),
        )
        # AWS Backup names the snapshots itself: awsbackup:job-<id>.
        snapshots = f"arn:{Aws.PARTITION}:rds:{Aws.REGION}:{Aws.ACCOUNT_ID}:snapshot:awsbackup:*"
        # The trust has no aws:SourceAccount: AWS Backup does not document that it sends one, and a backup that cannot
        # start is the greater loss. Only principals of this account with iam:PassRole can hand AWS Backup this role.
        self.role = service_role(
            self,
            "Role",
            service="backup.amazonaws.com",
            description="Backs up one RDS instance",
            statements=[
                allow(
                    [
                        "rds:CreateDBSnapshot",
                        "rds:DescribeDBInstances",
                        "rds:DescribeDBSnapshots",
                        "rds:ListTagsForResource",
                    ],
                    [instance.attr_db_instance_arn],
                ),
                allow(
                    [
                        "rds:AddTagsToResource",
                        "rds:CreateDBSnapshot",
                        "rds:DeleteDBSnapshot",
                        "rds:DescribeDBSnapshots",
                        "rds:ListTagsForResource",
                    ],
                    [snapshots],
                ),
                allow(["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"], [self.vault.attr_backup_vault_arn]),
                allow(["kms:DescribeKey"], [storage_key.key_arn, key.key_arn]),
            ],
        )
        backup.CfnBackupSelection(
            self,
            "Selection",
            backup_plan_id=self.plan.attr_backup_plan_id,
            backup_selection=backup.CfnBackupSelection.BackupSelectionResourceTypeProperty(
                selection_name=name, iam_role_arn=self.role.attr_arn, resources=[instance.attr_db_instance_arn]
            ),
        )
