from __future__ import annotations

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

INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"

AT = ("Properties.BackupRetentionPeriod",)

COMMON: tuple[Case, ...] = (
    good("14 days", resources(It=resource(INSTANCE, BackupRetentionPeriod=14))),
    good("35 days as text", resources(It=resource(INSTANCE, BackupRetentionPeriod="35"))),
    good("a cluster", resources(It=resource(CLUSTER, BackupRetentionPeriod=30))),
    good("a restored instance", resources(It=resource(INSTANCE, DBSnapshotIdentifier="s", BackupRetentionPeriod=14))),
    bad("none", resources(It=resource(INSTANCE, BackupRetentionPeriod=0)), at=AT),
    bad("absent: 1 day", resources(It=resource(INSTANCE)), at=AT),
    bad("a cluster without", resources(It=resource(CLUSTER)), at=AT),
    bad("no number", resources(It=resource(CLUSTER, BackupRetentionPeriod="two weeks")), at=AT),
    bad("a restored instance without", resources(It=resource(INSTANCE, DBSnapshotIdentifier="snap")), at=AT),
    not_applicable("the cluster keeps them", resources(It=resource(INSTANCE, DBClusterIdentifier="main"))),
    not_applicable("the source keeps them", resources(It=resource(INSTANCE, SourceDBInstanceIdentifier="main"))),
    not_applicable("another type", resources(It=resource("AWS::RDS::GlobalCluster"))),
    unknown(
        "a parameter without default",
        {
            "Parameters": {"Days": {"Type": "Number"}},
            **resources(It=resource(INSTANCE, BackupRetentionPeriod={"Ref": "Days"})),
        },
        at=AT,
    ),
    unknown(
        "allowed values that disagree",
        {
            "Parameters": {"Days": {"Type": "Number", "AllowedValues": [1, 14]}},
            **resources(It=resource(INSTANCE, BackupRetentionPeriod={"Ref": "Days"})),
        },
        at=AT,
    ),
    unknown("a list", resources(It=resource(INSTANCE, BackupRetentionPeriod=[14])), at=AT),
)
WEEK = resources(It=resource(INSTANCE, BackupRetentionPeriod=7))

CASES = (
    RuleCases(
        "recovery.rds-backup-retention",
        (
            *COMMON,
            good("a week", WEEK),
            bad("6 days", resources(It=resource(INSTANCE, BackupRetentionPeriod=6)), at=AT),
        ),
    ),
    RuleCases(
        "recovery.rds-backup-two-weeks",
        (
            *COMMON,
            bad("a week", WEEK, at=AT),
            bad("13 days", resources(It=resource(INSTANCE, BackupRetentionPeriod=13)), at=AT),
        ),
    ),
)


@each_of(CASES)
def test_rds_backup_retention(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
