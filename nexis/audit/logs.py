"""CloudWatch log groups.

Source: CloudWatch Logs API Reference, DescribeLogGroups; CloudFormation resource reference, AWS::Logs::LogGroup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import renamed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.audit.model import Aws, Wanted

LOG_GROUP: Final = "AWS::Logs::LogGroup"
TYPES: Final = (LOG_GROUP,)


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read log groups by name.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    if wanted.everything:
        return [log_group(answer) for answer in aws.pages("logs", "describe_log_groups", "logGroups")]

    def ask(name: str) -> list[Live]:
        found = aws.pages("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=name)
        return [log_group(answer) for answer in found if answer["logGroupName"] == name]

    return [live for found in aws.each(ask, sorted(wanted.of(LOG_GROUP))) for live in found]


def log_group(answer: Mapping[str, Any]) -> Live:
    """Read a log group as DescribeLogGroups answers it."""
    name = answer["logGroupName"]
    properties = renamed(
        answer,
        {
            "logGroupName": "LogGroupName",
            "retentionInDays": "RetentionInDays",
            "kmsKeyId": "KmsKeyId",
            "logGroupClass": "LogGroupClass",
            "deletionProtectionEnabled": "DeletionProtectionEnabled",
        },
    )
    arn = answer["arn"].removesuffix(":*")
    # CloudFormation's Arn ends in ":*"; others write it with and without.
    return Live(type=LOG_GROUP, identity=name, properties=properties, attributes={arn: "Arn", f"{arn}:*": "Arn"})
