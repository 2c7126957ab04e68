"""Prices: listed figures, estimates marked as such, and nothing guessed."""

from __future__ import annotations

from datetime import date

import pytest

from nexis.facts import prices
from nexis.facts.instance_types import encrypted_nvme_types
from nexis.facts.rds_classes import is_offered, local_nvme_classes


@pytest.mark.parametrize(
    ("name", "hourly"),
    [
        ("i4i.2xlarge", 0.686),
        ("m6gd.medium", 0.0452),
        ("i3en.3xlarge", 1.356),
        ("r6gd.xlarge", 0.2304),
        ("is4gen.medium", 0.14408),
        ("i7ie.18xlarge", 9.3564),
        ("im4gn.16xlarge", 5.82067),
        ("c5d.9xlarge", 1.728),
    ],
)
def test_a_host_costs_what_aws_lists(name: str, hourly: float) -> None:
    price = prices.host(name)
    assert price is not None
    assert price.usd == pytest.approx(hourly * 730, rel=0.005)
    assert not price.estimate


@pytest.mark.parametrize(
    "name", ["i4i.metal", "m5.large", "p5.48xlarge", "m9gd.large", "mac-m4.metal", "db.m6gd.large", ""]
)
def test_no_price_is_guessed_for_a_host(name: str) -> None:
    assert prices.host(name) is None


def test_a_managed_database_is_an_estimate_and_says_so() -> None:
    price = prices.database("db.m6gd.large")
    assert price is not None
    assert price.estimate
    assert price.source.startswith("estimate")
    assert price.usd == pytest.approx(2 * 0.0904 * 730)


@pytest.mark.parametrize("name", ["db.m7g.large", "m6gd.large", "db.x2iedn.xlarge", ""])
def test_no_price_is_guessed_for_a_database(name: str) -> None:
    assert prices.database(name) is None


def test_every_family_with_a_price_is_in_the_catalogue() -> None:
    priced = {name.partition(".")[0] for name in encrypted_nvme_types() if prices.host(name)}
    assert priced == set(prices._EC2_LARGE_HOURLY)


def test_an_interface_endpoint_costs_seven_to_eight_dollars_a_zone() -> None:
    assert 7 <= prices.INTERFACE_ENDPOINT.usd <= 8


def test_no_type_is_both_free_and_paid_by_use() -> None:
    assert not prices.FREE & set(prices.BY_USE)


def test_the_table_is_dated() -> None:
    assert date(2026, 1, 19) < date.fromisoformat(prices.AS_OF)


def test_the_dev_configuration_uses_the_cheapest_type_with_four_gib_and_the_cheapest_class() -> None:
    hosts = {
        name: price.usd
        for name, facts in encrypted_nvme_types().items()
        if facts.memory_mib >= 4096 and (price := prices.host(name)) is not None
    }
    assert min(hosts, key=hosts.__getitem__) == "m6gd.medium"
    classes = {
        name: price.usd
        for name in local_nvme_classes()
        if is_offered(name, "eu-central-1") and (price := prices.database(name)) is not None
    }
    assert min(classes, key=classes.__getitem__) == "db.m6gd.large"
