"""No security group lets in anyone from the internet.

Judged by what the ranges hold, not by how they are written: a range, or the ranges of a group over one port together,
must not hold more public addresses than one organisation can have (`nexis.facts.cidr`). Inline rules and combinations
are reported on the group, a separate rule on itself. A prefix list is followed when it stands in the assembly; any
other is kept elsewhere, by AWS or by whoever answers for it, and passes.

Every port counts, 80 and 443 too, with one exception: TCP (or QUIC) on exactly 80 or 443 to a group that only
internet-facing load balancers of the assembly use. There the load balancer is the decision, and
`network.load-balancer-internal` names it, where it can be waived with a reason; this rule is fatal and cannot. The
ICMP messages of path MTU discovery pass as well.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.facts.cidr import describe, opens_to_anyone
from nexis.facts.network_ports import WEB_PORTS, describe_ports
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.network._group_users import users_of
from nexis.rules.network._load_balancers import may_face_the_internet
from nexis.rules.network._security_rules import (
    EVERY_PORT,
    EVERY_PROTOCOL,
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

    from nexis.templates.views import View

DB_GROUP = "AWS::RDS::DBSecurityGroup"
DB_INGRESS = "AWS::RDS::DBSecurityGroupIngress"
CLUSTER_INGRESS = "AWS::Redshift::ClusterSecurityGroupIngress"


def check(resource: View) -> Iterator[Problem]:
    """Judge a group or a separate rule."""
    if resource.type == GROUP:
        inline = [rule for rule in inline_rules(resource, INGRESS) if not _is_fine(rule, resource)]
        yield from _alone(inline)
        yield from _together(
            (rule for rule in rules_of(resource, INGRESS) if not _is_fine(rule, resource)), (INGRESS.inline,)
        )
    elif resource.type == INGRESS.separate:
        group = group_of(resource)
        own = separate_rule(resource, INGRESS)
        if _is_fine(own, group):
            return
        yield from _alone([own])
        if group is None:
            path = own.peers[0].path if own.peers else ("CidrIp",)
            yield from _together(same_outside_group(resource, INGRESS), path, resource)
    elif resource.type in (DB_INGRESS, CLUSTER_INGRESS):
        peers = (read_ranges(resource, "CIDRIP"),) if resource.peek("CIDRIP") else ()
        yield from _alone([SecurityRule(resource, (), EVERY_PROTOCOL, EVERY_PORT, peers)])
    else:
        yield from parts(partial(_db_group, resource))


def _is_fine(rule: SecurityRule, group: View | None) -> bool:
    """Whether a rule may come from anywhere."""
    if rule.is_error_report:
        return True
    if rule.protocol not in ("tcp", "udp") or rule.ports is None or group is None:
        return False
    first, last = rule.ports
    if first != last or first not in WEB_PORTS:
        return False
    users = list(users_of(group))
    return bool(users) and all(map(may_face_the_internet, users))


def _db_group(group: View) -> Iterator[Problem]:
    entries = group.items("DBSecurityGroupIngress")
    single = not isinstance(group.get("DBSecurityGroupIngress"), list)
    peers = []
    for position in range(len(entries)):
        path = ("DBSecurityGroupIngress", "CIDRIP") if single else ("DBSecurityGroupIngress", position, "CIDRIP")
        if group.peek(*path):
            peers.append(read_ranges(group, *path))
    rule = SecurityRule(group, (), EVERY_PROTOCOL, EVERY_PORT, tuple(peers))
    yield from _alone([rule])
    yield from _together([rule], ("DBSecurityGroupIngress",))


def _alone(rules: Iterable[SecurityRule]) -> Iterator[Problem]:
    for rule in rules:
        for peer in rule.peers:
            if opens_to_anyone(peer.ranges):
                yield Problem(
                    place(*peer.path),
                    f"found {describe(peer.ranges)}, which lets in anyone from the internet{_on_ports(rule)}; "
                    "expected a security group, or the address range of a known network",
                )
            elif peer.open:
                yield Problem(place(*peer.path), f"cannot be known here: {peer.open}", "unknown")


def _on_ports(rule: SecurityRule) -> str:
    if rule.protocol not in ("tcp", "udp") or rule.ports is None:
        return ""
    return f" on port {describe_ports(*rule.ports)}"


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
    types=(GROUP, INGRESS.separate, DB_GROUP, DB_INGRESS, CLUSTER_INGRESS),
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("EC2.18", "EC2.19"), "CIS AWS Foundations 5.0": ("5.3", "5.4")},
    source="Amazon VPC User Guide, Security group rules; IANA IPv4 and IPv6 address registries (nexis.facts.cidr)",
    cdk="database_group.add_ingress_rule(client_group, ec2.Port.tcp(5432))",
    example={
        "DatabaseGroup": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "Databases",
                "SecurityGroupIngress": [
                    {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.20.0.0/16"},
                ],
            },
        },
    },
)
