"""Security groups with every rule written out: no group keeps the silent allow-all egress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_ec2 as ec2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

NOTHING_MAY_LEAVE = ec2.CfnSecurityGroup.EgressProperty(
    cidr_ip="255.255.255.255/32",
    description="Disallow all traffic",
    ip_protocol="icmp",
    from_port=252,
    to_port=86,
)
"""An egress rule that matches no packet, as AWS CDK itself writes it.

EC2 adds an allow-all egress rule to a group that names none, so a group that may reach nothing needs a rule as well.
Source: Amazon VPC User Guide, Security group rules; AWS CDK, SecurityGroup.allowAllOutbound.
"""


def tcp_in(
    port: int, description: str, *, cidr: str | None = None, group_id: str | None = None
) -> ec2.CfnSecurityGroup.IngressProperty:
    """Describes one TCP port that one address range or one security group may reach.

    Args:
        port: the TCP port.
        description: who reaches what, for the reader of the console.
        cidr: the address range, literal.
        group_id: the security group.

    Raises:
        ValueError: unless exactly one of `cidr` and `group_id` is given.
    """
    _exactly_one(cidr, group_id)
    return ec2.CfnSecurityGroup.IngressProperty(
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=description,
        cidr_ip=cidr,
        source_security_group_id=group_id,
    )


def tcp_out(
    port: int, description: str, *, cidr: str | None = None, group_id: str | None = None
) -> ec2.CfnSecurityGroup.EgressProperty:
    """Describes one TCP port that may be reached on one address range or one security group.

    Args:
        port: the TCP port.
        description: who reaches what, for the reader of the console.
        cidr: the address range, literal.
        group_id: the security group.

    Raises:
        ValueError: unless exactly one of `cidr` and `group_id` is given.
    """
    _exactly_one(cidr, group_id)
    return ec2.CfnSecurityGroup.EgressProperty(
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=description,
        cidr_ip=cidr,
        destination_security_group_id=group_id,
    )


def security_group(
    scope: Construct,
    construct_id: str,
    *,
    vpc_id: str,
    description: str,
    ingress: Sequence[ec2.CfnSecurityGroup.IngressProperty] = (),
    egress: Sequence[ec2.CfnSecurityGroup.EgressProperty] = (),
) -> ec2.CfnSecurityGroup:
    """Makes a security group with exactly the given rules, all of them inline.

    Rules between groups that name each other need resources of their own (AWS::EC2::SecurityGroupIngress and
    -Egress); the inline egress rule that this function always writes keeps the allow-all away there too.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        vpc_id: the VPC.
        description: what the group is for.
        ingress: who may come in; nobody by default.
        egress: what may be reached; nothing by default.

    Returns:
        The group; its id is `attr_group_id`.
    """
    return ec2.CfnSecurityGroup(
        scope,
        construct_id,
        vpc_id=vpc_id,
        group_description=description,
        security_group_ingress=list(ingress) or None,
        security_group_egress=list(egress) or [NOTHING_MAY_LEAVE],
    )


def _exactly_one(cidr: str | None, group_id: str | None) -> None:
    if (cidr is None) == (group_id is None):
        raise ValueError(
            f"cidr, group_id: got {cidr!r} and {group_id!r}; expected exactly one of them. Name one peer per rule."
        )
