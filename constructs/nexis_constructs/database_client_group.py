"""The security group that clients of a database wear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from nexis_constructs._checks import check_between, removal_policy
from nexis_constructs._security_groups import security_group, tcp_out

if TYPE_CHECKING:
    from nexis_constructs.hardened_network import HardenedNetwork

LARGEST_PORT = 65535


class DatabaseClientGroup(Construct):
    """A security group that says "this is a client of the database": it may reach one port inside the network.

    It accepts nothing, and reaches nothing but that port. Attach it to whatever connects to the database, and name it
    among the database's `clients`.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        network: the network of the database and its clients.
        port: the database's port.
        retain: whether the group outlives the stack. EC2 deletes no group that another group still names, so it stays
            where the database's own group stays.

    Attributes:
        security_group: the group.
        resource: the group as a CloudFormation resource.

    Raises:
        ValueError: if the port is not one.

    Source: Amazon VPC User Guide, "Security group rules" and "Delete a security group".

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import DatabaseClientGroup, HardenedNetwork, ManagedDatabase

        app = App()
        stack = Stack(app, "Billing")
        network = HardenedNetwork(stack, "Network")
        clients = DatabaseClientGroup(stack, "Clients", network=network, port=6432)
        ManagedDatabase(stack, "Database", network=network, port=6432, clients={"billing": clients.security_group})
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        network: HardenedNetwork,
        port: int = 5432,
        retain: bool = True,
    ) -> None:
        check_between("port", port, least=1, most=LARGEST_PORT, unit="ports")
        super().__init__(scope, construct_id)
        self.resource = security_group(
            self,
            "Resource",
            vpc_id=network.vpc_id,
            description="Clients of the database: they may reach its port, and nothing reaches them",
            egress=[tcp_out(port, "PostgreSQL over TLS", cidr=network.address_range)],
        )
        self.resource.apply_removal_policy(removal_policy(retain=retain))
        self.security_group: ec2.ISecurityGroup = ec2.SecurityGroup.from_security_group_id(
            self, "Reference", self.resource.attr_group_id, mutable=False
        )
