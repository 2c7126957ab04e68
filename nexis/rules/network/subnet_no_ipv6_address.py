"""Subnets give no IPv6 addresses that the internet reaches.

Every IPv6 address of a subnet is a public one; what keeps the internet out is that the subnet's routes lead out only
through an egress-only internet gateway, or nowhere. So a subnet may give IPv6 addresses when the templates show its
routes and none of them leads to an internet gateway.

Source: Amazon VPC User Guide, "IPv6 addressing" and "Egress-only internet gateways", read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules.model import Problem, Rule
from nexis.rules.network._links import SUBNET, leads_to_internet_gateway, routes_of
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

PROPERTY = "AssignIpv6AddressOnCreation"


def check(subnet: View) -> Iterator[Problem]:
    """Judge a subnet."""
    if not subnet.flag(PROPERTY, default=False):
        return
    routes = list(routes_of(subnet))
    out = next(filter(leads_to_internet_gateway, routes), None)
    if out is not None:
        yield Problem(
            place(PROPERTY),
            f"found true, and {out.logical_id} leads to an internet gateway: every host gets a public IPv6 address; "
            "expected false, or an egress-only internet gateway",
        )
    elif not routes:
        yield Problem(
            place(PROPERTY),
            "found true, and nothing shows that the subnet's routes keep the internet out: every host gets a public "
            "IPv6 address; expected false, or a route table in the templates without an internet gateway",
        )


RULE = Rule(
    id="network.subnet-no-ipv6-address",
    severity="error",
    title="Subnets give no IPv6 addresses that the internet reaches",
    why="Every host started in the subnet, by whoever and for whatever, becomes reachable from the internet.",
    fix="set AssignIpv6AddressOnCreation: false or leave it out, or lead the subnet's ::/0 to an egress-only internet "
    "gateway (CDK: ipv6_assign_address_on_creation=False)",
    types=(SUBNET,),
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "NIST 800-53 r5": ("SC-7",)},
    source="Amazon VPC User Guide, IPv6 addressing",
    cdk='ec2.CfnSubnet(self, "Data", vpc_id=vpc_id, cidr_block="10.20.1.0/24", assign_ipv6_address_on_creation=False)',
    example={
        "Data": {
            "Type": SUBNET,
            "Properties": {"VpcId": "vpc-1", "CidrBlock": "10.20.1.0/24", "AssignIpv6AddressOnCreation": False},
        },
    },
)
