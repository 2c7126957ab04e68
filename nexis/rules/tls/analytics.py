"""Glue connections and EMR clusters encrypt what travels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.rules._policy_documents import policy_document
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place, step_down

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

_CONNECTION: Final = "AWS::Glue::Connection"
_EMR: Final = "AWS::EMR::SecurityConfiguration"
_EMR_CLUSTER: Final = "AWS::EMR::Cluster"
_PROPERTIES: Final = ("ConnectionInput", "ConnectionProperties")


def _kind(connection: View) -> str:
    # A connection of no named type is a JDBC one.
    found = connection.literal("ConnectionInput", "ConnectionType")
    return "JDBC" if isinstance(found, Absent) else found.upper()


def _connects(connection: View) -> bool:
    return _kind(connection) in ("JDBC", "KAFKA")


def _connection(connection: View) -> Iterator[Problem]:
    if _kind(connection) == "KAFKA":
        yield from _setting(connection, "KAFKA_SSL_ENABLED", "")  # true by default
    else:
        yield from _setting(connection, "JDBC_ENFORCE_SSL", "Glue's default is false")


def _setting(connection: View, name: str, absent: str) -> Iterator[Problem]:
    where = place(*_PROPERTIES, name)
    found = _known(policy_document(connection, *_PROPERTIES).get(name), where)
    if found is None:
        if absent:
            yield Problem(where, f"is absent, and {absent}; expected 'true'")
    elif str(found).strip().lower() != "true":
        yield Problem(where, f"found {found!r}, expected 'true'")


def _emr(resource: View) -> Iterator[Problem]:
    if resource.type == _EMR:
        yield from _configuration(resource)
        return
    name = "SecurityConfiguration"
    configuration = resource.named(resource.peek(name), _EMR)
    if configuration is None:
        yield Problem(place(name), f"is absent, so nothing is encrypted on the way; expected an {_EMR}")
        return
    for problem in parts(partial(_configuration, configuration)):
        yield Problem(
            place(name),
            f"its security configuration {configuration.logical_id}: "
            f"{problem.property.removeprefix('Properties.')} {problem.message}",
            problem.verdict,
        )


def _is_judged(resource: View) -> bool:
    """Judge configurations, and clusters with one of these templates or with none at all."""
    found = resource.peek("SecurityConfiguration")
    return resource.type == _EMR or isinstance(found, Absent) or resource.named(found, _EMR) is not None


def _configuration(configuration: View) -> Iterator[Problem]:
    document = policy_document(configuration, "SecurityConfiguration")
    switch = ("EncryptionConfiguration", "EnableInTransitEncryption")
    where = place("SecurityConfiguration", *switch)
    found = _known(_below(document, *switch), where)
    if found is None:
        yield Problem(where, "is absent, and EMR's default is false; expected true")
        return
    if str(found).strip().lower() != "true":
        yield Problem(where, f"found {found!r}, expected true")
        return
    provider = (
        "EncryptionConfiguration",
        "InTransitEncryptionConfiguration",
        "TLSCertificateConfiguration",
        "CertificateProviderType",
    )
    if _below(document, *provider) is None:
        yield Problem(
            place("SecurityConfiguration", *provider), "is absent, so there is no certificate; expected PEM or Custom"
        )


def _below(document: Any, *path: str) -> Any:
    found = step_down(document, path)
    return None if isinstance(found, Absent) else found


def _known(value: Any, where: str) -> Any:
    if isinstance(value, Unknown):
        raise Undetermined(where, value.reason)
    if isinstance(value, (dict, list)) or is_deferred(value):
        raise Undetermined(where, "its value is no plain true or false")
    return value


RULES = (
    Rule(
        id="tls.glue-connection",
        severity="error",
        title="Glue connects to databases over TLS only",
        why="Jobs and crawlers log in and read whole tables; without TLS in plain text.",
        fix="set JDBC_ENFORCE_SSL to true in ConnectionProperties (Kafka: KAFKA_SSL_ENABLED)",
        types=(_CONNECTION,),
        check=_connection,
        applies=_connects,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="Glue Developer Guide, AWS Glue connection properties",
        cdk="""\
glue.CfnConnection(
    self, "Orders", catalog_id=self.account,
    connection_input={
        "connectionType": "JDBC",
        "connectionProperties": {"JDBC_CONNECTION_URL": url, "JDBC_ENFORCE_SSL": "true"},
    },
)
""",
        example={
            "Orders": {
                "Type": _CONNECTION,
                "Properties": {
                    "CatalogId": "111122223333",
                    "ConnectionInput": {
                        "ConnectionType": "JDBC",
                        "ConnectionProperties": {
                            "JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.com:5432/orders",
                            "JDBC_ENFORCE_SSL": "true",
                        },
                    },
                },
            }
        },
    ),
    Rule(
        id="tls.emr-in-transit",
        severity="error",
        title="EMR encrypts what travels between nodes and to storage",
        why="Shuffled data, blocks and queries cross the network between the nodes; without it in plain text.",
        fix="set EncryptionConfiguration.EnableInTransitEncryption: true with a TLSCertificateConfiguration, and name "
        "that AWS::EMR::SecurityConfiguration in SecurityConfiguration of the cluster",
        types=(_EMR, _EMR_CLUSTER),
        check=_emr,
        applies=_is_judged,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("EMR.4",), "NIST 800-53 r5": ("SC-8",)},
        source="EMR Management Guide, Encryption options: in-transit encryption",
        cdk="""\
certificates = {"CertificateProviderType": "PEM", "S3Object": "s3://certificates/emr.zip"}
encryption = {
    "EnableInTransitEncryption": True,
    "InTransitEncryptionConfiguration": {"TLSCertificateConfiguration": certificates},
}
emr.CfnSecurityConfiguration(
    self, "Encrypted", security_configuration={"EncryptionConfiguration": encryption}
)
""",
        example={
            "Encrypted": {
                "Type": _EMR,
                "Properties": {
                    "SecurityConfiguration": {
                        "EncryptionConfiguration": {
                            "EnableInTransitEncryption": True,
                            "InTransitEncryptionConfiguration": {
                                "TLSCertificateConfiguration": {
                                    "CertificateProviderType": "PEM",
                                    "S3Object": "s3://certificates/emr.zip",
                                }
                            },
                        }
                    }
                },
            }
        },
    ),
)
