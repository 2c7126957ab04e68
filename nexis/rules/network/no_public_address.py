"""Hosts have no public address.

What a host says of itself (`AssociatePublicIpAddress`) decides. Where it says nothing its subnet decides, so an
instance and an Auto Scaling group are followed to their subnets, as far as these stand in the assembly. That the
templates do not show a private subnet is `network.hosts-in-private-subnets`. A launch template by itself is judged by
what it says; the group or instance that brings it together with a subnet is judged for the rest. Elastic addresses on
instances fail; on NAT gateways and network load balancers they are not the business of this rule.

Sources: EC2 User Guide, "Amazon EC2 instance IP addressing"; Amazon VPC User Guide, "Default VPCs": instances in a
default subnet receive a public IPv4 address. Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._launch import AUTO_SCALING_GROUP, INSTANCE, LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE
from nexis.rules._launches import launched_from
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.network._links import SUBNET
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

EIP: Final = "AWS::EC2::EIP"
EIP_ASSOCIATION: Final = "AWS::EC2::EIPAssociation"
NETWORK_INTERFACE: Final = "AWS::EC2::NetworkInterface"
PROPERTY: Final = "AssociatePublicIpAddress"


def applies(resource: View) -> bool:
    """Leave elastic addresses alone that are not tied to an instance where they stand."""
    return resource.type != EIP or not isinstance(resource.get("InstanceId"), Absent)


def check(resource: View) -> Iterator[Problem]:
    """Judge anything that can give a host a public address."""
    if resource.type == EIP:
        yield Problem(place("InstanceId"), "gives an instance a public address; expected no elastic address on a host")
    elif resource.type == EIP_ASSOCIATION:
        yield from parts(partial(_association, resource))
    elif resource.type == LAUNCH_TEMPLATE:
        yield from _said(resource, ("LaunchTemplateData", "NetworkInterfaces"))
    elif resource.type == LAUNCH_CONFIGURATION:
        if resource.flag(PROPERTY, default=False):
            yield _public((PROPERTY,))
    elif resource.type == AUTO_SCALING_GROUP:
        yield from parts(partial(_scaling_group, resource))
    else:
        yield from _instance(resource)


def _public(path: tuple[str | int, ...]) -> Problem:
    return Problem(place(*path), "found true, expected false: the host gets a public address")


def _said(resource: View, interfaces: tuple[str, ...]) -> Iterator[Problem]:
    for position in range(len(resource.items(*interfaces))):
        yield from parts(partial(_flagged, resource, (*interfaces, position, PROPERTY)))


def _flagged(resource: View, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if resource.flag(*path, default=False):
        yield _public(path)


def _says(resource: View, interfaces: tuple[str, ...]) -> bool:
    """Whether the first interface says anything: only it can get a public address at launch."""
    return not isinstance(resource.peek(*interfaces, 0, PROPERTY), Absent)


def _instance(instance: View) -> Iterator[Problem]:
    yield from _said(instance, ("NetworkInterfaces",))
    path = subnet_path(instance)
    if path is not None and _gives_addresses(seen(instance, *path)):
        yield Problem(
            place(*path),
            "the subnet gives its hosts public addresses; expected one that does not, or NetworkInterfaces "
            f"with {PROPERTY}: false",
        )


def subnet_path(instance: View) -> tuple[str | int, ...] | None:
    """Say where an instance names the subnet that decides on its address; None where something else decides.

    Args:
        instance: an AWS::EC2::Instance.
    """
    if _says(instance, ("NetworkInterfaces",)) or not isinstance(
        instance.peek("NetworkInterfaces", 0, "NetworkInterfaceId"), Absent
    ):
        return None
    try:
        if any(map(template_decides, launched_from(instance))):
            return None
    except Undetermined:
        return None  # a template that is elsewhere may decide
    if not isinstance(instance.peek("NetworkInterfaces", 0, "SubnetId"), Absent):
        return ("NetworkInterfaces", 0, "SubnetId")
    return ("SubnetId",)


def template_decides(template: View) -> bool:
    """Whether a launch template settles the matter, by saying it or by naming an interface of its own.

    Args:
        template: a launch template or configuration.
    """
    if template.type == LAUNCH_CONFIGURATION:
        return not isinstance(template.peek(PROPERTY), Absent)
    interfaces = ("LaunchTemplateData", "NetworkInterfaces")
    return _says(template, interfaces) or not isinstance(template.peek(*interfaces, 0, "NetworkInterfaceId"), Absent)


def seen(resource: View, *path: str | int) -> View | None:
    """Follow a link to a subnet, if it stands in the assembly.

    Args:
        resource: where the link stands.
        path: of the link.
    """
    value = resource.peek(*path)
    return resource.named(value, SUBNET) if isinstance(value, str) else None


def _gives_addresses(subnet: View | None) -> bool:
    return subnet is not None and str(subnet.peek("MapPublicIpOnLaunch")).lower() == "true"


def _scaling_group(group: View) -> Iterator[Problem]:
    try:
        if all(map(template_decides, launched_from(group))):
            return
    except Undetermined:
        return  # a template that is elsewhere may decide
    zones = group.peek("VPCZoneIdentifier")
    for position, item in enumerate(zones if isinstance(zones, list) else [zones]):
        subnet = group.named(item, SUBNET) if isinstance(item, str) else None
        if subnet is not None and _gives_addresses(subnet):
            path = ("VPCZoneIdentifier", position) if isinstance(zones, list) else ("VPCZoneIdentifier",)
            yield Problem(
                place(*path),
                f"the subnet {subnet.logical_id} gives its hosts public addresses; expected one that does not, or "
                f"{PROPERTY}: false in the launch template",
            )


def _association(association: View) -> Iterator[Problem]:
    if not isinstance(association.get("InstanceId"), Absent):
        yield Problem(place("InstanceId"), "gives an instance a public address; expected no elastic address on a host")
    if isinstance(association.get("NetworkInterfaceId"), Absent):
        return
    interface = association.target("NetworkInterfaceId", types=(NETWORK_INTERFACE,))
    if interface is None:
        raise Undetermined(place("NetworkInterfaceId"), "the network interface does not stand in these templates")
    if any(_uses(instance, interface) for instance in interface.scene.views(INSTANCE)) or any(
        interface.referrers("AWS::EC2::NetworkInterfaceAttachment", "NetworkInterfaceId")
    ):
        yield Problem(
            place("NetworkInterfaceId"),
            f"gives the host behind {interface.logical_id} a public address; expected none",
        )


def _uses(instance: View, interface: View) -> bool:
    found = instance.peek("NetworkInterfaces")
    return any(
        isinstance(item, dict) and interface.is_named_by(item.get("NetworkInterfaceId"))
        for item in (found if isinstance(found, list) else [found])
    )


RULE = Rule(
    id="network.no-public-address",
    severity="fatal",
    title="Hosts have no public address",
    why="A host with a public address can be reached, and can reach out, past everything that was built around it.",
    fix="set NetworkInterfaces: [{DeviceIndex: 0, AssociatePublicIpAddress: false, ...}] in the instance or launch "
    "template (CDK: associate_public_ip_address=False), in subnets with MapPublicIpOnLaunch: false; no elastic address",
    types=(INSTANCE, LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION, AUTO_SCALING_GROUP, EIP, EIP_ASSOCIATION),
    applies=applies,
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("EC2.9", "EC2.25")},
    source="EC2 User Guide, Amazon EC2 instance IP addressing; Amazon VPC User Guide, Default VPCs",
    cdk='ec2.Instance(self, "Host", instance_type=instance_type, machine_image=image, vpc=vpc,\n'
    "             associate_public_ip_address=False)",
    example={
        "Host": {
            "Type": INSTANCE,
            "Properties": {"NetworkInterfaces": [{"DeviceIndex": "0", "AssociatePublicIpAddress": False}]},
        },
    },
)
