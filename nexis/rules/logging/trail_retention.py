"""The log files of a trail are kept for a year or longer.

Judged on the trail, by the lifecycle of its bucket: no enabled rule that reaches the trail's files may expire current
objects before a year has passed, or on a date. A bucket that is not in the templates cannot be judged.

Source: CloudFormation resource reference, AWS::S3::Bucket Rule; CloudTrail User Guide, "Finding your CloudTrail log
files" (files lie below `<prefix>/AWSLogs/`). Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.logging.log_group_retention import LEAST_DAYS
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

BUCKET_NAME: Final = "S3BucketName"
LIFECYCLE_RULES: Final = ("LifecycleConfiguration", "Rules")


def check(trail: View) -> Iterator[Problem]:
    """Judge a trail by its bucket."""
    bucket = trail.target(BUCKET_NAME, types=("AWS::S3::Bucket",))
    if bucket is None:
        raise Undetermined(
            place(BUCKET_NAME), "the bucket does not stand in these templates, so nor does its lifecycle"
        )
    prefix = trail.literal("S3KeyPrefix")
    files = "AWSLogs/" if isinstance(prefix, Absent) else f"{prefix}/AWSLogs/"
    for position in range(len(bucket.items(*LIFECYCLE_RULES))):
        yield from parts(partial(_rule, bucket, (*LIFECYCLE_RULES, position), files))


def _rule(bucket: View, path: tuple[str | int, ...], files: str) -> Iterator[Problem]:
    try:
        if bucket.literal(*path, "Status") != "Enabled" or not _reaches(bucket, path, files):
            return
        days = bucket.number(*path, "ExpirationInDays")
        on_date = not isinstance(bucket.get(*path, "ExpirationDate"), Absent)
    except Undetermined as opened:
        raise Undetermined(place(BUCKET_NAME), f"of {bucket.logical_id}, {opened}") from None
    if on_date or (not isinstance(days, Absent) and days < LEAST_DAYS):
        found = "on a date" if on_date else f"after {days:g} days"
        yield Problem(
            place(BUCKET_NAME),
            f"{bucket.logical_id} {place(*path)} deletes the trail's files {found}, expected {LEAST_DAYS} days or more",
        )


def _reaches(bucket: View, path: tuple[str | int, ...], files: str) -> bool:
    if bucket.items(*path, "TagFilters"):
        return False  # CloudTrail gives its files no tags
    prefix = bucket.literal(*path, "Prefix")
    return isinstance(prefix, Absent) or files.startswith(prefix) or prefix.startswith(files)


RULE = Rule(
    id="logging.trail-retention",
    severity="error",
    title="The log files of a trail are kept for a year or longer",
    why="An intrusion is found months later on average; by then the record of its first day must still be there.",
    fix=f"set ExpirationInDays of the bucket's lifecycle rules to {LEAST_DAYS} or more, or leave it out "
    "(CDK: LifecycleRule(expiration=Duration.days(365)), or AuditTrail)",
    types=("AWS::CloudTrail::Trail",),
    check=check,
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2", "CC7.3")},
    source="Amazon S3 User Guide, Expiring objects; CloudTrail User Guide, Finding your CloudTrail log files",
    cdk="""
bucket = s3.Bucket(self, "TrailLogs", lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(400))])
cloudtrail.Trail(self, "Trail", bucket=bucket)
""",
    example={
        "TrailLogs": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": 400}]}},
        },
        "Trail": {
            "Type": "AWS::CloudTrail::Trail",
            "Properties": {BUCKET_NAME: {"Ref": "TrailLogs"}, "IsLogging": True},
        },
    },
    scope="baseline",  # the bucket of a trail usually stands in another template
)
