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

GROUP = "AWS::RDS::DBParameterGroup"
CLUSTER_GROUP = "AWS::RDS::DBClusterParameterGroup"
AT = "Properties.Parameters."


def group(family: object = "postgres17", kind: Any = GROUP, **parameters: object) -> dict[str, object]:
    return resource(kind, Family=family, Parameters={**SAFE, **parameters})


SAFE = {"log_statement": "none", "log_min_error_statement": "panic", "pg_stat_statements.track_utility": "0"}

CASES = RuleCases(
    "passwords.postgres-log-leak",
    (
        good("all set", resources(It=group())),
        good("off is 0", resources(It=group(**{"pg_stat_statements.track_utility": "off"}))),
        good("log_statement is none by default", resources(It=group(log_statement={"Ref": "AWS::NoValue"}))),
        good("a cluster's group", resources(It=group("aurora-postgresql16", CLUSTER_GROUP))),
        good(
            "an Aurora instance's own group that leaves the cluster's values in force",
            resources(It=resource(GROUP, Family="aurora-postgresql16")),
        ),
        bad("ddl, which benchmarks ask for", resources(It=group(log_statement="ddl")), at=(f"{AT}log_statement",)),
        bad("all", resources(It=group(log_statement="all")), at=(f"{AT}log_statement",)),
        bad("error", resources(It=group(log_min_error_statement="error")), at=(f"{AT}log_min_error_statement",)),
        bad(
            "pg_stat_statements keeps the text",
            resources(It=group(**{"pg_stat_statements.track_utility": 1})),
            at=(f"{AT}pg_stat_statements.track_utility",),
        ),
        bad(
            "nothing set: two of three are unsafe by default",
            resources(It=resource(GROUP, Family="postgres17")),
            at=(f"{AT}log_min_error_statement", f"{AT}pg_stat_statements.track_utility"),
        ),
        bad(
            "an Aurora instance's own group that overrides the cluster",
            resources(It=resource(GROUP, Family="aurora-postgresql16", Parameters={"log_statement": "all"})),
            at=(f"{AT}log_statement",),
        ),
        not_applicable("another engine", resources(It=group("mysql8.4", log_statement="all"))),
        unknown(
            "a parameter without default",
            {"Parameters": {"Log": {"Type": "String"}}, **resources(It=group(log_statement={"Ref": "Log"}))},
            at=(f"{AT}log_statement",),
        ),
        unknown(
            "parameters that are a text",
            resources(It=resource(GROUP, Family="postgres17", Parameters="x")),
            at=("Properties.Parameters",),
        ),
    ),
)


@each(CASES)
def test_postgres_log_leak(case: Case) -> None:
    hold(CASES, case)
