from __future__ import annotations

from typing import Any

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
from tests.support.rule_templates import NO_VALUE, OPEN, defaulted, opened

AT = ("Properties.EnableCloudwatchLogsExports",)


def instance(**changes: Any) -> dict[str, Any]:
    return resource("AWS::RDS::DBInstance", **{"Engine": "postgres", **changes})


def exports(*names: Any) -> dict[str, Any]:
    return {"EnableCloudwatchLogsExports": list(names)}


CASES = RuleCases(
    "logging.rds-exports",
    (
        good("an instance", resources(It=instance(**exports("postgresql", "upgrade")))),
        good(
            "a cluster",
            resources(It=resource("AWS::RDS::DBCluster", Engine="aurora-postgresql", **exports("postgresql"))),
        ),
        good("a name alone, not in a list", resources(It=instance(EnableCloudwatchLogsExports="postgresql"))),
        bad("absent", resources(It=instance()), at=AT),
        bad("another log only", resources(It=instance(**exports("upgrade"))), at=AT),
        bad("absent on a cluster", resources(It=resource("AWS::RDS::DBCluster", Engine="postgres")), at=AT),
        bad(
            "absent on a replica",
            resources(It=instance(Engine=NO_VALUE, SourceDBInstanceIdentifier={"Ref": "Main"}), Main=instance()),
            at=AT,
        ),
        bad("a parameter's default", defaulted("upgrade", It=instance(**exports(OPEN))), at=AT),
        unknown("an open name", opened(It=instance(**exports("upgrade", OPEN))), at=AT),
        unknown("an open list", opened(It=instance(EnableCloudwatchLogsExports=OPEN)), at=AT),
        unknown("an open engine", opened(It=instance(Engine=OPEN)), at=("Properties.Engine",)),
        not_applicable(
            "an instance of a cluster, whose cluster is judged",
            resources(It=instance(Engine="aurora-postgresql", DBClusterIdentifier="main")),
        ),
        not_applicable("MySQL", resources(It=instance(Engine="mysql"))),
    ),
)


@each(CASES)
def test_rds_exports(case: Case) -> None:
    hold(CASES, case)
