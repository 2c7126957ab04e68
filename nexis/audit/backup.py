"""AWS Backup: vaults, plans, selections.

Source: AWS Backup API Reference, the operations called here; CloudFormation resource reference, AWS::Backup::*.
"""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import policy, renamed, same, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nexis.audit.model import Aws, Wanted

VAULT: Final = "AWS::Backup::BackupVault"
PLAN: Final = "AWS::Backup::BackupPlan"
SELECTION: Final = "AWS::Backup::BackupSelection"
TYPES: Final = (VAULT, PLAN, SELECTION)

NO_VAULT: Final = ("ResourceNotFoundException",)


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read vaults and plans by name, and the plans that protect the wanted databases.

    Args:
        aws: who is asked.
        wanted: resources by id, and databases whose backups are wanted.
    """
    return [*_vaults(aws, wanted), *_plans(aws, wanted)]


def _vaults(aws: Aws, wanted: Wanted) -> list[Live]:
    names = wanted.of(VAULT)
    if not names and not wanted.everything:
        return []
    existing = {answer["BackupVaultName"] for answer in aws.pages("backup", "list_backup_vaults", "BackupVaultList")}

    def ask(name: str) -> Live:
        answer = aws.call("backup", "describe_backup_vault", BackupVaultName=name)
        access = aws.call("backup", "get_backup_vault_access_policy", BackupVaultName=name, absent=NO_VAULT)
        return vault(answer, (access or {}).get("Policy"))

    return list(aws.each(ask, sorted(existing if wanted.everything else existing & names)))


def vault(answer: Mapping[str, Any], access: str | None) -> Live:
    """Read a vault.

    Args:
        answer: of DescribeBackupVault.
        access: of GetBackupVaultAccessPolicy, if there is one.
    """
    name = answer["BackupVaultName"]
    properties = same(answer, "BackupVaultName", "EncryptionKeyArn")
    if access:
        properties["AccessPolicy"] = policy(access)
    if answer.get("Locked"):
        properties["LockConfiguration"] = same(answer, "MinRetentionDays", "MaxRetentionDays")
    return Live(
        type=VAULT,
        identity=name,
        name=f"backup-vault:{name}",
        properties=properties,
        attributes={answer["BackupVaultArn"]: "BackupVaultArn"},
    )


def _plans(aws: Aws, wanted: Wanted) -> list[Live]:
    if not (wanted.everything or wanted.databases or wanted.of(PLAN, SELECTION)):
        return []
    listed = aws.pages("backup", "list_backup_plans", "BackupPlansList")

    def ask(item: Mapping[str, Any]) -> list[Live]:
        identity = item["BackupPlanId"]
        selections = [
            selection(identity, s["SelectionId"], _selection(aws, identity, s["SelectionId"]))
            for s in aws.pages("backup", "list_backup_selections", "BackupSelectionsList", BackupPlanId=identity)
        ]
        if not (
            wanted.has(PLAN, identity)
            or any(set(s.attributes) & wanted.of(SELECTION) or protects(s, wanted.databases) for s in selections)
        ):
            return []
        return [plan(aws.call("backup", "get_backup_plan", BackupPlanId=identity)), *selections]

    return [live for found in aws.each(ask, listed) for live in found]


def _selection(aws: Aws, plan_id: str, identity: str) -> Mapping[str, Any]:
    answer: dict[str, Any] = aws.call("backup", "get_backup_selection", BackupPlanId=plan_id, SelectionId=identity)
    return answer.get("BackupSelection") or {}


def plan(answer: Mapping[str, Any]) -> Live:
    """Read a plan as GetBackupPlan answers it."""
    document = answer["BackupPlan"]
    shaped = renamed(
        document,
        {"BackupPlanName": "BackupPlanName", "AdvancedBackupSettings": "AdvancedBackupSettings"},
    )
    shaped["BackupPlanRule"] = [
        without_empty(
            renamed(
                rule,
                {
                    "RuleName": "RuleName",
                    "TargetBackupVaultName": "TargetBackupVault",
                    "ScheduleExpression": "ScheduleExpression",
                    "StartWindowMinutes": "StartWindowMinutes",
                    "CompletionWindowMinutes": "CompletionWindowMinutes",
                    "EnableContinuousBackup": "EnableContinuousBackup",
                    "CopyActions": "CopyActions",
                    "Lifecycle": "Lifecycle",
                },
            )
        )
        for rule in document.get("Rules") or ()
    ]
    identity = answer["BackupPlanId"]
    return Live(
        type=PLAN,
        identity=identity,
        properties={"BackupPlan": without_empty(shaped)},
        attributes={identity: "BackupPlanId", answer["BackupPlanArn"]: "BackupPlanArn"},
    )


def selection(plan_id: str, identity: str, answer: Mapping[str, Any]) -> Live:
    """Read what a plan backs up.

    Args:
        plan_id: of the plan.
        identity: of the selection.
        answer: the BackupSelection of GetBackupSelection.
    """
    shaped = same(answer, "SelectionName", "IamRoleArn", "Resources", "NotResources")
    shaped["ListOfTags"] = answer.get("ListOfTags") or []
    conditions = {kind: tests for kind, tests in (answer.get("Conditions") or {}).items() if tests}
    shaped["Conditions"] = conditions
    # CloudFormation joins both ids, in either order by the age of the stack.
    names = (identity, f"{identity}_{plan_id}", f"{plan_id}_{identity}", f"{plan_id}|{identity}")
    return Live(
        type=SELECTION,
        identity=identity,
        properties={"BackupPlanId": plan_id, "BackupSelection": without_empty(shaped)},
        attributes=dict.fromkeys(names, ""),
        stands_for=tuple((SELECTION, name) for name in names[1:]),
        handles={"BackupPlanId": plan_id},
    )


def protects(live: Live, databases: Iterable[str]) -> bool:
    """Whether a selection may take a database in: by ARN, by pattern, or by tags alone.

    Args:
        live: the selection.
        databases: ARNs.
    """
    patterns = live.properties["BackupSelection"].get("Resources") or ("*",)
    return any(fnmatch.fnmatchcase(arn, pattern) for arn in databases for pattern in patterns)
