"""Dividing address ranges: what is accepted can be divided, what is refused says why and what instead."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.facts.addresses import PRIVATE_RANGES, AddressRangeError, longest_prefix, nearest_range, split_subnets


def test_three_zones_get_a_quarter_each_and_a_quarter_stays_free() -> None:
    assert split_subnets("10.20.0.0/16", 3) == ("10.20.0.0/18", "10.20.64.0/18", "10.20.128.0/18")


def test_the_smallest_range_for_three_zones() -> None:
    assert split_subnets("192.168.7.0/24", 3) == ("192.168.7.0/26", "192.168.7.64/26", "192.168.7.128/26")


@pytest.mark.parametrize(
    ("address_range", "got", "expected", "do"),
    [
        ("10.20.0.0/25", "128 addresses", "/24 (256 addresses) or larger for 3 zones", "use 10.20.0.0/24"),
        ("10.20.0.0/32", "1 addresses", "/24", "use 10.20.0.0/24"),
        ("10.0.0.0/8", "larger than a VPC", "/16 or smaller", "use 10.0.0.0/16"),
        ("10.20.0.1/16", "host bits set", "CIDR", "use 10.20.0.0/16"),
        ("10.20.0.0", "'10.20.0.0'", "prefix length", "use 10.20.0.0/24"),
        ("10.20.0.0/255.255.0.0", "255.255.0.0", "prefix length", "use 10.20.0.0/16"),
        (" 10.20.0.0/16", "' 10.20.0.0/16'", "CIDR", "use 10.20.0.0/16"),
        ("8.8.0.0/16", "8.8.0.0/16", "private range, inside 10.0.0.0/8", "use 10.8.0.0/16"),
        ("172.32.0.0/16", "172.32.0.0/16", "172.16.0.0/12", "use 10.32.0.0/16"),
        ("100.64.0.0/16", "100.64.0.0/16", "private range", "use 10.64.0.0/16"),
        ("0.0.0.0/0", "0.0.0.0/0", "private range", "use 10.0.0.0/16"),
        ("fd00::/16", "fd00::/16", "IPv4", "use 10.0.0.0/16"),
        ("ten", "'ten'", "IPv4", "use 10.0.0.0/16"),
        ("", "''", "IPv4", "use 10.0.0.0/16"),
    ],
)
def test_refused(address_range: str, got: str, expected: str, do: str) -> None:
    with pytest.raises(AddressRangeError) as refused:
        split_subnets(address_range, 3)
    assert got in refused.value.got
    assert expected in refused.value.expected
    assert refused.value.do == do
    assert str(refused.value) == f"got {refused.value.got}; expected {refused.value.expected}; do: {do}"


@pytest.mark.parametrize("zones", [0, -1, 1024])
def test_a_number_of_zones_that_no_vpc_can_have(zones: int) -> None:
    with pytest.raises(ValueError, match="expected 1 to 1023"):
        longest_prefix(zones)
    with pytest.raises(ValueError, match="expected 1 to 1023"):
        split_subnets("10.0.0.0/16", zones)


_NETWORKS = st.builds(
    lambda address, prefix: ipaddress.IPv4Network((address, prefix), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)
_PRIVATE = st.builds(
    lambda private, offset, prefix: ipaddress.IPv4Network(
        (int(private.network_address) + offset % private.num_addresses, max(prefix, private.prefixlen)), strict=False
    ),
    st.sampled_from(PRIVATE_RANGES),
    st.integers(0, 2**24),
    st.integers(8, 32),
)


@given(network=_NETWORKS | _PRIVATE, zones=st.integers(1, 8))
def test_every_accepted_range_really_can_be_divided(network: ipaddress.IPv4Network, zones: int) -> None:
    accepted = any(
        network.subnet_of(private) for private in PRIVATE_RANGES
    ) and 16 <= network.prefixlen <= longest_prefix(zones)
    if not accepted:
        with pytest.raises(AddressRangeError):
            split_subnets(str(network), zones)
        return
    subnets = [ipaddress.IPv4Network(subnet) for subnet in split_subnets(str(network), zones)]
    assert len(subnets) == zones
    assert len({subnet.prefixlen for subnet in subnets}) == 1
    assert subnets[0].prefixlen <= 26
    for position, subnet in enumerate(subnets):
        assert subnet.subnet_of(network)
        assert not any(subnet.overlaps(other) for other in subnets[:position])
    used = sum(subnet.num_addresses for subnet in subnets)
    assert network.num_addresses - used >= subnets[0].num_addresses, "a share stays free to grow into"


@given(text=st.text(max_size=20) | _NETWORKS.map(str), zones=st.integers(1, 8))
def test_the_nearest_range_is_always_accepted(text: str, zones: int) -> None:
    assert len(split_subnets(nearest_range(text, zones), zones)) == zones


@given(network=_PRIVATE, zones=st.integers(1, 8))
def test_an_accepted_range_is_its_own_nearest(network: ipaddress.IPv4Network, zones: int) -> None:
    if 16 <= network.prefixlen <= longest_prefix(zones):
        assert nearest_range(str(network), zones) == str(network)


@given(text=st.text(max_size=30), zones=st.integers(1, 6))
def test_any_text_is_divided_or_refused_never_a_crash(text: str, zones: int) -> None:
    try:
        outcome: tuple[str, ...] | AddressRangeError = split_subnets(text, zones)
    except AddressRangeError as problem:
        outcome = problem
    if isinstance(outcome, AddressRangeError):
        assert outcome.do.startswith("use ")
    else:
        assert len(outcome) == zones
