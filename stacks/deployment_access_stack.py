"""The way changes reach this account: GitHub's OIDC, no static keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.deployment import deployment_role_name
from nexis_constructs.deployment_role import DeploymentRole
from stacks.baseline_stack import BaselineStack

if TYPE_CHECKING:
    from constructs import Construct

    from nexis.config import Configuration
    from nexis.config.model import Changes


class DeploymentAccessStack(BaselineStack):
    """The role that deploys this environment from one branch, in GitHub's environment of the same name.

    Args:
        scope: the app or stage it belongs to.
        construct_id: its id there.
        configuration: the environment's configuration.
        changes: its section on the repository.

    Attributes:
        deployment: the role.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str = "DeploymentAccess",
        *,
        configuration: Configuration,
        changes: Changes,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            configuration=configuration,
            part="deployment-access",
            description="Nexis baseline: the role that deploys, for one branch and environment",
        )
        self.deployment = DeploymentRole(
            self,
            "Role",
            repository=changes.repository,
            branch=changes.branch,
            environment=configuration.environment,
            owner_id=changes.owner_id,
            repository_id=changes.repository_id,
            role_name=deployment_role_name(configuration.environment),
            existing_provider=changes.existing_provider,
        )
