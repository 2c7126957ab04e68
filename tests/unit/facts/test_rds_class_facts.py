"""RDS classes with local NVMe: derived from the EC2 catalogue and from what RDS offers."""

from __future__ import annotations

from datetime import date

import pytest

from nexis.facts.instance_types import has_encrypted_nvme
from nexis.facts.rds_classes import (
    LOCAL_NVME_FAMILIES,
    classes_source,
    has_local_nvme,
    is_offered,
    local_nvme_classes,
    nearest_classes,
    postgresql_classes,
)
from nexis.facts.regions import APPROVED_REGIONS


@pytest.mark.parametrize(
    "name", ["db.m6gd.large", "db.r6gd.xlarge", "db.r8gd.48xlarge", "db.x2iedn.xlarge", "db.m5d.large"]
)
def test_classes_with_a_local_disk(name: str) -> None:
    assert has_local_nvme(name)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("db.m6g.large", "no local disk"),
        ("db.t4g.micro", "no local disk"),
        ("db.m7gd.large", "EC2 has it, RDS does not offer it for PostgreSQL"),
        ("db.z1d.large", "EC2 has it, RDS offers it for Oracle only"),
        ("db.i4i.large", "EC2 has it, RDS does not"),
        ("m6gd.large", "an EC2 type, not a DB class"),
        ("db.serverless", "no local disk"),
        ("DB.M6GD.LARGE", "not how RDS spells it"),
        ("", "no name"),
    ],
)
def test_other_classes(name: str, why: str) -> None:
    assert not has_local_nvme(name), why


def test_the_derivation_uses_every_documented_family_and_no_other() -> None:
    assert {name.split(".")[1] for name in local_nvme_classes()} == LOCAL_NVME_FAMILIES


def test_the_family_table_misses_no_class_that_rds_offers_and_ec2_says_has_nvme() -> None:
    both = {name for name in postgresql_classes() if has_encrypted_nvme(name.removeprefix("db."))}
    assert both == local_nvme_classes()


def test_classes_are_offered_in_approved_regions_only() -> None:
    for name, regions in postgresql_classes().items():
        assert regions, name
        assert regions <= set(APPROVED_REGIONS), name


def test_a_class_can_be_missing_in_a_region() -> None:
    assert is_offered("db.m8gd.large", "eu-central-1")
    assert not is_offered("db.m8gd.large", "ap-southeast-1")
    assert not is_offered("db.m8gd.large", "eu-north-1")
    assert not is_offered("db.nothing.large", "eu-central-1")


def test_every_approved_region_offers_a_class_with_a_local_disk() -> None:
    for region in APPROVED_REGIONS:
        assert any(is_offered(name, region) for name in local_nvme_classes()), region


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("db.m6g.large", "db.m6gd.large"),
        ("db.m7g.large", "db.m6gd.large"),
        ("db.r7g.4xlarge", "db.r6gd.4xlarge"),
        ("db.t4g.micro", "db.m6gd.large"),
        ("m6gd.large", "db.m6gd.large"),
        (" DB.M6GD.LARGE", "db.m6gd.large"),
    ],
)
def test_the_nearest_class(asked: str, first: str) -> None:
    assert nearest_classes(asked)[0] == first


def test_the_nearest_class_can_be_limited_to_a_region() -> None:
    assert nearest_classes("db.m8g.large", 1) == ("db.m8gd.large",)
    assert nearest_classes("db.m8g.large", 1, region="ap-southeast-1") == ("db.m6gd.large",)
    assert nearest_classes("db.m8g.large", region="nowhere-1") == ()


def test_the_source_is_dated() -> None:
    assert date.fromisoformat(classes_source().date) == date(2026, 10, 20)
    assert "AWS Price List" in classes_source().source
