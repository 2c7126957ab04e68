"""S3 buckets keep former versions of their objects.

A bucket that is made with object lock has versioning switched on by S3 itself.

Source: Amazon S3 User Guide, "Object Lock considerations". Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, example_of, one_of, requiring, types_of
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from nexis.templates.views import View


def is_not_locked(bucket: View) -> bool:
    """Whether versioning is for the template to switch on: object lock brings it along unless told otherwise."""
    return not (
        bucket.flag("ObjectLockEnabled", default=False) and isinstance(bucket.get("VersioningConfiguration"), Absent)
    )


REQUIREMENTS = (
    Requirement(
        type="AWS::S3::Bucket",
        path=("VersioningConfiguration", "Status"),
        accepts=one_of("Enabled"),
        expected="Enabled",
        absent="S3 then overwrites and deletes for good",
        source="CloudFormation reference, AWS::S3::Bucket VersioningConfiguration",
        as_of="2026-11-23",
        example="Enabled",
    ),
)

RULE = Rule(
    id="recovery.bucket-versioning",
    severity="error",
    title="S3 buckets keep former versions of their objects",
    why="Without versions a mistaken or malicious overwrite or deletion of a log or a backup cannot be undone.",
    fix="set VersioningConfiguration.Status: Enabled (CDK: versioned=True)",
    types=types_of(*REQUIREMENTS),
    applies=is_not_locked,
    check=requiring(*REQUIREMENTS),
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("CC7.5",), "NIST 800-53 r5": ("CP-9",)},
    source="S3 User Guide, Retaining multiple versions of objects with S3 Versioning",
    cdk='s3.Bucket(self, "Data", versioned=True)',
    example=example_of(*REQUIREMENTS),
)
