"""S3 buckets encrypt their objects."""

from __future__ import annotations

from typing import Final

from nexis.facts.encryption_defaults import ENCRYPTED_BY_DEFAULT
from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, example_of, one_of, requiring, row, types_of

ALGORITHMS: Final = ("AES256", "aws:kms", "aws:kms:dsse")
BY_DEFAULT: Final = ("BucketEncryption", "ServerSideEncryptionConfiguration", "*", "ServerSideEncryptionByDefault")


def _row(kind: str, *path: str, accepts: tuple[str, ...]) -> Requirement:
    return row(
        kind,
        *path,
        as_of="2026-11-23",
        accepts=one_of(*accepts),
        expected=f"one of {', '.join(accepts)}",
        source=ENCRYPTED_BY_DEFAULT[kind].source,  # all encrypt by themselves, and that cannot be switched off
        example="aws:kms",
    )


REQUIREMENTS: Final = (
    _row(
        "AWS::S3::Bucket",
        *BY_DEFAULT,
        "SSEAlgorithm",
        accepts=ALGORITHMS,
    ),
    _row(
        "AWS::S3Express::DirectoryBucket",
        *BY_DEFAULT,
        "SSEAlgorithm",
        accepts=ALGORITHMS[:2],
    ),
    _row(
        "AWS::S3Tables::TableBucket",
        "EncryptionConfiguration",
        "SSEAlgorithm",
        accepts=ALGORITHMS[:2],
    ),
    _row(
        "AWS::S3Vectors::VectorBucket",
        "EncryptionConfiguration",
        "SseType",
        accepts=ALGORITHMS[:2],
    ),
)

RULE = Rule(
    id="storage.bucket-encrypted",
    severity="error",
    title="S3 buckets encrypt their objects",
    why="Objects that are not encrypted lie readable on AWS's disks. S3 encrypts by itself since 2023-01-05; an "
    "algorithm that it does not know must not stand in for that.",
    fix="set BucketEncryption with SSEAlgorithm aws:kms, or leave it out for S3's own AES256 (CDK: encryption=…)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    claims=("storage.at-rest",),
    controls={"SOC 2": ("CC6.1",)},
    source="S3 User Guide, Amazon S3 now automatically encrypts all new objects",
    cdk='s3.Bucket(self, "Files", encryption=s3.BucketEncryption.S3_MANAGED)',
    example=example_of(*REQUIREMENTS),
)
