"""The stack of the way changes reach AWS, as each environment deploys it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from stacks.deployment_access_stack import DeploymentAccessStack
from tests.support.snapshots import ENVIRONMENTS, configuration, resources_only
from tests.support.synthesis import new_app, template_of

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


def stack_of(environment: str) -> DeploymentAccessStack:
    chosen = configuration(environment)
    assert chosen.changes is not None
    return DeploymentAccessStack(new_app(), configuration=chosen, changes=chosen.changes)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_deployment_access_stack(environment: str, snapshot: SnapshotAssertion) -> None:
    assert resources_only(template_of(stack_of(environment))) == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_deployment_access_stack_is_named_placed_tagged_and_protected(environment: str) -> None:
    chosen = configuration(environment)
    stack = stack_of(environment)
    assert stack.stack_name == f"nexis-{environment}-deployment-access"
    assert (stack.account, stack.region) == (chosen.account, chosen.region)
    assert stack.termination_protection is chosen.is_production
    assert dict(stack.tags.tag_values()) == dict(chosen.tags())
