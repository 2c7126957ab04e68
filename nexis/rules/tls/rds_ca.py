"""RDS instances present a certificate of a chosen, current authority."""

from __future__ import annotations

from typing import Final

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, one_of, requiring, types_of

#: RDS's certificate authorities that are valid for decades and issue renewable server certificates.
#: Source: RDS User Guide, "Using SSL/TLS to encrypt a connection to a DB instance", certificate authorities.
AUTHORITIES: Final = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")

REQUIREMENTS = (
    Requirement(
        type="AWS::RDS::DBInstance",
        path=("CACertificateIdentifier",),
        accepts=one_of(*AUTHORITIES),
        expected=f"one of {', '.join(AUTHORITIES)}",
        absent="RDS then takes whatever the account's default is at that moment, which ModifyCertificates can change",
        source="CloudFormation reference, AWS::RDS::DBInstance CACertificateIdentifier; RDS API, ModifyCertificates",
        as_of="2026-11-23",
    ),
)

RULE = Rule(
    id="tls.rds-ca",
    severity="error",
    title="RDS instances present a certificate of a chosen, current authority",
    why="Clients verify the server against this authority; an old one expires and cuts every client off at once.",
    fix="set CACertificateIdentifier: rds-ca-rsa2048-g1 (CDK: ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1)",
    types=types_of(*REQUIREMENTS),
    check=requiring(*REQUIREMENTS),
    claims=("connections.verify-full",),
    controls={"SOC 2": ("CC6.7",)},
    source="RDS User Guide, Using SSL/TLS to encrypt a connection to a DB instance",
)
