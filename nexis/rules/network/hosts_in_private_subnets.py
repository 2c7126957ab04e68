"""The templates show that hosts stand in subnets without public addresses.

Asked of our own baseline. Where a host does not say `AssociatePublicIpAddress: false` its subnet decides; without any
subnet it lands in a default subnet, which gives public addresses, and a subnet that is elsewhere shows nothing. What
certainly gives a host a public address is `network.no-public-address`.

Sources: EC2 User Guide, "Amazon EC2 instance IP addressing"; Amazon VPC User Guide, "Default VPCs". Read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.rules._launch import AUTO_SCALING_GROUP, INSTANCE
from nexis.rules._launches import launched_from
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.network._links import known_subnet, subnets_of
from nexis.rules.network.no_public_address import PROPERTY, subnet_path, template_decides
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(resource: View) -> Iterator[Problem]:
    """Judge an instance or an Auto Scaling group."""
    templates = list(launched_from(resource))  # one that is elsewhere leaves it open
    if resource.type == AUTO_SCALING_GROUP:
        yield from _scaling_group(resource, templates)
        return
    resource.get("NetworkInterfaces", 0, PROPERTY)
    path = subnet_path(resource)
    if path is None:
        return
    if isinstance(resource.get(*path), Absent):
        yield Problem(
            place(*path),
            "is absent, and EC2 then takes a default subnet, which gives public addresses; expected an isolated subnet",
        )
        return
    known_subnet(resource, *path).flag("MapPublicIpOnLaunch", default=False)


def _scaling_group(group: View, templates: list[View]) -> Iterator[Problem]:
    if not isinstance(group.get("InstanceId"), Absent):
        raise Undetermined(place("InstanceId"), "the group copies a running instance")
    if all(map(template_decides, templates)):
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
    subnet.flag("MapPublicIpOnLaunch", default=False)
    yield from ()


RULE = Rule(
    id="network.hosts-in-private-subnets",
    severity="error",
    title="The templates show that hosts stand in subnets without public addresses",
    why="A host that is started without a subnet lands in one that gives it a public address, and nothing says so.",
    fix="name a subnet with MapPublicIpOnLaunch: false, or set AssociatePublicIpAddress: false in NetworkInterfaces "
    "(CDK: vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED))",
    types=(INSTANCE, AUTO_SCALING_GROUP),
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("EC2.9",)},
    source="EC2 User Guide, Amazon EC2 instance IP addressing; Amazon VPC User Guide, Default VPCs",
    cdk='ec2.Instance(self, "Host", instance_type=instance_type, machine_image=image, vpc=vpc,\n'
    "             vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED))",
    example={
        "Data": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": "vpc-1", "CidrBlock": "10.20.1.0/24"}},
        "Host": {"Type": INSTANCE, "Properties": {"SubnetId": {"Ref": "Data"}}},
    },
    scope="baseline",
)
