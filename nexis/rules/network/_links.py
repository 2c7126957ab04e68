"""How VPCs, subnets, gateways and routes hang together in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.cidr import opens_to_anyone, read_range
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

VPC: Final = "AWS::EC2::VPC"
SUBNET: Final = "AWS::EC2::Subnet"
SUBNET_GROUP: Final = "AWS::RDS::DBSubnetGroup"
ATTACHMENT: Final = "AWS::EC2::VPCGatewayAttachment"
ROUTE: Final = "AWS::EC2::Route"

#: Properties of a route whose target leads to the internet. Internal targets: a virtual private gateway also stands in
#: `GatewayId`, so there the target must be an internet gateway.
EXITS: Final = ("NatGatewayId", "EgressOnlyInternetGatewayId", "GatewayId", "CarrierGatewayId")


def internet_attachments(vpc: View) -> Iterator[View]:
    """Give the attachments of internet gateways to a VPC.

    Args:
        vpc: the VPC.
    """
    for attachment in vpc.referrers(ATTACHMENT, "VpcId"):
        if not isinstance(attachment.peek("InternetGatewayId"), Absent):
            yield attachment


def routes_of(subnet: View) -> Iterator[View]:
    """Give the routes of the route tables that a subnet is associated with.

    Args:
        subnet: the subnet.
    """
    for association in subnet.referrers("AWS::EC2::SubnetRouteTableAssociation", "SubnetId"):
        table = association.target("RouteTableId", types=("AWS::EC2::RouteTable",))
        if table is not None:
            yield from table.referrers(ROUTE, "RouteTableId")


def leads_out(route: View) -> bool:
    """Whether a route leads from a VPC to the internet.

    Args:
        route: an AWS::EC2::Route.
    """
    return any(_is_exit(route, name) for name in EXITS) and _is_wide(route)


def leads_to_internet_gateway(route: View) -> bool:
    """Whether a route leads from a VPC to an internet gateway, through which the internet can also come in.

    Args:
        route: an AWS::EC2::Route.

    Raises:
        Undetermined: what the gateway is, is open.
    """
    if not _is_wide(route):
        return False
    value = route.peek("GatewayId")
    if isinstance(value, Unknown):
        raise Undetermined(place("GatewayId"), f"of {route.logical_id}: {value.reason}")
    return not isinstance(route.peek("CarrierGatewayId"), Absent) or _is_exit(route, "GatewayId")


def _is_exit(route: View, name: str) -> bool:
    value = route.peek(name)
    if isinstance(value, Absent):
        return False
    if name != "GatewayId":
        return True
    named = route.named(value)
    if named is not None:
        return named.type == "AWS::EC2::InternetGateway"
    return not str(value).startswith(("vgw-", "vpce-", "local"))


def _is_wide(route: View) -> bool:
    for name in ("DestinationCidrBlock", "DestinationIpv6CidrBlock"):
        value = route.peek(name)
        if isinstance(value, str):
            try:
                return opens_to_anyone([read_range(value)])
            except ValueError:
                return True
    return True  # a prefix list, or not known: a way out all the same


def subnets_of(resource: View, *path: str) -> Iterator[tuple[tuple[str | int, ...], View | None]]:
    """Follow a list of subnets.

    Args:
        resource: where the list stands.
        path: of the list.

    Returns:
        The path of each item with the subnet, or None for one outside the assembly.

    Raises:
        Undetermined: the list is open.
    """
    whole = resource.get(*path)
    for position, item in enumerate(resource.items(*path)):
        here: tuple[str | int, ...] = (*path, position) if isinstance(whole, list) else path
        yield here, resource.named(item, SUBNET) if isinstance(item, str) else None


def known_subnet(resource: View, *path: str | int) -> View:
    """Follow a link to a subnet that must stand in the assembly.

    Args:
        resource: where the link stands.
        path: of the link.

    Raises:
        Undetermined: it is open or leads outside.
    """
    subnet = resource.target(*path, types=(SUBNET,))
    if subnet is None:
        raise Undetermined(place(*path), "the subnet does not stand in these templates")
    return subnet
