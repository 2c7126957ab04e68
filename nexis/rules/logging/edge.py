"""What stands between the internet and an application records who came: load balancers, CloudFront, WAF, DNS, VPN.

Source: CloudFormation resource reference of each type, read 2026-11-23. None of them records anything by default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules._listed import Entry, is_named_from
from nexis.rules.model import Problem, Rule
from nexis.rules.requirements import Requirement, is_true, property_rule, something
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
LOAD_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
DISTRIBUTION: Final = "AWS::CloudFront::Distribution"
STREAMING: Final = "AWS::CloudFront::StreamingDistribution"
DELIVERY_SOURCE: Final = "AWS::Logs::DeliverySource"
WEB_ACL: Final = "AWS::WAFv2::WebACL"
FIREWALL: Final = "AWS::NetworkFirewall::Firewall"
BUCKET: Final = {"Type": "AWS::S3::Bucket"}


def is_delivered(resource: View) -> bool:
    """Whether CloudWatch Logs delivers the logs of a resource (vended logs, "standard logging v2")."""
    return is_named_from(resource, DELIVERY_SOURCE, "ResourceArn")


def writes_access_logs(balancer: View) -> bool:
    """Whether a load balancer can have access logs: all Application ones, Network ones unless they end no TLS.

    A Network one whose listeners do not stand in the templates may end TLS, and is asked for them too.

    Source: Network Load Balancers, "Access logs for your Network Load Balancer" (only TLS requests are recorded).
    """
    kind = balancer.literal("Type")
    if kind == "network":
        protocols = [listener.peek("Protocol") for listener in balancer.referrers(LISTENER, "LoadBalancerArn")]
        return (not protocols or "TLS" in protocols) and not is_delivered(balancer)
    return (isinstance(kind, Absent) or kind == "application") and not is_delivered(balancer)


ELB = property_rule(
    rule_id="logging.elb-access-logs",
    title="Classic load balancers record every request",
    why="Behind a load balancer the servers see its address only; the log is what tells who came.",
    requirements=(
        Requirement(
            type="AWS::ElasticLoadBalancing::LoadBalancer",
            path=("AccessLoggingPolicy", "Enabled"),
            accepts=is_true,
            expected="true",
            absent="the load balancer then records nothing",
            source="CloudFormation resource reference, AWS::ElasticLoadBalancing::LoadBalancer AccessLoggingPolicy",
            as_of=AS_OF,
            example=True,
        ),
    ),
    fix="set AccessLoggingPolicy.Enabled: true with an S3BucketName",
    cdk="""
elb.LoadBalancer(
    self, "Balancer", vpc=vpc,
    access_logging_policy=elb.CfnLoadBalancer.AccessLoggingPolicyProperty(enabled=True, s3_bucket_name="logs"),
)
""",
    source="Classic Load Balancers, Access logs for your Classic Load Balancer",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("ELB.5",), "NIST 800-53 r5": ("AU-2", "AU-12")},
)

ELBV2 = property_rule(
    rule_id="logging.elbv2-access-logs",
    title="Application load balancers, and Network ones that end TLS, record every request",
    why="Behind a load balancer the servers see its address only; the log is what tells who came.",
    requirements=(
        Entry(
            type=LOAD_BALANCER,
            path=("LoadBalancerAttributes",),
            named=(("Key", "access_logs.s3.enabled"),),
            accepts=is_true,
            expected="true",
            absent="the load balancer then records nothing",
            source="CloudFormation resource reference, AWS::ElasticLoadBalancingV2::LoadBalancer LoadBalancerAttribute",
            as_of=AS_OF,
            example=[
                {"Key": "access_logs.s3.enabled", "Value": "true"},
                {"Key": "access_logs.s3.bucket", "Value": "logs"},
            ],
            when=writes_access_logs,
        ),
    ),
    fix="add the attribute access_logs.s3.enabled with the value true, and access_logs.s3.bucket "
    "(CDK: load_balancer.log_access_logs(bucket))",
    cdk="load_balancer.log_access_logs(bucket)",
    source="Application Load Balancers, Access logs for your Application Load Balancer",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("ELB.5",), "NIST 800-53 r5": ("AU-2", "AU-12")},
)


def _check_cloudfront(distribution: View) -> Iterator[Problem]:
    if distribution.type == STREAMING:
        path: tuple[str, ...] = ("StreamingDistributionConfig", "Logging", "Enabled")
        if distribution.flag(*path, default=False):
            return
        yield Problem(place(*path), "is not true, and CloudFront then records nothing; expected true")
        return
    path = ("DistributionConfig", "Logging", "Bucket")
    if not isinstance(something(distribution, path), Absent) or is_delivered(distribution):
        return
    yield Problem(
        place(*path),
        f"is absent, and no {DELIVERY_SOURCE} names the distribution: CloudFront then records nothing; expected one",
    )


CLOUDFRONT = Rule(
    id="logging.cloudfront-access-logs",
    severity="error",
    title="CloudFront distributions record every request",
    why="Most requests never reach the origin; only CloudFront can say who came and what was answered.",
    fix="set DistributionConfig.Logging.Bucket, or deliver the logs by AWS::Logs::DeliverySource (standard logging v2)",
    types=(DISTRIBUTION, STREAMING),
    check=_check_cloudfront,
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("CloudFront.5",), "NIST 800-53 r5": ("AU-2", "AU-12")},
    source="Amazon CloudFront Developer Guide, Access logs (standard logs)",
    cdk="""
cloudfront.Distribution(
    self, "Site",
    default_behavior=cloudfront.BehaviorOptions(origin=origin),
    enable_logging=True, log_bucket=bucket,
)
""",
    example={
        "Logs": BUCKET,
        "Site": {
            "Type": DISTRIBUTION,
            "Properties": {
                "DistributionConfig": {
                    "Enabled": True,
                    "Logging": {"Bucket": {"Fn::GetAtt": ["Logs", "RegionalDomainName"]}},
                }
            },
        },
    },
)


def _check_web_acl(acl: View) -> Iterator[Problem]:
    if not is_named_from(acl, "AWS::WAFv2::LoggingConfiguration", "ResourceArn"):
        yield Problem(
            place(), "no AWS::WAFv2::LoggingConfiguration names this web ACL, so it records nothing; expected one"
        )


WAF = Rule(
    id="logging.wafv2-logs",
    severity="error",
    title="Web ACLs record what they allow and block",
    why="A web ACL that blocks an attack and tells nobody leaves the next one, from the same address, unseen.",
    fix="add AWS::WAFv2::LoggingConfiguration with the ARN of the web ACL as ResourceArn and a log group, bucket or "
    "stream whose name begins with aws-waf-logs-",
    types=(WEB_ACL,),
    check=_check_web_acl,
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "NIST 800-53 r5": ("AU-2", "AU-12")},
    source="AWS WAF Developer Guide, Logging AWS WAF protection pack (web ACL) traffic",
    cdk="""
wafv2.CfnLoggingConfiguration(
    self, "WafLogs", resource_arn=acl.attr_arn, log_destination_configs=[log_group.log_group_arn]
)
""",
    example={
        "Acl": {"Type": WEB_ACL, "Properties": {"Scope": "REGIONAL"}},
        "AclLogs": {
            "Type": "AWS::WAFv2::LoggingConfiguration",
            "Properties": {
                "ResourceArn": {"Fn::GetAtt": ["Acl", "Arn"]},
                "LogDestinationConfigs": ["arn:aws:logs:eu-central-1:111111111111:log-group:aws-waf-logs-acl"],
            },
        },
    },
)


def _check_firewall(firewall: View) -> Iterator[Problem]:
    kind = "AWS::NetworkFirewall::LoggingConfiguration"
    for configuration in firewall.referrers(kind, "FirewallArn"):
        if configuration.items("LoggingConfiguration", "LogDestinationConfigs"):
            return
        yield Problem(place(), f"{configuration.logical_id} names no LogDestinationConfigs; expected one or more")
        return
    if not is_named_from(firewall, kind, "FirewallArn"):
        yield Problem(place(), f"no {kind} names this firewall, so it records nothing; expected one")


NETWORK_FIREWALL = Rule(
    id="logging.network-firewall-logs",
    severity="error",
    title="Network firewalls record alerts or flows",
    why="A firewall without logs drops an intruder's connections and nobody learns of the intruder.",
    fix="add AWS::NetworkFirewall::LoggingConfiguration with the firewall's ARN and a LogDestinationConfigs entry",
    types=(FIREWALL,),
    check=_check_firewall,
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("NetworkFirewall.2",), "NIST 800-53 r5": ("AU-2", "AU-12")},
    source="AWS Network Firewall Developer Guide, Logging network traffic from AWS Network Firewall",
    cdk="""
networkfirewall.CfnLoggingConfiguration(
    self, "FirewallLogs", firewall_arn=firewall.ref,
    logging_configuration={
        "logDestinationConfigs": [
            {
                "logType": "ALERT",
                "logDestinationType": "CloudWatchLogs",
                "logDestination": {"logGroup": log_group.log_group_name},
            }
        ]
    },
)
""",
    example={
        "Firewall": {"Type": FIREWALL, "Properties": {"FirewallName": "edge"}},
        "FirewallLogs": {
            "Type": "AWS::NetworkFirewall::LoggingConfiguration",
            "Properties": {
                "FirewallArn": {"Ref": "Firewall"},
                "LoggingConfiguration": {
                    "LogDestinationConfigs": [
                        {
                            "LogType": "ALERT",
                            "LogDestinationType": "CloudWatchLogs",
                            "LogDestination": {"logGroup": "firewall"},
                        }
                    ]
                },
            },
        },
    },
)


def is_public_zone(zone: View) -> bool:
    """Whether a hosted zone answers the internet: a private one names VPCs."""
    return not zone.items("VPCs")


ROUTE53 = property_rule(
    rule_id="logging.route53-query-logs",
    title="Public hosted zones record the queries they answer",
    why="Queries show who looks for names that exist nowhere, the first step of many attacks.",
    requirements=(
        Requirement(
            type="AWS::Route53::HostedZone",
            path=("QueryLoggingConfig", "CloudWatchLogsLogGroupArn"),
            accepts=None,
            expected="the ARN of a log group in us-east-1",
            absent="Route 53 then records no query",
            source="CloudFormation resource reference, AWS::Route53::HostedZone QueryLoggingConfig",
            as_of=AS_OF,
            example="arn:aws:logs:us-east-1:111111111111:log-group:/aws/route53/example.com",
            when=is_public_zone,
        ),
    ),
    fix="set QueryLoggingConfig.CloudWatchLogsLogGroupArn (CDK: query_logs_log_group_arn=...)",
    cdk="""
route53.PublicHostedZone(
    self, "Zone", zone_name="example.com", query_logs_log_group_arn=log_group.log_group_arn
)
""",
    source="Amazon Route 53 Developer Guide, Public DNS query logging",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("Route53.2",), "NIST 800-53 r5": ("AU-2", "AU-12")},
)

CLIENT_VPN = property_rule(
    rule_id="logging.client-vpn-logs",
    title="Client VPN endpoints record who connects",
    why="A stolen VPN profile shows itself only in the record of who connected, when and from where.",
    requirements=(
        Requirement(
            type="AWS::EC2::ClientVpnEndpoint",
            path=("ConnectionLogOptions", "Enabled"),
            accepts=is_true,
            expected="true",
            absent="the property is required",
            source="CloudFormation resource reference, AWS::EC2::ClientVpnEndpoint ConnectionLogOptions",
            as_of=AS_OF,
            example=True,
        ),
    ),
    fix="set ConnectionLogOptions.Enabled: true with a CloudwatchLogGroup (CDK: logging=True, the default)",
    cdk="""
vpc.add_client_vpn_endpoint("Vpn", cidr="10.100.0.0/16", server_certificate_arn=arn, logging=True, log_group=log_group)
""",
    source="AWS Client VPN Administrator Guide, Connection logging",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("EC2.51",)},
)

VPN = property_rule(
    rule_id="logging.vpn-tunnel-logs",
    title="Both tunnels of a site-to-site VPN record their negotiations",
    why="Without tunnel logs a peer that fails to agree on keys, or tries to, leaves no trace.",
    requirements=(
        Requirement(
            type="AWS::EC2::VPNConnection",
            path=("VpnTunnelOptionsSpecifications", "*", "LogOptions", "CloudwatchLogOptions", "LogEnabled"),
            accepts=is_true,
            expected="true",
            absent="the tunnel then records nothing",
            empty="the tunnels then record nothing",
            source="CloudFormation resource reference, AWS::EC2::VPNConnection CloudwatchLogOptionsSpecification",
            as_of=AS_OF,
            example=True,
        ),
    ),
    fix="set LogOptions.CloudwatchLogOptions.LogEnabled: true, with a LogGroupArn, for both tunnels",
    cdk="""
logged = ec2.CfnVPNConnection.VpnTunnelOptionsSpecificationProperty(
    log_options={"cloudwatchLogOptions": {"logEnabled": True, "logGroupArn": log_group.log_group_arn}}
)
ec2.CfnVPNConnection(
    self, "Vpn", customer_gateway_id=gateway.ref, type="ipsec.1",
    vpn_tunnel_options_specifications=[logged, logged],
)
""",
    source="AWS Site-to-Site VPN User Guide, AWS Site-to-Site VPN logs",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("EC2.171",)},
)

ACCELERATOR = property_rule(
    rule_id="logging.globalaccelerator-flow-logs",
    title="Global accelerators record their flows",
    why="Behind an accelerator the network sees its addresses only; its flow log is what tells who came.",
    requirements=(
        Requirement(
            type="AWS::GlobalAccelerator::Accelerator",
            path=("FlowLogsEnabled",),
            accepts=is_true,
            expected="true",
            absent="the accelerator then records nothing",
            source="CloudFormation resource schema, AWS::GlobalAccelerator::Accelerator FlowLogsEnabled",
            as_of=AS_OF,
            example=True,
        ),
    ),
    fix="set FlowLogsEnabled: true with FlowLogsS3Bucket and FlowLogsS3Prefix",
    cdk='accelerator.node.default_child.add_property_override("FlowLogsEnabled", True)',
    source="AWS Global Accelerator Developer Guide, Flow logs in AWS Global Accelerator",
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",)},
    scope="baseline",  # few templates can: the property is new
)

RULES: tuple[Rule, ...] = (
    ELB,
    ELBV2,
    CLOUDFRONT,
    WAF,
    NETWORK_FIREWALL,
    ROUTE53,
    CLIENT_VPN,
    VPN,
    ACCELERATOR,
)
