"""AWS::S3::Bucket: every setting of the template, AWS's defaults, and no deletion while it holds anything.

Source: CloudFormation Template Reference, AWS::S3::Bucket; S3 User Guide, "Default settings for new buckets".
"""

from __future__ import annotations

from typing import Any

from ministack.services import s3

from local_aws import api
from local_aws.answers.s3 import BLOCK_ALL, set_new_bucket_defaults
from local_aws.faults import AwsError
from local_aws.mends import Attributes, MendedType, Properties, changed, flag


def encryption_rules(configuration: Properties) -> list[dict[str, Any]]:
    """BucketEncryption as PutBucketEncryption takes it.

    Args:
        configuration: The property.
    """
    rules = []
    for rule in configuration.get("ServerSideEncryptionConfiguration") or []:
        default = dict(rule.get("ServerSideEncryptionByDefault") or {"SSEAlgorithm": "AES256"})
        rules.append(
            {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": flag(rule.get("BucketKeyEnabled"))}
        )
    return rules


def lifecycle_rule(rule: Properties) -> dict[str, Any]:
    """A lifecycle rule as PutBucketLifecycleConfiguration takes it.

    Args:
        rule: One of the property's Rules.
    """
    result: dict[str, Any] = {"Status": rule["Status"], "Filter": _lifecycle_filter(rule)}
    if rule.get("Id"):
        result["ID"] = rule["Id"]
    expiration: dict[str, Any] = {}
    if "ExpirationInDays" in rule:
        expiration["Days"] = int(rule["ExpirationInDays"])
    if "ExpirationDate" in rule:
        expiration["Date"] = rule["ExpirationDate"]
    if "ExpiredObjectDeleteMarker" in rule:
        expiration["ExpiredObjectDeleteMarker"] = flag(rule["ExpiredObjectDeleteMarker"])
    if expiration:
        result["Expiration"] = expiration
    noncurrent = dict(rule.get("NoncurrentVersionExpiration") or {})
    if "NoncurrentVersionExpirationInDays" in rule:
        noncurrent["NoncurrentDays"] = rule["NoncurrentVersionExpirationInDays"]
    if noncurrent:
        result["NoncurrentVersionExpiration"] = {key: int(value) for key, value in noncurrent.items()}
    if "AbortIncompleteMultipartUpload" in rule:
        days = int(rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
        result["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": days}
    transitions = rule.get("Transitions") or ([rule["Transition"]] if rule.get("Transition") else [])
    if transitions:
        result["Transitions"] = [
            {
                "StorageClass": t["StorageClass"],
                **({"Days": int(t["TransitionInDays"])} if "TransitionInDays" in t else {"Date": t["TransitionDate"]}),
            }
            for t in transitions
        ]
    if rule.get("NoncurrentVersionTransitions"):
        result["NoncurrentVersionTransitions"] = [
            {"StorageClass": t["StorageClass"], "NoncurrentDays": int(t["TransitionInDays"])}
            for t in rule["NoncurrentVersionTransitions"]
        ]
    return result


def _lifecycle_filter(rule: Properties) -> dict[str, Any]:
    tags = [{"Key": tag["Key"], "Value": tag["Value"]} for tag in rule.get("TagFilters") or []]
    parts: dict[str, Any] = {"Prefix": rule["Prefix"]} if "Prefix" in rule else {}
    for name in ("ObjectSizeGreaterThan", "ObjectSizeLessThan"):
        if name in rule:
            parts[name] = int(rule[name])
    if len(tags) + len(parts) > 1:
        return {"And": {**parts, **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return parts or {"Prefix": ""}


def finish_bucket(name: str, old: Properties, new: Properties) -> Attributes:
    """Apply each property through the S3 API; a property the template dropped goes back to the default."""
    if not old:
        set_new_bucket_defaults(name)
    if "BucketEncryption" in new:
        if changed(old, new, "BucketEncryption"):
            rules = encryption_rules(new["BucketEncryption"])
            api.call("s3", "PutBucketEncryption", Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
    elif "BucketEncryption" in old:
        api.call("s3", "DeleteBucketEncryption", Bucket=name)
    if "OwnershipControls" in new and changed(old, new, "OwnershipControls"):
        api.call("s3", "PutBucketOwnershipControls", Bucket=name, OwnershipControls=new["OwnershipControls"])
    if "PublicAccessBlockConfiguration" in new and changed(old, new, "PublicAccessBlockConfiguration"):
        block = {key: flag(new["PublicAccessBlockConfiguration"].get(key)) for key in BLOCK_ALL}
        api.call("s3", "PutPublicAccessBlock", Bucket=name, PublicAccessBlockConfiguration=block)
    rules = [lifecycle_rule(rule) for rule in (new.get("LifecycleConfiguration") or {}).get("Rules") or []]
    if rules and changed(old, new, "LifecycleConfiguration"):
        api.call("s3", "PutBucketLifecycleConfiguration", Bucket=name, LifecycleConfiguration={"Rules": rules})
    elif not rules and "LifecycleConfiguration" in old:
        api.call("s3", "DeleteBucketLifecycle", Bucket=name)
    if changed(old, new, "LoggingConfiguration") and ("LoggingConfiguration" in new or "LoggingConfiguration" in old):
        api.call(
            "s3",
            "PutBucketLogging",
            Bucket=name,
            BucketLoggingStatus=logging_status(name, new.get("LoggingConfiguration")),
        )
    versioning = (new.get("VersioningConfiguration") or {}).get("Status")
    if versioning == "Suspended" or (not versioning and "VersioningConfiguration" in old):
        s3._bucket_versioning[name] = "Suspended"
    if flag(new.get("ObjectLockEnabled")) or "ObjectLockConfiguration" in new:
        set_object_lock(name, new)
    if changed(old, new, "Tags") and (new.get("Tags") or old.get("Tags")):
        tags = [{"Key": tag["Key"], "Value": str(tag["Value"])} for tag in new.get("Tags") or []]
        if tags:
            api.call("s3", "PutBucketTagging", Bucket=name, Tagging={"TagSet": tags})
        else:
            api.call("s3", "DeleteBucketTagging", Bucket=name)
    return {"DualStackDomainName": f"{name}.s3.dualstack.amazonaws.com"}


def logging_status(name: str, configuration: Properties | None) -> dict[str, Any]:
    """LoggingConfiguration as PutBucketLogging takes it.

    Args:
        name: The bucket.
        configuration: The property; None ends the logging.
    """
    if configuration is None:
        return {}
    enabled = {
        "TargetBucket": configuration.get("DestinationBucketName") or name,
        "TargetPrefix": configuration.get("LogFilePrefix", ""),
    }
    if configuration.get("TargetObjectKeyFormat"):
        enabled["TargetObjectKeyFormat"] = configuration["TargetObjectKeyFormat"]
    return {"LoggingEnabled": enabled}


def set_object_lock(name: str, properties: Properties) -> None:
    """Object Lock, which implies versioning.

    Args:
        name: The bucket.
        properties: The bucket's properties.
    """
    s3._bucket_versioning[name] = "Enabled"
    retention = ((properties.get("ObjectLockConfiguration") or {}).get("Rule") or {}).get("DefaultRetention") or {}
    configuration: dict[str, Any] = {"ObjectLockEnabled": "Enabled"}
    if retention:
        span = {key: int(retention[key]) for key in ("Days", "Years") if key in retention}
        configuration["Rule"] = {"DefaultRetention": {"Mode": retention["Mode"], **span}}
    api.call("s3", "PutObjectLockConfiguration", Bucket=name, ObjectLockConfiguration=configuration)


def refuse_filled(name: str, properties: Properties) -> None:
    """AWS deletes only empty buckets, versions and delete markers included."""
    del properties
    if name not in s3._buckets:
        return
    found = api.call("s3", "ListObjectVersions", Bucket=name, MaxKeys=1)
    if found.get("Versions") or found.get("DeleteMarkers"):
        raise AwsError(
            "BucketNotEmpty",
            "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
            409,
        )


def forget_settings(name: str, properties: Properties) -> None:
    """Settings that the stock deletion leaves behind, for a bucket of the same name to find."""
    del properties
    for store in (s3._bucket_logging_config, s3._bucket_object_lock):
        store.pop(name, None)


def policy_bucket(stock_id: str, properties: Properties) -> str:
    """Ref of a bucket policy is its bucket."""
    return str(properties.get("Bucket") or stock_id)


MENDED_TYPES = {
    "AWS::S3::BucketPolicy": MendedType(shown_id=policy_bucket),
    "AWS::S3::Bucket": MendedType(
        finish_bucket, refuse_filled, forget_settings, replaces=("BucketName", "ObjectLockEnabled")
    ),
}
