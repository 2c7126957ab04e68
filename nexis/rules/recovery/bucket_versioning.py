"""S3 buckets keep former versions of their objects."""

from __future__ import annotations

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, one_of, requiring, types_of

REQUIREMENTS = (
    Requirement(
        type="AWS::S3::Bucket",
        path=("VersioningConfiguration", "Status"),
        accepts=one_of("Enabled"),
        expected="Enabled",
        absent="S3 then overwrites and deletes for good",
        source="CloudFormation reference, AWS::S3::Bucket VersioningConfiguration",
        as_of="2026-11-23",
    ),
)

RULE = Rule(
    id="recovery.bucket-versioning",
    severity="error",
    title="S3 buckets keep former versions of their objects",
    why="Without versions a mistaken or malicious overwrite or deletion of a log or a backup cannot be undone.",
    fix="set VersioningConfiguration.Status: Enabled (CDK: versioned=True)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("CC7.5",)},
    source="S3 User Guide, Retaining multiple versions of objects with S3 Versioning",
)
