"""Isolated networks, and the subnets of databases, have no way to the internet.

Asked of our own baseline; of every template `network.database-subnets-private` asks that databases stand in private
subnets. Judged: VPCs tagged `nexis:network` = `isolated` (no internet gateway attached, no NAT gateway in them, no
egress-only gateway, no route to one), and the route tables of the subnets that an RDS subnet group names. Other
networks are left alone: a public network for a web server is a decision of its own.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.facts.tags import ISOLATED, NETWORK_TAG
from nexis.rules._tags import has_tag
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.network._links import SUBNET, SUBNET_GROUP, VPC, internet_attachments, leads_out, routes_of, subnets_of
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View


def applies(resource: View) -> bool:
    """Judge tagged VPCs and every subnet group."""
    return resource.type == SUBNET_GROUP or has_tag(resource, NETWORK_TAG, ISOLATED)


def check(resource: View) -> Iterator[Problem]:
    """Judge a VPC or a subnet group."""
    if resource.type == VPC:
        yield from parts(*(partial(_vpc, resource, find) for find in (_gateways, _translators, _routes)))
        return
    for path, subnet in subnets_of(resource, "SubnetIds"):
        if subnet is not None:
            yield from parts(partial(_subnet, path, subnet))


def _vpc(vpc: View, find: Callable[[View], Iterator[View]]) -> Iterator[Problem]:
    for found in find(vpc):
        yield Problem(
            "Properties",
            f"{found.logical_id} ({found.type}) gives this isolated network a way to the internet; expected none",
        )


def _gateways(vpc: View) -> Iterator[View]:
    yield from internet_attachments(vpc)
    yield from vpc.referrers("AWS::EC2::EgressOnlyInternetGateway", "VpcId")


def _translators(vpc: View) -> Iterator[View]:
    yield from vpc.referrers("AWS::EC2::NatGateway", "VpcId")
    for subnet in vpc.referrers(SUBNET, "VpcId"):
        yield from subnet.referrers("AWS::EC2::NatGateway", "SubnetId")


def _routes(vpc: View) -> Iterator[View]:
    for table in vpc.referrers("AWS::EC2::RouteTable", "VpcId"):
        yield from filter(leads_out, table.referrers("AWS::EC2::Route", "RouteTableId"))


def _subnet(path: tuple[str | int, ...], subnet: View) -> Iterator[Problem]:
    for route in routes_of(subnet):
        if leads_out(route):
            yield Problem(
                place(*path),
                f"the route {route.logical_id} leads from the database's subnet {subnet.logical_id} to the internet; "
                "expected a subnet without such a route",
            )


RULE = Rule(
    id="network.no-internet-gateway",
    severity="error",
    title="Isolated networks, and the subnets of databases, have no way to the internet",
    why="Without a route there is nothing to misconfigure: neither can anyone come in, nor can data leave.",
    fix="remove the gateway, NAT or route; use VPC endpoints for AWS services (CDK: HardenedNetwork, or "
    "SubnetType.PRIVATE_ISOLATED for the database)",
    types=(VPC, SUBNET_GROUP),
    applies=applies,
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",)},
    source="Amazon VPC User Guide, Internet gateways, NAT gateways, Egress-only internet gateways",
    cdk='HardenedNetwork(self, "Network", address_range="10.20.0.0/16")',
    example={
        "Data": {"Type": SUBNET, "Properties": {"VpcId": "vpc-1", "CidrBlock": "10.20.1.0/24"}},
        "Databases": {
            "Type": SUBNET_GROUP,
            "Properties": {"DBSubnetGroupDescription": "Databases", "SubnetIds": [{"Ref": "Data"}]},
        },
    },
    scope="baseline",
)
