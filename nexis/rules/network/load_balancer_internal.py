"""Load balancers are internal.

Without `Scheme` a load balancer, old or new, faces the internet. One that has to is a decision of somebody's, and is
waived with a reason. A gateway load balancer has no scheme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.network._load_balancers import CLASSIC_LOAD_BALANCER, LOAD_BALANCER
from nexis.rules.requirements import Requirement, one_of, property_rule

if TYPE_CHECKING:
    from nexis.templates.views import View

FACES_THE_INTERNET = "the load balancer then faces the internet"


def _has_a_scheme(balancer: View) -> bool:
    return bool(balancer.peek("Type") != "gateway")


RULE = property_rule(
    rule_id="network.load-balancer-internal",
    title="Load balancers are internal",
    why="Whatever stands behind an internet-facing load balancer can be tried by everyone on the internet.",
    requirements=(
        Requirement(
            type=LOAD_BALANCER,
            path=("Scheme",),
            accepts=one_of("internal"),
            expected="internal",
            absent=FACES_THE_INTERNET,
            source="CloudFormation resource reference, AWS::ElasticLoadBalancingV2::LoadBalancer Scheme",
            as_of="2026-11-23",
            example="internal",
            when=_has_a_scheme,
        ),
        Requirement(
            type=CLASSIC_LOAD_BALANCER,
            path=("Scheme",),
            accepts=one_of("internal"),
            expected="internal",
            absent=FACES_THE_INTERNET,
            source="CloudFormation resource reference, AWS::ElasticLoadBalancing::LoadBalancer Scheme",
            as_of="2026-11-23",
            example="internal",
        ),
    ),
    fix="set Scheme: internal (CDK: internet_facing=False); waive it with a reason where the internet is the client",
    cdk='elbv2.ApplicationLoadBalancer(self, "Clients", vpc=vpc, internet_facing=False)',
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "NIST 800-53 r5": ("SC-7",)},
    source="Elastic Load Balancing API reference, CreateLoadBalancer, Scheme",
)
