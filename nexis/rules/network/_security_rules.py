"""Security group rules, read from every place where a template can write them.

Sources: CloudFormation resource reference, AWS::EC2::SecurityGroup, AWS::EC2::SecurityGroupIngress,
AWS::EC2::SecurityGroupEgress, AWS::EC2::PrefixList; EC2 API reference, IpPermission (protocol -1 is every protocol;
port -1 is every port or ICMP type).
"""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from nexis.facts.cidr import Range, opens_to_anyone, read_range
from nexis.patterns import pattern
from nexis.records import record
from nexis.templates.resolver import scalar_text
from nexis.templates.values import OPEN_PART, DynamicReference, Reference, Text, Unknown
from nexis.templates.views import ABSENT, Absent, place, step_down

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from nexis.templates.views import View

Path = tuple[str | int, ...]

GROUP: Final = "AWS::EC2::SecurityGroup"
EVERY_PROTOCOL: Final = "-1"
EVERY_PORT: Final = (0, 65535)

#: ICMP types that report an error on the way: destination unreachable, packet too big.
ERROR_REPORTS: Final[Mapping[str, int]] = MappingProxyType({"icmp": 3, "icmpv6": 2})

#: A range whose prefix is at least this long is small, whatever its address turns out to be (IPv4 or IPv6).
SMALL_PREFIX: Final = 16

#: The id of a prefix list, of AWS or of an account.
PREFIX_LIST_ID: Final = pattern(r"pl-[0-9a-f]{8,17}")

#: IANA protocol numbers that EC2 also knows by name.
PROTOCOL_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": EVERY_PROTOCOL, "any": EVERY_PROTOCOL}
)


@record
class Direction:
    """The names of one direction's properties."""

    inline: str
    separate: str
    prefix_list: str


INGRESS: Final = Direction(
    "SecurityGroupIngress",
    "AWS::EC2::SecurityGroupIngress",
    "SourcePrefixListId",
)
EGRESS: Final = Direction(
    "SecurityGroupEgress",
    "AWS::EC2::SecurityGroupEgress",
    "DestinationPrefixListId",
)


@record
class Peer:
    """The other side of a security group rule, where it is not another security group.

    Args:
        path: where it stands.
        kind: address range, prefix list, or a rule that cannot be read.
        ranges: the address ranges that are known.
        open: why the ranges are not all known; empty when they are.
    """

    path: Path
    kind: Literal["range", "prefix-list", "unreadable"]
    ranges: tuple[Range, ...] = ()
    open: str = ""


@record
class SecurityRule:
    """One rule of a security group.

    Args:
        resource: where it is written.
        path: of the rule in the resource; empty for a separate rule resource.
        protocol: lower-case name or number; None if not known.
        ports: first and last; None if not known.
        peers: its other sides, in practice one; none for another security group.
        port_source: the RDS resource whose port attribute stands as the port, if any.
        is_error_report: whether it lets through only the ICMP messages that path MTU discovery needs from anywhere
            (destination unreachable; packet too big of IPv6): EC2 User Guide, "Path MTU Discovery".
    """

    resource: View
    path: Path
    protocol: str | None
    ports: tuple[int, int] | None
    peers: tuple[Peer, ...]
    port_source: View | None = None
    is_error_report: bool = False

    def includes(self, protocol: str, port: int) -> bool:
        """Whether the rule certainly lets a protocol's port through."""
        return (
            self.protocol is not None
            and self.ports is not None
            and self.protocol in (EVERY_PROTOCOL, protocol)
            and self.ports[0] <= port <= self.ports[1]
        )

    def may_include(self, protocol: str, port: int) -> bool:
        """Whether the rule may let a protocol's port through, as far as is known."""
        return self.protocol in (None, EVERY_PROTOCOL, protocol) and (
            self.ports is None or self.ports[0] <= port <= self.ports[1]
        )

    @property
    def is_everything(self) -> bool:
        """Whether it is for every protocol, or for every port of TCP or UDP."""
        return self.protocol == EVERY_PROTOCOL or (
            self.protocol in ("tcp", "udp") and self.ports is not None and are_every_port([self.ports])
        )


def are_every_port(spans: Iterable[tuple[int, int]]) -> bool:
    """Whether spans of ports together hold every port that can be used: nothing listens on port 0.

    Args:
        spans: first and last ports, in any order.
    """
    reached = 0
    for first, last in sorted(spans):
        if first > reached + 1:
            return False
        reached = max(reached, last)
    return reached >= EVERY_PORT[1]


def is_open_alone(rule: SecurityRule) -> bool:
    """Whether one side of a rule by itself is anyone.

    Args:
        rule: a rule that lets in or out.
    """
    return any(opens_to_anyone(peer.ranges) for peer in rule.peers)


def inline_rules(group: View, direction: Direction) -> Iterator[SecurityRule]:
    """Give the rules written in a security group itself.

    Args:
        group: the security group.
        direction: ingress or egress.
    """
    found = group.peek(direction.inline)
    if isinstance(found, Absent):
        return
    if isinstance(found, list):
        for position, entry in enumerate(found):
            yield read_rule(group, (direction.inline, position), entry, direction)
    else:
        yield read_rule(group, (direction.inline,), found, direction)


def separate_rule(resource: View, direction: Direction) -> SecurityRule:
    """Read a separate rule resource.

    Args:
        resource: of the direction's separate type.
        direction: ingress or egress.
    """
    return read_rule(resource, (), resource.peek(), direction)


def rules_of(group: View, direction: Direction) -> Iterator[SecurityRule]:
    """Give the rules of a security group, inline and separate.

    Args:
        group: the security group.
        direction: ingress or egress.
    """
    yield from inline_rules(group, direction)
    for resource in group.scene.views(direction.separate):
        found = group_of(resource)
        if found is not None and found.is_same(group):
            yield separate_rule(resource, direction)


def group_of(rule_resource: View) -> View | None:
    """Give the security group that a separate rule resource belongs to, if it is in the assembly."""
    here = (group_of, rule_resource.template.key, rule_resource.logical_id)
    return rule_resource.scene.once(here, partial(_group_of, rule_resource))


def _group_of(rule_resource: View) -> View | None:
    for name in ("GroupId", "GroupName"):
        value = rule_resource.peek(name)
        if isinstance(value, Reference) and value.is_resource:
            found = rule_resource.named(value, GROUP)
            if found is not None:
                return found
        elif name == "GroupName" and isinstance(value, str):
            for group in rule_resource.scene.views(GROUP):
                if group.peek("GroupName") == value:
                    return group
    return None


def same_outside_group(rule_resource: View, direction: Direction) -> Iterator[SecurityRule]:
    """Give the separate rules that name the same group as one does, when that group is not in the assembly.

    Args:
        rule_resource: a separate rule resource.
        direction: ingress or egress.
    """
    name = _outside_name(rule_resource)
    for resource in rule_resource.scene.views(direction.separate):
        if resource.is_same(rule_resource) or (name is not None and _outside_name(resource) == name):
            yield separate_rule(resource, direction)


def _outside_name(rule_resource: View) -> tuple[str, str, str] | None:
    for name in ("GroupId", "GroupName"):
        value = rule_resource.peek(name)
        if isinstance(value, str):
            return name, value.stack if isinstance(value, Reference) else "", str(value)
    return None


def read_rule(resource: View, path: Path, entry: Any, direction: Direction) -> SecurityRule:
    """Read one rule.

    Args:
        resource: where it is written.
        path: of the rule in the resource.
        entry: the resolved value there.
        direction: ingress or egress.
    """
    if not isinstance(entry, dict):
        why = entry.reason if isinstance(entry, Unknown) else f"found {entry!r}, expected a security group rule"
        return SecurityRule(resource, path, None, None, (Peer(path, "unreadable", open=why),))
    protocol = _protocol(step_down(entry, ("IpProtocol",)))
    ports = _ports(protocol, step_down(entry, ("FromPort",)), step_down(entry, ("ToPort",)))
    return SecurityRule(
        resource,
        path,
        protocol,
        ports,
        tuple(_peers(resource, path, entry, direction)),
        _port_source(resource, entry),
        _is_error_report(protocol, step_down(entry, ("FromPort",))),
    )


def _protocol(value: Any) -> str | None:
    if not isinstance(value, (str, int)) or isinstance(value, (Reference, Text, DynamicReference)):
        return EVERY_PROTOCOL if isinstance(value, Absent) else None
    text = scalar_text(value).strip().lower()
    return PROTOCOL_NAMES.get(text, text)


def _is_error_report(protocol: str | None, message_type: Any) -> bool:
    return protocol is not None and protocol in ERROR_REPORTS and _port(message_type) == ERROR_REPORTS[protocol]


def _ports(protocol: str | None, first: Any, last: Any) -> tuple[int, int] | None:
    if protocol not in (None, "tcp", "udp"):
        return EVERY_PORT  # EC2 takes no ports here, or ICMP types, which are no range
    numbers = [_port(value) for value in (first, last)]
    if -1 in numbers:
        return EVERY_PORT
    low, high = numbers
    return None if low is None or high is None else (low, high)


def _port(value: Any) -> int | None:
    if isinstance(value, Absent):
        return -1
    if isinstance(value, (Reference, Text, DynamicReference)) or not isinstance(value, (str, int, float)):
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        return None


def bounded_port(number: float | Absent, default: int) -> int:
    """Make a port of a number that was read.

    Args:
        number: any number; beyond the ends of the range of ports it counts as the end.
        default: what absence means.
    """
    return default if isinstance(number, Absent) else int(min(max(number, -1), EVERY_PORT[1]))


def _port_source(resource: View, entry: Mapping[str, Any]) -> View | None:
    value = entry.get("FromPort")
    if isinstance(value, Reference) and value.is_resource and value.attribute.endswith("Port"):
        return resource.named(value)
    return None


def _peers(resource: View, path: Path, entry: Mapping[str, Any], direction: Direction) -> Iterator[Peer]:
    for name in ("CidrIp", "CidrIpv6"):
        if (value := step_down(entry, (name,))) is not ABSENT:
            ranges, why = _ranges(resource, value)
            yield Peer((*path, name), "range", ranges, why)
    if (value := step_down(entry, (direction.prefix_list,))) is not ABSENT:
        ranges, why = _prefix_list(resource, value)
        yield Peer((*path, direction.prefix_list), "prefix-list", ranges, why)


def read_ranges(resource: View, *path: str | int) -> Peer:
    """Read a property that holds an address range.

    Args:
        resource: where it stands.
        path: of the property.
    """
    ranges, why = _ranges(resource, resource.peek(*path))
    return Peer(path, "range", ranges, why)


def _ranges(resource: View, value: Any, depth: int = 0) -> tuple[tuple[Range, ...], str]:
    if isinstance(value, list):
        found = [_ranges(resource, item, depth) for item in value]
        return tuple(r for ranges, _ in found for r in ranges), next((why for _, why in found if why), "")
    if isinstance(value, Reference):
        return _range_of_resource(resource, value, depth)
    ending = _ending(value) if isinstance(value, Text) else ""
    if isinstance(value, Unknown):
        ending = value.text.rpartition(OPEN_PART)[2]
    if (match := re.search(r"/(\d{1,3})\s*$", ending)) and _is_small(match[1]):
        return (), ""
    if isinstance(value, Unknown):
        return (), value.reason
    if isinstance(value, (Text, DynamicReference)):
        return (), f"{str(value)!r} is known only after deployment"
    try:
        return (read_range(scalar_text(value)),), ""
    except ValueError as problem:
        return (), str(problem)


def _ending(text: Text) -> str:
    """Give what a text is certain to end with: the pieces after its last reference."""
    pieces: list[str] = []
    for part in reversed(text.parts):
        if isinstance(part, (Reference, DynamicReference)):
            break
        pieces.insert(0, part)
    return "".join(pieces)


def _is_small(prefix: str) -> bool:
    """Whether a range with this prefix length is small whatever its address."""
    return int(prefix) >= SMALL_PREFIX


def _range_of_resource(resource: View, reference: Reference, depth: int) -> tuple[tuple[Range, ...], str]:
    names = (reference.attribute, reference.logical_id.rpartition(".")[2])
    if any(name.startswith("Ipv6CidrBlocks") for name in names):
        return (), ""  # a VPC's IPv6 ranges are /44 at the most: Amazon VPC User Guide, "IPv6 VPC CIDR blocks"
    named = resource.named(reference, "AWS::EC2::VPC", "AWS::EC2::Subnet")
    if named is None or reference.attribute not in ("CidrBlock", "CidrBlockAssociations") or depth > 1:
        return (), f"{str(reference)!r} is known only after deployment"
    block = named.peek("CidrBlock")
    if isinstance(block, Absent):
        return (), f"the range of {named.logical_id} is given out by an address manager (IPAM)"
    return _ranges(named, block, depth + 1)


def _prefix_list(resource: View, value: Any) -> tuple[tuple[Range, ...], str]:
    named = resource.named(value, "AWS::EC2::PrefixList") if isinstance(value, Reference) else None
    if named is None:
        # Kept elsewhere, by AWS or by whoever answers for the list: a named set of networks. Its id says no more of
        # what it holds than a parameter, an import or a look-up of the id does.
        is_elsewhere = isinstance(value, (Unknown, Reference, Text, DynamicReference))
        if is_elsewhere or (isinstance(value, str) and PREFIX_LIST_ID.fullmatch(value.strip())):
            return (), ""
        return (), f"what the prefix list {str(value)!r} holds does not stand in these templates"
    entries = named.peek("Entries")
    if isinstance(entries, Unknown):
        return (), entries.reason
    listed = entries if isinstance(entries, list) else [] if isinstance(entries, Absent) else [entries]
    found = [_ranges(named, step_down(entry, ("Cidr",))) for entry in listed]
    return tuple(r for ranges, _ in found for r in ranges), next((why for _, why in found if why), "")


def together_open(rules: Iterable[SecurityRule], includes: Callable[[SecurityRule, str, int], bool]) -> set[Path]:
    """Find rules that only together let anyone through some port.

    Args:
        rules: rules of one group.
        includes: whether a rule lets a port of a protocol through.

    Returns:
        The (template, logical id, path…) of the peers that take part; empty when the rules do not add up.
    """
    sides = [(rule, peer) for rule in rules for peer in rule.peers if peer.ranges]
    points = {
        (rule.protocol or EVERY_PROTOCOL, rule.ports[0] if rule.ports is not None else 0)
        for rule, _ in sides
        if rule.ports is None or rule.ports[0] >= 0
    }
    for protocol, port in sorted(points):
        taking_part = [(rule, peer) for rule, peer in sides if includes(rule, protocol, port)]
        if opens_to_anyone(network for _, peer in taking_part for network in peer.ranges):
            return {(rule.resource.template.key, rule.resource.logical_id, *peer.path) for rule, peer in taking_part}
    return set()


def names_of(taking_part: Iterable[Path]) -> str:
    """Say which rules take part: `Web Properties.SecurityGroupIngress.0.CidrIp, More Properties.CidrIp`."""
    return ", ".join(f"{path[1]} {place(*path[2:])}" for path in sorted(taking_part, key=str))
