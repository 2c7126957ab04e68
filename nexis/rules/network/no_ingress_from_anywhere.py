"""No security group lets in anyone from the internet.

Judged by what the ranges hold, not by how they are written: a range, or the ranges of a group over one port together,
must not hold more public addresses than one organisation can have (`nexis.facts.cidr`). Inline rules and combinations
are reported on the group, a separate rule on itself. A prefix list is followed when it stands in the assembly.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.facts.cidr import describe, opens_to_anyone
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.network._security_rules import (
    GROUP,
    INGRESS,
    SecurityRule,
    group_of,
    inline_rules,
    names_of,
    read_ranges,
    rules_of,
    same_outside_group,
    separate_rule,
    together_open,
)
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nexis.rules.network._security_rules import Peer
    from nexis.templates.views import View

DB_GROUP = "AWS::RDS::DBSecurityGroup"
DB_INGRESS = "AWS::RDS::DBSecurityGroupIngress"


def check(resource: View) -> Iterator[Problem]:
    """Judge a group or a separate rule."""
    if resource.type == GROUP:
        inline = list(inline_rules(resource, INGRESS))
        yield from _alone(peer for rule in inline for peer in rule.peers)
        yield from _together(rules_of(resource, INGRESS), (INGRESS.inline,))
    elif resource.type == INGRESS.separate:
        own = separate_rule(resource, INGRESS)
        yield from _alone(own.peers)
        if group_of(resource) is None:
            path = own.peers[0].path if own.peers else ("CidrIp",)
            yield from _together(same_outside_group(resource, INGRESS), path, resource)
    elif resource.type == DB_INGRESS:
        yield from _alone([read_ranges(resource, "CIDRIP")] if resource.peek("CIDRIP") else [])
    else:
        yield from parts(partial(_db_group, resource))


def _db_group(group: View) -> Iterator[Problem]:
    entries = group.items("DBSecurityGroupIngress")
    single = not isinstance(group.get("DBSecurityGroupIngress"), list)
    peers = []
    for position in range(len(entries)):
        path = ("DBSecurityGroupIngress", "CIDRIP") if single else ("DBSecurityGroupIngress", position, "CIDRIP")
        if group.peek(*path):
            peers.append(read_ranges(group, *path))
    yield from _alone(peers)
    yield from _together([SecurityRule(group, (), "-1", (0, 65535), tuple(peers))], ("DBSecurityGroupIngress",))


def _alone(peers: Iterable[Peer]) -> Iterator[Problem]:
    for peer in peers:
        if opens_to_anyone(peer.ranges):
            yield Problem(
                place(*peer.path),
                f"found {describe(peer.ranges)}, which lets in anyone from the internet; "
                "expected a security group, or the address range of a known network",
            )
        elif peer.open:
            yield Problem(place(*peer.path), f"cannot be known here: {peer.open}", "unknown")


def _together(
    rules: Iterable[SecurityRule], at: tuple[str | int, ...], resource: View | None = None
) -> Iterator[Problem]:
    remaining = [_without_open_sides(rule) for rule in rules]
    for includes, verdict in ((SecurityRule.includes, "fail"), (SecurityRule.may_include, "unknown")):
        taking_part = together_open(remaining, includes)
        if taking_part and (resource is None or any(part[1] == resource.logical_id for part in taking_part)):
            yield Problem(
                place(*at),
                f"the rules {names_of(taking_part)} together let in anyone from the internet; "
                "expected security groups, or the address ranges of known networks",
                "fail" if verdict == "fail" else "unknown",
            )
            return


def _without_open_sides(rule: SecurityRule) -> SecurityRule:
    """Leave out what is reported by itself."""
    peers = tuple(peer for peer in rule.peers if not opens_to_anyone(peer.ranges))
    return SecurityRule(rule.resource, rule.path, rule.protocol, rule.ports, peers, rule.port_source)


RULE = Rule(
    id="network.no-ingress-from-anywhere",
    severity="fatal",
    title="No security group lets in anyone from the internet",
    why="Whatever listens behind the group is attacked within minutes of being reachable, from every country at once.",
    fix="name the clients: SourceSecurityGroupId (CDK: peer=client_group), or a CidrIp of a network you know; halves "
    "and other ways of writing the whole internet count the same",
    types=(GROUP, INGRESS.separate, DB_GROUP, DB_INGRESS),
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("EC2.18", "EC2.19")},
    source="Amazon VPC User Guide, Security group rules; IANA IPv4 and IPv6 address registries (nexis.facts.cidr)",
)
