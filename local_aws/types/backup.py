"""AWS::Backup::BackupSelection, and the vault that must be empty."""

from __future__ import annotations

from local_aws import api
from local_aws.mends import Attributes, NewType, Place, Properties


def create_selection(properties: Properties, place: Place) -> tuple[str, Attributes]:
    """CreateBackupSelection; Ref is the documented `selection_plan`."""
    del place
    plan = properties["BackupPlanId"]
    answer = api.call("backup", "CreateBackupSelection", BackupPlanId=plan, BackupSelection=properties["BackupSelection"])
    identity = f"{answer['SelectionId']}_{plan}"
    return identity, {"Id": identity, "SelectionId": answer["SelectionId"], "BackupPlanId": plan}


def delete_selection(identity: str, properties: Properties) -> None:
    """DeleteBackupSelection."""
    del properties
    selection, _, plan = identity.partition("_")
    api.call_forgiving("backup", "DeleteBackupSelection", BackupPlanId=plan, SelectionId=selection)


NEW_TYPES = {
    "AWS::Backup::BackupSelection": NewType(create_selection, delete_selection, replaces=("BackupPlanId", "BackupSelection"))
}
