"""PrivateBucket: who reaches the bucket, how it is encrypted, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from nexis_constructs.customer_key import CustomerKey
from nexis_constructs.private_bucket import PrivateBucket
from tests.support.synthesis import ACCOUNT, new_stack, resources, template_of, the_only

SOURCE = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def properties_of(bucket: PrivateBucket) -> dict[str, Any]:
    properties: dict[str, Any] = the_only(template_of(bucket.resource.stack), "AWS::S3::Bucket")["Properties"]
    return properties


def statements_of(template: dict[str, Any], path: str) -> dict[str, dict[str, Any]]:
    policy = resources(template, "AWS::S3::BucketPolicy")[f"{path}/Policy"]
    return {it["Sid"]: it for it in policy["Properties"]["PolicyDocument"]["Statement"]}


def test_nothing_is_public_and_no_acl_counts() -> None:
    properties = properties_of(PrivateBucket(new_stack(), "Bucket"))
    assert properties["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert properties["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}


@pytest.mark.parametrize(
    ("sid", "condition"),
    [
        ("RefuseWithoutTls", {"Bool": {"aws:SecureTransport": "false"}}),
        ("RefuseOldTls", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    ],
)
def test_requests_without_modern_tls_are_refused_for_bucket_and_objects(sid: str, condition: dict[str, Any]) -> None:
    statement = statements_of(template_of(PrivateBucket(new_stack(), "Bucket").resource.stack), "Bucket")[sid]
    arn = statement["Resource"][0]
    assert statement == {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:*"],
        "Resource": [arn, {"Fn::Join": ["", [arn, "/*"]]}],
        "Condition": condition,
    }


def test_without_a_key_s3_encrypts_with_its_own() -> None:
    rule = properties_of(PrivateBucket(new_stack(), "Bucket"))["BucketEncryption"]
    assert rule == {
        "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    }


def test_with_a_key_the_key_encrypts() -> None:
    stack = new_stack()
    bucket = PrivateBucket(stack, "Bucket", key=CustomerKey(stack, "Key"))
    rule = properties_of(bucket)["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
    assert rule["BucketKeyEnabled"] is True
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]["Fn::GetAtt"][1] == "Arn"


def test_objects_expire_only_if_asked_to_and_leftovers_always() -> None:
    kept = properties_of(PrivateBucket(new_stack(), "Bucket"))["LifecycleConfiguration"]["Rules"]
    assert [rule["Id"] for rule in kept] == ["tidy"]
    assert kept[0]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert kept[0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}
    expiring = properties_of(PrivateBucket(new_stack(), "Bucket", retention_days=400))["LifecycleConfiguration"][
        "Rules"
    ]
    assert [rule.get("ExpirationInDays") for rule in expiring] == [None, 400]


def test_access_logs_go_to_the_other_bucket_which_admits_this_one_only() -> None:
    stack = new_stack()
    logs = PrivateBucket(stack, "Logs")
    bucket = PrivateBucket(stack, "Bucket", access_log_bucket=logs)
    template = template_of(stack)
    logging = resources(template, "AWS::S3::Bucket")["Bucket/Resource"]["Properties"]["LoggingConfiguration"]
    assert logging["LogFilePrefix"] == "Stack/Bucket/"
    allowed = [it for it in statements_of(template, "Logs").values() if it["Effect"] == "Allow"]
    assert [(it["Principal"], it["Action"]) for it in allowed] == [
        ({"Service": "logging.s3.amazonaws.com"}, ["s3:PutObject"])
    ]
    source = allowed[0]["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert source == {"Fn::GetAtt": [stack.get_logical_id(bucket.resource), "Arn"]}
    assert allowed[0]["Resource"][0]["Fn::Join"][1][1] == "/Stack/Bucket/*"


def test_access_logs_cannot_go_to_a_bucket_with_a_key() -> None:
    stack = new_stack()
    logs = PrivateBucket(stack, "Logs", key=CustomerKey(stack, "Key"))
    with pytest.raises(ValueError, match="access_log_bucket: got 'Stack/Logs'; expected a bucket without a key"):
        PrivateBucket(stack, "Bucket", access_log_bucket=logs)


@pytest.mark.parametrize(("retain", "deletion"), [(True, "RetainExceptOnCreate"), (False, "Delete")])
def test_bucket_and_policy_stay_or_go_together(retain: bool, deletion: str) -> None:
    template = template_of(PrivateBucket(new_stack(), "Bucket", retain=retain).resource.stack)
    for kind in ("AWS::S3::Bucket", "AWS::S3::BucketPolicy"):
        assert the_only(template, kind)["DeletionPolicy"] == deletion, kind


def test_nothing_empties_the_bucket_by_itself() -> None:
    template = template_of(PrivateBucket(new_stack(), "Bucket", retain=False).resource.stack)
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    assert kinds == {"AWS::S3::Bucket", "AWS::S3::BucketPolicy"}


def test_a_service_needs_a_tie_to_a_source_of_ours() -> None:
    bucket = PrivateBucket(new_stack(), "Bucket")
    with pytest.raises(ValueError, match="conditions: got"):
        bucket.allow_service("cloudtrail.amazonaws.com", sid="Trail", actions=["s3:PutObject"], conditions={})


def test_a_second_statement_of_the_same_name_is_refused() -> None:
    bucket = PrivateBucket(new_stack(), "Bucket")
    with pytest.raises(ValueError, match="sid: got 'RefuseOldTls'"):
        bucket.allow_service(
            "cloudtrail.amazonaws.com", sid="RefuseOldTls", actions=["s3:PutObject"], conditions=SOURCE
        )


@pytest.mark.parametrize("days", [0, -1, 3654, True, 1.5])
def test_a_retention_outside_its_bounds_is_refused(days: Any) -> None:
    with pytest.raises(ValueError, match="retention_days: got"):
        PrivateBucket(new_stack(), "Bucket", retention_days=days)
