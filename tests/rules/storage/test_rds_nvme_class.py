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
AT = ("Properties.DBInstanceClass",)
CLUSTER_AT = ("Properties.DBClusterInstanceClass",)

CASES = RuleCases(
    "storage.rds-nvme-class",
    (
        good("Graviton with a local disk", resources(It=resource(INSTANCE, DBInstanceClass="db.m6gd.large"))),
        good("Intel with a local disk", resources(It=resource(INSTANCE, DBInstanceClass="db.r6id.xlarge"))),
        good(
            "a Multi-AZ cluster",
            resources(It=resource(CLUSTER, Engine="postgres", DBClusterInstanceClass="db.m6gd.large")),
        ),
        good(
            "a replica takes its source's class",
            resources(
                It=resource(INSTANCE, SourceDBInstanceIdentifier={"Ref": "Source"}),
                Source=resource(INSTANCE, DBInstanceClass="db.m6gd.large"),
            ),
        ),
        good(
            "both branches have one",
            resources(It=resource(INSTANCE, DBInstanceClass={"Fn::If": ["Big", "db.m6gd.4xlarge", "db.m6gd.large"]})),
        ),
        bad("Graviton without", resources(It=resource(INSTANCE, DBInstanceClass="db.m7g.large")), at=AT),
        bad("burstable", resources(It=resource(INSTANCE, DBInstanceClass="db.t4g.micro")), at=AT),
        bad("serverless", resources(It=resource(INSTANCE, DBInstanceClass="db.serverless")), at=AT),
        bad("no class of RDS", resources(It=resource(INSTANCE, DBInstanceClass="m6gd.large")), at=AT),
        bad("absent", resources(It=resource(INSTANCE, Engine="postgres")), at=AT),
        bad("a Multi-AZ cluster without", resources(It=resource(CLUSTER, Engine="postgres")), at=CLUSTER_AT),
        bad(
            "a Multi-AZ cluster on another class",
            resources(It=resource(CLUSTER, Engine="postgres", DBClusterInstanceClass="db.r6g.large")),
            at=CLUSTER_AT,
        ),
        bad(
            "a replica of an instance without",
            resources(
                It=resource(INSTANCE, SourceDBInstanceIdentifier={"Ref": "Source"}),
                Source=resource(INSTANCE, DBInstanceClass="db.t4g.micro"),
            ),
            at=AT,
        ),
        not_applicable("an Aurora cluster has no class", resources(It=resource(CLUSTER, Engine="aurora-postgresql"))),
        not_applicable("another type", resources(It=resource("AWS::EC2::Instance"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Class": {"Type": "String"}},
                **resources(It=resource(INSTANCE, DBInstanceClass={"Ref": "Class"})),
            },
            at=AT,
        ),
        unknown("as the snapshot was", resources(It=resource(INSTANCE, DBSnapshotIdentifier="snap")), at=AT),
        unknown("a cluster of an unknown engine", resources(It=resource(CLUSTER)), at=("Properties.Engine",)),
        unknown(
            "allowed values that disagree",
            {
                "Parameters": {"Class": {"Type": "String", "AllowedValues": ["db.m6gd.large", "db.m6g.large"]}},
                **resources(It=resource(INSTANCE, DBInstanceClass={"Ref": "Class"})),
            },
            at=AT,
        ),
    ),
)


@each(CASES)
def test_rds_nvme_class(case: Case) -> None:
    hold(CASES, case)
