from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

AT = ("Properties.Scheme",)


def balancer(**properties: Any) -> dict[str, Any]:
    return resource("AWS::ElasticLoadBalancingV2::LoadBalancer", **properties)


def classic(**properties: Any) -> dict[str, Any]:
    return resource("AWS::ElasticLoadBalancing::LoadBalancer", **properties)


CASES = RuleCases(
    "network.load-balancer-internal",
    (
        good("internal", resources(It=balancer(Scheme="internal"))),
        good("a network load balancer", resources(It=balancer(Type="network", Scheme="internal"))),
        good("internal, of an open type", opened(It=balancer(Type=OPEN, Scheme="internal"))),
        good("a classic one", resources(It=classic(Scheme="internal"))),
        bad("nothing, which faces the internet", resources(It=balancer()), at=AT),
        bad("internet-facing", resources(It=balancer(Scheme="internet-facing", Type="network")), at=AT),
        bad("a classic one that says nothing", resources(It=classic(Listeners=[])), at=AT),
        bad("a classic one", resources(It=classic(Scheme="internet-facing")), at=AT),
        bad("a parameter's default", defaulted("internet-facing", It=balancer(Scheme=OPEN)), at=AT),
        unknown("a parameter without default", opened(It=balancer(Scheme=OPEN)), at=AT),
        unknown("a condition", conditional(It=balancer(Scheme=either("internal", "internet-facing"))), at=AT),
        not_applicable("a gateway load balancer", resources(It=balancer(Type="gateway"))),
        not_applicable("a target group", resources(It=resource("AWS::ElasticLoadBalancingV2::TargetGroup"))),
    ),
)


@each(CASES)
def test_load_balancer_internal(case: Case) -> None:
    hold(CASES, case)
