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

IN, OUT = "Properties.Parameters.log_connections", "Properties.Parameters.log_disconnections"
BOTH = {"log_connections": "1", "log_disconnections": "1"}


def group(parameters: Any, kind: str = "DBParameterGroup", family: Any = "postgres17") -> dict[str, Any]:
    return resource(f"AWS::RDS::{kind}", Family=family, Parameters=parameters)


CASES = RuleCases(
    "logging.postgres-connections",
    (
        good("both", resources(It=group(BOTH))),
        good(
            "both, as PostgreSQL spells them",
            resources(It=group({"log_connections": "on", "log_disconnections": True})),
        ),
        good("both on a cluster", resources(It=group(BOTH, "DBClusterParameterGroup", "aurora-postgresql16"))),
        bad("none", resources(It=group({})), at=(IN, OUT)),
        bad("no parameters", resources(It=group(NO_VALUE)), at=(IN, OUT)),
        bad("one off", resources(It=group({**BOTH, "log_connections": "0"})), at=(IN,)),
        bad(
            "one missing, on a cluster",
            resources(It=group({"log_connections": 1}, "DBClusterParameterGroup", "aurora-postgresql16")),
            at=(OUT,),
        ),
        bad(
            "an Aurora instance's group that undoes it",
            resources(It=group({"log_connections": "0"}, family="aurora-postgresql16")),
            at=(IN,),
        ),
        good(
            "an Aurora instance's group that leaves it to the cluster",
            resources(It=group({}, family="aurora-postgresql16")),
        ),
        bad("a parameter's default", defaulted("off", It=group({**BOTH, "log_connections": OPEN})), at=(IN,)),
        unknown("a parameter without default", opened(It=group({**BOTH, "log_connections": OPEN})), at=(IN,)),
        unknown("an open family", opened(It=group(BOTH, family=OPEN)), at=("Properties.Family",)),
        not_applicable("MySQL", resources(It=group({}, family="mysql8.0"))),
        not_applicable("a database", resources(It=resource("AWS::RDS::DBInstance"))),
    ),
)


@each(CASES)
def test_postgres_connections(case: Case) -> None:
    hold(CASES, case)
