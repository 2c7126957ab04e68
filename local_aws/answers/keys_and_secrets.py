"""KMS and Secrets Manager: members that MiniStack leaves out, and CancelRotateSecret.

Source: KMS API Reference, DescribeKey, GetKeyRotationStatus; Secrets Manager API Reference, DescribeSecret,
ListSecrets, RotateSecret.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ministack.services import kms, secretsmanager

from local_aws.faults import AwsError
from local_aws.managed_keys import managed_key

if TYPE_CHECKING:
    from local_aws.mends import Answer, Call

Record = dict[str, Any]
SECONDS_PER_DAY = 86400


def describe_key(call: Call) -> Record:
    """DescribeKey: AWS's own keys say that they are AWS's; an alias of AWS's gets its key when first looked at."""
    asked = str(call.parameters.get("KeyId", "")).rpartition(":")[2]
    if asked.startswith("alias/aws/"):
        managed_key(asked.removeprefix("alias/aws/"))
    answer = call.stock()
    record = kms._resolve_key(answer["KeyMetadata"]["KeyId"])
    answer["KeyMetadata"]["KeyManager"] = record.get("KeyManager", "CUSTOMER")
    return answer


def key_rotation_status(call: Call) -> Record:
    """GetKeyRotationStatus: a key that is pending deletion does not rotate, until its deletion is cancelled."""
    answer = call.stock()
    record = kms._resolve_key(str(call.parameters["KeyId"]))
    if record["KeyState"] in {"PendingDeletion", "PendingReplicaDeletion"} or not answer["KeyRotationEnabled"]:
        return {"KeyId": record["Arn"], "KeyRotationEnabled": False}
    return {"KeyId": record["Arn"], **answer}


def _secret(identity: str) -> Record:
    record: Record | None = secretsmanager._resolve(identity)[1]
    if not record:
        raise AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    return record


def _show(view: Record, record: Record) -> Record:
    """A secret with key, owner and rotation; members without a value are absent."""
    for name in ("KmsKeyId", "OwningService", "RotationLambdaARN", "RotationRules"):
        if record.get(name):
            view[name] = record[name]
    days = (record.get("RotationRules") or {}).get("AutomaticallyAfterDays")
    if record.get("RotationEnabled") and days:
        last = record.get("LastRotatedDate") or record["CreatedDate"]
        view["NextRotationDate"] = last + int(days) * SECONDS_PER_DAY
    if record.get("LastRotatedDate"):
        view["LastRotatedDate"] = record["LastRotatedDate"]
    return {name: value for name, value in view.items() if value is not None}


def describe_secret(call: Call) -> Record:
    """DescribeSecret: owner and rotation dates."""
    return _show(call.stock(), _secret(str(call.parameters.get("SecretId"))))


def list_secrets(call: Call) -> Record:
    """ListSecrets: with keys and rotation."""
    answer = call.stock()
    answer["SecretList"] = [_show(view, _secret(view["ARN"])) for view in answer.get("SecretList", [])]
    return answer


def rotate_secret(call: Call) -> Record:
    """RotateSecret: without RotateImmediately the schedule is set and no version made.

    MiniStack calls no rotation function; a rotation that is due now only makes a version of the same value.
    """
    if call.parameters.get("RotateImmediately", True):
        answer = call.stock()
        _secret(str(call.parameters.get("SecretId")))["LastRotatedDate"] = int(time.time())
        return answer
    record = _secret(str(call.parameters.get("SecretId")))
    if not (call.parameters.get("RotationLambdaARN") or record.get("RotationLambdaARN") or record.get("OwningService")):
        raise AwsError("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.")
    for name in ("RotationLambdaARN", "RotationRules"):
        if call.parameters.get(name):
            record[name] = call.parameters[name]
    record["RotationEnabled"] = True
    return {"ARN": record["ARN"], "Name": record["Name"]}


def cancel_rotation(call: Call) -> Record:
    """CancelRotateSecret: function and rules stay, rotation ends."""
    record = _secret(str(call.parameters.get("SecretId")))
    record["RotationEnabled"] = False
    return {"ARN": record["ARN"], "Name": record["Name"]}


ANSWERS: dict[tuple[str, str], Answer] = {
    ("kms", "DescribeKey"): describe_key,
    ("kms", "GetKeyRotationStatus"): key_rotation_status,
    ("secretsmanager", "DescribeSecret"): describe_secret,
    ("secretsmanager", "ListSecrets"): list_secrets,
    ("secretsmanager", "RotateSecret"): rotate_secret,
    ("secretsmanager", "CancelRotateSecret"): cancel_rotation,
}
