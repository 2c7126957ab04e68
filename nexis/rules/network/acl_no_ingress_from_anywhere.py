"""No network ACL lets anyone from the internet in to administration or databases.

An ACL keeps no state, so it must let in the answers to connections from inside: a range from 1024 or more up to the
last port is for those, and passes. So do the ports of a website. An entry that denies a port under a lower number
comes first and takes it away. What an ACL lets out is left to the security groups.

Source: Amazon VPC User Guide, "Network ACL rules" and "Custom network ACLs" (ephemeral ports), read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.cidr import describe, opens_to_anyone
from nexis.facts.network_ports import FIRST_REPLY_PORT, describe_ports, sensitive_in
from nexis.rules.model import Problem, Rule
from nexis.rules.network._security_rules import EVERY_PORT, EVERY_PROTOCOL, PROTOCOL_NAMES, bounded_port, read_ranges
from nexis.templates.values import Reference, Unknown
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

ENTRY: Final = "AWS::EC2::NetworkAclEntry"
RANGES: Final = ("CidrBlock", "Ipv6CidrBlock")
LAST_NUMBER: Final = 32767


def applies(entry: View) -> bool:
    """Judge what lets something in; an entry is for ingress unless it says otherwise."""
    if entry.flag("Egress", default=False):
        return False
    action = entry.literal("RuleAction")
    return not isinstance(action, str) or action.lower() != "deny"


def check(entry: View) -> Iterator[Problem]:
    """Judge an entry."""
    for name in RANGES:
        if isinstance(entry.peek(name), Absent):
            continue
        peer = read_ranges(entry, name)
        if not peer.open and not opens_to_anyone(peer.ranges):
            continue
        ports = _ports(entry)
        if ports is None:
            continue
        found = set(sensitive_in(*ports)) - _denied_before(entry, name)
        if not found:
            continue
        if peer.open:
            yield Problem(place(name), f"cannot be known here: {peer.open}", "unknown")
        else:
            yield Problem(
                place(name),
                f"found {describe(peer.ranges)}, which lets in anyone from the internet on port "
                f"{describe_ports(*ports)}; expected the address range of a known network, or fewer ports",
            )


def _ports(entry: View) -> tuple[int, int] | None:
    """Give the ports that an entry is for; None where it is for none that matter."""
    protocol = entry.literal("Protocol")
    name = EVERY_PROTOCOL if isinstance(protocol, Absent) else protocol.strip().lower()
    name = PROTOCOL_NAMES.get(name, name)
    if name == EVERY_PROTOCOL:
        return EVERY_PORT
    if name not in ("tcp", "udp"):
        return None
    first, last = entry.number("PortRange", "From"), entry.number("PortRange", "To")
    low, high = bounded_port(first, 0), bounded_port(last, EVERY_PORT[1])
    low, high = max(low, 0), EVERY_PORT[1] if high < 0 else high  # -1 is every port
    return None if low >= FIRST_REPLY_PORT and high >= EVERY_PORT[1] else (low, high)


def _denied_before(entry: View, name: str) -> set[int]:
    """Give the ports of administration and databases that entries before this one deny to everyone."""
    own, number = entry.peek("NetworkAclId"), _number(entry)
    denied: set[int] = set()
    for other in entry.scene.views(ENTRY):
        if other.is_same(entry) or other.peek("NetworkAclId") != own or isinstance(own, (Absent, Unknown)):
            continue
        try:
            is_deny = not other.flag("Egress", default=False) and other.literal("RuleAction") == "deny"
            if is_deny and _number(other) < number and opens_to_anyone(read_ranges(other, name).ranges):
                denied |= set(sensitive_in(*_ports_denied(other)))
        except Undetermined:
            continue
    return denied


def _ports_denied(entry: View) -> tuple[int, int]:
    protocol = str(entry.literal("Protocol")).strip().lower()
    if PROTOCOL_NAMES.get(protocol, protocol) not in (EVERY_PROTOCOL, "tcp"):
        return (1, 0)  # a denial for UDP alone takes away nothing that listens on TCP
    if PROTOCOL_NAMES.get(protocol, protocol) == EVERY_PROTOCOL:
        return EVERY_PORT
    first, last = entry.number("PortRange", "From"), entry.number("PortRange", "To")
    return bounded_port(first, 0), bounded_port(last, EVERY_PORT[1])


def _number(entry: View) -> float:
    value = entry.peek("RuleNumber")
    if isinstance(value, (Absent, Unknown, Reference)):
        return LAST_NUMBER
    number = entry.number("RuleNumber")
    return LAST_NUMBER if isinstance(number, Absent) else number


RULE = Rule(
    id="network.acl-no-ingress-from-anywhere",
    severity="error",
    title="No network ACL lets anyone from the internet in to administration or databases",
    why="The ACL is what still stands when a security group is opened by mistake; open, it stops nothing.",
    fix="set CidrBlock or Ipv6CidrBlock of the entry to a known network, or its PortRange to what must be public "
    "(CDK: cidr=ec2.AclCidr.ipv4(range), traffic=ec2.AclTraffic.tcp_port(443))",
    types=(ENTRY,),
    applies=applies,
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",), "AWS FSBP": ("EC2.21",), "CIS AWS Foundations 5.0": ("5.2",)},
    source="Amazon VPC User Guide, Network ACL rules",
    cdk='acl.add_entry("Clients", rule_number=100, direction=ec2.TrafficDirection.INGRESS,\n'
    '              cidr=ec2.AclCidr.ipv4("10.20.0.0/16"), traffic=ec2.AclTraffic.tcp_port(5432))',
    example={
        "Clients": {
            "Type": ENTRY,
            "Properties": {
                "NetworkAclId": "acl-0123456789abcdef0",
                "RuleNumber": 100,
                "Protocol": 6,
                "RuleAction": "allow",
                "CidrBlock": "10.20.0.0/16",
                "PortRange": {"From": 5432, "To": 5432},
            },
        },
    },
)
