"""S3 buckets and their policies.

Source: S3 API Reference, the operations called here; CloudFormation resource reference, AWS::S3::Bucket and
AWS::S3::BucketPolicy. What AWS answers with "there is none" is written out where a template's silence means something
else: a bucket whose public access block was removed has none, while a new bucket is born with one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import policy, renamed, same, without_empty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nexis.audit.model import Aws, Wanted

BUCKET: Final = "AWS::S3::Bucket"
BUCKET_POLICY: Final = "AWS::S3::BucketPolicy"
TYPES: Final = (BUCKET, BUCKET_POLICY)

NO_BLOCK: Final = {
    "BlockPublicAcls": False,
    "BlockPublicPolicy": False,
    "IgnorePublicAcls": False,
    "RestrictPublicBuckets": False,
}
NO_CONTROLS: Final = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
ALL_USERS: Final = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED: Final = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOG_DELIVERY: Final = "http://acs.amazonaws.com/groups/s3/LogDelivery"

#: Part of a bucket: (operation, member of the answer or None for all of it, the code that says there is none).
PARTS: Final[Mapping[str, tuple[str, str | None, tuple[str, ...]]]] = {
    "encryption": (
        "get_bucket_encryption",
        "ServerSideEncryptionConfiguration",
        ("ServerSideEncryptionConfigurationNotFoundError",),
    ),
    "block": (
        "get_public_access_block",
        "PublicAccessBlockConfiguration",
        ("NoSuchPublicAccessBlockConfiguration",),
    ),
    "logging": ("get_bucket_logging", "LoggingEnabled", ()),
    "lifecycle": ("get_bucket_lifecycle_configuration", "Rules", ("NoSuchLifecycleConfiguration",)),
    "ownership": ("get_bucket_ownership_controls", "OwnershipControls", ("OwnershipControlsNotFoundError",)),
    "policy": ("get_bucket_policy", "Policy", ("NoSuchBucketPolicy",)),
    "lock": (
        "get_object_lock_configuration",
        "ObjectLockConfiguration",
        ("ObjectLockConfigurationNotFoundError", "ObjectLockConfigurationNotFound"),
    ),
    "acl": ("get_bucket_acl", None, ()),
}


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read buckets by name, each with its policy.

    Args:
        aws: who is asked.
        wanted: resources by id.
    """
    names = wanted.of(BUCKET, BUCKET_POLICY)
    if not names and not wanted.everything:
        return []
    # Asked of all regions, and of the own account only: a trail may write to a bucket of somebody else.
    where = {"BucketRegion": aws.region} if wanted.everything else {}
    own = {answer["Name"] for answer in aws.pages("s3", "list_buckets", "Buckets", **where)}
    chosen = sorted(own if wanted.everything else own & names)
    return [live for found in aws.each(lambda name: _bucket(aws, name), chosen) for live in found]


def _bucket(aws: Aws, name: str) -> list[Live]:
    versioning = aws.call("s3", "get_bucket_versioning", Bucket=name, absent=("NoSuchBucket",))
    if versioning is None:
        return []

    def ask(part: tuple[str, str | None, tuple[str, ...]]) -> Any:
        operation, member, absent = part
        answer = aws.call("s3", operation, Bucket=name, absent=absent)
        return answer if answer is None or member is None else answer.get(member)

    answers = dict(zip(PARTS, aws.each(ask, PARTS.values()), strict=True))
    found = [bucket(name, {"versioning": versioning, **answers})]
    if answers["policy"]:
        found.append(bucket_policy(name, answers["policy"]))
    return found


def bucket(name: str, answers: Mapping[str, Any]) -> Live:
    """Read a bucket.

    Args:
        name: of the bucket.
        answers: of the operations in `PARTS`, and of GetBucketVersioning; None where there is none.
    """
    properties: dict[str, Any] = {
        "BucketName": name,
        "PublicAccessBlockConfiguration": answers.get("block") or NO_BLOCK,
        "OwnershipControls": answers.get("ownership") or NO_CONTROLS,
        "VersioningConfiguration": same(answers.get("versioning") or {}, "Status"),
        "AccessControl": canned_acl(answers.get("acl") or {}),
    }
    if answers.get("encryption"):
        properties["BucketEncryption"] = {
            "ServerSideEncryptionConfiguration": [
                renamed(
                    rule,
                    {
                        "ApplyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault",
                        "BucketKeyEnabled": "BucketKeyEnabled",
                    },
                )
                for rule in answers["encryption"].get("Rules") or ()
            ]
        }
    if answers.get("logging"):
        logging = answers["logging"]
        properties["LoggingConfiguration"] = without_empty(
            {"DestinationBucketName": logging.get("TargetBucket"), "LogFilePrefix": logging.get("TargetPrefix")}
        )
    if answers.get("lifecycle"):
        properties["LifecycleConfiguration"] = {"Rules": [lifecycle_rule(rule) for rule in answers["lifecycle"]]}
    if answers.get("lock"):
        properties["ObjectLockEnabled"] = answers["lock"].get("ObjectLockEnabled") == "Enabled"
        properties["ObjectLockConfiguration"] = answers["lock"]
    return Live(
        type=BUCKET,
        identity=name,
        properties=without_empty(properties),
        attributes={f"arn:{partition}:s3:::{name}": "Arn" for partition in ("aws", "aws-cn", "aws-us-gov", "aws-eusc")},
    )


def bucket_policy(name: str, document: str) -> Live:
    """Read a bucket policy.

    Args:
        name: of the bucket.
        document: of GetBucketPolicy.
    """
    return Live(
        type=BUCKET_POLICY,
        identity=name,
        name=f"{name}/policy",
        properties={"Bucket": name, "PolicyDocument": policy(document)},
    )


def canned_acl(answer: Mapping[str, Any]) -> str:
    """Name the widest canned access list that a bucket's grants amount to.

    Args:
        answer: of GetBucketAcl.

    Source: S3 User Guide, "Access control list (ACL) overview", canned ACL.
    """
    grants = {
        (str(grant.get("Grantee", {}).get("URI", "")), str(grant.get("Permission", "")))
        for grant in answer.get("Grants") or ()
    }
    everyone = {permission for uri, permission in grants if uri == ALL_USERS}
    if everyone & {"WRITE", "FULL_CONTROL", "WRITE_ACP"}:
        return "PublicReadWrite"
    if everyone:
        return "PublicRead"
    if any(uri == AUTHENTICATED for uri, _ in grants):
        return "AuthenticatedRead"
    return "LogDeliveryWrite" if any(uri == LOG_DELIVERY for uri, _ in grants) else "Private"


def lifecycle_rule(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Read a lifecycle rule, which CloudFormation writes flatter than S3."""
    rule = renamed(
        answer,
        {
            "ID": "Id",
            "Status": "Status",
            "Prefix": "Prefix",
            "AbortIncompleteMultipartUpload": "AbortIncompleteMultipartUpload",
            "NoncurrentVersionExpiration": "NoncurrentVersionExpiration",
        },
    )
    expiration = answer.get("Expiration") or {}
    rule |= renamed(
        expiration,
        {
            "Days": "ExpirationInDays",
            "Date": "ExpirationDate",
            "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
        },
    )
    rule["Transitions"] = [
        renamed(t, {"Days": "TransitionInDays", "Date": "TransitionDate", "StorageClass": "StorageClass"})
        for t in answer.get("Transitions") or ()
    ]
    rule["NoncurrentVersionTransitions"] = [
        renamed(
            t,
            {
                "NoncurrentDays": "TransitionInDays",
                "NewerNoncurrentVersions": "NewerNoncurrentVersions",
                "StorageClass": "StorageClass",
            },
        )
        for t in answer.get("NoncurrentVersionTransitions") or ()
    ]
    rule |= filters(answer.get("Filter") or {})
    return without_empty(rule)


def filters(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Read what a lifecycle rule is for: nothing named means every object."""
    inner = answer.get("And") or answer
    found = renamed(
        inner,
        {
            "Prefix": "Prefix",
            "ObjectSizeGreaterThan": "ObjectSizeGreaterThan",
            "ObjectSizeLessThan": "ObjectSizeLessThan",
        },
    )
    found["TagFilters"] = [*(inner.get("Tags") or ()), *([inner["Tag"]] if inner.get("Tag") else ())]
    return without_empty(found)
