from __future__ import annotations

from typing import Any

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
from tests.support.rule_templates import IMPORTED, NO_VALUE, OPEN, conditional, defaulted, either, opened

OTHER = not_applicable("another type", resources(It=resource("AWS::EC2::VPC")))
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
ATTRIBUTES = ("Properties.LoadBalancerAttributes",)
VALUE = ("Properties.LoadBalancerAttributes.0.Value",)


def balancer(value: Any = None, **more: Any) -> dict[str, Any]:
    if value is None:
        return resource(BALANCER, **more)
    return resource(BALANCER, LoadBalancerAttributes=[{"Key": "access_logs.s3.enabled", "Value": value}], **more)


def classic(**more: Any) -> dict[str, Any]:
    return resource("AWS::ElasticLoadBalancing::LoadBalancer", **more)


def listener(protocol: str) -> dict[str, Any]:
    return resource("AWS::ElasticLoadBalancingV2::Listener", LoadBalancerArn={"Ref": "It"}, Protocol=protocol, Port=443)


def distribution(**config: Any) -> dict[str, Any]:
    return resource("AWS::CloudFront::Distribution", DistributionConfig={"Enabled": True, **config})


def delivery(arn: Any) -> dict[str, Any]:
    return resource("AWS::Logs::DeliverySource", Name="cdn", LogType="ACCESS_LOGS", ResourceArn=arn)


ACL = resource("AWS::WAFv2::WebACL", Scope="REGIONAL")
FIREWALL = resource("AWS::NetworkFirewall::Firewall", FirewallName="edge")


def acl_logs(arn: Any) -> dict[str, Any]:
    return resource("AWS::WAFv2::LoggingConfiguration", ResourceArn=arn, LogDestinationConfigs=["x"])


def firewall_logs(*destinations: Any, arn: Any = None) -> dict[str, Any]:
    return resource(
        "AWS::NetworkFirewall::LoggingConfiguration",
        FirewallArn=arn or {"Ref": "It"},
        LoggingConfiguration={"LogDestinationConfigs": list(destinations)},
    )


def tunnels(*enabled: Any) -> dict[str, Any]:
    return resource(
        "AWS::EC2::VPNConnection",
        VpnTunnelOptionsSpecifications=[
            {"LogOptions": {"CloudwatchLogOptions": {"LogEnabled": value}}} for value in enabled
        ],
    )


ZONE = "AWS::Route53::HostedZone"
QUERIES = ("Properties.QueryLoggingConfig.CloudWatchLogsLogGroupArn",)
CDN = ("Properties.DistributionConfig.Logging.Bucket",)
CLASSIC = ("Properties.AccessLoggingPolicy.Enabled",)
STREAM = "AWS::CloudFront::StreamingDistribution"
ACCELERATOR = "AWS::GlobalAccelerator::Accelerator"
VPN = "AWS::EC2::ClientVpnEndpoint"
TUNNEL = "Properties.VpnTunnelOptionsSpecifications.{}.LogOptions.CloudwatchLogOptions.LogEnabled"

CASES = (
    RuleCases(
        "logging.elb-access-logs",
        (
            good("enabled", resources(It=classic(AccessLoggingPolicy={"Enabled": "true", "S3BucketName": "b"}))),
            bad("absent", resources(It=classic()), at=CLASSIC),
            bad("switched off", resources(It=classic(AccessLoggingPolicy={"Enabled": False})), at=CLASSIC),
            OTHER,
            unknown("open", opened(It=classic(AccessLoggingPolicy={"Enabled": OPEN})), at=CLASSIC),
        ),
    ),
    RuleCases(
        "logging.elbv2-access-logs",
        (
            good("enabled", resources(It=balancer("true"))),
            good("enabled, as a boolean", resources(It=balancer(True, Type="application"))),
            good("a Network one that ends TLS", resources(It=balancer("true", Type="network"), L=listener("TLS"))),
            bad("absent", resources(It=balancer()), at=ATTRIBUTES),
            bad("switched off", resources(It=balancer("false")), at=VALUE),
            bad("a parameter's default", defaulted("false", It=balancer(OPEN)), at=VALUE),
            bad("no value", resources(It=balancer(NO_VALUE)), at=VALUE),
            bad(
                "another attribute",
                resources(It=resource(BALANCER, LoadBalancerAttributes=[{"Key": "idle_timeout.timeout_seconds"}])),
                at=ATTRIBUTES,
            ),
            bad(
                "a Network one that ends TLS",
                resources(It=balancer(Type="network"), L=listener("TLS")),
                at=ATTRIBUTES,
            ),
            bad("a Network one whose listeners are elsewhere", resources(It=balancer(Type="network")), at=ATTRIBUTES),
            not_applicable(
                "a Network one that passes TCP on", resources(It=balancer(Type="network"), L=listener("TCP"))
            ),
            not_applicable("a Gateway one", resources(It=balancer(Type="gateway"))),
            unknown("open", opened(It=balancer(OPEN)), at=VALUE),
            unknown("open attributes", opened(It=resource(BALANCER, LoadBalancerAttributes=OPEN)), at=ATTRIBUTES),
            unknown(
                "an attribute of an open name",
                opened(It=resource(BALANCER, LoadBalancerAttributes=[{"Key": OPEN, "Value": "true"}])),
                at=("Properties.LoadBalancerAttributes.0.Key",),
            ),
        ),
    ),
    RuleCases(
        "logging.cloudfront-access-logs",
        (
            good("a bucket", resources(It=distribution(Logging={"Bucket": "logs.s3.amazonaws.com"}))),
            good("a bucket that is handed in", opened(It=distribution(Logging={"Bucket": OPEN}))),
            good(
                "delivered by CloudWatch Logs",
                resources(
                    It=distribution(),
                    Source=delivery({"Fn::Sub": "arn:aws:cloudfront::${AWS::AccountId}:distribution/${It}"}),
                ),
            ),
            good(
                "a streaming one",
                resources(It=resource(STREAM, StreamingDistributionConfig={"Logging": {"Enabled": True}})),
            ),
            bad("absent", resources(It=distribution()), at=CDN),
            bad("cookies alone", resources(It=distribution(Logging={"IncludeCookies": True})), at=CDN),
            bad(
                "another's delivery",
                resources(It=distribution(), Source=delivery("arn:aws:cloudfront::111111111111:distribution/E1")),
                at=CDN,
            ),
            bad(
                "a streaming one without",
                resources(It=resource(STREAM, StreamingDistributionConfig={"Logging": {"Enabled": False}})),
                at=("Properties.StreamingDistributionConfig.Logging.Enabled",),
            ),
            OTHER,
            unknown("sometimes", conditional(It=distribution(Logging=either({"Bucket": "b"}, NO_VALUE))), at=CDN),
            unknown("an open delivery", opened(It=distribution(), Source=delivery(OPEN)), at=("Properties",)),
        ),
    ),
    RuleCases(
        "logging.wafv2-logs",
        (
            good("a logging configuration", resources(It=ACL, L=acl_logs({"Fn::GetAtt": ["It", "Arn"]}))),
            bad("none", resources(It=ACL), at=("Properties",)),
            bad(
                "another's",
                resources(It=ACL, Two=ACL, L=acl_logs({"Fn::GetAtt": ["Two", "Arn"]})),
                at=("Properties",),
            ),
            OTHER,
            unknown("one of an open web ACL", opened(It=ACL, L=acl_logs(OPEN)), at=("Properties",)),
            unknown(
                "only sometimes",
                conditional(It=ACL, L={**acl_logs({"Fn::GetAtt": ["It", "Arn"]}), "Condition": "Chosen"}),
                at=("Properties",),
            ),
        ),
    ),
    RuleCases(
        "logging.network-firewall-logs",
        (
            good("alerts", resources(It=FIREWALL, L=firewall_logs({"LogType": "ALERT"}))),
            bad("none", resources(It=FIREWALL), at=("Properties",)),
            bad("no destination", resources(It=FIREWALL, L=firewall_logs()), at=("Properties",)),
            OTHER,
            unknown(
                "an imported firewall's", resources(It=FIREWALL, L=firewall_logs({}, arn=IMPORTED)), at=("Properties",)
            ),
        ),
    ),
    RuleCases(
        "logging.route53-query-logs",
        (
            good(
                "a log group",
                resources(
                    It=resource(ZONE, QueryLoggingConfig={"CloudWatchLogsLogGroupArn": {"Fn::GetAtt": ["L", "Arn"]}}),
                    L=resource("AWS::Logs::LogGroup"),
                ),
            ),
            bad("absent", resources(It=resource(ZONE, Name="example.com")), at=QUERIES),
            bad("empty", resources(It=resource(ZONE, QueryLoggingConfig={})), at=QUERIES),
            not_applicable("a private zone", resources(It=resource(ZONE, VPCs=[{"VPCId": "vpc-1"}]))),
            unknown("sometimes", opened(It=resource(ZONE, QueryLoggingConfig={"Fn::GetAtt": ["X", OPEN]})), at=QUERIES),
        ),
    ),
    RuleCases(
        "logging.client-vpn-logs",
        (
            good("enabled", resources(It=resource(VPN, ConnectionLogOptions={"Enabled": True}))),
            bad(
                "switched off",
                resources(It=resource(VPN, ConnectionLogOptions={"Enabled": False})),
                at=("Properties.ConnectionLogOptions.Enabled",),
            ),
            bad("absent", resources(It=resource(VPN)), at=("Properties.ConnectionLogOptions.Enabled",)),
            OTHER,
            unknown(
                "open",
                opened(It=resource(VPN, ConnectionLogOptions={"Enabled": OPEN})),
                at=("Properties.ConnectionLogOptions.Enabled",),
            ),
        ),
    ),
    RuleCases(
        "logging.vpn-tunnel-logs",
        (
            good("both tunnels", resources(It=tunnels(True, "true"))),
            bad("one tunnel", resources(It=tunnels(True, False)), at=(TUNNEL.format(1),)),
            bad(
                "no options",
                resources(It=resource("AWS::EC2::VPNConnection")),
                at=("Properties.VpnTunnelOptionsSpecifications",),
            ),
            OTHER,
            unknown("open", opened(It=tunnels(OPEN, True)), at=(TUNNEL.format(0),)),
        ),
    ),
    RuleCases(
        "logging.globalaccelerator-flow-logs",
        (
            good("enabled", resources(It=resource(ACCELERATOR, FlowLogsEnabled=True))),
            bad("absent", resources(It=resource(ACCELERATOR)), at=("Properties.FlowLogsEnabled",)),
            OTHER,
            unknown("open", opened(It=resource(ACCELERATOR, FlowLogsEnabled=OPEN)), at=("Properties.FlowLogsEnabled",)),
        ),
    ),
)


@each_of(CASES)
def test_edge(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
