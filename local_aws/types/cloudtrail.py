"""AWS::CloudTrail::Trail."""

from __future__ import annotations

from typing import Any

from local_aws import api
from local_aws.mends import Attributes, NewType, Place, Properties, flag, pick


def trail_request(properties: Properties) -> dict[str, Any]:
    """The properties as CreateTrail and UpdateTrail take them.

    Args:
        properties: The trail's properties.
    """
    request = pick(
        properties, "S3BucketName", "S3KeyPrefix", "SnsTopicName", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn"
    )
    request["IsMultiRegionTrail"] = flag(properties.get("IsMultiRegionTrail"))
    request["IncludeGlobalServiceEvents"] = flag(properties.get("IncludeGlobalServiceEvents", True))
    request["EnableLogFileValidation"] = flag(properties.get("EnableLogFileValidation"))
    request["IsOrganizationTrail"] = flag(properties.get("IsOrganizationTrail"))
    if properties.get("KMSKeyId"):
        request["KmsKeyId"] = properties["KMSKeyId"]
    return request


def set_events(name: str, properties: Properties) -> None:
    """Logging and event selectors.

    Args:
        name: The trail.
        properties: Its properties.
    """
    api.call("cloudtrail", "StartLogging" if flag(properties.get("IsLogging")) else "StopLogging", Name=name)
    if properties.get("AdvancedEventSelectors"):
        api.call(
            "cloudtrail",
            "PutEventSelectors",
            TrailName=name,
            AdvancedEventSelectors=list(properties["AdvancedEventSelectors"]),
        )
    elif properties.get("EventSelectors"):
        selectors = [
            {
                **selector,
                **(
                    {"IncludeManagementEvents": flag(selector["IncludeManagementEvents"])}
                    if "IncludeManagementEvents" in selector
                    else {}
                ),
            }
            for selector in properties["EventSelectors"]
        ]
        api.call("cloudtrail", "PutEventSelectors", TrailName=name, EventSelectors=selectors)


def create_trail(properties: Properties, place: Place) -> tuple[str, Attributes]:
    """CreateTrail, event selectors, StartLogging; Ref is the name."""
    name = str(properties.get("TrailName") or f"{place.stack}-{place.logical_id}")
    tags = {"TagsList": list(properties["Tags"])} if properties.get("Tags") else {}
    answer = api.call("cloudtrail", "CreateTrail", Name=name, **trail_request(properties), **tags)
    set_events(name, properties)
    return name, {"Arn": answer["TrailARN"], "SnsTopicArn": answer.get("SnsTopicARN", "")}


def update_trail(name: str, old: Properties, new: Properties) -> Attributes:
    """UpdateTrail; a property the template dropped is cleared."""
    cleared = {
        key: ""
        for key in ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn", "SnsTopicName")
        if key in old and key not in new
    }
    answer = api.call("cloudtrail", "UpdateTrail", Name=name, **trail_request(new), **cleared)
    set_events(name, new)
    asked = {tag["Key"]: tag for tag in new.get("Tags") or []}
    dropped = [tag for tag in old.get("Tags") or [] if tag["Key"] not in asked]
    if dropped:
        api.call("cloudtrail", "RemoveTags", ResourceId=answer["TrailARN"], TagsList=dropped)
    if asked:
        api.call("cloudtrail", "AddTags", ResourceId=answer["TrailARN"], TagsList=list(asked.values()))
    return {"Arn": answer["TrailARN"]}


def delete_trail(name: str, properties: Properties) -> None:
    """DeleteTrail."""
    del properties
    api.call_forgiving("cloudtrail", "DeleteTrail", Name=name)


NEW_TYPES = {"AWS::CloudTrail::Trail": NewType(create_trail, delete_trail, update_trail, replaces=("TrailName",))}
