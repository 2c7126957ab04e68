"""The managed database: RDS for PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis_constructs.database_client_group import DatabaseClientGroup
from nexis_constructs.managed_database import ManagedDatabase
from stacks.baseline_stack import BaselineStack

if TYPE_CHECKING:
    from constructs import Construct

    from nexis.config import Configuration
    from nexis_constructs.hardened_network import HardenedNetwork


class ManagedDatabaseStack(BaselineStack):
    """One managed PostgreSQL database and the security group of its clients.

    Args:
        scope: the app or stage it belongs to.
        construct_id: its id there.
        configuration: the environment's configuration.
        network: the network of the database.

    Attributes:
        database: the database.
        clients: the security group of its clients.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str = "ManagedDatabase",
        *,
        configuration: Configuration,
        network: HardenedNetwork,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            configuration=configuration,
            part="managed-database",
            description="Nexis baseline: RDS for PostgreSQL, TLS only",
        )
        settings = configuration.managed_database
        retain = configuration.is_production
        self.clients = DatabaseClientGroup(self, "Clients", network=network, port=settings.port, retain=retain)
        self.database = ManagedDatabase(
            self,
            "Database",
            network=network,
            instance_class=settings.instance_class,
            major=configuration.postgresql.major,
            port=settings.port,
            backup_retention_days=settings.backup_retention_days,
            clients={"clients": self.clients.security_group},
            allocated_storage_gib=settings.allocated_storage_gib,
            log_retention_days=configuration.logs.retention_days,
            retain=retain,
            identifier=f"nexis-{configuration.environment}-postgresql",
        )
