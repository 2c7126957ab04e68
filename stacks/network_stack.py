"""The network that everything else lives in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis_constructs.hardened_network import HardenedNetwork
from stacks.baseline_stack import BaselineStack

if TYPE_CHECKING:
    from constructs import Construct

    from nexis.config import Configuration


class NetworkStack(BaselineStack):
    """One hardened network; its endpoints are those that the other stacks declare.

    Args:
        scope: the app or stage it belongs to.
        construct_id: its id there.
        configuration: the environment's configuration.
    """

    def __init__(self, scope: Construct, construct_id: str = "Network", *, configuration: Configuration) -> None:
        super().__init__(
            scope,
            construct_id,
            configuration=configuration,
            part="network",
            description="Nexis baseline: isolated subnets, endpoints, flow logs",
        )
        self.network = HardenedNetwork(
            self,
            "Network",
            address_range=configuration.network.address_range,
            zones=configuration.zones,
            endpoint_zones=configuration.network.endpoint_zones,
            log_retention_days=configuration.logs.retention_days,
            retain_logs=configuration.is_production,
        )
