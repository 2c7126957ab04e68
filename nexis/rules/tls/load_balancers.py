"""Application, Network and VPC Lattice listeners speak TLS and nothing older than 1.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.tls_policies import LOAD_BALANCER
from nexis.rules.model import Problem, Rule
from nexis.rules.requirements import Requirement, one_of, property_rule
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
LISTENER_RULE: Final = "AWS::ElasticLoadBalancingV2::ListenerRule"
TARGET_GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
_AS_OF: Final = "2026-11-23"
_ENCRYPTED: Final = ("HTTPS", "TLS")
#: Passed on as they come (TLS ends behind the balancer), or encrypted by themselves; GENEVE is for appliances.
_PASSED_ON: Final = ("TCP", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC", "GENEVE")


def _listener(listener: View) -> Iterator[Problem]:
    protocol = listener.literal("Protocol")
    if isinstance(protocol, Absent):
        # A listener of a Gateway Load Balancer has neither protocol nor port.
        if isinstance(listener.peek("Port"), Absent) or _redirects(listener, "DefaultActions"):
            return
        yield Problem(place("Protocol"), "is absent; expected HTTPS, TLS, or a redirect to HTTPS")
    elif protocol.upper() not in (*_ENCRYPTED, *_PASSED_ON) and not _redirects(listener, "DefaultActions"):
        yield Problem(
            place("Protocol"),
            f"found {protocol!r} without a redirect to HTTPS as its default action; expected HTTPS, or that redirect",
        )


def _redirects(resource: View, actions: str) -> bool:
    """Whether an action sends clients on to HTTPS."""
    for position in range(len(resource.items(actions))):
        kind = resource.literal(actions, position, "Type")
        if not isinstance(kind, Absent) and kind.lower() == "redirect":
            # Absent means #{protocol}: the one the client came with.
            to = resource.literal(actions, position, "RedirectConfig", "Protocol")
            return not isinstance(to, Absent) and to.upper() == "HTTPS"
    return False


def _is_plain_rule(rule: View) -> bool:
    """Whether a rule belongs to a listener of these templates that speaks HTTP and by default only redirects."""
    listener = rule.named(rule.peek("ListenerArn"), LISTENER)
    if listener is None or not listener.exists or str(listener.peek("Protocol")).upper() != "HTTP":
        return False
    return _redirects(listener, "DefaultActions")


def _rule(rule: View) -> Iterator[Problem]:
    for position in range(len(rule.items("Actions"))):
        kind = rule.literal("Actions", position, "Type")
        if not isinstance(kind, Absent) and kind.lower() == "forward":
            yield Problem(
                place("Actions", position, "Type"),
                "found 'forward' on a listener that speaks plain HTTP; expected a redirect to HTTPS",
            )


def _has_policy(listener: View) -> bool:
    if not isinstance(listener.peek("SslPolicy"), Absent):
        return True
    protocol = listener.peek("Protocol")
    return isinstance(protocol, str) and protocol.upper() in _ENCRYPTED


def _lattice_listener() -> Requirement:
    return Requirement(
        type="AWS::VpcLattice::Listener",
        path=("Protocol",),
        accepts=one_of("HTTPS", "TLS_PASSTHROUGH"),
        expected="HTTPS or TLS_PASSTHROUGH",
        absent="",  # required
        source="CloudFormation reference, AWS::VpcLattice::Listener Protocol",
        as_of=_AS_OF,
        example="HTTPS",
    )


_REDIRECT: Final = {
    "Type": "redirect",
    "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
}
_FORWARD: Final = {"Type": "forward", "TargetGroupArn": "arn:aws:elasticloadbalancing:eu-central-1:111122223333:tg/x"}
_CDK: Final = """\
balancer.add_listener(
    "Https", port=443, certificates=[certificate], default_target_groups=[group],
    ssl_policy=elbv2.SslPolicy.RECOMMENDED_TLS,
)
balancer.add_redirect()  # http to https
"""

RULES = (
    Rule(
        id="tls.listener-https",
        severity="error",
        title="Load balancer listeners speak TLS, or only redirect to it",
        why="What clients send over plain HTTP, session cookies and passwords included, is readable on the way.",
        fix="set Protocol: HTTPS with a certificate; on port 80 leave nothing but a redirect to HTTPS",
        types=(LISTENER,),
        check=_listener,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("ELB.1",), "NIST 800-53 r5": ("SC-8",)},
        source="User Guide for Application Load Balancers, Listeners; Network Load Balancers, Listeners",
        cdk=_CDK,
        example={
            "Https": {
                "Type": LISTENER,
                "Properties": {
                    "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/x/1",
                    "Port": 443,
                    "Protocol": "HTTPS",
                    "SslPolicy": LOAD_BALANCER.recommended,
                    "Certificates": [{"CertificateArn": "arn:aws:acm:eu-central-1:111122223333:certificate/x"}],
                    "DefaultActions": [_FORWARD],
                },
            },
            "Http": {
                "Type": LISTENER,
                "Properties": {
                    "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/x/1",
                    "Port": 80,
                    "Protocol": "HTTP",
                    "DefaultActions": [_REDIRECT],
                },
            },
        },
    ),
    Rule(
        id="tls.listener-rule-https",
        severity="error",
        title="No rule of a redirecting listener lets plain HTTP through",
        why="One rule that forwards is a way around the redirect: its requests travel in plain text.",
        fix="put the rule on the HTTPS listener, or make its action a redirect with RedirectConfig.Protocol HTTPS",
        types=(LISTENER_RULE,),
        check=_rule,
        applies=_is_plain_rule,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="User Guide for Application Load Balancers, Listener rules",
        cdk="""\
https.add_action("Api", priority=1, conditions=[api], action=elbv2.ListenerAction.forward([group]))
""",
        example={
            "Http": {
                "Type": LISTENER,
                "Properties": {"Port": 80, "Protocol": "HTTP", "DefaultActions": [_REDIRECT]},
            },
            "Old": {
                "Type": LISTENER_RULE,
                "Properties": {
                    "ListenerArn": {"Ref": "Http"},
                    "Priority": 1,
                    "Conditions": [{"Field": "path-pattern", "Values": ["/old"]}],
                    "Actions": [_REDIRECT],
                },
            },
        },
    ),
    property_rule(
        rule_id="tls.listener-policy",
        title="Load balancer listeners accept no TLS version below 1.2",
        why="TLS 1.0 and 1.1 are withdrawn; an attacker on the way can push a connection down to them.",
        requirements=(
            Requirement(
                type=LISTENER,
                path=("SslPolicy",),
                accepts=LOAD_BALANCER.is_current,
                expected=f"a policy with TLS 1.2 or later, such as {LOAD_BALANCER.recommended}",
                absent="outside the console the default is ELBSecurityPolicy-2016-08, which accepts TLS 1.0",
                source=LOAD_BALANCER.source,
                as_of=LOAD_BALANCER.as_of,
                example=LOAD_BALANCER.recommended,
                when=_has_policy,
            ),
        ),
        fix=f"set SslPolicy: {LOAD_BALANCER.recommended} (CDK: ssl_policy=elbv2.SslPolicy.RECOMMENDED_TLS)",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("ELB.17",), "NIST 800-53 r5": ("SC-8",)},
        source=LOAD_BALANCER.source,
        cdk=_CDK,
        example={
            "Https": {
                "Type": LISTENER,
                "Properties": {"Port": 443, "Protocol": "HTTPS", "SslPolicy": LOAD_BALANCER.recommended},
            }
        },
    ),
    property_rule(
        rule_id="tls.target-group-https",
        title="Load balancers speak TLS to their targets",
        why="TLS that ends at the load balancer leaves requests readable on the rest of the way.",
        requirements=(
            Requirement(
                type=TARGET_GROUP,
                path=("Protocol",),
                accepts=lambda protocol: protocol.upper() != "HTTP",
                expected="HTTPS",
                absent="",  # targets that are functions have none
                source="CloudFormation reference, AWS::ElasticLoadBalancingV2::TargetGroup Protocol",
                as_of=_AS_OF,
                example="HTTPS",
            ),
        ),
        fix="set Protocol: HTTPS on the target group (CDK: protocol=elbv2.ApplicationProtocol.HTTPS)",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="User Guide for Application Load Balancers, Target groups: routing configuration",
        cdk="""\
elbv2.ApplicationTargetGroup(self, "Targets", vpc=vpc, protocol=elbv2.ApplicationProtocol.HTTPS, port=8443)
""",
        scope="baseline",
    ),
    property_rule(
        rule_id="tls.lattice-listener",
        title="VPC Lattice listeners and ECS gateways speak TLS",
        why="What clients send over plain HTTP, session cookies and passwords included, is readable on the way.",
        requirements=(
            _lattice_listener(),
            Requirement(
                type="AWS::ECS::Gateway",
                path=("Configuration", "HostSharedAlb", "Protocol"),
                accepts=one_of("HTTPS"),
                expected="HTTPS",
                absent="",
                source="CloudFormation reference, AWS::ECS::Gateway",
                as_of=_AS_OF,
                example="HTTPS",
            ),
        ),
        fix="set Protocol: HTTPS",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="VPC Lattice User Guide, Listeners for your VPC Lattice service",
        cdk="""\
vpclattice.CfnListener(
    self, "Https", protocol="HTTPS", default_action={"fixedResponse": {"statusCode": 404}},
    service_identifier=service.attr_id,
)
""",
    ),
)
