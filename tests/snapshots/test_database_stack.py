"""The database stack, as each environment deploys it."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from stacks.baseline import build_baseline
from tests.support.snapshots import ENVIRONMENTS, configuration, resources_only
from tests.support.synthesis import new_app, template_of

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from stacks.database_stack import DatabaseStack

OTHER_HOSTS = ("ClusterHost2", "ClusterHost3")
KEPT_IN_PRODUCTION = ("AWS::AutoScaling::AutoScalingGroup", "AWS::KMS::Key", "AWS::SecretsManager::Secret")


@cache
def stack_of(environment: str) -> DatabaseStack:
    return build_baseline(new_app(), configuration(environment)).database


def of_host(resources: dict[str, Any], number: int) -> list[str]:
    """The resources of one host without its number, its subnet and its user data, which has tests of its own."""
    chosen = copy.deepcopy([it for name, it in sorted(resources.items()) if name.startswith(f"ClusterHost{number}")])
    for resource in chosen:
        resource["Properties"].get("LaunchTemplateData", {}).pop("UserData", None)
    written = [json.dumps(resource, sort_keys=True) for resource in chosen]
    for pattern, neutral in (
        (rf"Subnet{number}[0-9A-F]{{16}}", "Subnet#"),
        (rf"(Host{number}[A-Za-z]*?)[0-9A-F]{{8}}\b", r"\1"),
        (rf"Host{number}", "Host#"),
        (rf"host-{number}", "host-#"),
    ):
        written = [re.sub(pattern, neutral, text) for text in written]
    return sorted(written)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_database_stack(environment: str, snapshot: SnapshotAssertion) -> None:
    """The hosts are alike, as the next test shows, so the snapshot holds the first."""
    template = resources_only(template_of(stack_of(environment)))
    template["Resources"] = {
        name: resource for name, resource in template["Resources"].items() if not name.startswith(OTHER_HOSTS)
    }
    assert template == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_hosts_differ_in_number_and_zone_only(environment: str) -> None:
    resources = template_of(stack_of(environment))["Resources"]
    first = of_host(resources, 1)
    assert [json.loads(text)["Type"] for text in first].count("AWS::AutoScaling::AutoScalingGroup") == 1
    assert of_host(resources, 2) == first
    assert of_host(resources, 3) == first


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_database_stack_is_named_placed_tagged_and_protected(environment: str) -> None:
    chosen = configuration(environment)
    stack = stack_of(environment)
    assert stack.stack_name == f"nexis-{environment}-database"
    assert (stack.account, stack.region) == (chosen.account, chosen.region)
    assert stack.termination_protection is chosen.is_production
    assert dict(stack.tags.tag_values()) == dict(chosen.tags())


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_configuration_arrives(environment: str) -> None:
    chosen = configuration(environment)
    stack = stack_of(environment)
    templates = [
        resource["Properties"]["LaunchTemplateData"]
        for resource in template_of(stack)["Resources"].values()
        if resource["Type"] == "AWS::EC2::LaunchTemplate"
    ]
    assert {data["InstanceType"] for data in templates} == {chosen.hosts.instance_type}
    if chosen.hosts.image_id is not None:
        assert {data["ImageId"] for data in templates} == {chosen.hosts.image_id}
    assert len(templates) == chosen.hosts.count
    assert stack.cluster.writer_name == f"writer.{chosen.network.private_dns_zone}"
    assert stack.replication_password.role == "replicator"


def test_production_outlives_its_stack_and_development_does_not() -> None:
    for environment in ENVIRONMENTS:
        for name, resource in template_of(stack_of(environment))["Resources"].items():
            if resource["Type"] in (
                "AWS::AutoScaling::AutoScalingGroup",
                "AWS::KMS::Key",
                "AWS::SecretsManager::Secret",
            ):
                expected = "RetainExceptOnCreate" if environment == "prod" else "Delete"
                assert resource["DeletionPolicy"] == expected, f"{name} in {environment}"
