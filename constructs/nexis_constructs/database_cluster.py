"""Three database hosts on encrypted local NVMe, one in each zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from nexis.facts.rds_limits import POSTGRESQL_PORT
from nexis.facts.topology import HOSTS, ROOT_DEVICE, ZONES
from nexis_constructs._checks import check_between, check_log_retention
from nexis_constructs._database_names import check_clients, check_zone_name
from nexis_constructs._database_shared import SharedHostResources
from nexis_constructs.database_host import (
    DEFAULT_INSTANCE_TYPE,
    DatabaseHost,
    check_image_id,
    check_instance_type,
)
from nexis_constructs.host_program import PlaceholderProgram
from nexis_constructs.tls_only_parameter_group import check_major

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_ec2 as ec2

    from nexis_constructs.hardened_network import HardenedNetwork
    from nexis_constructs.host_program import HostProgram
    from nexis_constructs.role_password import RolePassword


class DatabaseCluster(Construct):
    """Database hosts with encrypted local NVMe disks, one in each of three zones, under settled DNS names.

    Only the named client groups, and the hosts among themselves, reach PostgreSQL. Each host keeps its own DNS record
    at boot, by a right that covers its name and the two names that move; the template holds no record.

    The account's service-linked role for EC2 Auto Scaling must exist before the first deployment, because the key
    policies name it: `aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com`.

    Args:
        scope: the construct it belongs to.
        construct_id: its id there.
        network: the network; one of its own by default.
        instance_type: EC2 type of the hosts, from the catalogue of types with encrypted NVMe.
        count: number of hosts, one in each zone; 3.
        image_id: the machine image; by default a placeholder with which no host can start.
        root_device_name: the image's root device.
        zone_name: name of the private DNS zone.
        clients: security groups that may reach PostgreSQL, by the name of who wears them.
        major: PostgreSQL major version.
        program: what runs inside the hosts; by default a placeholder.
        tags: tags of the instances, their volumes and network interfaces.
        log_retention_days: days the hosts' logs are kept.
        retain: whether the groups, and all a running host needs, outlive the stack.

    Attributes:
        network: the network.
        hosts: the hosts.
        host_names: their DNS names.
        writer_name: DNS name of the host that accepts writes.
        reader_name: DNS name of the hosts that answer reads.
        port: the port of PostgreSQL.
        shared: what the hosts share.
        is_placeholder: whether no database runs in the hosts.

    Raises:
        ValueError: if an argument is not as described.

    Source: Amazon EC2 User Guide, "SSD instance store volumes" (data is lost when an instance stops or ends).

    Example:
        ```python
        from aws_cdk import App, Stack
        from nexis_constructs import DatabaseCluster, RolePassword

        app = App()
        stack = Stack(app, "Billing")
        cluster = DatabaseCluster(stack, "Database", instance_type="i4i.large", zone_name="db.billing.internal")
        cluster.may_read(RolePassword(stack, "ReplicatorPassword", role="replicator"))
        assert cluster.writer_name == "writer.db.billing.internal"
        app.synth()
        ```
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        network: HardenedNetwork | None = None,
        instance_type: str = DEFAULT_INSTANCE_TYPE,
        count: int = HOSTS,
        image_id: str | None = None,
        root_device_name: str = ROOT_DEVICE,
        zone_name: str = "db.nexis.internal",
        clients: Mapping[str, ec2.ISecurityGroup] | None = None,
        major: int = 17,
        program: HostProgram | None = None,
        tags: Mapping[str, str] | None = None,
        log_retention_days: int = 365,
        retain: bool = True,
    ) -> None:
        most = len(network.zones) if network is not None else ZONES
        check_between("count", count, least=HOSTS, most=most, unit="hosts, one in each zone")
        check_instance_type("instance_type", instance_type)
        check_image_id("image_id", image_id)
        check_zone_name("zone_name", zone_name)
        check_clients("clients", clients)
        check_log_retention("log_retention_days", log_retention_days)
        check_major("major", major)
        super().__init__(scope, construct_id)
        self._program = program or PlaceholderProgram()
        self.port = POSTGRESQL_PORT
        self.shared = SharedHostResources(
            self,
            "Shared",
            network=network,
            zone_name=zone_name,
            clients=clients,
            log_retention_days=log_retention_days,
            retain=retain,
        )
        self.network = self.shared.network
        labels = tuple(f"host-{number}" for number in range(1, count + 1))
        self.hosts = tuple(
            DatabaseHost(
                self,
                f"Host{index + 1}",
                shared=self.shared,
                name=label,
                members=labels,
                zone_index=index,
                instance_type=instance_type,
                image_id=image_id,
                root_device_name=root_device_name,
                major=major,
                program=self._program,
                tags=tags,
                retain=retain,
            )
            for index, label in enumerate(labels)
        )
        self.host_names = tuple(host.host_name for host in self.hosts)
        self.writer_name = self.shared.writer_name
        self.reader_name = self.shared.reader_name

    @property
    def is_placeholder(self) -> bool:
        """Whether no database runs in the hosts."""
        return self._program.is_placeholder

    def may_read(self, password: RolePassword) -> None:
        """Lets every host read one password, through the network's own endpoints.

        Args:
            password: the password of one PostgreSQL role.

        Raises:
            ValueError: if the hosts read a different password of the same role already.
        """
        for host in self.hosts:
            host.may_read(password)
