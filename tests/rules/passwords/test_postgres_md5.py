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
from tests.support.rule_templates import OPEN, defaulted, opened

GROUP = "AWS::RDS::DBParameterGroup"
AT = ("Properties.Parameters.password_encryption",)


def group(value: Any, family: str = "postgres17", kind: str = GROUP) -> dict[str, Any]:
    return resource(kind, Family=family, Parameters={"password_encryption": value})


CASES = RuleCases(
    "passwords.postgres-md5",
    (
        good("SCRAM", resources(It=group("scram-sha-256"))),
        bad("md5", resources(It=group("md5")), at=AT),
        bad(
            "md5 for Aurora",
            resources(It=group("md5", "aurora-postgresql16", "AWS::RDS::DBClusterParameterGroup")),
            at=AT,
        ),
        bad("a parameter's default", defaulted("md5", It=group(OPEN)), at=AT),
        unknown("a parameter without default", opened(It=group(OPEN)), at=AT),
        not_applicable("nothing said", resources(It=resource(GROUP, Family="postgres17"))),
        not_applicable("another engine", resources(It=group("md5", "mysql8.4"))),
    ),
)


@each(CASES)
def test_postgres_md5(case: Case) -> None:
    hold(CASES, case)
