"""Where networks lead: routes, network ACLs, public addresses and load balancers.

Sources: Amazon VPC User Guide, "Route tables" and "Network ACLs" (rules are tried in the order of their numbers and the
first that matches decides; a subnet without an ACL of its own has the default one, which lets everything through);
Elastic Load Balancing User Guides, "Scheme" and "Listeners".
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from nexis.diff.changes import Maker
from nexis.diff.reach_sets import (
    COMMON,
    EVERY_PORT,
    EVERY_PROTOCOL,
    IPV4,
    IPV6,
    ONE,
    apart,
    grown,
    of_range,
    pieces,
    reach,
    sentences,
    united,
)
from nexis.diff.sides import OPEN, has_open
from nexis.diff.spans import NOTHING, minus, plus
from nexis.facts.cidr import read_range
from nexis.rules.network._links import SUBNET
from nexis.rules.network._load_balancers import CLASSIC_LOAD_BALANCER, LOAD_BALANCER, may_face_the_internet
from nexis.rules.network._security_rules import PROTOCOL_NAMES
from nexis.templates.resolver import scalar_text
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, as_mapping, as_number, is_deferred

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from nexis.diff.match import Entry, Pair
    from nexis.diff.model import Change
    from nexis.diff.reach_sets import Reach
    from nexis.diff.sides import Side, Sides
    from nexis.templates.scenarios import Choices
    from nexis.templates.views import View

ROUTE: Final = "AWS::EC2::Route"
ROUTE_TABLE: Final = "AWS::EC2::RouteTable"
ACL: Final = "AWS::EC2::NetworkAcl"
ENTRY: Final = "AWS::EC2::NetworkAclEntry"
INSTANCE: Final = "AWS::EC2::Instance"
LAUNCH_TEMPLATE: Final = "AWS::EC2::LaunchTemplate"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
DESTINATIONS: Final = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
#: What a route leads to, by the property that names it.
TARGETS: Final = {
    "CarrierGatewayId": "a carrier gateway",
    "CoreNetworkArn": "a core network",
    "EgressOnlyInternetGatewayId": "an egress-only internet gateway",
    "InstanceId": "an instance",
    "LocalGatewayId": "a local gateway",
    "NatGatewayId": "a NAT gateway",
    "NetworkInterfaceId": "a network interface",
    "TransitGatewayId": "a transit gateway",
    "VpcEndpointId": "a VPC endpoint",
    "VpcPeeringConnectionId": "another network (peering)",
    "GatewayId": "a gateway",
}
EVERYTHING: Final = (
    (EVERY_PROTOCOL, EVERY_PORT, IPV4, (0, 2**32 - 1)),
    (EVERY_PROTOCOL, EVERY_PORT, IPV6, (0, 2**128 - 1)),
)

#: Properties that give a resource an address on the internet, with the port where a property says it; what absence
#: means is asked of the rules, which know when the network decides.
PUBLIC: Final = {
    "AWS::RDS::DBInstance": (("PubliclyAccessible",), "Port"),
    "AWS::RDS::DBCluster": (("PubliclyAccessible",), "Port"),
    "AWS::Redshift::Cluster": (("PubliclyAccessible",), "Port"),
    "AWS::RedshiftServerless::Workgroup": (("PubliclyAccessible",), "Port"),
    "AWS::DMS::ReplicationInstance": (("PubliclyAccessible",), ""),
    "AWS::Neptune::DBInstance": (("PubliclyAccessible",), ""),
    "AWS::AmazonMQ::Broker": (("PubliclyAccessible",), ""),
    SUBNET: (("MapPublicIpOnLaunch",), ""),
    INSTANCE: (("NetworkInterfaces", "*", "AssociatePublicIpAddress"), ""),
    LAUNCH_TEMPLATE: (("LaunchTemplateData", "NetworkInterfaces", "*", "AssociatePublicIpAddress"), ""),
    "AWS::AutoScaling::LaunchConfiguration": (("AssociatePublicIpAddress",), ""),
    "AWS::EKS::Cluster": (("ResourcesVpcConfig", "EndpointPublicAccess"), ""),
    "AWS::SageMaker::NotebookInstance": (("DirectInternetAccess",), ""),
}

Item = tuple[str, str]


def compare_routes(sides: Sides) -> Iterator[Change]:
    """Compare where networks lead and what has an address on the internet.

    Args:
        sides: both sides of the change.
    """
    by_type: dict[str, Callable[[Sides, Pair], Iterator[Change]]] = {
        ROUTE_TABLE: _table,
        ACL: _acl,
        SUBNET: _subnet,
        LOAD_BALANCER: _balancer,
        CLASSIC_LOAD_BALANCER: _balancer,
        ROUTE: _lone_route,
    }
    for pair in sides.matching.pairs:
        if pair.type in by_type:
            yield from by_type[pair.type](sides, pair)
        if pair.type in PUBLIC:
            yield from _public(sides, pair)


def _compared(
    sides: Sides,
    pair: Pair,
    facts: Callable[[Side, View], Reach],
    says: Callable[[str, str, str, str], str],
    words: Callable[..., Iterator[tuple[str, str]]] = sentences,
    *,
    only_both: bool = False,
) -> Iterator[Change]:
    """Compare the reach of one resource on both sides."""
    maker = Maker(sides, pair, "reach")

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        before, after = sides.views(pair, choices)
        if only_both and (before is None or after is None):
            return frozenset()
        old = {} if before is None else facts(sides.base, before)
        new = {} if after is None else facts(sides.head, after)
        found: set[tuple[Any, ...]] = set()
        for direction, less, more in (("weaker", old, new), ("stronger", new, old)):
            grew = grown(less, more)
            names = _names(grew)
            found |= {(direction, pair.shown[1].logical_id, who, ports) for who, ports in words(grew, more, names)}
        return frozenset(found)

    yield from maker.changes(evaluate, says)


def _names(found: Reach) -> dict[str, str]:
    return {
        kind: f"addresses that cannot be known ({kind.split(OPEN)[1]})" if OPEN in kind else kind for _, kind in found
    }


# ---- routes ----


def _routes(side: Side, table: View) -> Reach:
    return united(_route(side, route) for route in table.referrers(ROUTE, "RouteTableId"))


def _route(side: Side, route: View) -> Reach:
    """Give where a route leads; the way it takes stands in place of a protocol."""
    names = [name for name in TARGETS if not isinstance(route.peek(name), Absent)]
    way = " or ".join(_target(side, route, name) for name in names) or "nowhere"
    parts = []
    for name in DESTINATIONS:
        value = route.peek(name)
        if isinstance(value, Absent):
            continue
        kind, addresses = "", ONE
        if isinstance(value, str) and not is_deferred(value):
            with suppress(ValueError):
                kind, addresses = of_range(read_range(value))
        parts.append((way, ONE, kind or f"{name} {side.plain(value)}", addresses))
    return reach(parts)


def _target(side: Side, route: View, name: str) -> str:
    value = route.peek(name)
    named = route.named(value) if isinstance(value, str) else None
    if named is not None and named.type == "AWS::EC2::InternetGateway":
        return "the internet gateway"
    if name == "GatewayId" and isinstance(value, str):
        if value.startswith("igw-"):
            return "the internet gateway"
        if value == "local":
            return "local"
    if name in ("NatGatewayId", "GatewayId", "EgressOnlyInternetGatewayId"):
        return TARGETS[name]
    return f"{TARGETS[name]} {OPEN if has_open(side.plain(value)) else ''}{side.plain(value)}".replace(OPEN, "")


def _ways(more: Reach, after: Reach, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Say where routes lead, and through what."""
    for who, ways in pieces(more, after, names):
        yield who, " and ".join(ways)


def _route_sentence(direction: str, what: str, who: str, way: str) -> str:
    if direction == "weaker":
        return f"{what} newly has a route to {who} through {way}"
    return f"{what} no longer has a route to {who} through {way}"


def _table(sides: Sides, pair: Pair) -> Iterator[Change]:
    yield from _compared(sides, pair, _routes, _route_sentence, _ways)


def _lone_route(sides: Sides, pair: Pair) -> Iterator[Change]:
    """Compare a route of a table that stands in none of the templates."""

    def facts(side: Side, route: View) -> Reach:
        value = route.peek("RouteTableId")
        table = None if isinstance(value, Unknown) else route.named(value, ROUTE_TABLE)
        return {} if table is not None else _route(side, route)

    yield from _compared(sides, pair, facts, _route_sentence, _ways)


# ---- network ACLs and subnets ----


def _acl(sides: Sides, pair: Pair) -> Iterator[Change]:
    """Compare what an ACL lets through; a new one only narrows what the default one let through."""
    known = _protocols(sides)
    for egress in (False, True):

        def facts(side: Side, acl: View, egress: bool = egress) -> Reach:
            return _allowed(side, acl, known, egress=egress)

        def says(direction: str, what: str, who: str, ports: str, egress: bool = egress) -> str:
            verb = "newly lets" if direction == "weaker" else "no longer lets"
            way = f"out to {who}" if egress else f"{who} in"
            return f"the network ACL {what} {verb} {way} on {ports}"

        yield from _compared(sides, pair, facts, says, only_both=True)


def _protocols(sides: Sides) -> tuple[str, ...]:
    """Give the protocols that "every protocol" is taken apart into: the common ones, and what any ACL names."""
    named = {
        _protocol(e[1].properties.get("Protocol")) for p in sides.matching.pairs if p.type == ENTRY for e in _both(p)
    }
    return tuple(dict.fromkeys((*COMMON, *sorted(named - {"", EVERY_PROTOCOL}))))


def _both(pair: Pair) -> list[Entry]:
    return [entry for entry in (pair.base, pair.head) if entry is not None]


def _protocol(value: Any) -> str:
    text = scalar_text(value).lower() if isinstance(value, (str, int, float)) else ""
    return PROTOCOL_NAMES.get(text, text)


def _allowed(side: Side, acl: View, protocols: tuple[str, ...], *, egress: bool) -> Reach:
    """Give what an ACL lets through: its entries in order, the first that matches decides."""
    entries = []
    for entry in acl.referrers(ENTRY, "NetworkAclId"):
        way = entry.peek("Egress")
        if isinstance(way, Unknown) or (str(way).lower() == "true") is egress:
            number = entry.peek("RuleNumber")
            known = as_number(scalar_text(number)) if isinstance(number, (str, int, float)) else None
            entries.append((float("inf") if known is None else known, str(entry.peek("RuleAction")).lower(), entry))
    decided: Reach = {}
    allowed: Reach = {}
    for _, action, entry in sorted(entries, key=lambda e: e[0]):
        matched = apart(reach(_entry_parts(side, entry)), protocols)
        if action != "deny":
            news = {key: more for key, held in matched.items() if (more := minus(held, decided.get(key, NOTHING)))}
            allowed = united((allowed, news))
        if action != "deny" or not any(OPEN in kind for _, kind in matched):
            for key, held in matched.items():
                decided[key] = plus(decided.get(key, NOTHING), held)
    return allowed


def _entry_parts(side: Side, entry: View) -> Iterator[tuple[str, tuple[int, int], str, tuple[int, int]]]:
    protocol = _protocol(entry.peek("Protocol"))
    ports: Any = EVERY_PORT
    if protocol in ("tcp", "udp"):
        bounds = [entry.peek("PortRange", end) for end in ("From", "To")]
        numbers = [as_number(scalar_text(b)) if isinstance(b, (str, int, float)) else None for b in bounds]
        ports = None if None in numbers else tuple(int(n) for n in numbers if n is not None)
    whole = side.plain(entry.peek())
    for name in ("CidrBlock", "Ipv6CidrBlock"):
        value = entry.peek(name)
        if isinstance(value, Absent):
            continue
        try:
            kind, addresses = of_range(read_range(str(value)))
        except ValueError:
            kind, addresses = f"{OPEN}{value}{OPEN}", ONE
        if not protocol or is_deferred(protocol) or ports is None:
            kind, addresses, ports = f"{OPEN}what it lets through cannot be known{OPEN}{whole}", ONE, EVERY_PORT
        yield protocol or EVERY_PROTOCOL, ports, kind, addresses


def _subnet(sides: Sides, pair: Pair) -> Iterator[Change]:
    """Compare a subnet that is given another route table or another ACL."""

    def tables(side: Side, subnet: View) -> dict[int | str, View]:
        found: dict[int | str, View] = {}
        for association in subnet.referrers("AWS::EC2::SubnetRouteTableAssociation", "SubnetId"):
            value = association.peek("RouteTableId")
            table = None if isinstance(value, Unknown) else association.named(value, ROUTE_TABLE)
            if table is not None and table.exists:
                found[side.pair(table).number] = table
        return found

    def acls(side: Side, subnet: View) -> dict[int | str, View]:
        found: dict[int | str, View] = {}
        for association in subnet.referrers("AWS::EC2::SubnetNetworkAclAssociation", "SubnetId"):
            value = association.peek("NetworkAclId")
            acl = None if isinstance(value, Unknown) else association.named(value, ACL)
            if acl is not None and acl.exists:
                found[side.pair(acl).number] = acl
        return found

    maker = Maker(sides, pair, "reach")
    known = _protocols(sides)

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        before, after = sides.views(pair, choices)
        found: set[tuple[Any, ...]] = set()
        if before is None or after is None:
            return frozenset()
        for direction, one, other, one_side, other_side in (
            ("weaker", before, after, sides.base, sides.head),
            ("stronger", after, before, sides.head, sides.base),
        ):
            name = other.logical_id
            old_tables, new_tables = tables(one_side, one), tables(other_side, other)
            if old_tables.keys() != new_tables.keys():
                old = united(_routes(one_side, table) for table in old_tables.values())
                new = united(_routes(other_side, table) for table in new_tables.values())
                grew = grown(old, new)
                found |= {
                    (direction, _route_sentence(direction, name, who, ports))
                    for who, ports in _ways(grew, new, _names(grew))
                }
            old_acls, new_acls = acls(one_side, one), acls(other_side, other)
            if old_acls.keys() != new_acls.keys():
                for egress in (False, True):
                    old = _through(one_side, old_acls, known, egress=egress)
                    new = _through(other_side, new_acls, known, egress=egress)
                    grew = grown(old, new)
                    verb = "can newly pass" if direction == "weaker" else "can no longer pass"
                    way = "out of" if egress else "into"
                    found |= {
                        (direction, f"{who} {verb} {way} {name} on {ports}, by its network ACL")
                        for who, ports in sentences(grew, new, _names(grew))
                    }
        return frozenset(found)

    yield from maker.changes(evaluate, lambda _, text: str(text))


def _through(side: Side, acls: dict[int | str, View], protocols: tuple[str, ...], *, egress: bool) -> Reach:
    if not acls:
        return apart(reach(EVERYTHING), protocols)
    return united(_allowed(side, acl, protocols, egress=egress) for acl in acls.values())


# ---- addresses on the internet ----


def _public(sides: Sides, pair: Pair) -> Iterator[Change]:
    """Compare whether a resource has an address on the internet."""
    path, port = PUBLIC[pair.type]
    maker = Maker(sides, pair, "reach")

    def facts(view: View | None) -> frozenset[str]:
        if view is None:
            return frozenset()
        said = []
        for value in _at(view.peek(path[0]), path[1:]):
            if isinstance(value, Unknown):
                said.append(f"{OPEN}{value.reason}")
            elif scalar_text(value).lower() in ("true", "enabled"):
                number = view.peek(port) if port else None
                said.append(f" on TCP {number}" if isinstance(number, (str, int)) else "")
        return frozenset(said)

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        before, after = sides.views(pair, choices)
        old, new = facts(before), facts(after)
        name = pair.shown[1].logical_id
        found = {("weaker", name, item) for item in new - old if not (old and OPEN not in "".join((item, *old)))}
        found |= {("stronger", name, item) for item in old - new if not (new and OPEN not in "".join((item, *new)))}
        return frozenset(found)

    def says(direction: str, what: str, item: str) -> str:
        if item.startswith(OPEN):
            verb = "may newly be" if direction == "weaker" else "is no longer left"
            return f"{what} {verb} open to the internet, which hangs on a value that cannot be known: {item[1:]}"
        verb = "newly has" if direction == "weaker" else "no longer has"
        through = ".".join(path)
        return f"{what} {verb} an address on the internet{item} ({through}), as far as its security groups let in"

    yield from maker.changes(evaluate, says)


def _at(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, Unknown):
        yield value
    elif path and path[0] == "*":
        for item in value if isinstance(value, list) else [value]:
            yield from _at(item, path[1:])
    elif path:
        yield from _at(as_mapping(value).get(path[0]), path[1:])
    elif isinstance(value, (str, bool, int)):
        yield value


def _balancer(sides: Sides, pair: Pair) -> Iterator[Change]:
    """Compare on which ports a load balancer listens, and whether for the internet."""
    maker = Maker(sides, pair, "reach")

    def facts(view: View | None) -> frozenset[Item]:
        if view is None:
            return frozenset()
        whom = "the internet" if may_face_the_internet(view) else "whoever is in the network"
        return frozenset((whom, listener) for listener in _listeners(view))

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        before, after = sides.views(pair, choices)
        old, new = facts(before), facts(after)
        name = pair.shown[1].logical_id

        def more(less: frozenset[Item], all_of: frozenset[Item]) -> frozenset[Item]:
            reached = {listener for whom, listener in less if whom == "the internet"}
            return frozenset(item for item in all_of - less if item[1] not in reached)

        found: set[tuple[Any, ...]] = {("weaker", name, whom, port) for whom, port in more(old, new)}
        found |= {("stronger", name, whom, port) for whom, port in more(new, old)}
        return frozenset(found)

    def says(direction: str, what: str, whom: str, port: str) -> str:
        verb = "can newly reach" if direction == "weaker" else "can no longer reach"
        return f"{whom} {verb} the load balancer {what} on {port}, as far as its security groups let in"

    yield from maker.changes(evaluate, says)


def _listeners(balancer: View) -> Iterator[str]:
    """Give the protocol and port of every listener."""
    if balancer.type == CLASSIC_LOAD_BALANCER:
        listed = balancer.peek("Listeners")
        for item in listed if isinstance(listed, list) else []:
            yield _listened(as_mapping(item).get("Protocol"), as_mapping(item).get("LoadBalancerPort"))
    else:
        for listener in balancer.referrers(LISTENER, "LoadBalancerArn"):
            yield _listened(listener.peek("Protocol"), listener.peek("Port"))


def _listened(protocol: Any, port: Any) -> str:
    transport = "UDP" if str(protocol).upper() in ("UDP", "QUIC") else "TCP"
    if isinstance(port, (str, int, float)) and not is_deferred(port):
        return f"{transport} {scalar_text(port)}"
    return f"a port that cannot be known ({port.reason if isinstance(port, Unknown) else port})"
