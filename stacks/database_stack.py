"""The database hosts: three, on encrypted local NVMe, one in each zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis_constructs.database_client_group import DatabaseClientGroup
from nexis_constructs.database_cluster import DatabaseCluster
from nexis_constructs.role_password import RolePassword
from stacks.baseline_stack import BaselineStack

if TYPE_CHECKING:
    from constructs import Construct

    from nexis.config import Configuration
    from nexis_constructs.hardened_network import HardenedNetwork

REPLICATION_ROLE: Final = "replicator"
"""The PostgreSQL role with which the hosts copy from each other."""


class DatabaseStack(BaselineStack):
    """Three database hosts, the security group of their clients, and the password with which they replicate.

    Args:
        scope: the app or stage it belongs to.
        construct_id: its id there.
        configuration: the environment's configuration.
        network: the network of the hosts.

    Attributes:
        cluster: the hosts.
        clients: the security group of their clients.
        replication_password: the password of the replication role.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str = "Database",
        *,
        configuration: Configuration,
        network: HardenedNetwork,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            configuration=configuration,
            part="database",
            description="Nexis baseline: database hosts on encrypted NVMe",
        )
        retain = configuration.is_production
        self.clients = DatabaseClientGroup(self, "Clients", network=network, retain=retain)
        self.cluster = DatabaseCluster(
            self,
            "Cluster",
            network=network,
            instance_type=configuration.hosts.instance_type,
            count=configuration.hosts.count,
            image_id=configuration.hosts.image_id,
            zone_name=configuration.network.private_dns_zone,
            clients={"clients": self.clients.security_group},
            major=configuration.postgresql.major,
            tags=configuration.tags(),
            log_retention_days=configuration.logs.retention_days,
            retain=retain,
        )
        self.replication_password = RolePassword(self, "ReplicationPassword", role=REPLICATION_ROLE, retain=retain)
        self.cluster.may_read(self.replication_password)
