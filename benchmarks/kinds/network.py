"""Networks and what stands at their doors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_route53 as route53

from benchmarks.kinds.common import log_group, network_of, usually

if TYPE_CHECKING:
    from random import Random

    from constructs import Construct


def vpc(scope: Construct, choose: Random) -> None:
    """A network with public, private and isolated subnets."""
    made = ec2.Vpc(
        scope,
        "Vpc",
        ip_addresses=ec2.IpAddresses.cidr(f"10.{choose.randrange(200)}.0.0/16"),
        max_azs=choose.choice((2, 3)),
        nat_gateways=1,
        restrict_default_security_group=False,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24),
            ec2.SubnetConfiguration(name="private", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=20),
        ],
    )
    made.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
    if usually(choose):
        made.add_flow_log(
            "Flow", destination=ec2.FlowLogDestination.to_cloud_watch_logs(log_group(scope, choose, "FlowLogs"))
        )


def security_groups(scope: Construct, choose: Random) -> None:
    """Groups of a service's tiers, each open to the one before it."""
    network = network_of(scope, choose)
    before: ec2.SecurityGroup | None = None
    for tier in ("Door", "Web", "Api", "Worker", "Cache", "Database")[: choose.randint(3, 6)]:
        group = ec2.SecurityGroup(
            scope, tier, vpc=network, description=f"{tier} of the service", allow_all_outbound=usually(choose)
        )
        if before is None:
            group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "HTTPS")
            if not usually(choose):
                group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(22), "SSH")
        else:
            group.add_ingress_rule(before, ec2.Port.tcp(choose.choice((443, 8080, 8443, 5432, 6379))))
        before = group


def endpoints(scope: Construct, choose: Random) -> None:
    """Private ways to AWS."""
    network = network_of(scope, choose)
    services = {
        "Secrets": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
        "Logs": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
        "Kms": ec2.InterfaceVpcEndpointAwsService.KMS,
        "Sts": ec2.InterfaceVpcEndpointAwsService.STS,
        "Queues": ec2.InterfaceVpcEndpointAwsService.SQS,
        "Images": ec2.InterfaceVpcEndpointAwsService.ECR,
    }
    for name in choose.sample(sorted(services), choose.randint(3, 6)):
        ec2.InterfaceVpcEndpoint(scope, name, vpc=network, service=services[name], open=True)


def load_balancer(scope: Construct, choose: Random) -> None:
    """A load balancer with TLS."""
    network = network_of(scope, choose)
    balancer = elb.ApplicationLoadBalancer(
        scope,
        "Balancer",
        vpc=network,
        internet_facing=True,
        drop_invalid_header_fields=usually(choose),
        deletion_protection=usually(choose),
    )
    certificate = acm.Certificate(
        scope, "Certificate", domain_name="www.example.com", validation=acm.CertificateValidation.from_dns()
    )
    listener = balancer.add_listener(
        "Tls",
        port=443,
        certificates=[certificate],
        ssl_policy=elb.SslPolicy.TLS13_RES if usually(choose) else elb.SslPolicy.TLS11,
    )
    balancer.add_redirect()
    for place in range(choose.randint(1, 5)):
        group = elb.ApplicationTargetGroup(
            scope,
            f"Targets{place}",
            vpc=network,
            port=8443,
            protocol=elb.ApplicationProtocol.HTTPS,
            target_type=elb.TargetType.IP,
            health_check=elb.HealthCheck(path="/health", interval=Duration.seconds(30)),
        )
        path = elb.ListenerCondition.path_patterns([f"/part-{place}/*"])
        if place:
            elb.ApplicationListenerRule(
                scope, f"Rule{place}", listener=listener, priority=place, conditions=[path], target_groups=[group]
            )
        else:
            listener.add_target_groups("Default", target_groups=[group])


def zone(scope: Construct, choose: Random) -> None:
    """A domain with its records."""
    made = route53.PublicHostedZone(scope, "Zone", zone_name=f"part-{choose.randrange(1000)}.example.com")
    for place in range(choose.randint(6, 20)):
        route53.ARecord(
            scope,
            f"Record{place}",
            zone=made,
            record_name=f"host-{place}",
            target=route53.RecordTarget.from_ip_addresses(f"192.0.2.{choose.randint(1, 250)}"),
            ttl=Duration.minutes(5),
        )
    route53.CaaAmazonRecord(scope, "Authorities", zone=made)
    route53.TxtRecord(scope, "Mail", zone=made, values=["v=spf1 -all"])
