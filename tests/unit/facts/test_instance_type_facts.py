"""The instance catalogue: what is in it, what is not, and the nearest names."""

from __future__ import annotations

import re
from datetime import date

import pytest

from nexis.facts.instance_types import (
    HOST_ARCHITECTURES,
    InstanceType,
    catalogue_source,
    encrypted_nvme_types,
    has_encrypted_nvme,
    nearest_instance_types,
)


def test_a_known_type_has_the_figures_that_ec2_publishes() -> None:
    assert encrypted_nvme_types()["i4i.2xlarge"] == InstanceType("i4i.2xlarge", "x86_64", 8, 65536, 1, 1875)
    assert encrypted_nvme_types()["m6gd.medium"] == InstanceType("m6gd.medium", "arm64", 1, 4096, 1, 59)
    assert encrypted_nvme_types()["i3en.24xlarge"].disks == 8


@pytest.mark.parametrize(
    "name", ["i3.large", "i4i.metal", "im4gn.large", "is4gen.medium", "r8gd.48xlarge", "m9gd.large"]
)
def test_types_with_encrypted_nvme_ssds_are_listed(name: str) -> None:
    assert has_encrypted_nvme(name)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("d3.xlarge", "HDD, though EC2 says NVMe and encryption are required"),
        ("d3en.12xlarge", "HDD, though EC2 says NVMe and encryption are required"),
        ("d2.xlarge", "HDD"),
        ("h1.2xlarge", "HDD"),
        ("i2.xlarge", "old SSD without NVMe"),
        ("c3.large", "old SSD without NVMe"),
        ("m3.medium", "old SSD without NVMe"),
        ("x1.16xlarge", "old SSD without NVMe"),
        ("m7g.large", "no local disk"),
        ("t3.micro", "no local disk"),
        ("I4I.2XLARGE", "not how EC2 spells it"),
        ("i4i.3xlarge", "no such size"),
        ("", "no name"),
    ],
)
def test_other_types_are_not_listed(name: str, why: str) -> None:
    assert not has_encrypted_nvme(name), why


def test_the_table_covers_every_family_of_the_storage_optimised_series_and_the_d_variants() -> None:
    families = {name.partition(".")[0] for name in encrypted_nvme_types()}
    storage = {"i3", "i3en", "i4g", "i4i", "i7i", "i7ie", "i8g", "i8ge", "im4gn", "is4gen"}
    disks_beside = {
        "c6gd",
        "c7gd",
        "c8gd",
        "m6gd",
        "m7gd",
        "m8gd",
        "m6id",
        "r6gd",
        "r7gd",
        "r8gd",
        "r6id",
        "x2gd",
        "x2iedn",
    }
    assert storage | disks_beside <= families


def test_every_entry_is_complete_and_the_table_is_sorted_and_read_only() -> None:
    types = encrypted_nvme_types()
    assert list(types) == sorted(types)
    for name, found in types.items():
        assert found.name == name
        assert found.architecture in HOST_ARCHITECTURES | {"arm64_mac"}, name
        assert min(found.vcpus, found.memory_mib, found.disks, found.disk_gb) > 0, name
    with pytest.raises(TypeError):
        types["m5.large"] = types["m5d.large"]  # type: ignore[index] # the mapping must refuse it at run time too


def test_the_source_is_dated_and_says_who_answered() -> None:
    source = catalogue_source()
    assert date(2026, 10, 27) <= date.fromisoformat(source.date)
    assert "DescribeInstanceTypes" in source.source
    assert re.search(r"answered by AWS|not answered by AWS but by .*moto 5\.2\.5", source.source)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("m7g.large", "m7gd.large"),
        ("m5.large", "m5d.large"),
        ("r5.2xlarge", "r5d.2xlarge"),
        ("m7a.4xlarge", "m5ad.4xlarge"),
        ("i4i.3xlarge", "i4i.4xlarge"),
        ("i4i.2xlrge", "i4i.2xlarge"),
        ("I4I.2XLARGE ", "i4i.2xlarge"),
        ("m5.metal", "m5d.metal"),
        ("d3.xlarge", "i3.xlarge"),
        ("t3.medium", "m6gd.medium"),
        ("i8g.2xlarge", "i8g.2xlarge"),
    ],
)
def test_the_nearest_type_keeps_purpose_processor_and_size(asked: str, first: str) -> None:
    assert nearest_instance_types(asked)[0] == first


@pytest.mark.parametrize("asked", ["", "large", "mac-m4.metal", "u-6tb1.56xlarge", "💾", "....", "m.0xlarge"])
def test_any_text_gets_types_that_can_run_a_host(asked: str) -> None:
    nearest = nearest_instance_types(asked, 5)
    assert len(set(nearest)) == 5
    for name in nearest:
        assert encrypted_nvme_types()[name].architecture in HOST_ARCHITECTURES


def test_the_number_of_suggestions_is_the_callers() -> None:
    assert nearest_instance_types("m7g.large", 1) == ("m7gd.large",)
    assert nearest_instance_types("m7g.large", 0) == ()
