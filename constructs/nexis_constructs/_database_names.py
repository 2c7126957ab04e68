"""Names of database hosts, their DNS zone and their clients."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nexis.facts.topology import LONGEST_ZONE_NAME, RESERVED_DNS_ZONES
from nexis_constructs._checks import check_matches, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_ec2 as ec2

WRITER_LABEL: Final = "writer"
READERS_LABEL: Final = "readers"

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
"""Source: RFC 1035, section 2.3.1, and RFC 1123, section 2.1 (a label may begin with a digit); lower case only, as
Route 53 normalises names."""


def check_label(argument: str, label: str) -> str:
    """Returns the first label of a host's DNS name.

    Args:
        argument: name of the argument, for the message.
        label: the label found.

    Raises:
        ValueError: if it is not a DNS label, or stands for a role that moves between hosts.
    """
    if label in (WRITER_LABEL, READERS_LABEL):
        raise refusal(
            argument,
            got=label,
            expected=f"a name other than {WRITER_LABEL!r} and {READERS_LABEL!r}",
            do="Those names move between hosts; give this host one of its own, such as 'host-1'.",
        )
    return check_matches(
        argument,
        label,
        _LABEL,
        expected="a DNS label: 1 to 63 lower-case letters, digits and inner hyphens",
        do="Name the host, such as 'host-1'.",
    )


def check_zone_name(argument: str, zone_name: str) -> str:
    """Returns the name of a private DNS zone.

    Args:
        argument: name of the argument, for the message.
        zone_name: the name found.

    Raises:
        ValueError: if it is not a DNS name of two labels or more in lower case, or leaves no room for host names.
    """
    expected = "a DNS name in lower case with two labels or more, without a final dot, such as 'db.nexis.internal'"
    do = "Write the zone as your hosts will be named in it."
    check_matches(argument, zone_name, rf"{_LABEL}(?:\.{_LABEL})+", expected=expected, do=do)
    if len(zone_name) > LONGEST_ZONE_NAME:
        raise refusal(argument, got=zone_name, expected=f"at most {LONGEST_ZONE_NAME} characters", do="Shorten it.")
    reserved = [zone for zone in RESERVED_DNS_ZONES if zone_name == zone or zone_name.endswith(f".{zone}")]
    if reserved:
        raise refusal(argument, got=zone_name, expected=expected, do=f"The names in {reserved[0]} are somebody else's.")
    if re.fullmatch(r"\d+", zone_name.rpartition(".")[2]):
        raise refusal(argument, got=zone_name, expected=expected, do="The last label cannot be a number.")
    return zone_name


def check_clients(
    argument: str, clients: Mapping[str, ec2.ISecurityGroup] | None
) -> tuple[tuple[str, ec2.ISecurityGroup], ...]:
    """Returns the named client groups, sorted by name.

    Args:
        argument: name of the argument, for the message.
        clients: security groups by the name of who wears them.

    Raises:
        ValueError: if a name cannot stand in a rule's description.

    Source: Amazon EC2 API Reference, IpRange Description (characters and length).
    """
    for name in clients or {}:
        check_matches(
            f"{argument}, name",
            name,
            r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}",
            expected="1 to 64 letters, digits, spaces, dots, underscores and hyphens",
            do="Name the client, such as 'billing'.",
        )
    return tuple(sorted((clients or {}).items()))
