"""Backup vaults: key, access policy, lock and notifications, which MiniStack does not keep.

Source: Backup API Reference, DescribeBackupVault, PutBackupVaultAccessPolicy, PutBackupVaultLockConfiguration,
PutBackupVaultNotifications.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from ministack.services import backup

from local_aws.faults import AwsError
from local_aws.managed_keys import managed_key

if TYPE_CHECKING:
    from local_aws.mends import Properties, RestAnswer, RestCall
    from local_aws.wire import Reply

Record = dict[str, Any]
SECONDS_PER_DAY = 86400
LOCK_MEMBERS = ("MinRetentionDays", "MaxRetentionDays", "LockDate")


def vault_record(name: str) -> Record:
    """The stored vault.

    Args:
        name: The vault.

    Raises:
        AwsError: If there is none.
    """
    record: Record | None = backup._vaults.get(name)
    if record is None:
        raise AwsError("ResourceNotFoundException", f"Backup vault {name} cannot be found.")
    return record


def set_lock(record: Record, asked: Properties) -> None:
    """Lock a vault.

    Args:
        record: The stored vault.
        asked: MinRetentionDays, MaxRetentionDays, ChangeableForDays.
    """
    record["Locked"] = True
    for name in ("MinRetentionDays", "MaxRetentionDays"):
        if asked.get(name) is not None:
            record[name] = int(asked[name])
    if asked.get("ChangeableForDays"):
        record["LockDate"] = int(time.time()) + int(asked["ChangeableForDays"]) * SECONDS_PER_DAY


def set_key(record: Record) -> None:
    """A vault that names no key is under the account's own.

    Args:
        record: The stored vault.
    """
    if not record.get("EncryptionKeyArn"):
        record["EncryptionKeyArn"] = managed_key("backup")


def _json(body: Record | None = None, status: int = 200) -> Reply:
    return status, {"Content-Type": "application/json"}, json.dumps(body or {}).encode()


def _show_vault(record: Record, view: Record) -> Record:
    return {
        **view,
        "Locked": bool(record.get("Locked")),
        **{name: record[name] for name in LOCK_MEMBERS if name in record},
    }


def _access_policy(call: RestCall, record: Record) -> Reply:
    if call.method == "PUT":
        record["_Policy"] = json.loads(call.body or b"{}").get("Policy")
        return _json()
    if call.method == "DELETE":
        record.pop("_Policy", None)
        return _json()
    if not record.get("_Policy"):
        raise AwsError(
            "ResourceNotFoundException", f"Backup vault policy for {record['BackupVaultName']} cannot be found."
        )
    names = {name: record[name] for name in ("BackupVaultName", "BackupVaultArn")}
    return _json({**names, "Policy": record["_Policy"]})


def _notifications(call: RestCall, record: Record) -> Reply:
    if call.method == "PUT":
        record["_Notifications"] = json.loads(call.body or b"{}")
        return _json()
    if call.method == "DELETE":
        record.pop("_Notifications", None)
        return _json()
    if not record.get("_Notifications"):
        raise AwsError(
            "ResourceNotFoundException", f"Failed reading notifications from database for {record['BackupVaultName']}."
        )
    names = {name: record[name] for name in ("BackupVaultName", "BackupVaultArn")}
    return _json({**names, **record["_Notifications"]})


def _lock(call: RestCall, record: Record) -> Reply:
    if call.method == "PUT":
        set_lock(record, json.loads(call.body or b"{}"))
        return _json()
    if record.get("LockDate") and record["LockDate"] < time.time():
        raise AwsError("InvalidRequestException", "The vault lock can no longer be changed.")
    record["Locked"] = False
    for name in LOCK_MEMBERS:
        record.pop(name, None)
    return _json()


def answer(call: RestCall) -> Reply | None:
    """The operations on vaults; everything else is MiniStack's."""
    parts = [part for part in call.path.strip("/").split("/") if part]
    if len(parts) < 2 or parts[0] != "backup-vaults":
        return None
    if len(parts) == 3:
        handlers = {"access-policy": _access_policy, "notification-configuration": _notifications, "vault-lock": _lock}
        return handlers[parts[2]](call, vault_record(parts[1])) if parts[2] in handlers else None
    if len(parts) == 2 and call.method in {"GET", "PUT"}:
        reply = call.stock()
        if reply[0] >= 300:
            return reply
        record = vault_record(parts[1])
        set_key(record)
        if call.method == "PUT":
            return reply
        return _json(_show_vault(record, {**json.loads(reply[2]), "EncryptionKeyArn": record["EncryptionKeyArn"]}))
    return None


REST_ANSWERS: dict[str, RestAnswer] = {"backup": answer}
