"""Who reads and writes an S3 bucket is recorded.

A bucket that itself receives access logs is left out: its own log would log the logging.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, requiring, types_of

if TYPE_CHECKING:
    from nexis.templates.views import View

LOGGING: Final = "LoggingConfiguration"

REQUIREMENTS = (
    Requirement(
        type="AWS::S3::Bucket",
        path=(LOGGING,),
        accepts=None,
        expected="a DestinationBucketName",
        absent="S3 then records nobody's access",
        source="CloudFormation resource reference, AWS::S3::Bucket LoggingConfiguration",
        as_of="2026-11-23",
    ),
)


def applies(bucket: View) -> bool:
    """Leave out buckets that receive access logs."""
    return not any(True for _ in bucket.referrers(bucket.type, LOGGING, "DestinationBucketName"))


RULE = Rule(
    id="logging.bucket-access-logs",
    severity="error",
    title="Who reads and writes an S3 bucket is recorded",
    why="The trail names those who change a bucket, not those who read the backups in it.",
    fix="set LoggingConfiguration.DestinationBucketName to a bucket for access logs "
    "(CDK: server_access_logs_bucket=...)",
    types=types_of(*REQUIREMENTS),
    applies=applies,
    check=requiring(*REQUIREMENTS),
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("S3.9",)},
    source="Amazon S3 User Guide, Logging requests with server access logging",
)
