"""Classic load balancers speak TLS and nothing older than 1.2."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.facts.tls_policies import LOAD_BALANCER, WITHDRAWN, is_weak_cipher
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

BALANCER: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
#: The one predefined policy of classic load balancers with TLS 1.2 and nothing below.
_POLICY: Final = "ELBSecurityPolicy-TLS-1-2-2017-01"
_NEGOTIATION: Final = "sslnegotiationpolicytype"
_REFERENCE: Final = "Reference-Security-Policy"
_EXPECTED: Final = f"an SSLNegotiationPolicyType policy with {_REFERENCE} {_POLICY}"

#: Ports on which what a TCP listener passes on is TLS or SSH by itself.
#: Source: IANA, Service Name and Transport Protocol Port Number Registry; as of 2026-11-23.
_ENCRYPTED_PORTS: Final = frozenset(
    {"22", "443", "465", "636", "853", "989", "990", "992", "993", "994", "995", "5061", "5671", "6443", "8443", "8883"}
)


def _positions(balancer: View) -> range:
    return range(len(balancer.items("Listeners")))


def _listeners(balancer: View) -> Iterator[Problem]:
    yield from parts(*(partial(_listener, balancer, position) for position in _positions(balancer)))


def _listener(balancer: View, position: int) -> Iterator[Problem]:
    protocol = balancer.literal("Listeners", position, "Protocol")
    found = "nothing" if isinstance(protocol, Absent) else protocol.upper()
    if found in ("HTTPS", "SSL"):
        return
    if found == "TCP" and {
        str(balancer.peek("Listeners", position, name)) for name in ("LoadBalancerPort", "InstancePort")
    }.intersection(_ENCRYPTED_PORTS):
        return
    yield Problem(place("Listeners", position, "Protocol"), f"found {found}, expected HTTPS or SSL")


def _has_tls(balancer: View) -> bool:
    return any(
        str(balancer.peek("Listeners", position, "Protocol")).upper() in ("HTTPS", "SSL")
        for position in _positions(balancer)
    )


def _policies(balancer: View) -> Iterator[Problem]:
    yield from parts(*(partial(_policy_of, balancer, position) for position in _positions(balancer)))


def _policy_of(balancer: View, position: int) -> Iterator[Problem]:
    protocol = balancer.literal("Listeners", position, "Protocol")
    if isinstance(protocol, Absent) or protocol.upper() not in ("HTTPS", "SSL"):
        return
    where = place("Listeners", position, "PolicyNames")
    names = {
        str(balancer.literal("Listeners", position, "PolicyNames", number))
        for number in range(len(balancer.items("Listeners", position, "PolicyNames")))
    }
    if _POLICY in names:
        return
    chosen = [number for number in range(len(balancer.items("Policies"))) if _is_named(balancer, number, names)]
    if not chosen:
        yield Problem(
            where,
            "names no policy for TLS, and the default, ELBSecurityPolicy-2016-08, accepts TLS 1.0; "
            f"expected {_EXPECTED}",
        )
    for number in chosen:
        weakness = _weakness(balancer, number)
        if weakness:
            yield Problem(place("Policies", number, "Attributes"), f"{weakness}; expected {_EXPECTED}")


def _is_named(balancer: View, number: int, names: set[str]) -> bool:
    kind = balancer.literal("Policies", number, "PolicyType")
    return str(kind).lower() == _NEGOTIATION and str(balancer.literal("Policies", number, "PolicyName")) in names


def _weakness(balancer: View, number: int) -> str:
    """Say what is weak in a policy; nothing if it is not."""
    attributes = {
        str(balancer.literal("Policies", number, "Attributes", at, "Name")): str(
            balancer.literal("Policies", number, "Attributes", at, "Value")
        )
        for at in range(len(balancer.items("Policies", number, "Attributes")))
    }
    reference = attributes.get(_REFERENCE)
    if reference is not None:
        return "" if LOAD_BALANCER.is_current(reference) else f"found {reference!r}"
    on = {name for name, value in attributes.items() if value.lower() == "true"}
    old = sorted(protocol for protocol in WITHDRAWN if f"Protocol-{protocol}" in on)
    if old:
        return f"accepts {', '.join(old)}"
    if "Protocol-TLSv1.2" not in on:
        return "neither refers to a predefined policy nor accepts TLS 1.2"
    weak = sorted(name for name in on if not name.startswith(("Protocol-", "Server-")) and is_weak_cipher(name))
    return f"accepts {', '.join(weak)}" if weak else ""


_EXAMPLE: Final = {
    "Balancer": {
        "Type": BALANCER,
        "Properties": {
            "Listeners": [
                {
                    "LoadBalancerPort": "443",
                    "Protocol": "HTTPS",
                    "InstancePort": "8443",
                    "InstanceProtocol": "HTTPS",
                    "SSLCertificateId": "arn:aws:acm:eu-central-1:111122223333:certificate/x",
                    "PolicyNames": ["tls"],
                }
            ],
            "Policies": [
                {
                    "PolicyName": "tls",
                    "PolicyType": "SSLNegotiationPolicyType",
                    "Attributes": [{"Name": _REFERENCE, "Value": _POLICY}],
                }
            ],
        },
    }
}
_CDK: Final = """\
tls = {
    "policyName": "tls",
    "policyType": "SSLNegotiationPolicyType",
    "attributes": [{"Name": "Reference-Security-Policy", "Value": "ELBSecurityPolicy-TLS-1-2-2017-01"}],
}
listener = elb.CfnLoadBalancer.ListenersProperty(
    load_balancer_port="443", protocol="HTTPS", instance_port="8443", instance_protocol="HTTPS",
    ssl_certificate_id=certificate.certificate_arn, policy_names=["tls"],
)
elb.CfnLoadBalancer(self, "Balancer", listeners=[listener], policies=[tls])
"""

RULES = (
    Rule(
        id="tls.classic-listener",
        severity="error",
        title="Classic load balancers listen for HTTPS or SSL",
        why="What clients send over plain HTTP, session cookies and passwords included, is readable on the way.",
        fix="set Protocol: HTTPS or SSL with an SSLCertificateId on every listener",
        types=(BALANCER,),
        check=_listeners,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("ELB.3",), "NIST 800-53 r5": ("SC-8",)},
        source="User Guide for Classic Load Balancers, Listeners",
        cdk=_CDK,
        example=_EXAMPLE,
    ),
    Rule(
        id="tls.classic-policy",
        severity="error",
        title="Classic load balancers accept no TLS version below 1.2",
        why="TLS 1.0 and 1.1 are withdrawn; an attacker on the way can push a connection down to them.",
        fix="add to Policies one of type SSLNegotiationPolicyType whose Reference-Security-Policy is "
        f"{_POLICY}, and name it in PolicyNames of the listener",
        types=(BALANCER,),
        check=_policies,
        applies=_has_tls,
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("ELB.8",), "NIST 800-53 r5": ("SC-8",)},
        source="User Guide for Classic Load Balancers, Predefined SSL security policies",
        cdk=_CDK,
        example=_EXAMPLE,
    ),
)
