"""Buckets and trails: read back as deployed, drifting as on AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.cloud import Cloud, allow, att, error_code, ref

pytestmark = pytest.mark.real

BLOCK = {"BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}
TLS_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}
KEY = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}}}
BUCKET: dict[str, Any] = {
    "BucketEncryption": {
        "ServerSideEncryptionConfiguration": [
            {
                "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": att("Key", "Arn")},
                "BucketKeyEnabled": True,
            }
        ]
    },
    "VersioningConfiguration": {"Status": "Enabled"},
    "PublicAccessBlockConfiguration": BLOCK,
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
    "LifecycleConfiguration": {
        "Rules": [
            {
                "Id": "expire",
                "Status": "Enabled",
                "ExpirationInDays": 400,
                "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 90}],
            }
        ]
    },
    "LoggingConfiguration": {"DestinationBucketName": ref("AccessLogs"), "LogFilePrefix": "data/"},
    "Tags": [{"Key": "owner", "Value": "platform"}],
}
RESOURCES: dict[str, Any] = {
    "Key": KEY,
    "AccessLogs": {"Type": "AWS::S3::Bucket", "Properties": {}},
    "Data": {"Type": "AWS::S3::Bucket", "Properties": BUCKET},
    "DataPolicy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": ref("Data"), "PolicyDocument": TLS_ONLY}},
}


@pytest.fixture(scope="module")
def ids(cloud: Cloud) -> dict[str, str]:
    return cloud.deploy("buckets", RESOURCES)


def test_a_bucket_loses_nothing(cloud: Cloud, ids: dict[str, str]) -> None:
    s3, name = cloud.client("s3"), ids["Data"]
    key = cloud.client("kms").describe_key(KeyId=ids["Key"])["KeyMetadata"]["Arn"]
    (rule,) = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    assert rule["BucketKeyEnabled"] is True
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"] == BLOCK
    assert s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerPreferred"}
    ]
    logging = s3.get_bucket_logging(Bucket=name)["LoggingEnabled"]
    assert (logging["TargetBucket"], logging["TargetPrefix"]) == (ids["AccessLogs"], "data/")
    assert json.loads(s3.get_bucket_policy(Bucket=name)["Policy"]) == TLS_ONLY
    assert {"Key": "owner", "Value": "platform"} in s3.get_bucket_tagging(Bucket=name)["TagSet"]
    (lifecycle,) = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert (lifecycle["ID"], lifecycle["Status"], lifecycle["Expiration"]) == ("expire", "Enabled", {"Days": 400})
    assert lifecycle["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert lifecycle["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert lifecycle["Transitions"] == [{"Days": 90, "StorageClass": "GLACIER"}]
    assert ids["DataPolicy"] == name, "Ref of a bucket policy is its bucket"


@pytest.mark.parametrize("made_by", ["CloudFormation", "the API"])
def test_a_bare_bucket_has_the_defaults_of_aws(cloud: Cloud, ids: dict[str, str], made_by: str) -> None:
    s3, name = cloud.client("s3"), ids["AccessLogs"]
    if made_by == "the API":
        name = "bare-bucket"
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    (rule,) = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"] == BLOCK
    assert s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerEnforced"}
    ]
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=name)
    assert "Status" not in s3.get_bucket_versioning(Bucket=name)


def test_the_accounts_own_key_is_used_but_not_named(cloud: Cloud) -> None:
    managed = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
    name = cloud.deploy("managed", {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketEncryption": managed}}})["B"]
    (rule,) = cloud.client("s3").get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms"}
    key = cloud.client("kms").describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]
    assert cloud.client("s3").put_object(Bucket=name, Key="k", Body=b"x")["SSEKMSKeyId"] == key


@pytest.mark.parametrize("algorithm", ["aws:kms", "aws:kms:dsse"])
@pytest.mark.parametrize("named", [True, False], ids=["a key of the account", "no key"])
def test_a_write_may_name_kms_with_or_without_a_key(
    cloud: Cloud, ids: dict[str, str], algorithm: str, named: bool
) -> None:
    s3, kms, bucket = cloud.client("s3"), cloud.client("kms"), ids["AccessLogs"]
    key = {"SSEKMSKeyId": ids["Key"]} if named else {}
    chosen = {"Bucket": bucket, "Key": "object", "ServerSideEncryption": algorithm, **key}
    put = s3.put_object(Body=b"x", **chosen)
    copied = s3.copy_object(CopySource={"Bucket": bucket, "Key": "object"}, **{**chosen, "Key": "copy"})
    begun = s3.create_multipart_upload(**{**chosen, "Key": "parts"})
    s3.abort_multipart_upload(Bucket=bucket, Key="parts", UploadId=begun["UploadId"])
    expected = kms.describe_key(KeyId=ids["Key"] if named else "alias/aws/s3")["KeyMetadata"]["Arn"]
    for answer in (put, copied, begun, *(s3.head_object(Bucket=bucket, Key=name) for name in ("object", "copy"))):
        assert (answer["ServerSideEncryption"], answer["SSEKMSKeyId"]) == (algorithm, expected)


def test_a_write_that_names_nothing_is_encrypted_as_the_bucket_says(cloud: Cloud, ids: dict[str, str]) -> None:
    s3 = cloud.client("s3")
    assert s3.put_object(Bucket=ids["AccessLogs"], Key="plain", Body=b"x")["ServerSideEncryption"] == "AES256"
    key = cloud.client("kms").describe_key(KeyId=ids["Key"])["KeyMetadata"]["Arn"]
    assert s3.put_object(Bucket=ids["Data"], Key="plain", Body=b"x")["SSEKMSKeyId"] == key
    s3.delete_object(
        Bucket=ids["Data"], Key="plain", VersionId=s3.head_object(Bucket=ids["Data"], Key="plain")["VersionId"]
    )


@pytest.mark.parametrize("wrong", [{"ServerSideEncryption": "aws:rot13"}, {"SSECustomerAlgorithm": "AES256"}])
def test_a_write_with_an_impossible_encryption_is_refused(
    cloud: Cloud, ids: dict[str, str], wrong: dict[str, str]
) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("s3").put_object(Bucket=ids["AccessLogs"], Key="refused", Body=b"x", **wrong)
    assert error_code(refused) == "InvalidArgument"


ABSENT = {
    "get_bucket_policy": "NoSuchBucketPolicy",
    "get_bucket_lifecycle_configuration": "NoSuchLifecycleConfiguration",
    "get_bucket_tagging": "NoSuchTagSet",
    "get_bucket_replication": "ReplicationConfigurationNotFoundError",
    "get_bucket_website": "NoSuchWebsiteConfiguration",
    "get_bucket_cors": "NoSuchCORSConfiguration",
    "get_object_lock_configuration": "ObjectLockConfigurationNotFoundError",
}


@pytest.mark.parametrize(("operation", "code"), ABSENT.items())
def test_what_a_bucket_lacks_is_aws_own_error(cloud: Cloud, ids: dict[str, str], operation: str, code: str) -> None:
    with pytest.raises(ClientError) as absent:
        getattr(cloud.client("s3"), operation)(Bucket=untagged(cloud))
    assert error_code(absent) == code


def untagged(cloud: Cloud) -> str:
    """A bucket no stack has tagged."""
    s3 = cloud.client("s3")
    if "untagged-bucket" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket="untagged-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return "untagged-bucket"


def test_a_missing_bucket_is_an_error(cloud: Cloud) -> None:
    with pytest.raises(ClientError) as missing:
        cloud.client("s3").get_bucket_encryption(Bucket="no-such-bucket-anywhere")
    assert error_code(missing) == "NoSuchBucket"


def test_a_bucket_drifts_by_hand(cloud: Cloud) -> None:
    s3, name = cloud.client("s3"), cloud.deploy("drifting", RESOURCES)["Data"]
    s3.delete_bucket_policy(Bucket=name)
    s3.delete_bucket_encryption(Bucket=name)
    s3.delete_public_access_block(Bucket=name)
    s3.delete_bucket_ownership_controls(Bucket=name)
    s3.delete_bucket_lifecycle(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={})
    for operation, code in (
        ("get_bucket_policy", "NoSuchBucketPolicy"),
        ("get_public_access_block", "NoSuchPublicAccessBlockConfiguration"),
        ("get_bucket_ownership_controls", "OwnershipControlsNotFoundError"),
        ("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"),
    ):
        with pytest.raises(ClientError) as absent:
            getattr(s3, operation)(Bucket=name)
        assert error_code(absent) == code
    (rule,) = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256", "S3 falls back to its own keys"
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=name)
    assert cloud.delete("drifting") == "DELETE_COMPLETE"


def test_a_bucket_that_holds_a_version_is_not_deleted(cloud: Cloud) -> None:
    s3, ids = (
        cloud.client("s3"),
        cloud.deploy("filled", {"Key": KEY, "AccessLogs": RESOURCES["AccessLogs"], "Data": RESOURCES["Data"]}),
    )
    version = s3.put_object(Bucket=ids["Data"], Key="k", Body=b"x")["VersionId"]
    marker = s3.delete_object(Bucket=ids["Data"], Key="k")["VersionId"]
    assert cloud.delete("filled") == "DELETE_FAILED"
    assert any("Data: " in reason and "not empty" in reason for reason in cloud.failures("filled"))
    with pytest.raises(ClientError) as refused:
        s3.delete_bucket(Bucket=ids["Data"])
    assert error_code(refused) == "BucketNotEmpty"
    for held in (version, marker):
        s3.delete_object(Bucket=ids["Data"], Key="k", VersionId=held)
    assert cloud.delete("filled") == "DELETE_COMPLETE"


def test_a_setting_the_template_drops_goes_back_to_the_default(cloud: Cloud) -> None:
    first = cloud.deploy("dropping", RESOURCES)
    dropped = {name: RESOURCES[name] for name in ("Key", "AccessLogs")} | {
        "Data": {"Type": "AWS::S3::Bucket", "Properties": {}}
    }
    second = cloud.deploy("dropping", dropped)
    s3 = cloud.client("s3")
    assert second["Data"] == first["Data"]
    (rule,) = s3.get_bucket_encryption(Bucket=second["Data"])["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert s3.get_bucket_versioning(Bucket=second["Data"])["Status"] == "Suspended"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=second["Data"])
    for operation in ("get_bucket_policy", "get_bucket_lifecycle_configuration"):
        with pytest.raises(ClientError):
            getattr(s3, operation)(Bucket=second["Data"])


def test_object_lock_implies_versioning(cloud: Cloud) -> None:
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}}
    properties = {"ObjectLockEnabled": True, "ObjectLockConfiguration": lock}
    name = cloud.deploy("locked", {"B": {"Type": "AWS::S3::Bucket", "Properties": properties}})["B"]
    assert cloud.client("s3").get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"] == lock
    assert cloud.client("s3").get_bucket_versioning(Bucket=name)["Status"] == "Enabled"


TRAIL: dict[str, Any] = {
    "Key": KEY,
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
    "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/trail"}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": allow("cloudtrail.amazonaws.com")}},
    "Trail": {
        "Type": "AWS::CloudTrail::Trail",
        "Properties": {
            "TrailName": "account",
            "S3BucketName": ref("Bucket"),
            "IsLogging": True,
            "IsMultiRegionTrail": True,
            "IncludeGlobalServiceEvents": True,
            "EnableLogFileValidation": True,
            "KMSKeyId": att("Key", "Arn"),
            "CloudWatchLogsLogGroupArn": att("Group", "Arn"),
            "CloudWatchLogsRoleArn": att("Role", "Arn"),
            "EventSelectors": [
                {
                    "ReadWriteType": "All",
                    "IncludeManagementEvents": True,
                    "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
                }
            ],
        },
    },
}


@pytest.fixture(scope="module")
def trail(cloud: Cloud) -> dict[str, str]:
    return cloud.deploy("trail", TRAIL)


def test_a_trail_loses_nothing(cloud: Cloud, trail: dict[str, str]) -> None:
    cloudtrail = cloud.client("cloudtrail")
    (listed,) = cloudtrail.describe_trails()["trailList"]
    shown = cloudtrail.get_trail(Name=trail["Trail"])["Trail"]
    expected = {
        "Name": "account",
        "S3BucketName": trail["Bucket"],
        "IsMultiRegionTrail": True,
        "IncludeGlobalServiceEvents": True,
        "LogFileValidationEnabled": True,
        "KmsKeyId": cloud.client("kms").describe_key(KeyId=trail["Key"])["KeyMetadata"]["Arn"],
        "CloudWatchLogsLogGroupArn": f"arn:aws:logs:eu-central-1:{cloud.account}:log-group:/trail:*",
        "CloudWatchLogsRoleArn": f"arn:aws:iam::{cloud.account}:role/{trail['Role']}",
        "HomeRegion": "eu-central-1",
        "HasCustomEventSelectors": True,
    }
    assert {name: shown.get(name) for name in expected} == expected
    assert {name: listed.get(name) for name in expected} == expected
    assert cloudtrail.get_trail_status(Name="account")["IsLogging"] is True
    (selector,) = cloudtrail.get_event_selectors(TrailName="account")["EventSelectors"]
    assert (selector["ReadWriteType"], selector["IncludeManagementEvents"]) == ("All", True)
    assert selector["DataResources"] == [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]


def test_a_trail_drifts_by_hand(cloud: Cloud, trail: dict[str, str]) -> None:
    cloudtrail = cloud.client("cloudtrail")
    cloudtrail.stop_logging(Name=trail["Trail"])
    assert cloudtrail.get_trail_status(Name="account")["IsLogging"] is False
    cloudtrail.update_trail(Name="account", IsMultiRegionTrail=False, EnableLogFileValidation=False)
    shown = cloudtrail.get_trail(Name="account")["Trail"]
    assert (shown["IsMultiRegionTrail"], shown["LogFileValidationEnabled"]) == (False, False)
    assert shown["CloudWatchLogsRoleArn"], "what the update does not name stays"


def test_a_trail_deleted_by_hand_counts_as_deleted(cloud: Cloud) -> None:
    resources = {**TRAIL, "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {}}}
    resources["Trail"] = {**TRAIL["Trail"], "Properties": {**TRAIL["Trail"]["Properties"], "TrailName": "short-lived"}}
    ids = cloud.deploy("short-lived", resources)
    cloud.client("cloudtrail").delete_trail(Name=ids["Trail"])
    assert cloud.delete("short-lived") == "DELETE_COMPLETE"
