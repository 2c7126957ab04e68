"""Hosts have no public address.

What a host says of itself (`AssociatePublicIpAddress`) decides. Where it says nothing its subnet decides, so an
instance and an Auto Scaling group are followed to their subnets. Without any subnet an instance lands in a default
subnet, which gives public addresses. A launch template by itself is judged by what it says; the group or instance that
brings it together with a subnet is judged for the rest. Elastic addresses on instances fail; on NAT gateways and
network load balancers they are not the business of this rule.

Sources: EC2 User Guide, "Amazon EC2 instance IP addressing"; Amazon VPC User Guide, "Default VPCs": instances in a
default subnet receive a public IPv4 address. Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._launch import AUTO_SCALING_GROUP, INSTANCE, LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE
from nexis.rules._launches import launched_from
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.network._links import known_subnet, subnets_of
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
    return not isinstance(resource.get(*interfaces, 0, PROPERTY), Absent)


def _instance(instance: View) -> Iterator[Problem]:
    yield from _said(instance, ("NetworkInterfaces",))
    yield from parts(partial(_instance_by_subnet, instance))


def _instance_by_subnet(instance: View) -> Iterator[Problem]:
    if _says(instance, ("NetworkInterfaces",)) or not isinstance(
        instance.get("NetworkInterfaces", 0, "NetworkInterfaceId"), Absent
    ):
        return
    if any(map(_template_decides, launched_from(instance))):
        return
    for path in (("NetworkInterfaces", 0, "SubnetId"), ("SubnetId",)):
        if not isinstance(instance.get(*path), Absent):
            if known_subnet(instance, *path).flag("MapPublicIpOnLaunch", default=False):
                yield Problem(
                    place(*path),
                    "the subnet gives its hosts public addresses; expected one that does not, or NetworkInterfaces "
                    f"with {PROPERTY}: false",
                )
            return
    yield Problem(
        place("SubnetId"),
        "is absent, and EC2 then takes a default subnet, which gives public addresses; expected an isolated subnet",
    )


def _template_decides(template: View) -> bool:
    """Whether a launch template settles the matter, by saying it or by naming a subnet of its own."""
    if template.type == LAUNCH_CONFIGURATION:
        return not isinstance(template.get(PROPERTY), Absent)
    interfaces = ("LaunchTemplateData", "NetworkInterfaces")
    return _says(template, interfaces) or not isinstance(template.get(*interfaces, 0, "NetworkInterfaceId"), Absent)


def _scaling_group(group: View) -> Iterator[Problem]:
    undecided = [template for template in launched_from(group) if not _template_decides(template)]
    if not isinstance(group.get("InstanceId"), Absent):
        raise Undetermined(place("InstanceId"), "the group copies a running instance")
    if not undecided:
        return
    if isinstance(group.get("VPCZoneIdentifier"), Absent):
        yield Problem(
            place("VPCZoneIdentifier"),
            "is absent, and the hosts then stand in default subnets, which give public addresses; "
            "expected isolated subnets",
        )
    for path, subnet in subnets_of(group, "VPCZoneIdentifier"):
        yield from parts(partial(_group_subnet, path, subnet))


def _group_subnet(path: tuple[str | int, ...], subnet: View | None) -> Iterator[Problem]:
    if subnet is None:
        raise Undetermined(
            place(*path), f"the subnet does not stand in these templates, and nothing says {PROPERTY}: false"
        )
    if subnet.flag("MapPublicIpOnLaunch", default=False):
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
)
