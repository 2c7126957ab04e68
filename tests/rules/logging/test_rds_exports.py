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
        bad("absent, whatever the engine", opened(It=instance(Engine=OPEN)), at=AT),
        bad("MySQL without", resources(It=instance(Engine="mysql")), at=AT),
        bad("MySQL with slow queries only", resources(It=instance(Engine="MySQL", **exports("slowquery"))), at=AT),
        bad(
            "Aurora MySQL without its audit log",
            resources(It=resource("AWS::RDS::DBCluster", Engine="aurora-mysql", **exports("error"))),
            at=AT,
        ),
        good("MySQL with errors", resources(It=instance(Engine="mysql", **exports("error", "slowquery")))),
        good("Oracle", resources(It=instance(Engine="oracle-ee", **exports("alert")))),
        good("SQL Server", resources(It=instance(Engine="sqlserver-se", **exports("error", "agent")))),
        good("enough for any engine that has it", opened(It=instance(Engine=OPEN, **exports("audit")))),
        unknown("an open engine", opened(It=instance(Engine=OPEN, **exports("error"))), at=("Properties.Engine",)),
        not_applicable(
            "an instance of a cluster, whose cluster is judged",
            resources(It=instance(Engine="aurora-postgresql", DBClusterIdentifier="main")),
        ),
        not_applicable("an engine that exports none", resources(It=instance(Engine="custom-oracle-ee"))),
    ),
)


@each(CASES)
def test_rds_exports(case: Case) -> None:
    hold(CASES, case)
