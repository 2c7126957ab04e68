"""CloudTrail trails.

Source: CloudTrail API Reference, DescribeTrails, GetTrailStatus, GetEventSelectors; CloudFormation resource reference,
AWS::CloudTrail::Trail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import renamed, same, without_empty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.audit.model import Aws, Wanted

TRAIL: Final = "AWS::CloudTrail::Trail"
TYPES: Final = (TRAIL,)


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read trails by name or ARN.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    names = wanted.of(TRAIL)
    if not names and not wanted.everything:
        return []
    trails = aws.call("cloudtrail", "describe_trails", includeShadowTrails=False)["trailList"]
    chosen = [t for t in trails if wanted.everything or t["Name"] in names or t["TrailARN"] in names]

    def ask(answer: Mapping[str, Any]) -> Live:
        arn = answer["TrailARN"]
        return trail(
            answer,
            aws.call("cloudtrail", "get_trail_status", Name=arn),
            aws.call("cloudtrail", "get_event_selectors", TrailName=arn),
        )

    return list(aws.each(ask, chosen))


def trail(answer: Mapping[str, Any], status: Mapping[str, Any], selectors: Mapping[str, Any]) -> Live:
    """Read a trail.

    Args:
        answer: of DescribeTrails.
        status: of GetTrailStatus.
        selectors: of GetEventSelectors.
    """
    properties = renamed(
        answer,
        {
            "Name": "TrailName",
            "S3BucketName": "S3BucketName",
            "S3KeyPrefix": "S3KeyPrefix",
            "SnsTopicARN": "SnsTopicName",
            "IncludeGlobalServiceEvents": "IncludeGlobalServiceEvents",
            "IsMultiRegionTrail": "IsMultiRegionTrail",
            "IsOrganizationTrail": "IsOrganizationTrail",
            "LogFileValidationEnabled": "EnableLogFileValidation",
            "KmsKeyId": "KMSKeyId",
            "CloudWatchLogsLogGroupArn": "CloudWatchLogsLogGroupArn",
            "CloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
        },
    )
    properties["IsLogging"] = bool(status.get("IsLogging"))
    properties |= same(selectors, "EventSelectors", "AdvancedEventSelectors")
    failed = status.get("LatestDeliveryError")
    return Live(
        type=TRAIL,
        identity=answer["Name"],
        properties=without_empty(properties),
        attributes={answer["TrailARN"]: "Arn"},
        trouble=f"cannot deliver its logs: {failed}" if failed else "",
    )
