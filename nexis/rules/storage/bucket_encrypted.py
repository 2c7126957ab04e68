"""S3 buckets encrypt their objects."""

from __future__ import annotations

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, one_of, requiring, types_of

ALGORITHMS = ("AES256", "aws:kms", "aws:kms:dsse")

REQUIREMENTS = (
    Requirement(
        type="AWS::S3::Bucket",
        path=(
            "BucketEncryption",
            "ServerSideEncryptionConfiguration",
            "*",
            "ServerSideEncryptionByDefault",
            "SSEAlgorithm",
        ),
        accepts=one_of(*ALGORITHMS),
        expected=f"one of {', '.join(ALGORITHMS)}",
        absent="",  # S3 encrypts every new object with AES256 since 2023-01-05, and that cannot be switched off
        source="S3 User Guide, Default encryption FAQ",
        as_of="2026-11-23",
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
)
