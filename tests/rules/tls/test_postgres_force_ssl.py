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

GROUP = "AWS::RDS::DBParameterGroup"
CLUSTER_GROUP = "AWS::RDS::DBClusterParameterGroup"
SETTING = "Properties.Parameters.rds.force_ssl"


def group(family: object = "postgres17", **parameters: object) -> dict[str, object]:
    return resource(GROUP, Family=family, Parameters=parameters)


def cluster_group(family: object = "aurora-postgresql16", **parameters: object) -> dict[str, object]:
    return resource(CLUSTER_GROUP, Family=family, Parameters=parameters)


TLS = {"rds.force_ssl": "1"}
PLAIN = {"rds.force_ssl": "0"}
INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
NAMES_GROUP = resource(INSTANCE, Engine="postgres", DBParameterGroupName={"Ref": "Group"})
NAMES_CLUSTER_GROUP = resource(CLUSTER, Engine="aurora-postgresql", DBClusterParameterGroupName={"Ref": "Group"})


def replica(source: object) -> dict[str, object]:
    return resource(INSTANCE, Engine="postgres", SourceDBInstanceIdentifier=source)


MEMBER = resource(INSTANCE, Engine="aurora-postgresql", DBClusterIdentifier={"Ref": "Cluster"})

CASES = RuleCases(
    "tls.postgres-force-ssl",
    (
        good("a group with 1", resources(It=group(**TLS))),
        good("a group with 1 as a number", resources(It=group(**{"rds.force_ssl": 1}))),
        good("a group with on, which PostgreSQL reads as 1", resources(It=group(**{"rds.force_ssl": "on"}))),
        good("an Aurora cluster's group", resources(It=cluster_group(**TLS))),
        not_applicable(
            "a group with 1, whatever its family",
            {"Parameters": {"Family": {"Type": "String"}}, **resources(It=group({"Ref": "Family"}, **TLS))},
        ),
        unknown(
            "a group with 0, whose family a parameter says",
            {"Parameters": {"Family": {"Type": "String"}}, **resources(It=group({"Ref": "Family"}, **PLAIN))},
            at=("Properties.Family",),
        ),
        good(
            "a member whose engine a parameter says, as its cluster's",
            {
                "Parameters": {"Engine": {"Type": "String"}},
                **resources(
                    It=resource(INSTANCE, Engine={"Ref": "Engine"}, DBClusterIdentifier={"Ref": "Cluster"}),
                    Cluster=resource(CLUSTER, Engine={"Ref": "Engine"}, DBClusterParameterGroupName={"Ref": "Group"}),
                    Group=cluster_group(**TLS),
                ),
            },
        ),
        good("a Multi-AZ cluster's group", resources(It=cluster_group("postgres16", **TLS))),
        good("an instance that names such a group", resources(It=NAMES_GROUP, Group=group(**TLS))),
        good(
            "an instance that names it by its literal name",
            resources(
                It=resource(INSTANCE, Engine="postgres", DBParameterGroupName="tls-only"),
                Group=resource(GROUP, Family="postgres17", DBParameterGroupName="tls-only", Parameters=TLS),
            ),
        ),
        good("an Aurora cluster that names its group", resources(It=NAMES_CLUSTER_GROUP, Group=cluster_group(**TLS))),
        good(
            "a Multi-AZ cluster that names its group",
            resources(
                It=resource(CLUSTER, Engine="postgres", DBClusterParameterGroupName={"Ref": "Group"}),
                Group=cluster_group("postgres16", **TLS),
            ),
        ),
        good(
            "an instance follows its cluster, whatever its own group says",
            resources(
                It=resource(INSTANCE, DBClusterIdentifier={"Ref": "Cluster"}, DBParameterGroupName="mine"),
                Cluster=NAMES_CLUSTER_GROUP,
                Group=cluster_group(**TLS),
            ),
        ),
        good(
            "a restored instance without engine: the group tells it",
            resources(
                It=resource(INSTANCE, DBSnapshotIdentifier="snap", DBParameterGroupName={"Ref": "Group"}),
                Group=group(**TLS),
            ),
        ),
        good(
            "both branches of a condition are 1",
            resources(It=group(**{"rds.force_ssl": {"Fn::If": ["Unclear", "1", 1]}})),
        ),
        bad("a group with 0", resources(It=group(**PLAIN)), at=(SETTING,)),
        bad("a group with off", resources(It=group(**{"rds.force_ssl": False})), at=(SETTING,)),
        bad("a group with a value nobody understands", resources(It=group(**{"rds.force_ssl": "2"})), at=(SETTING,)),
        bad("a group without the setting", resources(It=group()), at=(SETTING,)),
        bad("a group without any", resources(It=resource(GROUP, Family="postgres17")), at=(SETTING,)),
        bad(
            "the setting in upper case too: all spellings count",
            resources(It=group(**{"rds.force_ssl": 1, "RDS.FORCE_SSL": 0})),
            at=("Properties.Parameters.RDS.FORCE_SSL",),
        ),
        bad(
            "the setting is AWS::NoValue",
            resources(It=group(**{"rds.force_ssl": {"Ref": "AWS::NoValue"}})),
            at=(SETTING,),
        ),
        bad("an Aurora cluster's group without it", resources(It=cluster_group()), at=(SETTING,)),
        bad(
            "an instance without a group has AWS's default",
            resources(It=resource(INSTANCE, Engine="postgres")),
            at=("Properties.DBParameterGroupName",),
        ),
        bad(
            "an instance with AWS's default group by name",
            resources(It=resource(INSTANCE, Engine="postgres", DBParameterGroupName="default.postgres17")),
            at=("Properties.DBParameterGroupName",),
        ),
        bad(
            "an instance with a group that has 0",
            resources(It=NAMES_GROUP, Group=group(**PLAIN)),
            at=("Properties.DBParameterGroupName",),
        ),
        bad(
            "a group that is not created",
            {
                "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
                **resources(It=NAMES_GROUP, Group={**group(**TLS), "Condition": "Never"}),
            },
            at=("Properties.DBParameterGroupName",),
        ),
        good(
            "a read replica without a group of its own, which takes its source's",
            resources(It=replica({"Ref": "Source"}), Source=NAMES_GROUP, Group=group(**TLS)),
        ),
        good(
            "a replica of a replica",
            resources(
                It=replica({"Ref": "First"}),
                First=replica({"Ref": "Source"}),
                Source=NAMES_GROUP,
                Group=group(**TLS),
            ),
        ),
        bad(
            "a read replica whose source's group says 0",
            resources(It=replica({"Ref": "Source"}), Source=NAMES_GROUP, Group=group(**PLAIN)),
            at=("Properties.SourceDBInstanceIdentifier",),
        ),
        bad(
            "a read replica of another region, which gets the default group",
            resources(It=replica("arn:aws:rds:eu-west-1:111111111111:db:source")),
            at=("Properties.DBParameterGroupName",),
        ),
        bad(
            "a replica of a Multi-AZ cluster without a group",
            resources(It=resource(INSTANCE, Engine="postgres", SourceDBClusterIdentifier="elsewhere")),
            at=("Properties.DBParameterGroupName",),
        ),
        bad(
            "an instance back from a point in time, which gets the default group",
            resources(
                It=resource(
                    INSTANCE, Engine="postgres", SourceDBInstanceIdentifier="other", UseLatestRestorableTime=True
                )
            ),
            at=("Properties.DBParameterGroupName",),
        ),
        unknown(
            "a read replica of an instance that is not here",
            resources(It=replica("elsewhere")),
            at=("Properties.SourceDBInstanceIdentifier",),
        ),
        unknown(
            "a replica of itself",
            resources(It=replica({"Ref": "It"})),
            at=("Properties.SourceDBInstanceIdentifier",),
        ),
        bad(
            "a cluster without a group",
            resources(It=resource(CLUSTER, Engine="aurora-postgresql")),
            at=("Properties.DBClusterParameterGroupName",),
        ),
        bad(
            "a Multi-AZ cluster without a group",
            resources(It=resource(CLUSTER, Engine="postgres")),
            at=("Properties.DBClusterParameterGroupName",),
        ),
        bad(
            "an instance whose cluster's group has 0",
            resources(It=MEMBER, Cluster=NAMES_CLUSTER_GROUP, Group=cluster_group(**PLAIN)),
            at=("Properties.DBClusterIdentifier",),
        ),
        bad(
            "an Aurora instance without a cluster",
            resources(It=resource(INSTANCE, Engine="aurora-postgresql")),
            at=("Properties.DBClusterIdentifier",),
        ),
        bad(
            "the default of a parameter is 0",
            {
                "Parameters": {"Force": {"Type": "String", "Default": "0"}},
                **resources(It=group(**{"rds.force_ssl": {"Ref": "Force"}})),
            },
            at=(SETTING,),
        ),
        not_applicable("another engine", resources(It=resource(INSTANCE, Engine="mysql"))),
        not_applicable("another engine's group", resources(It=group("mysql8.4"))),
        not_applicable("another engine's cluster", resources(It=resource(CLUSTER, Engine="aurora-mysql"))),
        not_applicable(
            "an Aurora instance's own group, where it has no effect", resources(It=group("aurora-postgresql16"))
        ),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Force": {"Type": "String"}},
                **resources(It=group(**{"rds.force_ssl": {"Ref": "Force"}})),
            },
            at=(SETTING,),
        ),
        unknown(
            "allowed values that disagree",
            {
                "Parameters": {"Force": {"Type": "String", "AllowedValues": ["0", "1"]}},
                **resources(It=group(**{"rds.force_ssl": {"Ref": "Force"}})),
            },
            at=(SETTING,),
        ),
        unknown(
            "a group of another template, by name",
            resources(It=resource(INSTANCE, Engine="postgres", DBParameterGroupName="made-elsewhere")),
            at=("Properties.DBParameterGroupName",),
        ),
        unknown(
            "a cluster of another template",
            resources(It=resource(INSTANCE, Engine="aurora-postgresql", DBClusterIdentifier="made-elsewhere")),
            at=("Properties.DBClusterIdentifier",),
        ),
        unknown(
            "the group's name is a parameter",
            {
                "Parameters": {"Group": {"Type": "String"}},
                **resources(It=NAMES_GROUP),
            },
            at=("Properties.DBParameterGroupName",),
        ),
        unknown(
            "a snapshot's engine",
            resources(It=resource(INSTANCE, DBSnapshotIdentifier="snap")),
            at=("Properties.Engine",),
        ),
        unknown(
            "a list where parameters are expected",
            resources(It=resource(GROUP, Family="postgres17", Parameters=["rds.force_ssl=1"])),
            at=("Properties.Parameters",),
        ),
        unknown("a group without family", resources(It=resource(GROUP, Parameters=TLS)), at=("Properties.Family",)),
        unknown(
            "a link to something that is no group",
            resources(It=NAMES_GROUP, Group=resource("AWS::S3::Bucket")),
            at=("Properties.DBParameterGroupName",),
        ),
    ),
)


@each(CASES)
def test_postgres_force_ssl(case: Case) -> None:
    hold(CASES, case)
