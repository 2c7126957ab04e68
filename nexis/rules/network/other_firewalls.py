"""Firewalls that are not security groups: of Lightsail, GameLift, MediaLive and Network Firewall.

Lightsail and GameLift put hosts on the internet by design, so only administration, databases and whole ranges of
ports are judged there; MediaLive inputs and Network Firewall are not for anyone.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.cidr import describe, opens_to_anyone
from nexis.facts.network_ports import describe_ports, sensitive_in
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.network._security_rules import EVERY_PORT, bounded_port, read_ranges
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View

Path = tuple[str | int, ...]

CLAIMS: Final = ("touchpoints.network",)
CONTROLS: Final = {"SOC 2": ("CC6.6",), "NIST 800-53 r5": ("SC-7",)}
LAST_PORT: Final = EVERY_PORT[1]


def _ports(resource: View, path: Path) -> tuple[int, int]:
    first, last = resource.number(*path, "FromPort"), resource.number(*path, "ToPort")
    return bounded_port(first, 0), bounded_port(last, LAST_PORT)


def _open_side(resource: View, path: Path, ports: tuple[int, int]) -> Iterator[Problem]:
    """Judge a range that may come to ports of administration or databases."""
    peer = read_ranges(resource, *path)
    if opens_to_anyone(peer.ranges):
        yield Problem(
            place(*path),
            f"found {describe(peer.ranges)} on port {describe_ports(*ports)}, which lets in anyone from the internet; "
            "expected the range of a known network",
        )
    elif peer.open:
        yield Problem(place(*path), f"cannot be known here: {peer.open}", "unknown")


# ---- Lightsail ----

PORTS: Final = ("Networking", "Ports")


def check_lightsail(instance: View) -> Iterator[Problem]:
    """Judge the ports of a Lightsail instance."""
    if isinstance(instance.get(*PORTS), Absent):
        yield Problem(
            place(*PORTS), "is absent, and Lightsail then opens SSH to anyone; expected the ports that are needed"
        )
    for position in range(len(instance.items(*PORTS))):
        yield from parts(partial(_lightsail_port, instance, (*PORTS, position)))


def _lightsail_port(instance: View, path: Path) -> Iterator[Problem]:
    ports = _ports(instance, path)
    if not sensitive_in(*ports):
        return
    named = [name for name in ("Cidrs", "Ipv6Cidrs") if instance.items(*path, name)]
    for name in named:
        yield from _open_side(instance, (*path, name), ports)
    if not named and not instance.items(*path, "CidrListAliases"):
        yield Problem(
            place(*path),
            f"names no range for port {describe_ports(*ports)}, and Lightsail then lets in anyone from the internet; "
            "expected Cidrs with the ranges of known networks",
        )


# ---- GameLift ----

FLEETS: Final = {
    "AWS::GameLift::Fleet": "EC2InboundPermissions",
    "AWS::GameLift::ContainerFleet": "InstanceInboundPermissions",
}


def check_gamelift(fleet: View) -> Iterator[Problem]:
    """Judge the ports of a fleet of game servers."""
    name = FLEETS[fleet.type]
    for position in range(len(fleet.items(name))):
        yield from parts(partial(_gamelift_port, fleet, (name, position)))


def _gamelift_port(fleet: View, path: Path) -> Iterator[Problem]:
    ports = _ports(fleet, path)
    if set(sensitive_in(*ports)) & {22, 3389} or (ports[0] == ports[1] and sensitive_in(*ports)):
        yield from _open_side(fleet, (*path, "IpRange"), ports)


# ---- MediaLive ----


def check_medialive(group: View) -> Iterator[Problem]:
    """Judge who may send to MediaLive inputs."""
    for position in range(len(group.items("WhitelistRules"))):
        path = ("WhitelistRules", position, "Cidr")
        peer = read_ranges(group, *path)
        if opens_to_anyone(peer.ranges):
            yield Problem(
                place(*path),
                f"found {describe(peer.ranges)}, which lets in anyone from the internet; expected known networks",
            )
        elif peer.open and not isinstance(group.peek(*path), Absent):
            yield Problem(place(*path), f"cannot be known here: {peer.open}", "unknown")


# ---- Network Firewall ----

DEFAULT_ACTIONS: Final = ("StatelessDefaultActions", "StatelessFragmentDefaultActions")


def check_firewall(policy: View) -> Iterator[Problem]:
    """Judge what a firewall does with packets that no rule is about."""
    for name in DEFAULT_ACTIONS:
        yield from parts(partial(_default_action, policy, ("FirewallPolicy", name)))


def _default_action(policy: View, path: tuple[str, str]) -> Iterator[Problem]:
    for position in range(len(policy.items(*path))):
        if policy.literal(*path, position) == "aws:pass":
            yield Problem(place(*path, position), "found aws:pass, expected aws:drop or aws:forward_to_sfe")


def _rule(
    name: str,
    title: str,
    why: str,
    fix: str,
    cdk: str,
    types: tuple[str, ...],
    check: Callable[[View], Iterator[Problem]],
    source: str,
    properties: dict[str, Any],
    fsbp: tuple[str, ...] = (),
) -> Rule:
    return Rule(
        id=f"network.{name}",
        severity="error",
        title=title,
        why=why,
        fix=fix,
        types=types,
        check=check,
        claims=CLAIMS,
        controls={**CONTROLS, "AWS FSBP": fsbp} if fsbp else CONTROLS,
        source=source,
        cdk=cdk,
        example={"Example": {"Type": types[0], "Properties": properties}},
    )


RULES: Final[tuple[Rule, ...]] = (
    _rule(
        "lightsail-ports",
        "Lightsail instances take administration and database connections only from networks that are named",
        "A Lightsail instance stands on the internet; without a range each of its ports is open to everyone.",
        "list Networking.Ports with Cidrs for every port of administration or a database",
        'lightsail.CfnInstance(self, "Site", instance_name="site", networking={"ports": ports}, **settings)',
        ("AWS::Lightsail::Instance",),
        check_lightsail,
        "Lightsail User Guide, Firewall and port reference",
        {"Networking": {"Ports": [{"Protocol": "tcp", "FromPort": 443, "ToPort": 443}]}},
    ),
    _rule(
        "gamelift-ports",
        "GameLift fleets take administration and database connections only from networks that are named",
        "Players need the game's ports; SSH, Remote Desktop and databases are for those who run the fleet.",
        "set IpRange of the permission to a known network, or leave these ports out",
        'gamelift.CfnFleet(self, "Games", name="games", ec2_inbound_permissions=permissions)',
        tuple(FLEETS),
        check_gamelift,
        "CloudFormation resource reference, AWS::GameLift::Fleet IpPermission",
        {"EC2InboundPermissions": [{"FromPort": 7777, "ToPort": 7777, "IpRange": "0.0.0.0/0", "Protocol": "UDP"}]},
    ),
    _rule(
        "medialive-input-not-from-anywhere",
        "MediaLive inputs take streams only from networks that are named",
        "Whoever may send to an input can put a stream of their own on the air.",
        "set WhitelistRules to the ranges of the encoders",
        'medialive.CfnInputSecurityGroup(self, "Encoders", whitelist_rules=[{"cidr": "198.51.100.0/24"}])',
        ("AWS::MediaLive::InputSecurityGroup",),
        check_medialive,
        "CloudFormation resource reference, AWS::MediaLive::InputSecurityGroup",
        {"WhitelistRules": [{"Cidr": "198.51.100.0/24"}]},
    ),
    _rule(
        "firewall-no-pass-by-default",
        "Network Firewall drops or inspects what no rule is about",
        "A firewall that passes what it has no rule for stops only what somebody thought of.",
        "set StatelessDefaultActions and StatelessFragmentDefaultActions to aws:drop or aws:forward_to_sfe",
        'networkfirewall.CfnFirewallPolicy(self, "Policy", firewall_policy_name="policy", firewall_policy=policy)',
        ("AWS::NetworkFirewall::FirewallPolicy",),
        check_firewall,
        "AWS Security Hub User Guide, NetworkFirewall.4 and NetworkFirewall.5",
        {
            "FirewallPolicy": {
                "StatelessDefaultActions": ["aws:forward_to_sfe"],
                "StatelessFragmentDefaultActions": ["aws:drop"],
            },
        },
        ("NetworkFirewall.4", "NetworkFirewall.5"),
    ),
)
