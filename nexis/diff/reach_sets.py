"""Who reaches something, as sets: protocols, ports and the addresses or names of the other side.

A reach maps (protocol, kind of other side) to an area of ports and addresses. The kind is `ipv4` or `ipv6`, whose
addresses are numbers, or the name of something else: a security group, a prefix list, a value that cannot be known;
such a side is one single address. So two rules that split a range say the same as one that does not.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, summarize_address_range
from typing import TYPE_CHECKING, Final

from nexis.diff.spans import NOTHING, Area, Span, area, minus, plus, size, spans
from nexis.facts.cidr import MAPPED_IPV4, covers_all, opens_to_anyone
from nexis.facts.network_ports import describe_ports

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nexis.diff.spans import Spans
    from nexis.facts.cidr import Range

Reach = dict[tuple[str, str], Area]

IPV4: Final = "ipv4"
IPV6: Final = "ipv6"
EVERY_PROTOCOL: Final = "-1"
EVERY_PORT: Final = (0, 65535)
ONE: Final[Span] = (0, 0)
#: The protocols that "every protocol" is taken apart into, beside those that are named somewhere.
COMMON: Final = ("tcp", "udp", "icmp", "icmpv6", "other")
_NAMES: Final = {"icmp": "ICMP", "icmpv6": "ICMPv6", "tcp": "TCP", "udp": "UDP"}
_MOST_RANGES: Final = 3
_WHOLE: Final = {IPV4: "0.0.0.0/0", IPV6: "::/0"}


def reach(parts: Iterable[tuple[str, Span, str, Span]]) -> Reach:
    """Make a reach of its parts.

    Args:
        parts: (protocol, ports, kind of the other side, its addresses) of each.
    """
    boxes: dict[tuple[str, str], list[tuple[Span, Span]]] = {}
    for protocol, ports, kind, where in parts:
        boxes.setdefault((protocol, kind), []).append((ports, where))
    return {key: found for key, listed in boxes.items() if (found := area(listed))}


def of_range(network: Range) -> tuple[str, Span]:
    """Give the kind and the addresses of a range; IPv4 written as IPv6 is IPv4.

    Args:
        network: the range.
    """
    first, last = int(network.network_address), int(network.broadcast_address)
    if isinstance(network, IPv6Network):
        if network.subnet_of(MAPPED_IPV4):
            begin = int(MAPPED_IPV4.network_address)
            return IPV4, (first - begin, last - begin)
        return IPV6, (first, last)
    return IPV4, (first, last)


def united(reaches: Iterable[Reach]) -> Reach:
    """Give what is in any of some reaches."""
    found: Reach = {}
    for one in reaches:
        for key, held in one.items():
            found[key] = plus(found.get(key, NOTHING), held)
    return found


def grown(before: Reach, after: Reach) -> Reach:
    """Give what is reached after and was not before; `grown(x, x)` is empty.

    Args:
        before: the reach before.
        after: the reach after.
    """
    protocols = _protocols(before, after)
    old, new = apart(before, protocols), apart(after, protocols)
    return {key: more for key, held in new.items() if (more := minus(held, old.get(key, NOTHING)))}


def _protocols(*reaches: Reach) -> tuple[str, ...]:
    named = {protocol for one in reaches for protocol, _ in one} - {EVERY_PROTOCOL}
    return tuple(dict.fromkeys((*COMMON, *sorted(named))))


def apart(one: Reach, protocols: tuple[str, ...]) -> Reach:
    """Write "every protocol" as each of some protocols.

    Args:
        one: a reach.
        protocols: what "every protocol" is.
    """
    found: Reach = {}
    for (protocol, kind), held in one.items():
        for each in protocols if protocol == EVERY_PROTOCOL else (protocol,):
            found[each, kind] = plus(found.get((each, kind), NOTHING), held)
    return found


def sentences(more: Reach, after: Reach, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Say a growth in words: who, and on which ports, of each part.

    Args:
        more: what grew, as `grown` gives it.
        after: the whole reach after the change, in which a part may be everything.
        names: words for the kinds that are no addresses.
    """
    for who, found in pieces(more, after, names):
        yield who, _ports(found, everything=set(COMMON) <= set(found))


def pieces(more: Reach, after: Reach, names: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Spans]]]:
    """Say in words who a growth is about.

    Args:
        more: what grew, as `grown` gives it.
        after: the whole reach after the change, in which a part may be everything.
        names: words for the kinds that are no addresses.

    Returns:
        Who, with the ports of each protocol, of each part.
    """
    whole = apart(after, _protocols(after, more))
    for kind in dict.fromkeys(kind for _, kind in more):
        parts = {protocol: held for (protocol, k), held in more.items() if k == kind}
        by_who: dict[str, dict[str, Spans]] = {}
        for protocol, held in parts.items():
            for first, last, where in held:
                who = names.get(kind, kind)
                if kind in _WHOLE:
                    there = next((w for a, b, w in whole.get((protocol, kind), ()) if a <= first <= b), where)
                    who = _addresses(kind, where, there)
                ports = by_who.setdefault(who, {}).get(protocol, ())
                by_who[who][protocol] = spans((*ports, (first, last)))
        yield from by_who.items()


def _ports(found: Mapping[str, Spans], *, everything: bool) -> str:
    if everything and all(held == (EVERY_PORT,) for held in found.values()):
        return "every protocol and port"
    said = []
    for protocol, held in found.items():
        name = _NAMES.get(protocol, "every other protocol" if protocol == "other" else f"protocol {protocol}")
        if held == (EVERY_PORT,):
            said.append(name if protocol not in ("tcp", "udp") else f"{name}, every port")
        elif protocol in ("tcp", "udp"):
            said.append(f"{name} {', '.join(describe_ports(first, last) for first, last in held)}")
        else:
            said.append(f"{name} type {', '.join(str(a) if a == b else f'{a}-{b}' for a, b in held)}")
    return "; ".join(said)


def _addresses(kind: str, where: Spans, there: Spans) -> str:
    """Name addresses for a reader: who they are, and how many."""
    ranges = _ranges(kind, where)
    if opens_to_anyone(ranges) and covers_all(_ranges(kind, there), 4 if kind == IPV4 else 6):
        return f"the internet ({_WHOLE[kind]})"
    if len(ranges) > _MOST_RANGES:  # what is left of a range is harder to read than the range
        whole = _ranges(kind, there)
        ranges = whole if len(whole) < len(ranges) else ranges
    listed = ", ".join(map(str, ranges[:_MOST_RANGES]))
    more = f" and {len(ranges) - _MOST_RANGES} more" if len(ranges) > _MOST_RANGES else ""
    if opens_to_anyone(_ranges(kind, where)):
        return f"the internet ({listed}{more})"
    count = size(where)
    counted = (
        "1 address"
        if count == 1
        else f"{count:,} addresses"
        if count < 2**64
        else f"2^{count.bit_length() - 1} addresses"
    )
    return f"{listed}{more} ({counted})"


def _ranges(kind: str, where: Spans) -> list[Range]:
    address = IPv4Address if kind == IPV4 else IPv6Address
    return [network for first, last in where for network in summarize_address_range(address(first), address(last))]
