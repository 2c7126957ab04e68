from __future__ import annotations

import json
from typing import Any

from tests.rules.tls._rows import cases_of
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
from tests.support.rule_templates import OPEN, opened

CONNECTION = "AWS::Glue::Connection"
JDBC = "Properties.ConnectionInput.ConnectionProperties.JDBC_ENFORCE_SSL"
IN_TRANSIT = "Properties.SecurityConfiguration.EncryptionConfiguration.EnableInTransitEncryption"
PROVIDER = (
    "Properties.SecurityConfiguration.EncryptionConfiguration.InTransitEncryptionConfiguration."
    "TLSCertificateConfiguration.CertificateProviderType"
)
PEM = {"TLSCertificateConfiguration": {"CertificateProviderType": "PEM", "S3Object": "s3://x"}}


def connecting(kind: Any, **properties: Any) -> dict[str, Any]:
    return {"ConnectionInput": {"ConnectionType": kind, "ConnectionProperties": properties}}


def emr(on: Any, certificates: Any = PEM) -> dict[str, Any]:
    return {
        "SecurityConfiguration": {
            "EncryptionConfiguration": {
                "EnableInTransitEncryption": on,
                "EnableAtRestEncryption": True,
                "InTransitEncryptionConfiguration": certificates,
            }
        }
    }


WORDED = {
    "ConnectionInput": {"ConnectionType": "JDBC", "ConnectionProperties": json.dumps({"JDBC_ENFORCE_SSL": "false"})}
}

CLUSTER = "AWS::EMR::Cluster"

CASES = (
    cases_of(
        "tls.glue-connection",
        CONNECTION,
        fine={
            "enforced": connecting("JDBC", JDBC_ENFORCE_SSL="true"),
            "a boolean": connecting("JDBC", JDBC_ENFORCE_SSL=True),
            "Kafka by default": connecting("KAFKA", KAFKA_BOOTSTRAP_SERVERS="x:9094"),
        },
        wrong={
            "absent": (connecting("JDBC", JDBC_CONNECTION_URL="jdbc:x"), JDBC),
            "off": (connecting("JDBC", JDBC_ENFORCE_SSL="false"), JDBC),
            "off in JSON text": (WORDED, JDBC),
            "Kafka": (
                connecting("KAFKA", KAFKA_SSL_ENABLED="false"),
                JDBC.replace("JDBC_ENFORCE_SSL", "KAFKA_SSL_ENABLED"),
            ),
        },
        weak=(connecting("JDBC", JDBC_ENFORCE_SSL=OPEN), "false", JDBC),
        open_=(connecting("JDBC", JDBC_ENFORCE_SSL=OPEN), JDBC),
        more=(
            unknown(
                "its type is a parameter",
                opened(It=resource(CONNECTION, **connecting(OPEN))),
                at=("Properties.ConnectionInput.ConnectionType",),
            ),
            not_applicable("a network", resources(It=resource(CONNECTION, **connecting("NETWORK")))),
        ),
    ),
    cases_of(
        "tls.emr-in-transit",
        "AWS::EMR::SecurityConfiguration",
        fine={
            "on": emr(on=True),
            "as text": emr("true"),
            "JSON text": {"SecurityConfiguration": json.dumps(emr(on=True)["SecurityConfiguration"])},
        },
        wrong={
            "off": (emr(on=False), IN_TRANSIT),
            "absent": ({"SecurityConfiguration": {"EncryptionConfiguration": {}}}, IN_TRANSIT),
            "nothing at all": ({}, IN_TRANSIT),
            "no certificate": (
                emr(on=True, certificates={}),
                PROVIDER,
            ),
        },
        weak=(emr(OPEN), "false", IN_TRANSIT),
        open_=(emr(OPEN), IN_TRANSIT),
        more=(
            good(
                "certificates that a parameter names",
                opened(It=resource("AWS::EMR::SecurityConfiguration", **emr("true", OPEN))),
            ),
            bad("a cluster without", resources(It=resource(CLUSTER)), at=("Properties.SecurityConfiguration",)),
            bad(
                "a cluster with one that switches it off",
                resources(
                    It=resource(CLUSTER, SecurityConfiguration={"Ref": "Security"}),
                    Security=resource("AWS::EMR::SecurityConfiguration", **emr(on=False)),
                ),
                at=("Properties.SecurityConfiguration",),
            ),
            good(
                "a cluster with a good one, by its name",
                resources(
                    It=resource(CLUSTER, SecurityConfiguration="encrypted"),
                    Security=resource("AWS::EMR::SecurityConfiguration", Name="encrypted", **emr(on=True)),
                ),
            ),
            not_applicable(
                "a cluster with one from elsewhere", opened(It=resource(CLUSTER, SecurityConfiguration=OPEN))
            ),
        ),
    ),
)


@each_of(CASES)
def test_analytics(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
