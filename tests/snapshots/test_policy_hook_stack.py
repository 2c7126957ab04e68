"""The policy hook's stack, as each environment deploys it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from nexis.config.model import Hook
from stacks.policy_hook_stack import PolicyHookStack
from tests.support.snapshots import ENVIRONMENTS, configuration, resources_only
from tests.support.synthesis import new_app, template_of, the_only

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


def built(environment: str, settings: Hook | None = None) -> PolicyHookStack:
    chosen = configuration(environment)
    settings = settings or chosen.hook
    assert settings is not None
    return PolicyHookStack(new_app(), configuration=chosen, settings=settings)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_policy_hook_stack(environment: str, snapshot: SnapshotAssertion) -> None:
    template = resources_only(template_of(built(environment)))
    assert template == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_policy_hook_stack_is_named_placed_tagged_and_protected(environment: str) -> None:
    chosen = configuration(environment)
    stack = built(environment)
    assert stack.stack_name == f"nexis-{environment}-policy-hook"
    assert (stack.account, stack.region) == (chosen.account, chosen.region)
    assert stack.termination_protection is chosen.is_production
    assert dict(stack.tags.tag_values()) == dict(chosen.tags())


def test_on_the_whole_account_it_asks_what_every_template_owes() -> None:
    template = template_of(built("dev", Hook(stacks="account")))
    hook = the_only(template, "AWS::CloudFormation::LambdaHook")["Properties"]
    assert hook["StackFilters"]["StackNames"] == {"Exclude": ["nexis-dev-policy-hook"]}
    function = the_only(template, "AWS::Lambda::Function")["Properties"]
    assert function["Environment"]["Variables"]["SCOPE"] == "everywhere"
