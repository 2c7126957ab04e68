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

AT = ("Properties.MultiAZ",)
AURORA = resource(CLUSTER, Engine="aurora-postgresql")


def member(zone: object = None) -> dict[str, object]:
    more = {} if zone is None else {"AvailabilityZone": zone}
    return resource(INSTANCE, DBClusterIdentifier={"Ref": "It"}, **more)


CASES = RuleCases(
    "recovery.rds-multi-az",
    (
        good("an instance with a standby", resources(It=resource(INSTANCE, MultiAZ=True))),
        good("an Aurora cluster of two", resources(It=AURORA, A=member(), B=member())),
        good(
            "an Aurora cluster of two in two zones",
            resources(It=AURORA, A=member("eu-central-1a"), B=member("eu-central-1b")),
        ),
        bad("an instance alone", resources(It=resource(INSTANCE)), at=AT),
        bad("false", resources(It=resource(INSTANCE, MultiAZ="false")), at=AT),
        not_applicable("an Aurora cluster whose instances stand elsewhere", resources(It=AURORA)),
        not_applicable("a Multi-AZ cluster is one by itself", resources(It=resource(CLUSTER, Engine="postgres"))),
        not_applicable(
            "serverless, first version", resources(It=resource(CLUSTER, Engine="aurora", EngineMode="serverless"))
        ),
        not_applicable("an Aurora instance", resources(It=resource(INSTANCE, Engine="aurora-mysql"))),
        bad("an Aurora cluster of one", resources(It=AURORA, A=member()), at=("Properties",)),
        bad(
            "an Aurora cluster of two in one zone",
            resources(It=AURORA, A=member("eu-central-1a"), B=member("eu-central-1a")),
            at=("Properties",),
        ),
        not_applicable("an instance of a cluster", resources(It=resource(INSTANCE, DBClusterIdentifier="main"))),
        not_applicable("a read replica", resources(It=resource(INSTANCE, SourceDBInstanceIdentifier="main"))),
        not_applicable("another type", resources(It=resource("AWS::RDS::DBProxy"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Standby": {"Type": "String"}},
                **resources(It=resource(INSTANCE, MultiAZ={"Ref": "Standby"})),
            },
            at=AT,
        ),
        unknown(
            "a cluster of an unknown engine", resources(It=resource(CLUSTER), A=member()), at=("Properties.Engine",)
        ),
        unknown(
            "an instance that may be of this cluster",
            {
                "Parameters": {"Cluster": {"Type": "String"}},
                **resources(It=AURORA, A=member(), B=resource(INSTANCE, DBClusterIdentifier={"Ref": "Cluster"})),
            },
            at=("Properties",),
        ),
        unknown(
            "the second instance exists only sometimes",
            {
                "Parameters": {"Stage": {"Type": "String"}},
                "Conditions": {"Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
                **resources(It=AURORA, A=member(), B={**member(), "Condition": "Prod"}),
            },
            at=("Properties",),
        ),
    ),
)


@each(CASES)
def test_rds_multi_az(case: Case) -> None:
    hold(CASES, case)
