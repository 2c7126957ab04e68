"""The network stack, as each environment deploys it: with the endpoints that the other stacks declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from stacks.baseline import build_baseline
from stacks.network_stack import NetworkStack
from tests.support.snapshots import ENVIRONMENTS, configuration, resources_only
from tests.support.synthesis import new_app, template_of

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_network_stack(environment: str, snapshot: SnapshotAssertion) -> None:
    baseline = build_baseline(new_app(), configuration(environment))
    assert resources_only(template_of(baseline.network)) == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_network_stack_is_named_placed_tagged_and_protected(environment: str) -> None:
    chosen = configuration(environment)
    stack = NetworkStack(new_app(), configuration=chosen)
    assert stack.stack_name == f"nexis-{environment}-network"
    assert (stack.account, stack.region) == (chosen.account, chosen.region)
    assert stack.termination_protection is chosen.is_production
    assert dict(stack.tags.tag_values()) == dict(chosen.tags())
