from __future__ import annotations

from typing import Any

from tests.rules.tls._rows import cases_of
from tests.support.rule_cases import Case, RuleCases, bad, each_of, good, hold, resource, resources
from tests.support.rule_templates import OPEN, opened

SERVER = "AWS::Transfer::Server"
ENDPOINT = "AWS::DMS::Endpoint"
VPN = "AWS::EC2::VPNConnection"
TUNNEL = "Properties.VpnTunnelOptionsSpecifications.0"
JOB = "AWS::SageMaker::DataQualityJobDefinition"
BETWEEN = "Properties.NetworkConfig.EnableInterContainerTrafficEncryption"


def tunnel(**options: Any) -> dict[str, Any]:
    listed = {name: [{"Value": value} for value in values] for name, values in options.items()}
    return {"VpnTunnelOptionsSpecifications": [listed]}


CASES = (
    cases_of(
        "tls.transfer-protocols",
        SERVER,
        fine={"by default": {}, "SFTP and FTPS": {"Protocols": ["SFTP", "FTPS"]}, "AS2": {"Protocols": ["AS2"]}},
        wrong={"FTP as well": ({"Protocols": ["SFTP", "FTP"]}, "Properties.Protocols.1")},
        weak=({"Protocols": [OPEN]}, "FTP", "Properties.Protocols.0"),
        open_=({"Protocols": [OPEN]}, "Properties.Protocols.0"),
    ),
    cases_of(
        "tls.transfer-policy",
        SERVER,
        fine={
            "of 2025": {"SecurityPolicyName": "TransferSecurityPolicy-2025-03"},
            "of 2022": {"SecurityPolicyName": "TransferSecurityPolicy-2022-03"},
            "nothing said": {},
        },
        wrong={"of 2018": ({"SecurityPolicyName": "TransferSecurityPolicy-2018-11"}, "Properties.SecurityPolicyName")},
        weak=({"SecurityPolicyName": OPEN}, "TransferSecurityPolicy-2018-11", "Properties.SecurityPolicyName"),
        open_=({"SecurityPolicyName": OPEN}, "Properties.SecurityPolicyName"),
    ),
    cases_of(
        "tls.transfer-policy-chosen",
        SERVER,
        fine={
            "of 2025": {"SecurityPolicyName": "TransferSecurityPolicy-2025-03"},
            "of 2018, which the other rule refuses": {"SecurityPolicyName": "TransferSecurityPolicy-2018-11"},
        },
        wrong={
            "of 2020": ({"SecurityPolicyName": "TransferSecurityPolicy-2020-06"}, "Properties.SecurityPolicyName"),
            "absent": ({}, "Properties.SecurityPolicyName"),
        },
        open_=({"SecurityPolicyName": OPEN}, "Properties.SecurityPolicyName"),
    ),
    cases_of(
        "tls.codebuild-source",
        "AWS::CodeBuild::Project",
        fine={
            "nothing said": {"Source": {"Type": "GITHUB"}},
            "verified": {"Source": {"InsecureSsl": False}},
            "HTTPS": {"Source": {"Location": "https://git.example.com/app.git"}},
            "a repository by reference": {"Source": {"Location": {"Fn::GetAtt": ["Repository", "CloneUrlHttp"]}}},
        },
        wrong={
            "not verified": ({"Source": {"InsecureSsl": True}}, "Properties.Source.InsecureSsl"),
            "plain HTTP": ({"Source": {"Location": "http://git.example.com/app.git"}}, "Properties.Source.Location"),
            "the second": (
                {"SecondarySources": [{}, {"InsecureSsl": "true"}]},
                "Properties.SecondarySources.1.InsecureSsl",
            ),
        },
        weak=({"Source": {"InsecureSsl": OPEN}}, "true", "Properties.Source.InsecureSsl"),
        open_=({"Source": {"InsecureSsl": OPEN}}, "Properties.Source.InsecureSsl"),
    ),
    cases_of(
        "tls.dms-endpoint",
        ENDPOINT,
        fine={
            "verified": {"EngineName": "postgres", "SslMode": "verify-full"},
            "required": {"EngineName": "oracle", "SslMode": "require"},
            "S3 has no such mode": {"EngineName": "s3", "SslMode": "none"},
            "Redis by default": {"EngineName": "redis", "RedisSettings": {"ServerName": "x"}},
            "Kafka": {"EngineName": "kafka", "KafkaSettings": {"SecurityProtocol": "sasl-ssl"}},
        },
        wrong={
            "none": ({"EngineName": "mysql", "SslMode": "none"}, "Properties.SslMode"),
            "absent": ({"EngineName": "aurora-postgresql"}, "Properties.SslMode"),
            "Redis": (
                {"EngineName": "redis", "RedisSettings": {"SslSecurityProtocol": "plaintext"}},
                "Properties.RedisSettings.SslSecurityProtocol",
            ),
            "Kafka in plain text": (
                {"EngineName": "kafka", "KafkaSettings": {"SecurityProtocol": "plaintext"}},
                "Properties.KafkaSettings.SecurityProtocol",
            ),
        },
        weak=({"EngineName": "mysql", "SslMode": OPEN}, "none", "Properties.SslMode"),
        open_=({"EngineName": "mysql", "SslMode": OPEN}, "Properties.SslMode"),
        more=(
            good("whichever engine", opened(It=resource(ENDPOINT, EngineName=OPEN, SslMode="require"))),
            bad(
                "a data provider",
                resources(It=resource("AWS::DMS::DataProvider", Settings={"PostgreSqlSettings": {"SslMode": "none"}})),
                at=("Properties.Settings.PostgreSqlSettings.SslMode",),
            ),
        ),
    ),
    cases_of(
        "tls.data-source",
        "AWS::QuickSight::DataSource",
        fine={"nothing said": {}, "not disabled": {"SslProperties": {"DisableSsl": False}}},
        wrong={"disabled": ({"SslProperties": {"DisableSsl": True}}, "Properties.SslProperties.DisableSsl")},
        weak=({"SslProperties": {"DisableSsl": OPEN}}, "true", "Properties.SslProperties.DisableSsl"),
        open_=({"SslProperties": {"DisableSsl": OPEN}}, "Properties.SslProperties.DisableSsl"),
        more=(
            bad(
                "Firehose",
                resources(
                    It=resource(
                        "AWS::KinesisFirehose::DeliveryStream", DatabaseSourceConfiguration={"SSLMode": "Disabled"}
                    )
                ),
                at=("Properties.DatabaseSourceConfiguration.SSLMode",),
            ),
        ),
    ),
    cases_of(
        "tls.ses-delivery",
        "AWS::SES::ConfigurationSet",
        fine={"required": {"DeliveryOptions": {"TlsPolicy": "REQUIRE"}}},
        wrong={
            "optional": ({"DeliveryOptions": {"TlsPolicy": "OPTIONAL"}}, "Properties.DeliveryOptions.TlsPolicy"),
            "absent": ({"Name": "mail"}, "Properties.DeliveryOptions.TlsPolicy"),
        },
        weak=({"DeliveryOptions": {"TlsPolicy": OPEN}}, "OPTIONAL", "Properties.DeliveryOptions.TlsPolicy"),
        open_=({"DeliveryOptions": {"TlsPolicy": OPEN}}, "Properties.DeliveryOptions.TlsPolicy"),
    ),
    cases_of(
        "tls.ses-inbound",
        "AWS::SES::ReceiptRule",
        fine={"required": {"Rule": {"TlsPolicy": "Require"}}},
        wrong={
            "optional": ({"Rule": {"TlsPolicy": "Optional"}}, "Properties.Rule.TlsPolicy"),
            "absent": ({"Rule": {}}, "Properties.Rule.TlsPolicy"),
        },
        open_=({"Rule": {"TlsPolicy": OPEN}}, "Properties.Rule.TlsPolicy"),
        more=(
            good("Mail Manager by default", resources(It=resource("AWS::SES::MailManagerIngressPoint"))),
            bad(
                "Mail Manager",
                resources(It=resource("AWS::SES::MailManagerIngressPoint", TlsPolicy="OPTIONAL")),
                at=("Properties.TlsPolicy",),
            ),
        ),
    ),
    cases_of(
        "tls.ivs-ingest",
        "AWS::IVS::Channel",
        fine={"by default": {}, "RTMPS": {"InsecureIngest": False}},
        wrong={"RTMP": ({"InsecureIngest": True}, "Properties.InsecureIngest")},
        weak=({"InsecureIngest": OPEN}, "true", "Properties.InsecureIngest"),
        open_=({"InsecureIngest": OPEN}, "Properties.InsecureIngest"),
    ),
    cases_of(
        "tls.iot-domain",
        "AWS::IoT::DomainConfiguration",
        fine={
            "by default": {},
            "TLS 1.3": {"TlsConfig": {"SecurityPolicy": "IoTSecurityPolicy_TLS13_1_3_2022_10"}},
        },
        wrong={
            "of 2016": (
                {"TlsConfig": {"SecurityPolicy": "IoTSecurityPolicy_TLS12_1_0_2016_01"}},
                "Properties.TlsConfig.SecurityPolicy",
            )
        },
        open_=({"TlsConfig": {"SecurityPolicy": OPEN}}, "Properties.TlsConfig.SecurityPolicy"),
    ),
    cases_of(
        "tls.lightsail",
        "AWS::Lightsail::LoadBalancer",
        fine={"nothing said": {}, "TLS 1.2": {"TlsPolicyName": "TLS-FS-Res-1-2-2022-10"}},
        wrong={"TLS 1.0": ({"TlsPolicyName": "TLS-2016-08"}, "Properties.TlsPolicyName")},
        open_=({"TlsPolicyName": OPEN}, "Properties.TlsPolicyName"),
        more=(
            bad(
                "no redirect",
                resources(It=resource("AWS::Lightsail::LoadBalancerTlsCertificate", HttpsRedirectionEnabled=False)),
                at=("Properties.HttpsRedirectionEnabled",),
            ),
            bad(
                "a distribution's origin",
                resources(It=resource("AWS::Lightsail::Distribution", Origin={"ProtocolPolicy": "http-only"})),
                at=("Properties.Origin.ProtocolPolicy",),
            ),
        ),
    ),
    cases_of(
        "tls.app-mesh",
        "AWS::AppMesh::VirtualNode",
        fine={
            "strict": {"Spec": {"Listeners": [{"TLS": {"Mode": "STRICT"}}]}},
            "nothing said": {"Spec": {"Listeners": [{"PortMapping": {"Port": 80}}]}},
        },
        wrong={
            "permissive": (
                {"Spec": {"Listeners": [{"TLS": {"Mode": "PERMISSIVE"}}]}},
                "Properties.Spec.Listeners.0.TLS.Mode",
            ),
            "a client that does not enforce it": (
                {"Spec": {"BackendDefaults": {"ClientPolicy": {"TLS": {"Enforce": False}}}}},
                "Properties.Spec.BackendDefaults.ClientPolicy.TLS.Enforce",
            ),
            "one backend": (
                {"Spec": {"Backends": [{"VirtualService": {"ClientPolicy": {"TLS": {"Enforce": "false"}}}}]}},
                "Properties.Spec.Backends.0.VirtualService.ClientPolicy.TLS.Enforce",
            ),
        },
        open_=({"Spec": {"Listeners": [{"TLS": {"Mode": OPEN}}]}}, "Properties.Spec.Listeners.0.TLS.Mode"),
    ),
    cases_of(
        "tls.sagemaker-containers",
        JOB,
        fine={"on": {"NetworkConfig": {"EnableInterContainerTrafficEncryption": True}}},
        wrong={
            "off": ({"NetworkConfig": {"EnableInterContainerTrafficEncryption": False}}, BETWEEN),
            "absent": ({"NetworkConfig": {"EnableNetworkIsolation": True}}, BETWEEN),
            "no network": ({}, BETWEEN),
        },
        weak=({"NetworkConfig": {"EnableInterContainerTrafficEncryption": OPEN}}, "false", BETWEEN),
        open_=({"NetworkConfig": {"EnableInterContainerTrafficEncryption": OPEN}}, BETWEEN),
        more=(
            good("a schedule that says nothing", resources(It=resource("AWS::SageMaker::MonitoringSchedule"))),
            bad("model bias", resources(It=resource("AWS::SageMaker::ModelBiasJobDefinition")), at=(BETWEEN,)),
        ),
    ),
    cases_of(
        "tls.vpn-tunnel",
        VPN,
        fine={
            "nothing listed": {},
            "good ones": tunnel(
                IKEVersions=["ikev2"], Phase1DHGroupNumbers=[20, 21], Phase2IntegrityAlgorithms=["SHA2-512"]
            ),
        },
        wrong={
            "IKEv1": (tunnel(IKEVersions=["ikev2", "ikev1"]), f"{TUNNEL}.IKEVersions.1.Value"),
            "1024 bits": (tunnel(Phase1DHGroupNumbers=[2]), f"{TUNNEL}.Phase1DHGroupNumbers.0.Value"),
            "SHA-1": (tunnel(Phase2IntegrityAlgorithms=["SHA1"]), f"{TUNNEL}.Phase2IntegrityAlgorithms.0.Value"),
        },
        weak=(tunnel(IKEVersions=[OPEN]), "ikev1", f"{TUNNEL}.IKEVersions.0.Value"),
        open_=(tunnel(IKEVersions=[OPEN]), f"{TUNNEL}.IKEVersions.0.Value"),
    ),
)


@each_of(CASES)
def test_services(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
