"""Dividing a network's address range into one subnet per Availability Zone.

Source: VPC User Guide, "VPC CIDR blocks" (a VPC is a /16 to a /28) and "Subnet sizing" (AWS keeps five addresses of
each subnet); RFC 1918, section 3 (private address space).
"""

from __future__ import annotations

import ipaddress
from typing import Final

#: Longest prefix of a subnet that still has room: 64 addresses, of which AWS keeps five, for endpoints, hosts and
#: databases with their standby and a replacement.
SMALLEST_SUBNET_PREFIX: Final = 26

#: Shortest prefix of a VPC. Source: VPC User Guide, "VPC CIDR blocks", 2026-11-01.
LARGEST_VPC_PREFIX: Final = 16

#: RFC 1918, section 3.
PRIVATE_RANGES: Final = tuple(ipaddress.IPv4Network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


class AddressRangeError(ValueError):
    """An address range cannot be used.

    Attributes:
        got: What was found.
        expected: What would have been accepted.
        do: The nearest valid range, as an instruction.
    """

    def __init__(self, *, got: str, expected: str, do: str) -> None:
        super().__init__(f"got {got}; expected {expected}; do: {do}")
        self.got = got
        self.expected = expected
        self.do = do


def longest_prefix(zones: int) -> int:
    """Return the longest prefix (the smallest range) that can be divided over this many zones.

    Args:
        zones: Number of Availability Zones.

    Raises:
        ValueError: If no VPC can be divided over so many zones.
    """
    most = 2 ** (SMALLEST_SUBNET_PREFIX - LARGEST_VPC_PREFIX) - 1
    if not 1 <= zones <= most:
        raise ValueError(f"got {zones} zones; expected 1 to {most}; do: name the zones of the region")
    return SMALLEST_SUBNET_PREFIX - _extra_bits(zones)


def _extra_bits(zones: int) -> int:
    # One share more than there are zones stays unused: room to grow by a zone or a second tier.
    return zones.bit_length()


def nearest_range(address_range: str, zones: int) -> str:
    """Return the valid address range nearest to the one given.

    Args:
        address_range: What was asked for; text that is not a range gives ``10.0.0.0/16``.
        zones: Number of Availability Zones.

    Returns:
        A private IPv4 network that `split_subnets` accepts.
    """
    try:
        network = ipaddress.IPv4Network(address_range.strip(), strict=False)
    except ValueError:
        return "10.0.0.0/16"
    prefix = min(max(network.prefixlen, LARGEST_VPC_PREFIX), longest_prefix(zones))
    nearest = ipaddress.IPv4Network((network.network_address, prefix), strict=False)
    if not any(nearest.subnet_of(private) for private in PRIVATE_RANGES):
        # Keep what the writer meant of it: the second and third octets, moved into 10.0.0.0/8.
        moved = (10 << 24) | (int(nearest.network_address) & 0x00FFFFFF)
        nearest = ipaddress.IPv4Network((moved, prefix), strict=False)
    return str(nearest)


def split_subnets(address_range: str, zones: int) -> tuple[str, ...]:
    """Divide an address range into equal subnets, one per zone, and leave at least one share unused.

    Args:
        address_range: A private IPv4 network in CIDR notation, written with its network address, /16 or smaller.
        zones: Number of Availability Zones, at least one.

    Returns:
        One literal CIDR per zone, in order, disjoint and inside the range.

    Raises:
        AddressRangeError: If the range is not such a network, or too small; it is a ValueError and says what was got,
            what was expected, and the nearest valid range.

    Source: VPC User Guide, "Subnet sizing"; RFC 1918, section 3.
    """
    smallest = longest_prefix(zones)
    network = _private_network(address_range, do=f"use {nearest_range(address_range, zones)}")
    if network.prefixlen > smallest:
        raise AddressRangeError(
            got=f"{address_range}, {network.num_addresses} addresses",
            expected=f"/{smallest} ({2 ** (32 - smallest)} addresses) or larger for {zones} zones with room to grow",
            do=f"use {nearest_range(address_range, zones)}",
        )
    shares = network.subnets(prefixlen_diff=_extra_bits(zones))
    return tuple(str(share) for share, _ in zip(shares, range(zones), strict=False))


def _private_network(address_range: str, *, do: str) -> ipaddress.IPv4Network:
    try:
        network = ipaddress.IPv4Network(address_range)
    except ValueError as problem:
        raise AddressRangeError(
            got=f"{address_range!r} ({problem})", expected="an IPv4 network in CIDR notation", do=do
        ) from problem
    if str(network) != address_range:
        raise AddressRangeError(
            got=repr(address_range), expected="CIDR notation: the network address and a prefix length", do=do
        )
    if not any(network.subnet_of(private) for private in PRIVATE_RANGES):
        raise AddressRangeError(
            got=address_range, expected=f"a private range, inside {', '.join(map(str, PRIVATE_RANGES))}", do=do
        )
    if network.prefixlen < LARGEST_VPC_PREFIX:
        raise AddressRangeError(
            got=f"{address_range}, larger than a VPC can be", expected=f"/{LARGEST_VPC_PREFIX} or smaller", do=do
        )
    return network
