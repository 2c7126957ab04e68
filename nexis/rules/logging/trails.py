"""Trails encrypt their files with a key of ours, and tell CloudWatch Logs what they record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.requirements import Requirement, at_least, property_rule, row

if TYPE_CHECKING:
    from nexis.rules.model import Rule

TRAIL: Final = "AWS::CloudTrail::Trail"
EVENT_STORE: Final = "AWS::CloudTrail::EventDataStore"

#: A SOC 2 type 2 report covers up to a year.
LEAST_DAYS: Final = 365

ENCRYPTED = property_rule(
    rule_id="logging.trail-encrypted",
    title="Trails encrypt their log files with a KMS key",
    why="Whoever may read the bucket may read the record of every call; a key of its own needs a second permission.",
    requirements=(
        Requirement(
            type=TRAIL,
            path=("KMSKeyId",),
            accepts=None,
            expected="a KMS key",
            absent="the files are then encrypted with the bucket's own key, which asks nobody",
            source="CloudFormation resource reference, AWS::CloudTrail::Trail KMSKeyId",
            as_of="2026-11-23",
            example="arn:aws:kms:eu-central-1:111111111111:key/11111111-2222-3333-4444-555555555555",
        ),
    ),
    fix="set KMSKeyId to a key whose policy lets CloudTrail use it (CDK: encryption_key=..., or AuditTrail)",
    cdk='cloudtrail.Trail(self, "Trail", encryption_key=key)',
    source="CloudTrail User Guide, Encrypting CloudTrail log files with AWS KMS keys (SSE-KMS)",
    claims=("touchpoints.logs", "touchpoints.keys"),
    controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("CloudTrail.2",), "CIS AWS Foundations 3.0": ("3.5",)},
)

TO_CLOUDWATCH = property_rule(
    rule_id="logging.trail-cloudwatch",
    title="Trails send what they record to CloudWatch Logs",
    why="Files in a bucket are read after the fact; alarms on root logins and changed policies need CloudWatch Logs.",
    requirements=(
        Requirement(
            type=TRAIL,
            path=("CloudWatchLogsLogGroupArn",),
            accepts=None,
            expected="the ARN of a log group",
            absent="CloudTrail then writes to the bucket only",
            source="CloudFormation resource reference, AWS::CloudTrail::Trail CloudWatchLogsLogGroupArn",
            as_of="2026-11-23",
            example="arn:aws:logs:eu-central-1:111111111111:log-group:trail:*",
        ),
    ),
    fix="set CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn (CDK: send_to_cloud_watch_logs=True)",
    cdk='cloudtrail.Trail(self, "Trail", send_to_cloud_watch_logs=True, cloud_watch_log_group=log_group)',
    source="CloudTrail User Guide, Sending events to CloudWatch Logs",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("CloudTrail.5",), "NIST 800-53 r5": ("AU-6", "SI-4")},
)


#: Both are true by default. Source: CloudTrail API reference, CreateEventDataStore.
_flag = partial(row, EVENT_STORE, as_of="2026-11-23")

EVENT_DATA_STORE = property_rule(
    rule_id="logging.event-data-store",
    title="Event data stores record every region, keep events for a year or longer, and are protected",
    why="A store that records one region, forgets early, or can be deleted by one call is no record.",
    requirements=(
        _flag("MultiRegionEnabled"),
        _flag("TerminationProtectionEnabled"),
        _flag("IngestionEnabled"),
        Requirement(
            type=EVENT_STORE,
            path=("RetentionPeriod",),
            accepts=at_least(LEAST_DAYS),
            expected=f"{LEAST_DAYS} or more days",
            absent="",  # 366 days or more, whatever the billing mode
            source="CloudTrail API reference, CreateEventDataStore RetentionPeriod",
            as_of="2026-11-23",
            example=LEAST_DAYS,
        ),
    ),
    fix=f"leave MultiRegionEnabled, IngestionEnabled and TerminationProtectionEnabled out, or set them to true; set "
    f"RetentionPeriod to {LEAST_DAYS} or more",
    cdk="cloudtrail.CfnEventDataStore(self, 'Events', multi_region_enabled=True, retention_period=2557)",
    source="CloudTrail User Guide, Create an event data store for CloudTrail events",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2", "CC7.3")},
)

RULES: tuple[Rule, ...] = (ENCRYPTED, TO_CLOUDWATCH, EVENT_DATA_STORE)
