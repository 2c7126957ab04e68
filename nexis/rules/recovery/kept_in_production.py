"""Production data outlives its stack.

CloudFormation deletes a resource with its stack, or when a change replaces it, unless its template says otherwise. A
snapshot is as good as the resource for types that have one. RDS databases of their own are kept as a snapshot by
default when their stack is deleted, not when they are replaced.

Source: CloudFormation Template Reference, "DeletionPolicy attribute" and "UpdateReplacePolicy attribute". Read
2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.facts.tags import ENVIRONMENT_TAG
from nexis.rules import _rds
from nexis.rules._tags import has_tag
from nexis.rules.model import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

PRODUCTION: Final = "prod"
HOSTS: Final = "AWS::AutoScaling::AutoScalingGroup"
RETAINED: Final = ("Retain", "RetainExceptOnCreate")
SNAPSHOT: Final = "Snapshot"
DELETE: Final = "Delete"

#: Types that hold what cannot be made again.
TYPES: Final = (
    "AWS::CloudTrail::EventDataStore",
    "AWS::DocDB::DBCluster",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Volume",
    "AWS::EFS::FileSystem",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::Neptune::DBCluster",
    _rds.CLUSTER,
    _rds.INSTANCE,
    "AWS::Redshift::Cluster",
    "AWS::S3::Bucket",
)
#: Those of them of which CloudFormation can make a snapshot.
WITH_SNAPSHOT: Final = (
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::Neptune::DBCluster",
    _rds.CLUSTER,
    _rds.INSTANCE,
    "AWS::Redshift::Cluster",
)
#: Those of which it makes one when their stack is deleted and no DeletionPolicy is written.
SNAPSHOT_BY_DEFAULT: Final = (_rds.CLUSTER, _rds.INSTANCE)


def _applies(kept: View) -> bool:
    """Leave out what is not of production, and the instances of a cluster, which hold nothing themselves."""
    return _is_production(kept) and not _rds.is_cluster_member(kept)


def _is_production(kept: View) -> bool:
    """Go by its own tag; by the tag of the hosts it is deployed with where the stack, and not the template, tags it."""
    if has_tag(kept, ENVIRONMENT_TAG):
        return has_tag(kept, ENVIRONMENT_TAG, PRODUCTION)
    hosts = [group for group in kept.scene.declared(HOSTS) if has_tag(group, ENVIRONMENT_TAG)]
    return (
        kept.resource.construct is not None
        and bool(hosts)
        and all(has_tag(group, ENVIRONMENT_TAG, PRODUCTION) for group in hosts)
    )


def _check(kept: View) -> Iterator[Problem]:
    accepted = (*RETAINED, SNAPSHOT) if kept.type in WITH_SNAPSHOT else RETAINED
    attributes = (
        ("DeletionPolicy", kept.resource.deletion_policy, SNAPSHOT if kept.type in SNAPSHOT_BY_DEFAULT else DELETE),
        ("UpdateReplacePolicy", kept.resource.update_replace_policy, DELETE),
    )
    for name, raw, default in attributes:
        value: Any = default if raw is None else kept.resolve(raw)
        if not isinstance(value, str):
            yield Problem(name, f"cannot be known here: found {value!r}, expected {' or '.join(accepted)}", "unknown")
        elif value not in accepted:
            yield Problem(name, f"found {value!r}, expected {' or '.join(accepted)}")


RULE = Rule(
    id="recovery.kept-in-production",
    severity="error",
    title="Production data and its keys outlive their stack",
    why="A deleted stack, or a change that replaces a resource, would take the data with it, or the key that reads it.",
    fix="set DeletionPolicy and UpdateReplacePolicy to Retain, or to Snapshot for a database "
    "(CDK: apply_removal_policy(RemovalPolicy.RETAIN))",
    types=TYPES,
    applies=_applies,
    check=_check,
    claims=("touchpoints.backups", "touchpoints.changes"),
    controls={"SOC 2": ("A1.2", "CC8.1")},
    source="CloudFormation Template Reference, DeletionPolicy attribute and UpdateReplacePolicy attribute",
    cdk="table.apply_removal_policy(RemovalPolicy.RETAIN)",
    example={
        "Orders": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {"Tags": [{"Key": ENVIRONMENT_TAG, "Value": PRODUCTION}]},
        }
    },
    scope="baseline",  # what is production, and what it is worth, our own tags say; elsewhere nobody asks for it
)
