"""What a security group lets out to anywhere is the web, names, time or mail.

Services on these ports (`nexis.facts.network_ports.SERVICES_ANYWHERE`) stand anywhere on the internet, so a rule for
one of them cannot name a network; that it is listed is a decision somebody wrote down, and passes. Any other port, and
any range of ports, to anywhere is the way data leaves and tools come in. Rules for every port are
`network.no-egress-default`, and protocols without ports (ICMP, ESP) are not the business of this rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.cidr import describe, opens_to_anyone
from nexis.facts.network_ports import SERVICES_ANYWHERE, describe_ports
from nexis.rules.model import Problem, Rule
from nexis.rules.network._security_rules import (
    EGRESS,
    GROUP,
    SecurityRule,
    group_of,
    inline_rules,
    is_open_alone,
    names_of,
    rules_of,
    same_outside_group,
    separate_rule,
    together_open,
)
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nexis.templates.views import View


def check(resource: View) -> Iterator[Problem]:
    """Judge a group or a separate egress rule."""
    if resource.type == GROUP:
        yield from _alone(inline_rules(resource, EGRESS))
        yield from _together(rules_of(resource, EGRESS), resource)
        return
    own = separate_rule(resource, EGRESS)
    yield from _alone([own])
    if group_of(resource) is None:
        yield from _together(same_outside_group(resource, EGRESS), resource)


def _is_asked(rule: SecurityRule) -> bool:
    """Whether a rule is for ports of TCP or UDP beyond those that may go anywhere."""
    if rule.is_everything or rule.protocol not in ("tcp", "udp") or rule.ports is None:
        return False
    first, last = rule.ports
    return first != last or first not in SERVICES_ANYWHERE


def _may_be_asked(rule: SecurityRule) -> bool:
    return rule.protocol in ("tcp", "udp") and rule.ports is None


def _alone(rules: Iterable[SecurityRule]) -> Iterator[Problem]:
    for rule in rules:
        for peer in rule.peers:
            if _is_asked(rule) and opens_to_anyone(peer.ranges) and rule.ports is not None:
                yield Problem(
                    place(*peer.path),
                    f"found {describe(peer.ranges)} on port {describe_ports(*rule.ports)}; expected the networks that "
                    "are needed",
                )
            elif peer.kind == "range" and (
                (peer.open and _is_asked(rule)) or (_may_be_asked(rule) and (peer.open or is_open_alone(rule)))
            ):
                why = peer.open or f"{describe(peer.ranges)}, for ports that are not known"
                yield Problem(place(*peer.path), f"cannot be known here: {why}", "unknown")


def _together(rules: Iterable[SecurityRule], resource: View) -> Iterator[Problem]:
    pieces = [rule for rule in rules if _is_asked(rule) and not is_open_alone(rule)]
    taking_part = together_open(pieces, SecurityRule.includes)
    if taking_part and (resource.type == GROUP or any(part[1] == resource.logical_id for part in taking_part)):
        yield Problem(
            place(EGRESS.inline) if resource.type == GROUP else "Properties",
            f"the rules {names_of(taking_part)} together let a port out to anywhere; expected the networks that are "
            "needed",
        )


RULE = Rule(
    id="network.no-egress-to-anywhere",
    severity="error",
    title="What a security group lets out to anywhere is the web, names, time or mail, port by port",
    why="A port that is open to the whole internet from inside is how data leaves and how a taken host is steered.",
    fix="set CidrIp, CidrIpv6 or DestinationSecurityGroupId of the egress rule to the network or group it needs "
    "(CDK: group.add_egress_rule(ec2.Peer.ipv4(range), port)), or narrow its ports to the one service",
    types=(GROUP, EGRESS.separate),
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "NIST 800-53 r5": ("SC-7(5)",)},
    source="Amazon VPC User Guide, Security group rules; nexis.facts.network_ports",
    cdk='group.add_egress_rule(ec2.Peer.ipv4("10.20.0.0/16"), ec2.Port.tcp(5432))',
    example={
        "Hosts": {
            "Type": GROUP,
            "Properties": {
                "GroupDescription": "Hosts",
                "SecurityGroupEgress": [
                    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"},
                    {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.20.0.0/16"},
                ],
            },
        },
    },
)
