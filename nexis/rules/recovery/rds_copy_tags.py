"""RDS snapshots carry the tags of their database."""

from __future__ import annotations

from nexis.rules import _rds
from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, example_of, is_true, requiring, types_of

REQUIREMENTS = tuple(
    Requirement(
        type=kind,
        path=("CopyTagsToSnapshot",),
        accepts=is_true,
        expected="true",
        absent="RDS then copies no tags",
        source=f"CloudFormation reference, {kind} CopyTagsToSnapshot",
        as_of="2026-11-23",
        example=True,
    )
    for kind in (_rds.INSTANCE, _rds.CLUSTER)
)

RULE = Rule(
    id="recovery.rds-copy-tags",
    severity="error",
    title="RDS snapshots carry the tags of their database",
    why="A snapshot without tags belongs to nobody: access by tag, retention and clean-up pass it by.",
    fix="set CopyTagsToSnapshot: true (CDK: copy_tags_to_snapshot=True)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    applies=lambda database: not _rds.is_cluster_member(database),
    claims=("touchpoints.backups",),
    controls={"SOC 2": ("CC7.5",), "AWS FSBP": ("RDS.16", "RDS.17")},
    source="RDS User Guide, Copying tags to DB instance snapshots",
    cdk='rds.DatabaseInstance(self, "Database", engine=engine, vpc=vpc, copy_tags_to_snapshot=True)',
    example=example_of(*REQUIREMENTS),
    scope="baseline",  # snapshots without tags are no danger to the data
)
