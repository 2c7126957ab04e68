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

AT = ("Properties.CopyTagsToSnapshot",)

CASES = RuleCases(
    "recovery.rds-copy-tags",
    (
        good("an instance", resources(It=resource(INSTANCE, CopyTagsToSnapshot=True))),
        good("a cluster", resources(It=resource(CLUSTER, CopyTagsToSnapshot="true"))),
        bad("an instance without", resources(It=resource(INSTANCE)), at=AT),
        bad("a cluster without", resources(It=resource(CLUSTER)), at=AT),
        bad("false", resources(It=resource(INSTANCE, CopyTagsToSnapshot="false")), at=AT),
        not_applicable("the cluster makes the snapshots", resources(It=resource(INSTANCE, DBClusterIdentifier="main"))),
        not_applicable("another type", resources(It=resource("AWS::EC2::Volume"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Copy": {"Type": "String"}},
                **resources(It=resource(INSTANCE, CopyTagsToSnapshot={"Ref": "Copy"})),
            },
            at=AT,
        ),
        unknown("neither true nor false", resources(It=resource(INSTANCE, CopyTagsToSnapshot={"a": 1, "b": 2})), at=AT),
    ),
)


@each(CASES)
def test_rds_copy_tags(case: Case) -> None:
    hold(CASES, case)
