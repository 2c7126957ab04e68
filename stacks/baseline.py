"""The stacks of one environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stacks.database_stack import DatabaseStack
from stacks.deployment_access_stack import DeploymentAccessStack
from stacks.managed_database_stack import ManagedDatabaseStack
from stacks.network_stack import NetworkStack
from stacks.policy_hook_stack import PolicyHookStack
from stacks.trail_stack import TrailStack

if TYPE_CHECKING:
    from pathlib import Path

    from constructs import Construct

    from nexis.config import Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The stacks of one environment.

    `trail` is None where the account has a trail already, `deployment_access` where nothing but people may deploy,
    `policy_hook` where nothing is judged at deployment.
    """

    network: NetworkStack
    trail: TrailStack | None
    database: DatabaseStack
    managed_database: ManagedDatabaseStack
    deployment_access: DeploymentAccessStack | None
    policy_hook: PolicyHookStack | None


def build_baseline(scope: Construct, configuration: Configuration, *, waivers: Path | None = None) -> Baseline:
    """Build the stacks of one environment.

    Args:
        scope: the app or stage they belong to.
        configuration: the environment's configuration.
        waivers: the waivers that count at deployment too.
    """
    network = NetworkStack(scope, "Network", configuration=configuration)
    return Baseline(
        network=network,
        trail=None if configuration.trail.existing else TrailStack(scope, "Trail", configuration=configuration),
        database=DatabaseStack(scope, "Database", configuration=configuration, network=network.network),
        managed_database=ManagedDatabaseStack(
            scope, "ManagedDatabase", configuration=configuration, network=network.network
        ),
        deployment_access=None
        if configuration.changes is None
        else DeploymentAccessStack(scope, configuration=configuration, changes=configuration.changes),
        policy_hook=None
        if configuration.hook is None
        else PolicyHookStack(scope, configuration=configuration, settings=configuration.hook, waivers=waivers),
    )
