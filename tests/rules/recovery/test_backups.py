from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, defaulted, opened

OTHER = not_applicable("another type", resources(It=resource("AWS::S3::Bucket")))
ELASTIC = "AWS::DocDBElastic::Cluster"
LIGHTSAIL = "AWS::Lightsail::Database"
GROUP = "AWS::ElastiCache::ReplicationGroup"
NODE = "AWS::ElastiCache::CacheCluster"
TABLE = "AWS::DynamoDB::Table"
GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable"
FILES = "AWS::EFS::FileSystem"
FSX = "AWS::FSx::FileSystem"
CLUSTER = "AWS::RDS::DBCluster"


def counted(rule: str, kind: str, name: str, enough: int, more: tuple[Case, ...] = ()) -> RuleCases:
    at = (f"Properties.{name}",)
    return RuleCases(
        rule,
        (
            good("enough", resources(It=resource(kind, **{name: enough}))),
            good("more, as text", resources(It=resource(kind, **{name: str(enough + 1)}))),
            bad("one too few", resources(It=resource(kind, **{name: enough - 1})), at=at),
            bad("absent", resources(It=resource(kind)), at=at),
            bad("a parameter's default", defaulted("0", It=resource(kind, **{name: OPEN})), at=at),
            unknown("open", opened(It=resource(kind, **{name: OPEN})), at=at),
            OTHER,
            *more,
        ),
    )


def recoverable(value: Any) -> dict[str, Any]:
    return {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": value}}


PITR = ("Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",)


def files(status: Any = None, **more: Any) -> dict[str, Any]:
    return resource(FILES, **({} if status is None else {"BackupPolicy": {"Status": status}}), **more)


def selection(**selected: Any) -> dict[str, Any]:
    return resource("AWS::Backup::BackupSelection", BackupPlanId="plan", BackupSelection=selected)


POLICY = ("Properties.BackupPolicy.Status",)
BY_TAG = [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}]

CASES = (
    counted(
        "recovery.docdb-backup-retention",
        "AWS::DocDB::DBCluster",
        "BackupRetentionPeriod",
        7,
        (
            good("an elastic one", resources(It=resource(ELASTIC, BackupRetentionPeriod=7))),
            bad("an elastic one without", resources(It=resource(ELASTIC)), at=("Properties.BackupRetentionPeriod",)),
        ),
    ),
    RuleCases(
        "recovery.lightsail-backups",
        (
            good("on", resources(It=resource(LIGHTSAIL, BackupRetention=True))),
            good("nothing said", resources(It=resource(LIGHTSAIL))),
            bad("off", resources(It=resource(LIGHTSAIL, BackupRetention=False)), at=("Properties.BackupRetention",)),
            OTHER,
            unknown("open", opened(It=resource(LIGHTSAIL, BackupRetention=OPEN)), at=("Properties.BackupRetention",)),
        ),
    ),
    counted("recovery.neptune-backup-retention", "AWS::Neptune::DBCluster", "BackupRetentionPeriod", 7),
    counted("recovery.redshift-snapshots", "AWS::Redshift::Cluster", "AutomatedSnapshotRetentionPeriod", 7),
    counted(
        "recovery.elasticache-backups",
        GROUP,
        "SnapshotRetentionLimit",
        1,
        (
            good("one node", resources(It=resource(NODE, Engine="redis", SnapshotRetentionLimit=3))),
            bad(
                "one node without",
                resources(It=resource(NODE, Engine="redis")),
                at=("Properties.SnapshotRetentionLimit",),
            ),
            not_applicable("Memcached", resources(It=resource(NODE, Engine="memcached"))),
        ),
    ),
    counted("recovery.memorydb-snapshots", "AWS::MemoryDB::Cluster", "SnapshotRetentionLimit", 1),
    counted("recovery.kinesis-retention", "AWS::Kinesis::Stream", "RetentionPeriodHours", 168),
    RuleCases(
        "recovery.dynamodb-point-in-time",
        (
            good("on", resources(It=resource(TABLE, **recoverable(True)))),
            good("SAM", resources(It=resource("AWS::Serverless::SimpleTable", **recoverable("true")))),
            good("every replica", resources(It=resource(GLOBAL_TABLE, Replicas=[recoverable(True)]))),
            bad("absent", resources(It=resource(TABLE)), at=PITR),
            bad("off", resources(It=resource(TABLE, **recoverable(False))), at=PITR),
            bad(
                "one replica without",
                resources(It=resource(GLOBAL_TABLE, Replicas=[recoverable(True), {"Region": "eu-west-1"}])),
                at=("Properties.Replicas.1.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",),
            ),
            OTHER,
            unknown("open", opened(It=resource(TABLE, **recoverable(OPEN))), at=PITR),
        ),
    ),
    RuleCases(
        "recovery.keyspaces-point-in-time",
        (
            good("on", resources(It=resource("AWS::Cassandra::Table", PointInTimeRecoveryEnabled=True))),
            bad(
                "absent", resources(It=resource("AWS::Cassandra::Table")), at=("Properties.PointInTimeRecoveryEnabled",)
            ),
            OTHER,
            unknown(
                "open",
                opened(It=resource("AWS::Cassandra::Table", PointInTimeRecoveryEnabled=OPEN)),
                at=("Properties.PointInTimeRecoveryEnabled",),
            ),
        ),
    ),
    RuleCases(
        "recovery.efs-backup",
        (
            good("its own policy", resources(It=files("ENABLED"))),
            good("One Zone, by default", resources(It=files(AvailabilityZoneName="eu-central-1a"))),
            good(
                "by its ARN",
                resources(It=files(), S=selection(Resources=[{"Fn::GetAtt": ["It", "Arn"]}])),
            ),
            good(
                "by its tags",
                resources(
                    It=files(FileSystemTags=[{"Key": "backup", "Value": "daily"}]), S=selection(ListOfTags=BY_TAG)
                ),
            ),
            bad("absent", resources(It=files()), at=POLICY),
            bad("disabled", resources(It=files("DISABLED")), at=POLICY),
            bad("One Zone, disabled", resources(It=files("DISABLED", AvailabilityZoneName="x")), at=POLICY),
            bad("a selection of others", resources(It=files(), S=selection(ListOfTags=BY_TAG)), at=POLICY),
            OTHER,
            unknown("open", opened(It=files(OPEN)), at=POLICY),
            unknown("an open selection", opened(It=files(), S=selection(Resources=[OPEN])), at=("Properties",)),
        ),
    ),
    RuleCases(
        "recovery.fsx-backups",
        (
            good("30 days", resources(It=resource(FSX, WindowsConfiguration={"AutomaticBackupRetentionDays": 30}))),
            good("nothing said", resources(It=resource(FSX, LustreConfiguration={"DeploymentType": "SCRATCH_2"}))),
            bad(
                "none",
                resources(It=resource(FSX, OntapConfiguration={"AutomaticBackupRetentionDays": 0})),
                at=("Properties.OntapConfiguration.AutomaticBackupRetentionDays",),
            ),
            OTHER,
            unknown(
                "open",
                opened(It=resource(FSX, LustreConfiguration={"AutomaticBackupRetentionDays": OPEN})),
                at=("Properties.LustreConfiguration.AutomaticBackupRetentionDays",),
            ),
        ),
    ),
    RuleCases(
        "recovery.aurora-mysql-backtrack",
        (
            good("a day", resources(It=resource(CLUSTER, Engine="aurora-mysql", BacktrackWindow=86400))),
            bad("absent", resources(It=resource(CLUSTER, Engine="aurora-mysql")), at=("Properties.BacktrackWindow",)),
            bad(
                "none",
                resources(It=resource(CLUSTER, Engine="aurora", BacktrackWindow=0)),
                at=("Properties.BacktrackWindow",),
            ),
            not_applicable("PostgreSQL", resources(It=resource(CLUSTER, Engine="aurora-postgresql"))),
            not_applicable(
                "serverless", resources(It=resource(CLUSTER, Engine="aurora-mysql", EngineMode="serverless"))
            ),
            not_applicable(
                "of a global database",
                resources(It=resource(CLUSTER, Engine="aurora-mysql", GlobalClusterIdentifier="world")),
            ),
            unknown(
                "open",
                opened(It=resource(CLUSTER, Engine="aurora-mysql", BacktrackWindow=OPEN)),
                at=("Properties.BacktrackWindow",),
            ),
        ),
    ),
)


@each_of(CASES)
def test_backups(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
