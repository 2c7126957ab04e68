"""S3: the defaults every bucket has on AWS since 2023, whoever made it.

Source: S3 User Guide, "Default encryption" (January 2023) and "Default settings for new buckets" (April 2023).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ministack.services import s3

from local_aws import api
from local_aws.managed_keys import key_arn

if TYPE_CHECKING:
    from local_aws.mends import RestAnswer, RestCall
    from local_aws.wire import Reply

BLOCK_ALL = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
SUBRESOURCES = (
    "accelerate", "acl", "analytics", "cors", "encryption", "intelligent-tiering", "inventory", "lifecycle", "logging",
    "metrics", "notification", "object-lock", "ownershipControls", "policy", "publicAccessBlock", "replication",
    "requestPayment", "tagging", "versioning", "website",
)  # fmt: skip


def set_new_bucket_defaults(name: str) -> None:
    """What a new bucket is born with: no public access, no access lists.

    Args:
        name: The bucket.
    """
    api.call("s3", "PutPublicAccessBlock", Bucket=name, PublicAccessBlockConfiguration=BLOCK_ALL)
    rules = [{"ObjectOwnership": "BucketOwnerEnforced"}]
    api.call("s3", "PutBucketOwnershipControls", Bucket=name, OwnershipControls={"Rules": rules})


# Source: S3 API Reference, PutObject, CopyObject, CreateMultipartUpload: x-amz-server-side-encryption.
ENCRYPTION = "x-amz-server-side-encryption"
KEY_ID = f"{ENCRYPTION}-aws-kms-key-id"
KMS_ALGORITHMS = ("aws:kms", "aws:kms:dsse")


def encryption_of_write(headers: dict[str, str], bucket: str) -> dict[str, str]:
    """The encryption headers of an object: the request's, or else the bucket's default.

    Args:
        headers: The request's headers, lower-case names.
        bucket: The bucket.
    """
    algorithm, key = headers.get(ENCRYPTION), headers.get(KEY_ID)
    if not algorithm:
        (rule,) = api.call("s3", "GetBucketEncryption", Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        default = rule["ApplyServerSideEncryptionByDefault"]
        algorithm, key = str(default["SSEAlgorithm"]), default.get("KMSMasterKeyID")
    if algorithm not in KMS_ALGORITHMS:
        return {ENCRYPTION: algorithm}
    return {ENCRYPTION: algorithm, KEY_ID: key_arn(key or "alias/aws/s3")}


def install() -> None:
    """Objects may be encrypted with the account's managed key, as on AWS; MiniStack has none and refuses."""
    stock = s3._resolve_sse_write_headers

    def resolve(headers: dict[str, str], bucket: str) -> tuple[dict[str, str] | None, Reply | None]:
        checked = headers
        if headers.get(ENCRYPTION) in KMS_ALGORITHMS:  # so that only its other checks can fail
            checked = {**headers, ENCRYPTION: "aws:kms", KEY_ID: headers.get(KEY_ID) or "aws/s3"}
        kept, problem = stock(checked, bucket)
        if problem is not None or any(name.startswith(f"{ENCRYPTION}-customer") for name in kept):
            return kept, problem
        return encryption_of_write(headers, bucket), None

    s3._resolve_sse_write_headers = resolve


def answer(call: RestCall) -> Reply | None:
    """CreateBucket; everything else is MiniStack's."""
    bucket, _, key = call.path.lstrip("/").partition("/")
    if not bucket or key:
        return None
    if call.method == "PUT" and not any(name in call.query for name in SUBRESOURCES):
        known = bucket in s3._buckets
        reply = call.stock()
        if reply[0] < 300 and not known:
            set_new_bucket_defaults(bucket)
        return reply
    return None


REST_ANSWERS: dict[str, RestAnswer] = {"s3": answer}
