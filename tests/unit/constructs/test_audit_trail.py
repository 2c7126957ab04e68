"""AuditTrail: what is recorded, who can write and read the record, and how long it stays."""

from __future__ import annotations

from typing import Any

import pytest

from nexis_constructs.audit_trail import AuditTrail
from tests.support.synthesis import ACCOUNT, REGION, logical_id, new_stack, resources, template_of, the_only

TRAIL = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":cloudtrail:{REGION}:{ACCOUNT}:trail/Stack-audit"]]}


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = new_stack()
    AuditTrail(stack, "Trail", retention_days=730)
    return template_of(stack)


def bucket_statements(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    policy = resources(template, "AWS::S3::BucketPolicy")["Trail/Bucket/Policy"]
    return {it["Sid"]: it for it in policy["Properties"]["PolicyDocument"]["Statement"]}


def key_statements(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    policy = the_only(template, "AWS::KMS::Key")["Properties"]["KeyPolicy"]
    return {it["Sid"]: it for it in policy["Statement"]}


def test_every_region_and_the_global_services_are_recorded_and_validated(template: dict[str, Any]) -> None:
    properties = the_only(template, "AWS::CloudTrail::Trail")["Properties"]
    for name in ("IsLogging", "IsMultiRegionTrail", "IncludeGlobalServiceEvents", "EnableLogFileValidation"):
        assert properties[name] is True, name
    assert properties["TrailName"] == "Stack-audit"


def test_the_trail_waits_for_the_policy_of_its_bucket(template: dict[str, Any]) -> None:
    trail = the_only(template, "AWS::CloudTrail::Trail")
    (waits_for,) = trail["DependsOn"]
    assert template["Resources"][waits_for]["Metadata"]["aws:cdk:path"] == "Stack/Trail/Bucket/Policy"


def test_log_bucket_and_trail_use_the_trails_own_key(template: dict[str, Any]) -> None:
    key = the_only(template, "AWS::CloudTrail::Trail")["Properties"]["KMSKeyId"]
    encryption = resources(template, "AWS::S3::Bucket")["Trail/Bucket/Resource"]["Properties"]["BucketEncryption"]
    (rule,) = encryption["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}


def test_only_this_trail_may_write_and_only_below_this_account(template: dict[str, Any]) -> None:
    allowed = {sid: it for sid, it in bucket_statements(template).items() if it["Effect"] == "Allow"}
    assert set(allowed) == {"TrailChecksBucket", "TrailWrites"}
    for sid, statement in allowed.items():
        assert statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"}, sid
        assert statement["Condition"]["StringEquals"]["aws:SourceArn"] == TRAIL, sid
    assert allowed["TrailWrites"]["Condition"]["StringEquals"]["s3:x-amz-acl"] == "bucket-owner-full-control"
    assert allowed["TrailWrites"]["Resource"][0]["Fn::Join"][1][1] == f"/AWSLogs/{ACCOUNT}/*"


def test_the_trail_encrypts_and_the_account_only_decrypts_through_s3(template: dict[str, Any]) -> None:
    statements = key_statements(template)
    assert set(statements) == {"Administration", "LogGroupStackTrailevents", "TrailEncrypts", "UseThroughS3"}
    assert statements["TrailEncrypts"]["Action"] == ["kms:DescribeKey", "kms:GenerateDataKey"]
    assert statements["TrailEncrypts"]["Condition"] == {"StringEquals": {"aws:SourceArn": TRAIL}}
    assert statements["UseThroughS3"]["Action"] == ["kms:Decrypt"]


def test_the_events_reach_an_encrypted_log_group_through_a_role_of_this_trail_alone(template: dict[str, Any]) -> None:
    trail = the_only(template, "AWS::CloudTrail::Trail")["Properties"]
    (group,) = resources(template, "AWS::Logs::LogGroup").values()
    assert group["Properties"]["RetentionInDays"] == 365
    assert "KmsKeyId" in group["Properties"]
    group_id = logical_id(template, "Trail/LogGroup")
    assert trail["CloudWatchLogsLogGroupArn"] == {"Fn::GetAtt": [group_id, "Arn"]}
    assert trail["CloudWatchLogsRoleArn"] == {"Fn::GetAtt": [logical_id(template, "Trail/LogRole"), "Arn"]}
    role = resources(template, "AWS::IAM::Role")["Trail/LogRole"]["Properties"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {"StringEquals": {"aws:SourceArn": TRAIL}}
    policy = resources(template, "AWS::IAM::ManagedPolicy")["Trail/LogRolePolicy"]["Properties"]
    (write,) = policy["PolicyDocument"]["Statement"]
    assert write["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert {"Ref": group_id} in write["Resource"][0]["Fn::Join"][1]


def test_the_log_bucket_is_access_logged_to_a_bucket_without_a_key(template: dict[str, Any]) -> None:
    buckets = resources(template, "AWS::S3::Bucket")
    assert set(buckets) == {"Trail/Bucket/Resource", "Trail/AccessLogBucket/Resource"}
    assert "LoggingConfiguration" in buckets["Trail/Bucket/Resource"]["Properties"]
    (rule,) = buckets["Trail/AccessLogBucket/Resource"]["Properties"]["BucketEncryption"][
        "ServerSideEncryptionConfiguration"
    ]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_both_buckets_keep_their_objects_as_long_as_asked_and_are_retained(template: dict[str, Any]) -> None:
    for path, bucket in resources(template, "AWS::S3::Bucket").items():
        rules = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
        assert [rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule] == [730], path
        assert bucket["DeletionPolicy"] == "RetainExceptOnCreate", path


def test_nothing_is_retained_if_asked_not_to() -> None:
    stack = new_stack()
    AuditTrail(stack, "Trail", retain=False)
    kept = [it["Type"] for it in template_of(stack)["Resources"].values() if "Retain" in it.get("DeletionPolicy", "")]
    assert kept == []


@pytest.mark.parametrize("days", [364, 0, -365, 3654, True])
def test_less_than_a_year_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match=f"retention_days: got {days}; expected a whole number of days from 365"):
        AuditTrail(new_stack(), "Trail", retention_days=days)


@pytest.mark.parametrize("name", ["", "ab", "a" * 129, "a-" * 64 + "a", "two..dots", "-audit", "audit-", "with space"])
def test_a_name_that_cloudtrail_refuses_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="trail_name: got"):
        AuditTrail(new_stack(), "Trail", trail_name=name)


def test_the_longest_name_is_accepted() -> None:
    name = "a-" * 63 + "aa"
    assert len(name) == 128
    assert AuditTrail(new_stack(), "Trail", trail_name=name).trail_arn.endswith(f":trail/{name}")


def test_a_name_of_ones_own_is_in_every_policy() -> None:
    stack = new_stack()
    AuditTrail(stack, "Trail", trail_name="company.audit_1")
    template = template_of(stack)
    for statement in (bucket_statements(template)["TrailWrites"], key_statements(template)["TrailEncrypts"]):
        assert statement["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Join"][1][-1].endswith(
            ":trail/company.audit_1"
        )
