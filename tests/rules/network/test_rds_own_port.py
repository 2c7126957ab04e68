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

DB, CLUSTER = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"
PORT = ("Properties.Port",)
CASES = RuleCases(
    "network.rds-own-port",
    (
        good("another port", resources(It=resource(DB, Engine="postgres", Port="6432"))),
        good("another port as a number", resources(It=resource(CLUSTER, Engine="aurora-postgresql", Port=6432))),
        good("the port of another engine", resources(It=resource(DB, Engine="mysql", Port=5432))),
        bad("PostgreSQL's port as text", resources(It=resource(DB, Engine="postgres", Port="5432")), at=PORT),
        bad("PostgreSQL's port as a number", resources(It=resource(CLUSTER, Engine="postgres", Port=5432)), at=PORT),
        bad("absent", resources(It=resource(DB, Engine="mariadb")), at=PORT),
        bad(
            "behind the default of a parameter",
            {
                "Parameters": {"Port": {"Type": "Number", "Default": 5432}},
                **resources(It=resource(DB, Engine="postgres", Port={"Ref": "Port"})),
            },
            at=PORT,
        ),
        not_applicable(
            "an instance of a cluster, which sets the port",
            resources(It=resource(DB, Engine="aurora-postgresql", DBClusterIdentifier="main")),
        ),
        not_applicable("an engine without such a port here", resources(It=resource(DB, Engine="oracle-ee"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Port": {"Type": "Number"}},
                **resources(It=resource(DB, Engine="postgres", Port={"Ref": "Port"})),
            },
            at=PORT,
        ),
    ),
)


@each(CASES)
def test_rds_own_port(case: Case) -> None:
    hold(CASES, case)
