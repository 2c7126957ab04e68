"""CloudTrail: the log group, role and tags that MiniStack drops.

Source: CloudTrail API Reference, CreateTrail, UpdateTrail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import cloudtrail

from local_aws import api

if TYPE_CHECKING:
    from local_aws.mends import Answer, Call

KEPT = ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn", "SnsTopicName", "S3KeyPrefix")


def keep(call: Call) -> dict[str, Any]:
    """CreateTrail and UpdateTrail: keep and answer all members; an empty one is no member."""
    answer = call.stock()
    record = cloudtrail._find_visible_trail(str(call.parameters["Name"]))[2]
    for name in KEPT:
        if name in call.parameters:
            record[name] = call.parameters[name]
        if not record.get(name):
            record.pop(name, None)
            answer.pop(name, None)
        else:
            answer[name] = record[name]
    return answer


def create(call: Call) -> dict[str, Any]:
    """CreateTrail: with its tags too."""
    answer = keep(call)
    if call.parameters.get("TagsList"):
        api.call("cloudtrail", "AddTags", ResourceId=answer["TrailARN"], TagsList=call.parameters["TagsList"])
    return answer


ANSWERS: dict[tuple[str, str], Answer] = {
    ("cloudtrail", "CreateTrail"): create,
    ("cloudtrail", "UpdateTrail"): keep,
}
