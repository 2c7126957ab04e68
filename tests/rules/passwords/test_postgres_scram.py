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
AT = "Properties.Parameters."


def group(family: object = "postgres17", kind: str = GROUP, **parameters: object) -> dict[str, object]:
    return resource(kind, Family=family, Parameters={**SAFE, **parameters})


SAFE = {"password_encryption": "scram-sha-256", "rds.accepted_password_auth_method": "scram"}

CASES = RuleCases(
    "passwords.postgres-scram",
    (
        good("both set", resources(It=group())),
        good("a cluster's group", resources(It=group("aurora-postgresql16", CLUSTER_GROUP))),
        good(
            "password_encryption is scram-sha-256 by default from 15 on",
            resources(
                It=resource(GROUP, Family="postgres15", Parameters={"rds.accepted_password_auth_method": "scram"})
            ),
        ),
        bad("md5", resources(It=group(password_encryption="md5")), at=(f"{AT}password_encryption",)),
        bad(
            "md5 verifiers still log in",
            resources(It=group(**{"rds.accepted_password_auth_method": "md5+scram"})),
            at=(f"{AT}rds.accepted_password_auth_method",),
        ),
        bad(
            "absent: md5 verifiers still log in by default",
            resources(It=resource(GROUP, Family="postgres17")),
            at=(f"{AT}rds.accepted_password_auth_method",),
        ),
        bad(
            "absent before 15: what is by default differs",
            resources(
                It=resource(GROUP, Family="postgres13", Parameters={"rds.accepted_password_auth_method": "scram"})
            ),
            at=(f"{AT}password_encryption",),
        ),
        bad(
            "both weak, both named",
            resources(It=group(password_encryption="on", **{"rds.accepted_password_auth_method": "md5"})),
            at=(f"{AT}password_encryption", f"{AT}rds.accepted_password_auth_method"),
        ),
        not_applicable("another engine", resources(It=group("mysql8.4", password_encryption="md5"))),
        not_applicable("an Aurora instance's own group", resources(It=group("aurora-postgresql16"))),
        unknown(
            "a parameter without default, and the other setting is well",
            {
                "Parameters": {"Kind": {"Type": "String"}},
                **resources(It=group(password_encryption={"Ref": "Kind"})),
            },
            at=(f"{AT}password_encryption",),
        ),
        unknown("a list", resources(It=group(password_encryption=["scram-sha-256"])), at=(f"{AT}password_encryption",)),
    ),
)


@each(CASES)
def test_postgres_scram(case: Case) -> None:
    hold(CASES, case)
