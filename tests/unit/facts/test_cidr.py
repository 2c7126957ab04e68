from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.facts.cidr import (
    MAPPED_IPV4,
    MOST_IPV4,
    MOST_IPV6,
    NOT_PUBLIC_IPV4,
    Range,
    covers_all,
    describe,
    opens_to_anyone,
    public_addresses,
    read_range,
)

if TYPE_CHECKING:
    import random

EVERYTHING_IPV4 = IPv4Network("0.0.0.0/0")
EVERYTHING_IPV6 = IPv6Network("::/0")


def ipv4_ranges(shortest_prefix: int = 0) -> st.SearchStrategy[IPv4Network]:
    return st.builds(
        lambda address, prefix: IPv4Network((address, prefix), strict=False),
        st.integers(0, 2**32 - 1),
        st.integers(shortest_prefix, 32),
    )


def ipv6_ranges() -> st.SearchStrategy[IPv6Network]:
    return st.builds(
        lambda address, prefix: IPv6Network((address, prefix), strict=False),
        st.integers(0, 2**128 - 1),
        st.integers(0, 128),
    )


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0/0",
        "0.0.0.0/00",
        " 0.0.0.0/0 ",
        "0.0.0.0 / 0",
        "000.000.000.000/0",
        "10.1.2.3/0",
        "255.255.255.255/0",
        "0/0",
        "0.0/0",
        "0.0.0.0/0.0.0.0",
    ],
)
def test_all_of_ipv4_is_seen_in_every_spelling(text: str) -> None:
    assert read_range(text) == EVERYTHING_IPV4


@pytest.mark.parametrize(
    "text", ["::/0", "0::/0", "0:0:0:0:0:0:0:0/0", "0000:0000::/00", "2001:db8::1/0", " ::/0\n", "::0.0.0.0/0"]
)
def test_all_of_ipv6_is_seen_in_every_spelling(text: str) -> None:
    assert read_range(text) == EVERYTHING_IPV6


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "/0",
        "0.0.0.0",
        "anywhere",
        "10.0.0.0/33",
        "10.0.0.256/8",
        "1.2.3.4.5/8",
        "::/129",
        ":::/0",
        "\u0660/0",
        "-1/0",
    ],
)
def test_what_is_no_range_is_refused_and_quoted(text: str) -> None:
    with pytest.raises(ValueError, match=r"found .*, expected an address range"):
        read_range(text)


@given(ipv4_ranges(), st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
def test_a_range_reads_back_from_any_spelling(network: IPv4Network, host: int, zeros: bool, spaces: bool) -> None:
    inside = IPv4Address(int(network.network_address) | (host & int(network.hostmask)))
    octets = [f"{int(octet):03d}" if zeros else octet for octet in str(inside).split(".")]
    text = ".".join(octets) + (" / " if spaces else "/") + f"{network.prefixlen:02d}"
    assert read_range(text) == network


@given(ipv6_ranges())
def test_an_ipv6_range_reads_back_short_and_long(network: IPv6Network) -> None:
    assert read_range(str(network)) == read_range(network.exploded) == network


@given(ipv4_ranges())
def test_a_mapped_range_counts_as_the_ipv4_range_it_maps(network: IPv4Network) -> None:
    mapped = read_range(f"::ffff:{network.network_address}/{96 + network.prefixlen}")
    assert public_addresses([mapped])[0] == public_addresses([network])[0]


def test_the_mapped_range_as_a_whole_is_all_of_ipv4() -> None:
    assert covers_all([MAPPED_IPV4], 4)
    assert not covers_all([MAPPED_IPV4], 6)


@given(st.integers(0, 12), st.integers(0, 2**12 - 1), st.randoms(use_true_random=False), st.sampled_from([4, 6]))
def test_pieces_cover_the_whole_until_one_is_missing(
    depth: int, missing: int, order: random.Random, version: int
) -> None:
    whole: Range = EVERYTHING_IPV4 if version == 4 else EVERYTHING_IPV6
    pieces: list[Range] = list(whole.subnets(prefixlen_diff=min(depth, 6)))
    order.shuffle(pieces)
    assert covers_all(pieces, version)
    del pieces[missing % len(pieces)]
    assert not covers_all(pieces, version)


@given(st.lists(ipv4_ranges(), max_size=8), ipv4_ranges())
def test_public_addresses_are_counted_each_once(ranges: list[IPv4Network], more: IPv4Network) -> None:
    before, _ = public_addresses(ranges)
    after, _ = public_addresses([*ranges, more])
    alone, _ = public_addresses([more])
    assert max(before, alone) <= after <= before + alone
    assert public_addresses([*ranges, *ranges])[0] == before


@given(st.lists(ipv4_ranges(24), max_size=6))
def test_the_count_agrees_with_counting_one_by_one(ranges: list[IPv4Network]) -> None:
    addresses = {address for network in ranges for address in network}
    public = {a for a in addresses if not any(a in network for network in NOT_PUBLIC_IPV4)}
    assert public_addresses(ranges)[0] == len(public)


@pytest.mark.parametrize(
    "texts",
    [
        ["0.0.0.0/0"],
        ["::/0"],
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["0.0.0.0/1"],
        ["::/1", "8000::/1"],
        ["2000::/3"],
        ["::ffff:0:0/96"],
        ["16.0.0.0/7"],
        ["17.0.0.0/8", "18.0.0.0/32"],
        ["2600::/15"],
    ],
)
def test_more_than_one_organisation_can_have_is_open_to_anyone(texts: list[str]) -> None:
    assert opens_to_anyone(map(read_range, texts))


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
        ["17.0.0.0/8"],
        ["203.0.113.7/32"],
        ["2630::/16"],
        ["fc00::/7", "fe80::/10"],
        ["255.255.255.255/32"],
        ["240.0.0.0/4"],
    ],
)
def test_private_ranges_and_one_organisations_block_are_not(texts: list[str]) -> None:
    assert not opens_to_anyone(map(read_range, texts))


def test_the_limits_are_one_block_each() -> None:
    assert IPv4Network("17.0.0.0/8").num_addresses == MOST_IPV4
    assert IPv6Network("2630::/16").num_addresses == MOST_IPV6


def test_ranges_are_described_joined() -> None:
    assert describe([*map(read_range, ("0.0.0.0/1", "128.0.0.0/1", "2001:db8::/32"))]) == "0.0.0.0/0, 2001:db8::/32"
