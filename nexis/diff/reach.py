"""Who can newly reach what on which port, through security groups.

A group's reach is compared as a set, and so is that of each resource that wears groups: a resource that moves into a
group which was open before is reached by more, although no group changed. What a group's own growth explains is said
once, with the names of those behind it.

Source: EC2 User Guide, "Security group rules" (a resource is reached by whoever any of its groups lets in).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.diff.changes import Maker
from nexis.diff.reach_sets import EVERY_PORT, EVERY_PROTOCOL, IPV4, IPV6, ONE, grown, of_range, reach, sentences, united
from nexis.diff.sides import OPEN, has_open
from nexis.facts.network_security_groups import SECURITY_GROUP_PATHS
from nexis.rules.network._group_users import named_groups, users_of
from nexis.rules.network._security_rules import (
    EGRESS,
    GROUP,
    INGRESS,
    group_of,
    inline_rules,
    separate_rule,
)
from nexis.templates.values import Reference, Unknown
from nexis.templates.views import ABSENT, Absent, as_mapping, step_down

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.diff.match import Pair
    from nexis.diff.model import Change
    from nexis.diff.reach_sets import Reach
    from nexis.diff.sides import Side, Sides
    from nexis.diff.spans import Span
    from nexis.rules.network._security_rules import Direction, SecurityRule
    from nexis.templates.scenarios import Choices
    from nexis.templates.views import View

#: Properties that name a security group as the other side of a rule.
GROUP_PEERS: Final = {
    INGRESS.inline: ("SourceSecurityGroupId", "SourceSecurityGroupName"),
    EGRESS.inline: ("DestinationSecurityGroupId",),
}
DIRECTIONS: Final = (INGRESS, EGRESS)
EVERYTHING: Final = ((0, 2**32 - 1), (0, 2**128 - 1))
_MOST_NAMED: Final = 4


def compare_reach(sides: Sides) -> Iterator[Change]:
    """Compare who reaches what through security groups.

    Args:
        sides: both sides of the change.
    """
    for pair in sides.matching.pairs:
        if pair.type == GROUP:
            yield from _group(sides, pair)
        elif pair.type in SECURITY_GROUP_PATHS:
            yield from _user(sides, pair)
    yield from _outside_groups(sides)


# ---- one group ----


def _group(sides: Sides, pair: Pair) -> Iterator[Change]:
    maker = Maker(sides, pair, "reach")

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        before, after = sides.views(pair, choices)
        found: set[tuple[Any, ...]] = set()
        for direction in DIRECTIONS:
            old = {} if before is None else reach_of(sides.base, before, direction)
            new = {} if after is None else reach_of(sides.head, after, direction)
            found |= _said(sides.head, after, direction, old, new, "weaker")
            found |= _said(sides.base, before, direction, new, old, "stronger")
        return frozenset(found)

    yield from maker.changes(evaluate, _sentence)


def _sentence(direction: str, way: str, what: str, who: str, ports: str) -> str:
    verb = "can newly reach" if direction == "weaker" else "can no longer reach"
    if OPEN in who:
        reason = who.split(OPEN)[1]
        verb = "may newly be reached by" if direction == "weaker" else "is no longer open to"
        verb = verb if way == INGRESS.inline else verb.replace("be reached by", "reach")
        return f"{what} {verb} somebody who cannot be known on {ports}: {reason}"
    return f"{who} {verb} {what} on {ports}" if way == INGRESS.inline else f"{what} {verb} {who} on {ports}"


def _said(
    side: Side, group: View | None, way: Direction, old: Reach, new: Reach, direction: str
) -> set[tuple[Any, ...]]:
    more = grown(old, new)
    if not more or group is None:
        return set()
    names = names_of_sides(side, more, group)
    return {(direction, way.inline, behind(side, group), who, ports) for who, ports in sentences(more, new, names)}


def behind(side: Side, group: View) -> str:
    """Name a group and what stands behind it."""
    users = list(dict.fromkeys(user.logical_id for user in users_of(group)))
    listed = ", ".join(users[:_MOST_NAMED]) + (
        f" and {len(users) - _MOST_NAMED} more" if len(users) > _MOST_NAMED else ""
    )
    return f"{group.logical_id} (worn by {listed})" if users else f"{group.logical_id} (worn by nothing here)"


def names_of_sides(side: Side, found: Reach, group: View | None = None) -> dict[str, str]:
    """Give words for the other sides that are no addresses; a group that lets itself in names its own members."""
    by_number = {str(pair.number): pair for pair in side.pairs.values()}
    names = {}
    for _, kind in found:
        word, _, rest = kind.partition(" ")
        if word == "group":
            pair = by_number.get(rest.removeprefix("${#").partition("}")[0].partition(".")[0])
            names[kind] = f"security group {pair.shown[1].logical_id if pair is not None else rest}"
            if group is not None and pair is side.pair(group):
                names[kind] = "everything in the group itself"
        elif word == "prefix-list":
            names[kind] = f"prefix list {rest}"
        elif word == "range":
            names[kind] = f"the network {rest}"
        elif word == "outside":
            names[kind] = f"whoever the security group {rest} lets in"
    return names


def reach_of(side: Side, group: View, way: Direction) -> Reach:
    """Give whom a group lets in or out.

    Args:
        side: the side it stands on.
        group: the security group.
        way: in or out.
    """

    def make() -> Reach:
        rules = list(inline_rules(group, way))
        for template, resource in side.naming(side.pair(group), {way.separate: ("GroupId", "GroupName")}):
            separate = group.scene.view(template, resource.logical_id)
            named = group_of(separate) if template.key in group.scene.assembly.templates else None
            if named is not None and named.is_same(group) and separate.exists:
                rules.append(separate_rule(separate, way))
        parts = [part for rule in rules for part in _parts(side, rule, way)]
        if way is EGRESS and group.peek(EGRESS.inline) in (
            ABSENT,
            [],
        ):  # EC2 leaves its allow-all where nothing is listed
            parts += [
                (EVERY_PROTOCOL, EVERY_PORT, IPV4, EVERYTHING[0]),
                (EVERY_PROTOCOL, EVERY_PORT, IPV6, EVERYTHING[1]),
            ]
        return reach(parts)

    return side.remembered(group.scene, ("reach", group.template.key, group.logical_id, way.inline), make)


def _parts(side: Side, rule: SecurityRule, way: Direction) -> Iterator[tuple[str, Span, str, Span]]:
    """Write a rule as parts of a reach; what cannot be known is told apart by what it hangs on."""
    raw = rule.resource.peek(*rule.path)
    entry = as_mapping(raw)
    if not isinstance(raw, dict):
        yield EVERY_PROTOCOL, EVERY_PORT, f"{OPEN}{rule.peers[0].open}{OPEN}", ONE
        return
    plain = side.plain({name: entry[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in entry})
    if rule.protocol is None or rule.ports is None:
        reason = "its protocol or ports cannot be known"
        yield rule.protocol or EVERY_PROTOCOL, EVERY_PORT, f"{OPEN}{reason}{OPEN}{plain}{side.plain(entry)}", ONE
        return
    ports = _icmp_types(entry) if rule.protocol in ("icmp", "icmpv6") else rule.ports
    for peer in rule.peers:
        value = step_down(entry, tuple(peer.path[len(rule.path) :]))
        for network in peer.ranges:
            kind, addresses = of_range(network)
            yield rule.protocol, ports, kind, addresses
        written = side.plain(value)
        if has_open(written) or peer.open:
            yield rule.protocol, ports, f"{OPEN}{peer.open or 'a range that cannot be known'}{OPEN}{written}", ONE
        elif not peer.ranges:
            yield rule.protocol, ports, f"{peer.kind} {written}", ONE
    for name in GROUP_PEERS[way.inline]:
        if not isinstance(value := step_down(entry, (name,)), Absent):
            named = rule.resource.named(value, GROUP)
            written = side.plain(value) if named is None else "${#" + str(side.pair(named).number) + "}"
            kind = f"{OPEN}{value.reason}{OPEN}{written}" if has_open(written) else f"group {written}"
            yield rule.protocol, ports, kind, ONE


def _icmp_types(entry: Any) -> Span:
    """Read ICMP types, which stand in `FromPort`; -1 is every type."""
    value = entry.get("FromPort", -1)
    try:
        number = int(float(str(value)))
    except (ValueError, OverflowError):  # no number, or one without an end
        return EVERY_PORT
    return EVERY_PORT if number < 0 else (number, number)


# ---- groups of elsewhere, to which the templates add rules ----


def _outside_groups(sides: Sides) -> Iterator[Change]:
    """Compare rules that are added to groups which stand in none of the templates."""
    for way in DIRECTIONS:
        units: dict[str, Pair] = {}
        for pair in sides.matching.pairs:
            if pair.type == way.separate:
                for side, entry in ((sides.base, pair.base), (sides.head, pair.head)):
                    if entry is not None:
                        units.setdefault(_raw_group(side, entry), pair)
        for name, pair in units.items():
            if not (name.startswith("#") and sides.matching.pairs[int(name[1:])].type == GROUP):
                yield from _outside(sides, way, name, pair)


def _raw_group(side: Side, entry: Any) -> str:
    """Name the group that a separate rule belongs to, as it is written."""
    template, resource = entry
    written = resource.properties.get("GroupId", resource.properties.get("GroupName"))
    if isinstance(written, dict) and len(written) == 1:
        ((function, argument),) = written.items()
        target = argument if function == "Ref" else argument[0] if isinstance(argument, list) and argument else None
        if isinstance(target, str) and (pair := side.pairs.get((template.key, target.partition(".")[0]))) is not None:
            return f"#{pair.number}"
    return str(written)


def _outside(sides: Sides, way: Direction, name: str, pair: Pair) -> Iterator[Change]:
    maker = Maker(sides, pair, "reach")

    def of_side(side: Side, choices: Choices) -> Reach:
        return united(
            reach(_parts(side, separate_rule(view, way), way))
            for number, entry in _rules_named(sides, side, way, name)
            if (view := side.view(entry, choices)).exists and group_of(view) is None
        )

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        old, new = of_side(sides.base, choices), of_side(sides.head, choices)
        what = f"whatever wears the security group {_outside_name(sides, name)}"
        found: set[tuple[Any, ...]] = set()
        for direction, side, before, after in (
            ("weaker", sides.head, old, new),
            ("stronger", sides.base, new, old),
        ):
            more = grown(before, after)
            names = names_of_sides(side, more)
            found |= {(direction, way.inline, what, who, ports) for who, ports in sentences(more, after, names)}
        return frozenset(found)

    yield from maker.changes(evaluate, _sentence)


def _outside_name(sides: Sides, name: str) -> str:
    """Write a group of elsewhere for a reader: such as the default group of a network."""
    return f"of {sides.matching.pairs[int(name[1:])].shown[1].logical_id}" if name.startswith("#") else name


def _rules_named(sides: Sides, side: Side, way: Direction, name: str) -> Iterator[tuple[int, Any]]:
    for pair in sides.matching.pairs:
        entry = pair.base if side is sides.base else pair.head
        if pair.type == way.separate and entry is not None and _raw_group(side, entry) == name:
            yield pair.number, entry


# ---- what wears groups ----


def _user(sides: Sides, pair: Pair) -> Iterator[Change]:
    """Compare who reaches a resource, beyond what the growth of its groups explains."""
    maker = Maker(sides, pair, "reach")

    def evaluate(choices: Choices) -> frozenset[tuple[Any, ...]]:
        before, after = sides.views(pair, choices)
        found: set[tuple[Any, ...]] = set()
        for way in DIRECTIONS:
            old, new = _worn(sides.base, before, way), _worn(sides.head, after, way)
            for direction, here, there, side, view in (
                ("weaker", old, new, sides.head, after),
                ("stronger", new, old, sides.base, before),
            ):
                if view is None or (before is None and after is None):
                    continue
                more = grown(united(here.values()), united(there.values()))
                explained = united(
                    grown(_other_side(sides, side, number, way, choices), held) for number, held in there.items()
                )
                more = grown(explained, more)
                names = names_of_sides(side, more)
                whole = united(there.values())
                found |= {
                    (direction, way.inline, view.logical_id, who, ports) for who, ports in sentences(more, whole, names)
                }
        return frozenset(found)

    yield from maker.changes(evaluate, _sentence)


def _worn(side: Side, view: View | None, way: Direction) -> dict[str, Reach]:
    """Give the reach of each group that a resource wears; a group of elsewhere lets in whoever it lets in."""
    if view is None:
        return {}
    found: dict[str, Reach] = {}
    for value in [value for _, value in named_groups(view)] + list(_open_groups(view)):
        group = view.named(value, GROUP)
        if group is not None:
            if group.exists:
                found[f"#{side.pair(group).number}"] = reach_of(side, group, way)
        elif way is INGRESS and not (isinstance(value, Reference) and value.is_resource):
            written = side.plain(value)
            kind = written if has_open(written) else f"outside {written}"
            found[kind] = reach([(EVERY_PROTOCOL, EVERY_PORT, kind, ONE)])
    return found


def _open_groups(view: View) -> Iterator[Unknown]:
    """Give the security groups, or lists of them, that cannot be known."""
    for written in SECURITY_GROUP_PATHS.get(view.type, ()):
        waiting = [(view.peek(), written.split("."))]
        while waiting:
            value, path = waiting.pop()
            if isinstance(value, Unknown):
                yield value
            elif path and path[0] == "*":
                waiting += [(item, path[1:]) for item in (value if isinstance(value, list) else [value])]
            elif path:
                waiting.append((as_mapping(value).get(path[0]), path[1:]))
            elif isinstance(value, list):
                waiting += [(item, []) for item in value]


def _other_side(sides: Sides, side: Side, name: str, way: Direction, choices: Choices) -> Reach:
    """Give what the same group let in on the other side; nothing where it was not there: its own line says so."""
    if not name.startswith("#"):
        return {(EVERY_PROTOCOL, name): ((*EVERY_PORT, (ONE,)),)}  # a group of elsewhere explains nothing
    pair = sides.matching.pairs[int(name[1:])]
    before, after = sides.views(pair, choices)
    view, other = (before, sides.base) if side is sides.head else (after, sides.head)
    return {} if view is None else reach_of(other, view, way)
