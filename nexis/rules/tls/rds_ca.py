"""RDS instances present a certificate of a chosen, current authority."""

from __future__ import annotations

from typing import Final

from nexis.rules.requirements import Requirement, one_of, property_rule

#: RDS's certificate authorities that are valid for decades and issue renewable server certificates.
#: Source: RDS User Guide, "Using SSL/TLS to encrypt a connection to a DB instance", certificate authorities.
AUTHORITIES: Final = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")

#: Authorities that have expired, whatever the region. Source: as above, read 2026-11-23.
EXPIRED: Final = frozenset({"rds-ca-2010", "rds-ca-2015", "rds-ca-2017", "rds-ca-2019", "rds-ca-2019-root"})

_WHY: Final = "Clients verify the server against this authority; an old one expires and cuts every client off at once."
_SOURCE: Final = "RDS User Guide, Using SSL/TLS to encrypt a connection to a DB instance"


def _current(kind: str, name: str, source: str) -> Requirement:
    return Requirement(
        type=kind,
        path=(name,),
        accepts=lambda authority: authority not in EXPIRED,
        expected=f"an authority that is valid, such as {AUTHORITIES[0]}",
        absent="",  # the account's default, which has not been an expired one since August 2024
        source=source,
        as_of="2026-11-23",
        example=AUTHORITIES[0],
    )


RULES = (
    property_rule(
        rule_id="tls.rds-ca",
        title="Managed databases present a certificate of a current authority",
        why=_WHY,
        requirements=(
            _current(
                "AWS::RDS::DBInstance", "CACertificateIdentifier", "CloudFormation reference, AWS::RDS::DBInstance"
            ),
            _current(
                "AWS::DocDB::DBInstance", "CACertificateIdentifier", "CloudFormation reference, AWS::DocDB::DBInstance"
            ),
            _current(
                "AWS::Lightsail::Database",
                "CaCertificateIdentifier",
                "CloudFormation reference, AWS::Lightsail::Database",
            ),
        ),
        fix="set CACertificateIdentifier: rds-ca-rsa2048-g1 (CDK: ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1)",
        claims=("connections.verify-full",),
        controls={"SOC 2": ("CC6.7",)},
        source=_SOURCE,
        cdk="""\
rds.DatabaseInstance(
    self, "Database", engine=engine, vpc=vpc, ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1
)
""",
    ),
    property_rule(
        rule_id="tls.rds-ca-chosen",
        title="RDS instances name the authority of their certificate",
        why="Without it the account's default decides, which one call changes for every database made afterwards.",
        requirements=(
            Requirement(
                type="AWS::RDS::DBInstance",
                path=("CACertificateIdentifier",),
                accepts=one_of(*AUTHORITIES, *EXPIRED),  # that one has expired, tls.rds-ca says
                expected=f"one of {', '.join(AUTHORITIES)}",
                absent="RDS then takes whatever the account's default is at that moment, which ModifyCertificates can "
                "change",
                source="CloudFormation reference, AWS::RDS::DBInstance CACertificateIdentifier; RDS API, "
                "ModifyCertificates",
                as_of="2026-11-23",
                example=AUTHORITIES[0],
            ),
        ),
        fix="set CACertificateIdentifier: rds-ca-rsa2048-g1 (CDK: ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1)",
        claims=("connections.verify-full",),
        controls={"SOC 2": ("CC6.7",)},
        source=_SOURCE,
        cdk="""\
ManagedDatabase(self, "Database", network=network)
# or, with aws-cdk-lib alone:
rds.DatabaseInstance(
    self, "Other", engine=engine, vpc=vpc, ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1
)
""",
        scope="baseline",
    ),
)
