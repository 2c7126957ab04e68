"""Stores of data keep backups, or can go back to a point in time.

Source: CloudFormation resource reference of each type, and the AWS Security Hub controls named by each rule, read
2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules import _rds
from nexis.rules.model import Problem, Rule
from nexis.rules.recovery._backup_selections import FILE_SYSTEM, is_selected
from nexis.rules.requirements import Requirement, at_least, is_true, property_rule, row
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
CLAIMS: Final = ("touchpoints.backups",)
WEEK: Final = 7
HOURS_OF_A_WEEK: Final = 168
WHY: Final = "Damage is often noticed days later; without a backup from before it there is nothing to go back to."


def _days(
    type_: str, *path: str, least: int, absent: str, when: Callable[[View], bool] | None = None, unit: str = "days"
) -> Requirement:
    return row(
        type_,
        *path,
        as_of=AS_OF,
        accepts=at_least(least),
        expected=f"{least} or more {unit}",
        absent=absent,
        example=least,
        when=when,
    )


DOCDB = property_rule(
    rule_id="recovery.docdb-backup-retention",
    title="DocumentDB keeps backups for a week or more",
    why=WHY,
    requirements=(
        _days("AWS::DocDB::DBCluster", "BackupRetentionPeriod", least=WEEK, absent="backups are kept for 1 day then"),
        _days(
            "AWS::DocDBElastic::Cluster",
            "BackupRetentionPeriod",
            least=WEEK,
            absent="backups are kept for 1 day then",
        ),
    ),
    fix="set BackupRetentionPeriod to 7 or more",
    cdk="docdb.CfnDBCluster(self, 'Documents', backup_retention_period=14)",
    source="Amazon DocumentDB Developer Guide, Understanding backups",
    claims=CLAIMS,
    controls={"SOC 2": ("CC7.5", "A1.2"), "AWS FSBP": ("DocumentDB.2",), "NIST 800-53 r5": ("CP-9",)},
)

NEPTUNE = property_rule(
    rule_id="recovery.neptune-backup-retention",
    title="Neptune keeps backups for a week or more",
    why=WHY,
    requirements=(
        _days("AWS::Neptune::DBCluster", "BackupRetentionPeriod", least=WEEK, absent="backups are kept for 1 day then"),
    ),
    fix="set BackupRetentionPeriod to 7 or more",
    cdk="neptune.CfnDBCluster(self, 'Graph', backup_retention_period=14)",
    source="Amazon Neptune User Guide, Backing up and restoring an Amazon Neptune DB cluster",
    claims=CLAIMS,
    controls={"SOC 2": ("CC7.5", "A1.2"), "AWS FSBP": ("Neptune.5",), "NIST 800-53 r5": ("CP-9",)},
)

REDSHIFT = property_rule(
    rule_id="recovery.redshift-snapshots",
    title="Redshift keeps automated snapshots for a week or more",
    why=WHY,
    requirements=(
        _days(
            "AWS::Redshift::Cluster",
            "AutomatedSnapshotRetentionPeriod",
            least=WEEK,
            absent="snapshots are kept for 1 day then",
        ),
    ),
    fix="set AutomatedSnapshotRetentionPeriod to 7 or more",
    cdk="cluster.node.default_child.automated_snapshot_retention_period = 14",
    source="Amazon Redshift Management Guide, Automated snapshots",
    claims=CLAIMS,
    controls={"SOC 2": ("CC7.5", "A1.2"), "AWS FSBP": ("Redshift.3",), "NIST 800-53 r5": ("CP-9",)},
)


def is_not_memcached(cluster: View) -> bool:
    """Whether a cache cluster keeps data that can be backed up: Memcached cannot."""
    return cluster.literal("Engine") != "memcached" and isinstance(cluster.get("ReplicationGroupId"), Absent)


ELASTICACHE = property_rule(
    rule_id="recovery.elasticache-backups",
    title="Redis and Valkey caches keep snapshots",
    why="A cache that grew into a store is noticed when it is empty.",
    requirements=(
        _days(
            "AWS::ElastiCache::ReplicationGroup", "SnapshotRetentionLimit", least=1, absent="no snapshot is kept then"
        ),
        _days(
            "AWS::ElastiCache::CacheCluster",
            "SnapshotRetentionLimit",
            least=1,
            absent="no snapshot is kept then",
            when=is_not_memcached,
        ),
    ),
    fix="set SnapshotRetentionLimit to 1 or more",
    cdk="""
elasticache.CfnReplicationGroup(
    self, "Cache", replication_group_description="sessions", snapshot_retention_limit=7
)
""",
    source="Amazon ElastiCache User Guide, Scheduling automatic backups",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("ElastiCache.1",), "NIST 800-53 r5": ("CP-9",)},
)

MEMORYDB = property_rule(
    rule_id="recovery.memorydb-snapshots",
    title="MemoryDB clusters keep snapshots",
    why="The transaction log survives a lost zone, not a mistaken deletion of keys.",
    requirements=(
        _days("AWS::MemoryDB::Cluster", "SnapshotRetentionLimit", least=1, absent="no snapshot is kept then"),
    ),
    fix="set SnapshotRetentionLimit to 1 or more",
    cdk='memorydb.CfnCluster(self, "Store", acl_name=acl, node_type="db.r7g.large", snapshot_retention_limit=14)',
    source="Amazon MemoryDB Developer Guide, Scheduling automatic snapshots",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "NIST 800-53 r5": ("CP-9",)},
)


_point_in_time = partial(row, as_of=AS_OF, absent="there is then no point in time to go back to")


DYNAMODB = property_rule(
    rule_id="recovery.dynamodb-point-in-time",
    title="DynamoDB tables can go back to a point in time",
    why="A bug that overwrites a table leaves nothing to go back to, unless the table itself can.",
    requirements=(
        _point_in_time("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"),
        _point_in_time(
            "AWS::DynamoDB::GlobalTable",
            "Replicas",
            "*",
            "PointInTimeRecoverySpecification",
            "PointInTimeRecoveryEnabled",
        ),
        _point_in_time(
            "AWS::Serverless::SimpleTable", "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"
        ),
    ),
    fix="set PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled: true",
    cdk="""
dynamodb.TableV2(
    self, "Orders", partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
    point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
        point_in_time_recovery_enabled=True
    ),
)
""",
    source="Amazon DynamoDB Developer Guide, Point-in-time backups for DynamoDB",
    claims=CLAIMS,
    controls={"SOC 2": ("CC7.5", "A1.2"), "AWS FSBP": ("DynamoDB.2",), "NIST 800-53 r5": ("CP-9", "CP-10")},
)

KEYSPACES = property_rule(
    rule_id="recovery.keyspaces-point-in-time",
    title="Keyspaces tables can go back to a point in time",
    why="A bug that overwrites a table leaves nothing to go back to, unless the table itself can.",
    requirements=(_point_in_time("AWS::Cassandra::Table", "PointInTimeRecoveryEnabled"),),
    fix="set PointInTimeRecoveryEnabled: true",
    cdk="""
cassandra.CfnTable(
    self, "Orders", keyspace_name="shop", partition_key_columns=columns, point_in_time_recovery_enabled=True
)
""",
    source="Amazon Keyspaces Developer Guide, Backup and restore data with point-in-time recovery",
    claims=CLAIMS,
    controls={"SOC 2": ("CC7.5", "A1.2")},
)


def _check_efs(system: View) -> Iterator[Problem]:
    status = system.literal("BackupPolicy", "Status")
    if status == "ENABLED":
        return
    if isinstance(status, Absent) and not isinstance(system.get("AvailabilityZoneName"), Absent):
        return  # One Zone file systems are backed up unless told otherwise
    if is_selected(system):
        return
    said = "is absent" if isinstance(status, Absent) else f"found {status!r}"
    yield Problem(
        place("BackupPolicy", "Status"), f"{said}, and no backup selection here takes it in; expected ENABLED"
    )


EFS = Rule(
    id="recovery.efs-backup",
    severity="error",
    title="EFS file systems are backed up",
    why="Files that a program deletes or encrypts are gone; EFS itself keeps no former version.",
    fix="set BackupPolicy.Status: ENABLED, or name the file system in an AWS::Backup::BackupSelection "
    "(CDK: enable_automatic_backups=True)",
    types=(FILE_SYSTEM,),
    check=_check_efs,
    claims=CLAIMS,
    controls={"SOC 2": ("CC7.5", "A1.2"), "AWS FSBP": ("EFS.2",), "NIST 800-53 r5": ("CP-9",)},
    source="Amazon EFS User Guide, Backing up EFS file systems (automatic backups)",
    cdk='efs.FileSystem(self, "Files", vpc=vpc, enable_automatic_backups=True)',
    example={"Files": {"Type": FILE_SYSTEM, "Properties": {"BackupPolicy": {"Status": "ENABLED"}}}},
)

#: Windows, ONTAP and OpenZFS keep backups for 30 days unless told otherwise; Lustre none, scratch ones cannot.
FSX = property_rule(
    rule_id="recovery.fsx-backups",
    title="FSx file systems do not switch their backups off",
    why="Files that a program deletes or encrypts are gone, unless a backup from before it exists.",
    requirements=tuple(
        _days("AWS::FSx::FileSystem", name, "AutomaticBackupRetentionDays", least=1, absent="")
        for name in ("WindowsConfiguration", "OntapConfiguration", "OpenZFSConfiguration", "LustreConfiguration")
    ),
    fix="set AutomaticBackupRetentionDays to 1 or more (90 at most), or leave it out",
    cdk="""
fsx.CfnFileSystem(
    self, "Files", file_system_type="WINDOWS", subnet_ids=subnets,
    windows_configuration={"throughputCapacity": 32, "automaticBackupRetentionDays": 30},
)
""",
    source="CloudFormation resource reference, AWS::FSx::FileSystem AutomaticBackupRetentionDays",
    claims=CLAIMS,
    controls={"SOC 2": ("CC7.5", "A1.2"), "NIST 800-53 r5": ("CP-9",)},
    example={
        "Files": {
            "Type": "AWS::FSx::FileSystem",
            "Properties": {"FileSystemType": "WINDOWS", "WindowsConfiguration": {"AutomaticBackupRetentionDays": 30}},
        }
    },
)

LIGHTSAIL = property_rule(
    rule_id="recovery.lightsail-backups",
    title="Lightsail databases keep backups",
    why=WHY,
    requirements=(
        Requirement(
            type="AWS::Lightsail::Database",
            path=("BackupRetention",),
            accepts=is_true,
            expected="true",
            absent="",  # on unless switched off
            source="Amazon Lightsail User Guide, Databases in Lightsail (automatic backups)",
            as_of=AS_OF,
            example=True,
        ),
    ),
    fix="set BackupRetention: true, or leave it out",
    cdk="database.node.default_child.backup_retention = True",
    source="CloudFormation resource reference, AWS::Lightsail::Database BackupRetention",
    claims=CLAIMS,
    controls={"SOC 2": ("CC7.5", "A1.2")},
)

KINESIS = property_rule(
    rule_id="recovery.kinesis-retention",
    title="Streams keep their records for a week or more",
    why="A consumer that is wrong for longer than the stream remembers has lost the records for good.",
    requirements=(
        _days(
            "AWS::Kinesis::Stream",
            "RetentionPeriodHours",
            least=HOURS_OF_A_WEEK,
            absent="records are kept for 24 hours then",
            unit="hours",
        ),
    ),
    fix="set RetentionPeriodHours to 168 or more (CDK: retention_period=Duration.days(7))",
    cdk='kinesis.Stream(self, "Events", retention_period=Duration.days(7))',
    source="Amazon Kinesis Data Streams Developer Guide, Change the data retention period",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("Kinesis.3",)},
    scope="baseline",  # a stream is passed on, not kept; one framework only asks for more than AWS's day
)


def can_backtrack(cluster: View) -> bool:
    """Whether a cluster can be wound back: Aurora MySQL with instances, outside a global database.

    Source: Amazon Aurora User Guide, "Limitations for backtracking".
    """
    for name in ("ServerlessV2ScalingConfiguration", "GlobalClusterIdentifier", "ReplicationSourceIdentifier"):
        if not isinstance(cluster.peek(name), Absent):
            return False
    if cluster.literal("EngineMode") not in ("provisioned",) and not isinstance(cluster.peek("EngineMode"), Absent):
        return False
    return _rds.engine_of(cluster) in ("aurora", "aurora-mysql")


BACKTRACK = property_rule(
    rule_id="recovery.aurora-mysql-backtrack",
    title="Aurora MySQL clusters can be wound back",
    why="A mistaken DELETE is undone in minutes by winding back, in hours from a backup.",
    requirements=(
        Requirement(
            type=_rds.CLUSTER,
            path=("BacktrackWindow",),
            accepts=at_least(1),
            expected="a number of seconds up to 259200",
            absent="the cluster cannot be wound back then",
            source="CloudFormation resource reference, AWS::RDS::DBCluster BacktrackWindow",
            as_of=AS_OF,
            example=86400,
            when=can_backtrack,
        ),
    ),
    fix="set BacktrackWindow to 86400 (CDK: backtrack_window=Duration.days(1))",
    cdk="""
rds.DatabaseCluster(
    self, "Database", vpc=vpc, writer=writer, backtrack_window=Duration.days(1),
    engine=rds.DatabaseClusterEngine.aurora_mysql(version=rds.AuroraMysqlEngineVersion.VER_3_10_0),
)
""",
    source="Amazon Aurora User Guide, Backtracking an Aurora DB cluster",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("RDS.14",)},
    example={"Database": {"Type": _rds.CLUSTER, "Properties": {"Engine": "aurora-mysql", "BacktrackWindow": 86400}}},
    scope="baseline",  # backups reach any point in time as well; winding back is faster, and costs extra
)

RULES: tuple[Rule, ...] = (
    DOCDB,
    NEPTUNE,
    REDSHIFT,
    ELASTICACHE,
    MEMORYDB,
    DYNAMODB,
    KEYSPACES,
    EFS,
    FSX,
    LIGHTSAIL,
    KINESIS,
    BACKTRACK,
)
