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
AT = ("Properties.DeletionProtection",)

CASES = RuleCases(
    "recovery.rds-deletion-protection",
    (
        good("an instance", resources(It=resource(INSTANCE, DeletionProtection=True))),
        good("a cluster", resources(It=resource(CLUSTER, DeletionProtection="true"))),
        good("a global database", resources(It=resource(GLOBAL, DeletionProtection=True))),
        bad("an instance without", resources(It=resource(INSTANCE)), at=AT),
        bad("a cluster with false", resources(It=resource(CLUSTER, DeletionProtection=False)), at=AT),
        bad("a global database without", resources(It=resource(GLOBAL)), at=AT),
        bad("a replica is a database too", resources(It=resource(INSTANCE, SourceDBInstanceIdentifier="main")), at=AT),
        not_applicable("the cluster is protected", resources(It=resource(INSTANCE, DBClusterIdentifier="main"))),
        not_applicable("another type", resources(It=resource("AWS::S3::Bucket"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Keep": {"Type": "String"}},
                **resources(It=resource(INSTANCE, DeletionProtection={"Ref": "Keep"})),
            },
            at=AT,
        ),
        unknown(
            "only one branch",
            resources(It=resource(CLUSTER, DeletionProtection={"Fn::If": ["Prod", True, {"Ref": "AWS::NoValue"}]})),
            at=AT,
        ),
    ),
)


@each(CASES)
def test_rds_deletion_protection(case: Case) -> None:
    hold(CASES, case)
