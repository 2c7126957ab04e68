"""AWS::Backup::BackupSelection, and what MiniStack's vaults forget."""

from __future__ import annotations

import json

from local_aws import api
from local_aws.answers.backup import LOCK_MEMBERS, set_key, set_lock, vault_record
from local_aws.mends import Attributes, MendedType, NewType, Place, Properties, changed


def create_selection(properties: Properties, place: Place) -> tuple[str, Attributes]:
    """CreateBackupSelection; Ref is the documented `selection_plan`."""
    del place
    plan = properties["BackupPlanId"]
    answer = api.call(
        "backup", "CreateBackupSelection", BackupPlanId=plan, BackupSelection=properties["BackupSelection"]
    )
    identity = f"{answer['SelectionId']}_{plan}"
    return identity, {"Id": identity, "SelectionId": answer["SelectionId"], "BackupPlanId": plan}


def delete_selection(identity: str, properties: Properties) -> None:
    """DeleteBackupSelection."""
    del properties
    selection, _, plan = identity.partition("_")
    api.call_forgiving("backup", "DeleteBackupSelection", BackupPlanId=plan, SelectionId=selection)


def finish_vault(name: str, old: Properties, new: Properties) -> Attributes:
    """Key, access policy, lock and notifications."""
    record = vault_record(name)
    set_key(record)
    if changed(old, new, "AccessPolicy"):
        policy = new.get("AccessPolicy")
        record["_Policy"] = policy if isinstance(policy, str) or policy is None else json.dumps(policy)
    if changed(old, new, "Notifications"):
        record["_Notifications"] = new.get("Notifications")
    if changed(old, new, "LockConfiguration"):
        for member in LOCK_MEMBERS:
            record.pop(member, None)
        record["Locked"] = False
        if new.get("LockConfiguration"):
            set_lock(record, new["LockConfiguration"])
    return {}


NEW_TYPES = {
    "AWS::Backup::BackupSelection": NewType(
        create_selection, delete_selection, replaces=("BackupPlanId", "BackupSelection")
    )
}
MENDED_TYPES = {"AWS::Backup::BackupVault": MendedType(finish_vault)}
