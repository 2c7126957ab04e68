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
AT = ("Properties.CACertificateIdentifier",)

CASES = RuleCases(
    "tls.rds-ca",
    (
        good("RSA 2048", resources(It=resource(INSTANCE, CACertificateIdentifier="rds-ca-rsa2048-g1"))),
        good("RSA 4096", resources(It=resource(INSTANCE, CACertificateIdentifier="rds-ca-rsa4096-g1"))),
        good("ECC 384", resources(It=resource(INSTANCE, CACertificateIdentifier="rds-ca-ecc384-g1"))),
        bad(
            "the authority that expired in 2024",
            resources(It=resource(INSTANCE, CACertificateIdentifier="rds-ca-2019")),
            at=AT,
        ),
        bad("absent: the account's default decides", resources(It=resource(INSTANCE)), at=AT),
        not_applicable("a cluster has no such property", resources(It=resource("AWS::RDS::DBCluster"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Ca": {"Type": "String"}},
                **resources(It=resource(INSTANCE, CACertificateIdentifier={"Ref": "Ca"})),
            },
            at=AT,
        ),
        unknown("a list", resources(It=resource(INSTANCE, CACertificateIdentifier=["rds-ca-rsa2048-g1"])), at=AT),
    ),
)


@each(CASES)
def test_rds_ca(case: Case) -> None:
    hold(CASES, case)
