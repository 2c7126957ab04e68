from __future__ import annotations

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)

GROUP = "AWS::RDS::DBParameterGroup"
SETTING = "Properties.Parameters.ssl_min_protocol_version"


def group(value: object, family: object = "postgres17", kind: str = GROUP) -> dict[str, object]:
    return resource(kind, Family=family, Parameters={"ssl_min_protocol_version": value})


VERSION = RuleCases(
    "tls.postgres-minimum-version",
    (
        good("TLS 1.3", resources(It=group("TLSv1.3"))),
        good("TLS 1.2 is accepted", resources(It=group("TLSv1.2"))),
        good(
            "a cluster's group",
            resources(It=group("TLSv1.3", "aurora-postgresql16", "AWS::RDS::DBClusterParameterGroup")),
        ),
        bad("TLS 1.1", resources(It=group("TLSv1.1")), at=(SETTING,)),
        bad("anything goes", resources(It=group("")), at=(SETTING,)),
        good("the server's own default is TLS 1.2", resources(It=resource(GROUP, Family="postgres17"))),
        good("no value is no value", resources(It=group({"Ref": "AWS::NoValue"}))),
        bad(
            "in other letters",
            resources(It=resource(GROUP, Family="postgres17", Parameters={"SSL_MIN_PROTOCOL_VERSION": "TLSv1"})),
            at=("Properties.Parameters.SSL_MIN_PROTOCOL_VERSION",),
        ),
        bad(
            "a mapping that says TLS 1.0",
            {
                "Mappings": {"Tls": {"Minimum": {"Value": "TLSv1"}}},
                **resources(It=group({"Fn::FindInMap": ["Tls", "Minimum", "Value"]})),
            },
            at=(SETTING,),
        ),
        not_applicable("another engine", resources(It=group("TLSv1", "mysql8.4"))),
        not_applicable(
            "whichever engine, it is not set",
            {"Parameters": {"Family": {"Type": "String"}}, **resources(It=resource(GROUP, Family={"Ref": "Family"}))},
        ),
        not_applicable(
            "whichever engine, it is set right",
            {"Parameters": {"Family": {"Type": "String"}}, **resources(It=group("TLSv1.3", {"Ref": "Family"}))},
        ),
        not_applicable("an Aurora instance's own group", resources(It=group("TLSv1", "aurora-postgresql16"))),
        unknown(
            "a parameter without default",
            {"Parameters": {"Tls": {"Type": "String"}}, **resources(It=group({"Ref": "Tls"}))},
            at=(SETTING,),
        ),
        unknown("a map where a value is expected", resources(It=group({"min": "TLSv1.3", "max": ""})), at=(SETTING,)),
        unknown(
            "the family is a parameter",
            {"Parameters": {"Family": {"Type": "String"}}, **resources(It=group("TLSv1.1", {"Ref": "Family"}))},
            at=("Properties.Family",),
        ),
    ),
)


WRITTEN = RuleCases(
    "tls.postgres-minimum-version-set",
    (
        good("TLS 1.3", resources(It=group("TLSv1.3"))),
        good("a weak one, which another rule names", resources(It=group("TLSv1"))),
        bad("not written", resources(It=resource(GROUP, Family="postgres17")), at=(SETTING,)),
        bad(
            "not written for a cluster",
            resources(It=resource("AWS::RDS::DBClusterParameterGroup", Family="aurora-postgresql16", Parameters={})),
            at=(SETTING,),
        ),
        not_applicable("another engine", resources(It=resource(GROUP, Family="mysql8.4"))),
        unknown(
            "all parameters are a parameter",
            {
                "Parameters": {"All": {"Type": "String"}},
                **resources(It=resource(GROUP, Family="postgres17", Parameters={"Ref": "All"})),
            },
            at=("Properties.Parameters",),
        ),
    ),
)
CASES = (VERSION, WRITTEN)


@each_of(CASES)
def test_postgres_minimum_version(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
