"""The stacks of one environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stacks.database_stack import DatabaseStack
from stacks.managed_database_stack import ManagedDatabaseStack
from stacks.network_stack import NetworkStack
from stacks.trail_stack import TrailStack

if TYPE_CHECKING:
    from constructs import Construct

    from nexis.config import Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The stacks of one environment; `trail` is None where the account has a trail already."""

    network: NetworkStack
    trail: TrailStack | None
    database: DatabaseStack
    managed_database: ManagedDatabaseStack


def build_baseline(scope: Construct, configuration: Configuration) -> Baseline:
    """Build the stacks of one environment.

    Args:
        scope: the app or stage they belong to.
        configuration: the environment's configuration.
    """
    network = NetworkStack(scope, "Network", configuration=configuration)
    return Baseline(
        network=network,
        trail=None if configuration.trail.existing else TrailStack(scope, "Trail", configuration=configuration),
        database=DatabaseStack(scope, "Database", configuration=configuration, network=network.network),
        managed_database=ManagedDatabaseStack(
            scope, "ManagedDatabase", configuration=configuration, network=network.network
        ),
    )
