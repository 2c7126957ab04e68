"""The managed database stack, as each environment deploys it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from stacks.baseline import build_baseline
from tests.support.snapshots import ENVIRONMENTS, configuration, resources_only
from tests.support.synthesis import new_app, template_of, the_only

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from stacks.managed_database_stack import ManagedDatabaseStack


@cache
def stack_of(environment: str) -> ManagedDatabaseStack:
    return build_baseline(new_app(), configuration(environment)).managed_database


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_managed_database_stack(environment: str, snapshot: SnapshotAssertion) -> None:
    assert resources_only(template_of(stack_of(environment))) == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_managed_database_stack_is_named_placed_tagged_and_protected(environment: str) -> None:
    chosen = configuration(environment)
    stack = stack_of(environment)
    assert stack.stack_name == f"nexis-{environment}-managed-database"
    assert (stack.account, stack.region) == (chosen.account, chosen.region)
    assert stack.termination_protection is chosen.is_production
    assert dict(stack.tags.tag_values()) == dict(chosen.tags())


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_configuration_arrives(environment: str) -> None:
    chosen = configuration(environment)
    database = the_only(template_of(stack_of(environment)), "AWS::RDS::DBInstance")
    settings = chosen.managed_database
    assert database["Properties"]["DBInstanceIdentifier"] == f"nexis-{environment}-postgresql"
    assert database["Properties"]["DBInstanceClass"] == settings.instance_class
    assert database["Properties"]["Port"] == str(settings.port)
    assert database["Properties"]["BackupRetentionPeriod"] == settings.backup_retention_days
    assert database["Properties"]["AllocatedStorage"] == str(settings.allocated_storage_gib)
    assert database["Properties"]["EngineVersion"].split(".")[0] == str(chosen.postgresql.major)
    assert database["DeletionPolicy"] == ("Snapshot" if chosen.is_production else "Delete")
