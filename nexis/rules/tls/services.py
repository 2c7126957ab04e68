"""Services that carry data encrypt it on the way, wherever one property decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.tls_policies import IOT, LIGHTSAIL, TRANSFER_RECOMMENDED, TRANSFER_WITHOUT_SHA1
from nexis.rules.requirements import Requirement, is_false, is_true, one_of, property_rule, row
from nexis.templates.values import Unknown
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Callable

    from nexis.templates.views import View

_AS_OF: Final = "2026-11-23"
_READABLE: Final = "What crosses the network in plain text can be read and changed by whoever is on the way."
_SC8: Final = {"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)}


def _row(
    path: str,
    accepts: Callable[[str], bool],
    expected: str,
    *,
    absent: str = "",
    source: str = "",
    example: bool | str | int | None = None,
    when: Callable[[View], bool] | None = None,
) -> Requirement:
    """Make a row from "AWS::Service::Type Property.*.Property"."""
    kind, _, names = path.partition(" ")
    return row(
        kind,
        *names.split("."),
        as_of=_AS_OF,
        accepts=accepts,
        expected=expected,
        absent=absent,
        source=source,
        example=example,
        when=when,
    )


def _is_plain(address: object) -> bool:
    return isinstance(address, str) and address.strip().lower().startswith("http://")


def _engine_has_ssl_mode(endpoint: View) -> bool:
    """Whether a DMS endpoint is of a kind that has SslMode; the others always encrypt or have settings of their own."""
    engine = endpoint.peek("EngineName")
    if isinstance(engine, Unknown) and not isinstance(endpoint.peek("SslMode"), Absent):
        return True  # whichever kind it is, what is written must be right
    return str(endpoint.literal("EngineName")).lower() in _SSL_MODE_ENGINES


#: Source: DMS User Guide, "Using SSL with AWS Database Migration Service", read 2026-11-23.
_SSL_MODE_ENGINES: Final = frozenset(
    {
        "aurora",
        "aurora-postgresql",
        "aurora-postgresql-serverless",
        "aurora-serverless",
        "azuredb",
        "babelfish",
        "db2",
        "db2-zos",
        "docdb",
        "mariadb",
        "mongodb",
        "mysql",
        "oracle",
        "postgres",
        "sqlserver",
        "sybase",
    }
)
_DATA_PROVIDERS: Final = (
    "DocDbSettings",
    "IbmDb2LuwSettings",
    "IbmDb2zOsSettings",
    "MariaDbSettings",
    "MicrosoftSqlServerSettings",
    "MongoDbSettings",
    "MySqlSettings",
    "OracleSettings",
    "PostgreSqlSettings",
)


def _encrypts(mode: str) -> bool:
    return mode.lower() in ("require", "verify-ca", "verify-full")


#: CloudFormation's default, with diffie-hellman-group14-sha1, hmac-sha1 and ssh-rsa.
#: Source: Transfer Family User Guide, "Security policies for AWS Transfer Family servers", read 2026-11-23.
_TRANSFER_2018: Final = "TransferSecurityPolicy-2018-11"

#: RFC 8247: 1024-bit groups and the 1536-bit one are withdrawn, and 22 has a subgroup that may be trapped.
_WEAK_GROUPS: Final = ("2", "5", "22")

RULES = (
    property_rule(
        rule_id="tls.transfer-protocols",
        title="Transfer servers offer no plain FTP",
        why="FTP carries passwords and files in plain text.",
        requirements=(
            _row(
                "AWS::Transfer::Server Protocols.*",
                lambda protocol: protocol.upper() != "FTP",
                "SFTP, FTPS or AS2",
                example="SFTP",  # SFTP alone by default
            ),
        ),
        fix="leave FTP out of Protocols; use SFTP or FTPS",
        claims=("connections.tls",),
        controls={**_SC8, "AWS FSBP": ("Transfer.2",)},
        source="Transfer Family User Guide, Configuring an SFTP, FTPS, or FTP server endpoint",
        cdk='transfer.CfnServer(self, "Files", protocols=["SFTP"])',
    ),
    property_rule(
        rule_id="tls.transfer-policy",
        title="Transfer servers do not name the security policy of 2018",
        why="Its key exchanges and message authentication codes still rest on SHA-1, which is broken.",
        requirements=(
            _row(
                "AWS::Transfer::Server SecurityPolicyName",
                lambda policy: policy != _TRANSFER_2018,
                f"a policy without SHA-1, such as {TRANSFER_RECOMMENDED}",
                source="Transfer Family User Guide, Security policies for AWS Transfer Family servers",
                example=TRANSFER_RECOMMENDED,
            ),
        ),
        fix=f"set SecurityPolicyName: {TRANSFER_RECOMMENDED}",
        claims=("connections.tls",),
        controls=_SC8,
        source="Transfer Family User Guide, Security policies for AWS Transfer Family servers",
        cdk=f'transfer.CfnServer(self, "Files", protocols=["SFTP"], security_policy_name="{TRANSFER_RECOMMENDED}")',
    ),
    property_rule(
        rule_id="tls.transfer-policy-chosen",
        title="Transfer servers name a security policy without SHA-1",
        why="CloudFormation's default is the policy of 2018, whose key exchanges and codes still rest on SHA-1.",
        requirements=(
            _row(
                "AWS::Transfer::Server SecurityPolicyName",
                one_of(*sorted(TRANSFER_WITHOUT_SHA1), _TRANSFER_2018),  # that one, tls.transfer-policy refuses
                f"a policy without SHA-1, such as {TRANSFER_RECOMMENDED}",
                absent=f"CloudFormation's default is {_TRANSFER_2018}",
                example=TRANSFER_RECOMMENDED,
            ),
        ),
        fix=f"set SecurityPolicyName: {TRANSFER_RECOMMENDED}",
        claims=("connections.tls",),
        controls=_SC8,
        source="Transfer Family User Guide, Security policies for AWS Transfer Family servers",
        cdk=f'transfer.CfnServer(self, "Files", protocols=["SFTP"], security_policy_name="{TRANSFER_RECOMMENDED}")',
        scope="baseline",
    ),
    property_rule(
        rule_id="tls.codebuild-source",
        title="CodeBuild fetches its source over TLS and verifies the certificate",
        why="A build that does not verify it runs whatever somebody on the way puts in the place of the source.",
        requirements=(
            _row("AWS::CodeBuild::Project Source.InsecureSsl", is_false, "false or nothing", example=False),
            _row("AWS::CodeBuild::Project SecondarySources.*.InsecureSsl", is_false, "false or nothing"),
            _row(
                "AWS::CodeBuild::Project Source.Location",
                lambda location: not _is_plain(location),
                "an address that begins with https://",
                # Whatever else it is, a bucket or a repository, is no plain HTTP address.
                when=lambda project: _is_plain(project.peek("Source", "Location")),
            ),
        ),
        fix="leave InsecureSsl out or set it to false, and let Location begin with https://",
        claims=("connections.tls",),
        controls=_SC8,
        source="CodeBuild API, ProjectSource insecureSsl",
        cdk='codebuild.Project(self, "Build", source=codebuild.Source.git_hub(owner="example", repo="app"))',
    ),
    property_rule(
        rule_id="tls.dms-endpoint",
        title="DMS endpoints speak TLS to their databases",
        why="A migration carries a whole database through the network; without TLS in plain text.",
        requirements=(
            _row(
                "AWS::DMS::Endpoint SslMode",
                _encrypts,
                "require, verify-ca or verify-full",
                absent="DMS's default is none",
                source="DMS API, CreateEndpoint SslMode",
                example="verify-full",
                when=_engine_has_ssl_mode,
            ),
            _row(
                "AWS::DMS::Endpoint RedisSettings.SslSecurityProtocol",
                lambda protocol: protocol.lower() == "ssl-encryption",
                "ssl-encryption or nothing",  # the default
                source="DMS API, RedisSettings SslSecurityProtocol",
            ),
            _row(
                "AWS::DMS::Endpoint KafkaSettings.SecurityProtocol",
                lambda protocol: protocol.lower() in ("ssl-encryption", "ssl-authentication", "sasl-ssl"),
                "ssl-encryption, ssl-authentication or sasl-ssl",
                source="DMS API, KafkaSettings SecurityProtocol",
            ),
            *(
                _row(
                    f"AWS::DMS::DataProvider Settings.{settings}.SslMode",
                    _encrypts,
                    "require, verify-ca or verify-full",
                    example="verify-full" if settings == "PostgreSqlSettings" else None,
                )
                for settings in _DATA_PROVIDERS
            ),
        ),
        fix="set SslMode to verify-full, or to require where the engine has nothing stricter",
        claims=("connections.tls",),
        controls={**_SC8, "AWS FSBP": ("DMS.9", "DMS.12")},
        source="DMS User Guide, Using SSL with AWS Database Migration Service",
        cdk="""\
dms.CfnEndpoint(
    self, "Source", endpoint_type="source", engine_name="postgres", ssl_mode="verify-full", certificate_arn=ca.ref
)
""",
    ),
    property_rule(
        rule_id="tls.data-source",
        title="QuickSight and Firehose speak TLS to the databases they read",
        why=_READABLE,
        requirements=(
            _row("AWS::QuickSight::DataSource SslProperties.DisableSsl", is_false, "false or nothing", example=False),
            _row(
                "AWS::KinesisFirehose::DeliveryStream DatabaseSourceConfiguration.SSLMode",
                one_of("Enabled"),
                "'Enabled' or nothing",
                example="Enabled",
            ),
        ),
        fix="leave DisableSsl out (QuickSight); set SSLMode: Enabled (Firehose)",
        claims=("connections.tls",),
        controls=_SC8,
        source="QuickSight API, SslProperties; Firehose API, DatabaseSourceConfiguration SSLMode",
        cdk="""\
quicksight.CfnDataSource(
    self, "Source", name="source", type="POSTGRESQL",
    ssl_properties=quicksight.CfnDataSource.SslPropertiesProperty(disable_ssl=False),
)
""",
    ),
    property_rule(
        rule_id="tls.ses-delivery",
        title="SES sends mail over TLS or not at all",
        why="Without it a mail whose server offers no TLS, or is made to look so, leaves in plain text.",
        requirements=(
            _row(
                "AWS::SES::ConfigurationSet DeliveryOptions.TlsPolicy",
                lambda policy: policy.upper() == "REQUIRE",
                "REQUIRE",
                absent="SES's default is OPTIONAL",
                source="SES API, DeliveryOptions TlsPolicy",
                example="REQUIRE",
            ),
        ),
        fix="set DeliveryOptions.TlsPolicy: REQUIRE (CDK: tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE)",
        claims=("connections.tls",),
        controls={**_SC8, "AWS FSBP": ("SES.3",)},
        source="SES Developer Guide, Amazon SES and security protocols",
        cdk='ses.ConfigurationSet(self, "Mail", tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE)',
    ),
    property_rule(
        rule_id="tls.ses-inbound",
        title="SES takes mail over TLS only",
        why=_READABLE,
        requirements=(
            _row(
                "AWS::SES::ReceiptRule Rule.TlsPolicy",
                one_of("Require"),
                "Require",
                absent="SES's default is Optional",
                source="SES API, ReceiptRule TlsPolicy",
                example="Require",
            ),
            _row(
                "AWS::SES::MailManagerIngressPoint TlsPolicy",
                one_of("REQUIRED", "FIPS"),
                "REQUIRED or FIPS, or nothing",
                example="REQUIRED",
            ),
        ),
        fix="set TlsPolicy: Require (receipt rules) or REQUIRED (Mail Manager)",
        claims=("connections.tls",),
        controls=_SC8,
        source="SES Developer Guide, Creating receipt rules",
        cdk='ses.ReceiptRule(self, "Inbound", rule_set=rules, tls_policy=ses.TlsPolicy.REQUIRE)',
        scope="baseline",
    ),
    property_rule(
        rule_id="tls.ivs-ingest",
        title="IVS channels take streams over RTMPS only",
        why="Plain RTMP carries the stream key in plain text; whoever reads it streams in your name.",
        requirements=tuple(
            _row(f"AWS::IVS::{kind} InsecureIngest", is_false, "false or nothing", example=False)
            for kind in ("Channel", "IngestConfiguration")
        ),
        fix="leave InsecureIngest out or set it to false",
        claims=("connections.tls",),
        controls=_SC8,
        source="IVS API, CreateChannel insecureIngest",
        cdk='ivs.CfnChannel(self, "Live", insecure_ingest=False)',
    ),
    property_rule(
        rule_id="tls.iot-domain",
        title="IoT domains accept no TLS version below 1.2",
        why="TLS 1.0 and 1.1 are withdrawn; an attacker on the way can push a connection down to them.",
        requirements=(
            _row(
                "AWS::IoT::DomainConfiguration TlsConfig.SecurityPolicy",
                IOT.is_current,
                f"{IOT.recommended} or stricter",
                source=IOT.source,  # which is also the default
                example=IOT.recommended,
            ),
        ),
        fix=f"leave TlsConfig out or set its SecurityPolicy to {IOT.recommended}",
        claims=("connections.tls",),
        controls=_SC8,
        source=IOT.source,
        cdk=f"""\
iot.CfnDomainConfiguration(
    self, "Devices", tls_config=iot.CfnDomainConfiguration.TlsConfigProperty(security_policy="{IOT.recommended}")
)
""",
    ),
    property_rule(
        rule_id="tls.lightsail",
        title="Lightsail load balancers and distributions speak TLS 1.2 and later",
        why=_READABLE,
        requirements=(
            _row(
                "AWS::Lightsail::LoadBalancer TlsPolicyName",
                LIGHTSAIL.is_current,
                LIGHTSAIL.recommended,
                source=LIGHTSAIL.source,
                example=LIGHTSAIL.recommended,
            ),
            _row(
                "AWS::Lightsail::LoadBalancerTlsCertificate HttpsRedirectionEnabled",
                is_true,
                "true",
                example=True,
            ),
            _row(
                "AWS::Lightsail::Distribution Origin.ProtocolPolicy",
                one_of("https-only"),
                "'https-only'",
                example="https-only",
            ),
        ),
        fix=f"set TlsPolicyName: {LIGHTSAIL.recommended}, HttpsRedirectionEnabled: true, ProtocolPolicy: https-only",
        claims=("connections.tls",),
        controls=_SC8,
        source=LIGHTSAIL.source,
        cdk=f"""\
lightsail.CfnLoadBalancer(
    self, "Balancer", load_balancer_name="web", instance_port=80, tls_policy_name="{LIGHTSAIL.recommended}"
)
""",
    ),
    property_rule(
        rule_id="tls.app-mesh",
        title="App Mesh listeners demand TLS where they offer it, and clients enforce it",
        why="In any other mode the proxy also answers plain text, and the mesh looks encrypted and is not.",
        requirements=(
            *(
                _row(f"AWS::AppMesh::{kind} Spec.Listeners.*.TLS.Mode", one_of("STRICT"), "'STRICT'", example="STRICT")
                for kind in ("VirtualGateway", "VirtualNode")
            ),
            *(
                _row(f"AWS::AppMesh::{kind} Spec.BackendDefaults.ClientPolicy.TLS.Enforce", is_true, "true or nothing")
                for kind in ("VirtualGateway", "VirtualNode")
            ),
            _row(
                "AWS::AppMesh::VirtualNode Spec.Backends.*.VirtualService.ClientPolicy.TLS.Enforce",
                is_true,
                "true or nothing",
            ),
        ),
        fix="set Mode: STRICT and leave Enforce out or set it to true",
        claims=("connections.tls",),
        controls=_SC8,
        source="App Mesh User Guide, Transport Layer Security (TLS)",
        cdk="listener = appmesh.VirtualNodeListener.http(tls=appmesh.ListenerTlsOptions("
        "mode=appmesh.TlsMode.STRICT, certificate=certificate))",
    ),
    property_rule(
        rule_id="tls.sagemaker-containers",
        title="SageMaker monitoring jobs encrypt what travels between their containers",
        why="Distributed jobs send the data they work on from instance to instance; without it in plain text.",
        requirements=(
            *(
                _row(
                    f"AWS::SageMaker::{kind} NetworkConfig.EnableInterContainerTrafficEncryption",
                    is_true,
                    "true",
                    absent="SageMaker's default is false",
                    example=True,
                )
                for kind in (
                    "DataQualityJobDefinition",
                    "ModelBiasJobDefinition",
                    "ModelExplainabilityJobDefinition",
                    "ModelQualityJobDefinition",
                )
            ),
            _row(
                "AWS::SageMaker::MonitoringSchedule MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig."
                "EnableInterContainerTrafficEncryption",
                is_true,
                "true",
                example=True,
            ),
        ),
        fix="set NetworkConfig.EnableInterContainerTrafficEncryption: true",
        claims=("connections.tls",),
        controls={**_SC8, "AWS FSBP": ("SageMaker.9", "SageMaker.10", "SageMaker.13", "SageMaker.15")},
        source="SageMaker Developer Guide, Protect communications between ML compute instances in a distributed job",
        cdk="network = sagemaker.CfnDataQualityJobDefinition.NetworkConfigProperty("
        "enable_inter_container_traffic_encryption=True)",
    ),
    property_rule(
        rule_id="tls.vpn-tunnel",
        title="VPN tunnels that list algorithms list no weak ones",
        why="IKEv1, SHA-1 and Diffie-Hellman over 1024 bits are within reach of those who record traffic to break it.",
        requirements=(
            _row(
                "AWS::EC2::VPNConnection VpnTunnelOptionsSpecifications.*.IKEVersions.*.Value",
                lambda version: version.lower() == "ikev2",
                "ikev2",
                example="ikev2",
            ),
            *(
                _row(
                    f"AWS::EC2::VPNConnection VpnTunnelOptionsSpecifications.*.Phase{phase}DHGroupNumbers.*.Value",
                    lambda group: group not in _WEAK_GROUPS,
                    "14 or one of 15 to 21, 23 and 24",
                    example=20,
                )
                for phase in (1, 2)
            ),
            *(
                _row(
                    f"AWS::EC2::VPNConnection VpnTunnelOptionsSpecifications.*.Phase{phase}IntegrityAlgorithms.*.Value",
                    lambda algorithm: algorithm.upper() != "SHA1",
                    "SHA2-256, SHA2-384 or SHA2-512",
                    example="SHA2-384",
                )
                for phase in (1, 2)
            ),
        ),
        fix="list ikev2, Diffie-Hellman groups from 14 on, and SHA2 alone",
        claims=("connections.tls",),
        controls=_SC8,
        source="Site-to-Site VPN User Guide, Tunnel options; RFC 8247",
        cdk="""\
ec2.CfnVPNConnection(
    self, "Vpn", type="ipsec.1", customer_gateway_id=gateway.ref, transit_gateway_id=transit.ref,
    vpn_tunnel_options_specifications=[{"ikeVersions": [{"value": "ikev2"}]}],
)
""",
    ),
)
