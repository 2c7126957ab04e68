"""Approved regions."""

from __future__ import annotations

from datetime import date

import pytest
from botocore.loaders import Loader

from nexis.facts.regions import APPROVED_REGIONS, AS_OF, is_approved, nearest_region


@pytest.mark.parametrize("name", ["eu-central-1", "us-east-1", "ap-southeast-2"])
def test_approved(name: str) -> None:
    assert is_approved(name)


@pytest.mark.parametrize("name", ["eu-north-1", "cn-north-1", "us-gov-west-1", "EU-CENTRAL-1", "eu-central-1a", ""])
def test_not_approved(name: str) -> None:
    assert not is_approved(name)


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("eu-central-2", "eu-central-1"),
        ("eu-north-1", "eu-central-1"),
        ("eu-west-3", "eu-west-1"),
        ("eu_central_1", "eu-central-1"),
        ("us-west-1", "us-west-2"),
        ("ap-southeast-4", "ap-southeast-1"),
        ("eu-centrl-1", "eu-central-1"),
        ("US-EAST-1", "us-east-1"),
    ],
)
def test_the_nearest_region_stays_on_the_continent(asked: str, nearest: str) -> None:
    assert nearest_region(asked) == nearest


@pytest.mark.parametrize("asked", ["", "-", "nowhere", "a-b-c-d"])
def test_any_text_gets_an_approved_region(asked: str) -> None:
    assert is_approved(nearest_region(asked))


def test_every_region_exists_in_its_partition() -> None:
    partitions = {p["partition"]: set(p["regions"]) for p in Loader().load_data("endpoints")["partitions"]}
    for name, region in APPROVED_REGIONS.items():
        assert region.name == name
        assert name in partitions[region.partition], name
        assert region.place
    date.fromisoformat(AS_OF)
