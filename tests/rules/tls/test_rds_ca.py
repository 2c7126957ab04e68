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

INSTANCE = "AWS::RDS::DBInstance"
AT = ("Properties.CACertificateIdentifier",)

OPENED = {
    "Parameters": {"Ca": {"Type": "String"}},
    **resources(It=resource(INSTANCE, CACertificateIdentifier={"Ref": "Ca"})),
}

CASES = (
    RuleCases(
        "tls.rds-ca",
        (
            good("RSA 2048", resources(It=resource(INSTANCE, CACertificateIdentifier="rds-ca-rsa2048-g1"))),
            good("ECC 384", resources(It=resource(INSTANCE, CACertificateIdentifier="rds-ca-ecc384-g1"))),
            good("one that came later", resources(It=resource(INSTANCE, CACertificateIdentifier="rds-ca-mldsa-g2"))),
            good("the account's default", resources(It=resource(INSTANCE))),
            bad(
                "the authority that expired in 2024",
                resources(It=resource(INSTANCE, CACertificateIdentifier="rds-ca-2019")),
                at=AT,
            ),
            bad(
                "DocumentDB's",
                resources(It=resource("AWS::DocDB::DBInstance", CACertificateIdentifier="rds-ca-2015")),
                at=AT,
            ),
            bad(
                "Lightsail's",
                resources(It=resource("AWS::Lightsail::Database", CaCertificateIdentifier="rds-ca-2019")),
                at=("Properties.CaCertificateIdentifier",),
            ),
            not_applicable("a cluster has no such property", resources(It=resource("AWS::RDS::DBCluster"))),
            unknown("a parameter without default", OPENED, at=AT),
            unknown("a list", resources(It=resource(INSTANCE, CACertificateIdentifier=["rds-ca-2019"])), at=AT),
        ),
    ),
    RuleCases(
        "tls.rds-ca-chosen",
        (
            good("RSA 4096", resources(It=resource(INSTANCE, CACertificateIdentifier="rds-ca-rsa4096-g1"))),
            good(
                "chosen and expired, which another rule says",
                resources(It=resource(INSTANCE, CACertificateIdentifier="rds-ca-2019")),
            ),
            bad("absent: the account's default decides", resources(It=resource(INSTANCE)), at=AT),
            bad("no authority", resources(It=resource(INSTANCE, CACertificateIdentifier="ours")), at=AT),
            not_applicable("a cluster has no such property", resources(It=resource("AWS::RDS::DBCluster"))),
            unknown("a parameter without default", OPENED, at=AT),
        ),
    ),
)


@each_of(CASES)
def test_rds_ca(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
