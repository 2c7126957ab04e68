"""Address ranges: reading a CIDR in any spelling, and saying whether ranges together let anyone in.

"Anyone" is not only `0.0.0.0/0`. The same is written `::/0`, `0:0:0:0:0:0:0:0/0`, `10.1.2.3/0`, or as two halves, four
quarters, or everything but one address. So a set of ranges is measured: how many public addresses does it hold?
The limit follows from how addresses are given out. One organisation holds at most one IPv4 block of /8 (IANA's unit of
allocation) and at most one IPv6 block of /16 (the largest a registry has given to one holder). A set that holds more
is not the network of anybody in particular.

Sources: IANA IPv4 Address Space Registry; IANA IPv4 and IPv6 Special-Purpose Address Registries; IANA IPv6 Global
Unicast Address Assignments; RFC 4291 section 2.5.5.2 (IPv4-mapped IPv6 addresses).
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Day on which the registries were last read.
AS_OF: Final = "2026-11-23"

#: More public IPv4 addresses than this (one /8) belong to no single organisation.
MOST_IPV4: Final = 2**24

#: More IPv6 addresses than this (one /16 of global unicast) belong to no single organisation.
MOST_IPV6: Final = 2**112

#: IPv4 ranges that are not addresses of the internet.
NOT_PUBLIC_IPV4: Final[tuple[IPv4Network, ...]] = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)

#: The only IPv6 addresses given out on the internet.
PUBLIC_IPV6: Final = IPv6Network("2000::/3")

#: IPv4 addresses written as IPv6 ones.
MAPPED_IPV4: Final = IPv6Network("::ffff:0:0/96")

Range = IPv4Network | IPv6Network
_Span = tuple[int, int]


def read_range(text: str) -> Range:
    """Read a CIDR in any spelling: spaces, leading zeros, octets left out, host bits set, any form of IPv6.

    Args:
        text: such as `10.20.0.0/16`, `0.0.0.0/00`, `10.1.2.3/0`, `0/0` or `0:0:0:0:0:0:0:0/0`. Octets are decimal.

    Returns:
        The range, with its host bits cleared, as EC2 clears them.

    Raises:
        ValueError: it is no address range, or has no prefix length.
    """
    address, slash, prefix = (part.strip() for part in text.partition("/"))
    if not slash:
        raise ValueError(f"found {text!r}, expected an address range with a prefix length, such as 10.20.0.0/16")
    try:
        if ":" in address:
            return IPv6Network(f"{address}/{prefix}", strict=False)
        return IPv4Network(f"{_plain_ipv4(address)}/{prefix}", strict=False)
    except ValueError:
        raise ValueError(f"found {text!r}, expected an address range such as 10.20.0.0/16 or 2001:db8::/32") from None


def _plain_ipv4(address: str) -> str:
    octets = address.split(".")
    if len(octets) > 4 or not all(octet.isascii() and octet.isdecimal() for octet in octets):
        raise ValueError(address)
    return ".".join(str(int(octet)) for octet in [*octets, *["0"] * (4 - len(octets))])


def covers_all(ranges: Iterable[Range], version: int) -> bool:
    """Say whether ranges together hold every address of IPv4 or of IPv6.

    Args:
        ranges: in any order; they may overlap.
        version: 4 or 6. IPv4-mapped IPv6 ranges count as IPv4 as well.
    """
    bits = 32 if version == 4 else 128
    return _spans(ranges, version) == [(0, 2**bits - 1)]


def public_addresses(ranges: Iterable[Range]) -> tuple[int, int]:
    """Count the public addresses in ranges, each once.

    Args:
        ranges: in any order; they may overlap.

    Returns:
        How many public IPv4 and how many global unicast IPv6 addresses they hold.
    """
    known = tuple(ranges)
    hidden = _merged(_span(network) for network in NOT_PUBLIC_IPV4)
    ipv4 = _spans(known, 4)
    ipv6 = _spans(known, 6)
    return _size(ipv4) - _common(ipv4, hidden), _common(ipv6, [_span(PUBLIC_IPV6)])


def opens_to_anyone(ranges: Iterable[Range]) -> bool:
    """Say whether ranges together hold more public addresses than one organisation can have.

    Args:
        ranges: in any order; they may overlap.
    """
    ipv4, ipv6 = public_addresses(ranges)
    return ipv4 > MOST_IPV4 or ipv6 > MOST_IPV6


def _spans(ranges: Iterable[Range], version: int) -> list[_Span]:
    return _merged(span for network in ranges for span in _of_version(network, version))


def _of_version(network: Range, version: int) -> Iterator[_Span]:
    if network.version == version:
        yield _span(network)
    elif isinstance(network, IPv6Network) and network.overlaps(MAPPED_IPV4):
        start, end = _span(network)
        first, last = _span(MAPPED_IPV4)
        yield max(start, first) - first, min(end, last) - first


def _span(network: Range) -> _Span:
    return int(network.network_address), int(network.broadcast_address)


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    merged: list[_Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _size(spans: Iterable[_Span]) -> int:
    return sum(end - start + 1 for start, end in spans)


def _common(left: Iterable[_Span], right: list[_Span]) -> int:
    return sum(max(0, min(end, stop) - max(start, begin) + 1) for start, end in left for begin, stop in right)


def describe(ranges: Iterable[Range]) -> str:
    """Write ranges as a reader expects them, shortest form, neighbours joined.

    Args:
        ranges: in any order; they may overlap.
    """
    known = tuple(ranges)
    ipv4 = ipaddress.collapse_addresses(n for n in known if isinstance(n, IPv4Network))
    ipv6 = ipaddress.collapse_addresses(n for n in known if isinstance(n, IPv6Network))
    return ", ".join([*map(str, ipv4), *map(str, ipv6)])
