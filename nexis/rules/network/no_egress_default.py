"""No security group lets everything out.

EC2 gives every new group rules that let everything out. This rule finds what is written: a rule for every protocol, or
every port, to anywhere, in any spelling and in any number of pieces. That a group leaves the default in place, because
it lists nothing, is `network.egress-listed`; single ports to anywhere are `network.no-egress-to-anywhere`. A prefix
list that is not in the templates passes, because a template cannot make one that means "anywhere" without naming it.

Source: CloudFormation resource reference, AWS::EC2::SecurityGroup, read 2026-11-23: "if you do not add egress rules,
we add egress rules that allow all outbound IPv4 and IPv6 traffic".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.cidr import describe, opens_to_anyone
from nexis.rules.model import Problem, Rule
from nexis.rules.network._security_rules import (
    EGRESS,
    GROUP,
    SecurityRule,
    are_every_port,
    inline_rules,
    is_open_alone,
    names_of,
    rules_of,
    separate_rule,
    together_open,
)
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nexis.templates.views import View


def applies(resource: View) -> bool:
    """Leave a VPC's default group to `network.default-security-group-closed`: no template can make one."""
    return resource.type != GROUP or resource.peek("GroupName") != "default"


def check(resource: View) -> Iterator[Problem]:
    """Judge a group or a separate egress rule."""
    if resource.type == EGRESS.separate:
        yield from _alone([separate_rule(resource, EGRESS)])
        return
    yield from _alone(inline_rules(resource, EGRESS))
    yield from _ports_together(resource)
    wide = [rule for rule in rules_of(resource, EGRESS) if rule.is_everything and not is_open_alone(rule)]
    taking_part = together_open(wide, SecurityRule.includes)
    if taking_part:
        yield Problem(
            place(EGRESS.inline),
            f"the rules {names_of(taking_part)} together let everything out; expected the egress that is needed",
        )


def _ports_together(group: View) -> Iterator[Problem]:
    """Find rules to anywhere that only together let every port out."""
    to_anywhere = [rule for rule in rules_of(group, EGRESS) if is_open_alone(rule) and not rule.is_everything]
    for protocol in ("tcp", "udp"):
        spans = [rule.ports for rule in to_anywhere if rule.protocol == protocol and rule.ports is not None]
        if are_every_port(spans):
            written = ", ".join(f"{first}-{last}" for first, last in sorted(spans))
            yield Problem(
                place(EGRESS.inline),
                f"the rules for the {protocol} ports {written} to anywhere together let everything out; "
                "expected the egress that is needed",
            )


def _alone(rules: Iterable[SecurityRule]) -> Iterator[Problem]:
    for rule in rules:
        for peer in rule.peers:
            if rule.is_everything and opens_to_anyone(peer.ranges):
                yield Problem(
                    place(*peer.path),
                    f"found {describe(peer.ranges)} for every port, which lets everything out; "
                    "expected the egress that is needed",
                )
            elif peer.kind == "unreadable" or (peer.kind == "range" and peer.open and _may_be_everything(rule)):
                yield Problem(place(*peer.path), f"cannot be known here: {peer.open}", "unknown")
            elif opens_to_anyone(peer.ranges) and _may_be_everything(rule):
                yield Problem(
                    place(*peer.path),
                    f"cannot be known here: {describe(peer.ranges)}, for a protocol or ports that are not known",
                    "unknown",
                )


def _may_be_everything(rule: SecurityRule) -> bool:
    return rule.is_everything or rule.protocol is None or rule.ports is None


RULE = Rule(
    id="network.no-egress-default",
    severity="error",
    title="No security group lets everything out",
    why="Whoever gets into a host can send its data anywhere, and fetch more tools from anywhere.",
    fix="set SecurityGroupEgress in the group itself to the ports and networks it needs (CDK: allow_all_outbound=False "
    "and at least one egress rule with a literal range: rules that only name groups leave the property out)",
    types=(GROUP, EGRESS.separate),
    applies=applies,
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "NIST 800-53 r5": ("SC-7(5)",)},
    source="CloudFormation resource reference, AWS::EC2::SecurityGroup",
    cdk='group = ec2.SecurityGroup(self, "Hosts", vpc=vpc, allow_all_outbound=False)\n'
    'group.add_egress_rule(ec2.Peer.ipv4("10.20.0.0/16"), ec2.Port.tcp(443))',
    example={
        "Hosts": {
            "Type": GROUP,
            "Properties": {
                "GroupDescription": "Hosts",
                "SecurityGroupEgress": [
                    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.20.0.0/16"},
                ],
            },
        },
    },
)
