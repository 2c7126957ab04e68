"""S3: the defaults every bucket has on AWS since 2023, whoever made it.

Source: S3 User Guide, "Default encryption" (January 2023) and "Default settings for new buckets" (April 2023).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ministack.services import kms, s3

from local_aws import api

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


def default_encryption() -> bytes:
    """What GetBucketEncryption answers where nobody chose: S3's own keys."""
    root = ElementTree.Element("ServerSideEncryptionConfiguration", xmlns=s3.S3_NS)
    rule = ElementTree.SubElement(root, "Rule")
    default = ElementTree.SubElement(rule, "ApplyServerSideEncryptionByDefault")
    ElementTree.SubElement(default, "SSEAlgorithm").text = "AES256"
    ElementTree.SubElement(rule, "BucketKeyEnabled").text = "false"
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _without_managed_key(reply: Reply) -> Reply:
    """S3 names no key where its own KMS key is used; MiniStack needs the name to accept uploads."""
    known = kms._aliases.get(kms._alias_arn("alias/aws/s3"))
    if reply[0] != 200 or not known:
        return reply
    arn = str(kms._resolve_key(known)["Arn"])
    body = reply[2].replace(f"<KMSMasterKeyID>{arn}</KMSMasterKeyID>".encode(), b"")
    return reply[0], {name: value for name, value in reply[1].items() if name.lower() != "content-length"}, body


def answer(call: RestCall) -> Reply | None:
    """GetBucketEncryption and CreateBucket; everything else is MiniStack's."""
    bucket, _, key = call.path.lstrip("/").partition("/")
    if not bucket or key:
        return None
    if call.method == "GET" and "encryption" in call.query:
        reply = call.stock()
        if reply[0] == 404 and b"ServerSideEncryptionConfigurationNotFoundError" in reply[2]:
            return 200, {"Content-Type": "application/xml"}, default_encryption()
        return _without_managed_key(reply)
    if call.method == "PUT" and not any(name in call.query for name in SUBRESOURCES):
        known = bucket in s3._buckets
        reply = call.stock()
        if reply[0] < 300 and not known:
            set_new_bucket_defaults(bucket)
        return reply
    return None


REST_ANSWERS: dict[str, RestAnswer] = {"s3": answer}
