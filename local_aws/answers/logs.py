"""CloudWatch Logs: keys given and taken by hand.

Source: CloudWatch Logs API Reference, AssociateKmsKey, DisassociateKmsKey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import cloudwatch_logs

from local_aws.faults import AwsError

if TYPE_CHECKING:
    from local_aws.mends import Answer, Call


def _group(call: Call) -> dict[str, Any]:
    named = (
        call.parameters.get("logGroupName")
        or str(call.parameters.get("resourceIdentifier", "")).partition(":log-group:")[2]
    )
    record: dict[str, Any] | None = cloudwatch_logs._log_groups.get(str(named).removesuffix(":*"))
    if record is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return record


def associate(call: Call) -> dict[str, Any]:
    """AssociateKmsKey."""
    _group(call)["kmsKeyId"] = call.parameters["kmsKeyId"]
    return {}


def disassociate(call: Call) -> dict[str, Any]:
    """DisassociateKmsKey."""
    _group(call)["kmsKeyId"] = None
    return {}


ANSWERS: dict[tuple[str, str], Answer] = {
    ("logs", "AssociateKmsKey"): associate,
    ("logs", "DisassociateKmsKey"): disassociate,
}
