from __future__ import annotations

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)

INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
GLOBAL = "AWS::RDS::GlobalCluster"
AT = ("Properties.StorageEncrypted",)

CASES = RuleCases(
    "storage.rds-encrypted",
    (
        good("a cluster, as text", resources(It=resource(CLUSTER, StorageEncrypted="true"))),
        good("an instance", resources(It=resource(INSTANCE, StorageEncrypted=True))),
        good("a global database", resources(It=resource(GLOBAL, StorageEncrypted=True))),
        good(
            "a replica of an encrypted instance",
            resources(
                It=resource(INSTANCE, SourceDBInstanceIdentifier={"Ref": "Source"}),
                Source=resource(INSTANCE, StorageEncrypted=True),
            ),
        ),
        good(
            "a global database around an encrypted cluster",
            resources(
                It=resource(GLOBAL, SourceDBClusterIdentifier={"Ref": "Source"}),
                Source=resource(CLUSTER, StorageEncrypted=True),
            ),
        ),
        good(
            "a restore whose author says that the snapshot is encrypted",
            resources(It=resource(INSTANCE, DBSnapshotIdentifier="snap", StorageEncrypted=True)),
        ),
        good(
            "allowed values that agree",
            {
                "Parameters": {"Encrypt": {"Type": "String", "AllowedValues": ["true"]}},
                **resources(It=resource(INSTANCE, StorageEncrypted={"Ref": "Encrypt"})),
            },
        ),
        good("Aurora Serverless v1 is always encrypted", resources(It=resource(CLUSTER, EngineMode="serverless"))),
        good(
            "a replica of an instance elsewhere, with a key",
            resources(It=resource(INSTANCE, SourceDBInstanceIdentifier="elsewhere", KmsKeyId="alias/ours")),
        ),
        bad("a provisioned cluster", resources(It=resource(CLUSTER, EngineMode="provisioned")), at=AT),
        bad(
            "Aurora Serverless v1 that says false",
            resources(It=resource(CLUSTER, EngineMode="serverless", StorageEncrypted=False)),
            at=AT,
        ),
        bad("a cluster without", resources(It=resource(CLUSTER)), at=AT),
        bad("an instance without", resources(It=resource(INSTANCE)), at=AT),
        bad("a key alone encrypts nothing", resources(It=resource(INSTANCE, KmsKeyId="alias/ours")), at=AT),
        bad("an instance with false", resources(It=resource(INSTANCE, StorageEncrypted="false")), at=AT),
        bad("a global database without", resources(It=resource(GLOBAL)), at=AT),
        bad(
            "a restore that says false",
            resources(It=resource(CLUSTER, SnapshotIdentifier="s", StorageEncrypted=False)),
            at=AT,
        ),
        bad(
            "a replica of an unencrypted instance",
            resources(It=resource(INSTANCE, SourceDBInstanceIdentifier={"Ref": "Source"}), Source=resource(INSTANCE)),
            at=("Properties.SourceDBInstanceIdentifier",),
        ),
        bad(
            "AWS::NoValue in every branch",
            resources(It=resource(CLUSTER, StorageEncrypted={"Fn::If": ["Unclear", False, {"Ref": "AWS::NoValue"}]})),
            at=AT,
        ),
        not_applicable("another type", resources(It=resource("AWS::S3::Bucket"))),
        not_applicable(
            "an instance of a cluster has the cluster's storage",
            resources(It=resource(INSTANCE, DBClusterIdentifier="main")),
        ),
        not_applicable(
            "an Aurora instance has no storage of its own", resources(It=resource(INSTANCE, Engine="aurora-postgresql"))
        ),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Encrypt": {"Type": "String"}},
                **resources(It=resource(CLUSTER, StorageEncrypted={"Ref": "Encrypt"})),
            },
            at=AT,
        ),
        unknown("as the snapshot is", resources(It=resource(INSTANCE, DBSnapshotIdentifier="snap")), at=AT),
        unknown("as the snapshot of the cluster is", resources(It=resource(CLUSTER, SnapshotIdentifier="snap")), at=AT),
        unknown(
            "as an instance elsewhere is",
            resources(It=resource(INSTANCE, SourceDBInstanceIdentifier="elsewhere")),
            at=("Properties.SourceDBInstanceIdentifier",),
        ),
        unknown(
            "a map where true is expected", resources(It=resource(INSTANCE, StorageEncrypted={"a": 1, "b": 2})), at=AT
        ),
        unknown(
            "only one branch is encrypted",
            resources(It=resource(INSTANCE, StorageEncrypted={"Fn::If": ["Unclear", True, False]})),
            at=AT,
        ),
    ),
)


@each(CASES)
def test_rds_encrypted(case: Case) -> None:
    hold(CASES, case)
