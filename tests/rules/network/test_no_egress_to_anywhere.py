from __future__ import annotations

from typing import Any

from tests.rules.network.test_no_egress_default import CIDR, EVERYTHING, LIST, group
from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import OPEN, defaulted, opened


def tcp(first: Any, last: Any = None, **peer: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": first if last is None else last, **peer}


def rule(group_id: Any, **properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::SecurityGroupEgress", GroupId=group_id, **properties)


ANYWHERE = {"CidrIp": "0.0.0.0/0"}

CASES = RuleCases(
    "network.no-egress-to-anywhere",
    (
        *(good(f"port {port} to anywhere", resources(It=group(tcp(port, **ANYWHERE)))) for port in (443, "80", 53)),
        good("a database in a network", resources(It=group(tcp(5432, CidrIp="10.0.0.0/16")))),
        good("everything, which is another rule's", resources(It=group(EVERYTHING))),
        good("nothing listed", resources(It=group())),
        good("ping", resources(It=group({"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, **ANYWHERE}))),
        good("a prefix list", resources(It=group(tcp(5432, DestinationPrefixListId="pl-63a5400a")))),
        good("a part of a piece", resources(It=group(tcp(5432, CidrIp="20.0.0.0/8")))),
        bad("a database anywhere", resources(It=group(tcp(5432, **ANYWHERE))), at=(CIDR,)),
        bad("SSH anywhere in IPv6", resources(It=group(tcp(22, CidrIpv6="0::/0"))), at=(f"{LIST}.0.CidrIpv6",)),
        bad("a range of ports", resources(It=group(tcp(443, 8443, **ANYWHERE))), at=(CIDR,)),
        bad("UDP by its number", resources(It=group({**tcp(4000, **ANYWHERE), "IpProtocol": 17})), at=(CIDR,)),
        bad("a separate rule", resources(It=rule("sg-1", **tcp(25, **ANYWHERE))), at=("Properties.CidrIp",)),
        bad("pieces", resources(It=group(tcp(25, CidrIp="20.0.0.0/8"), tcp(25, CidrIp="21.0.0.0/8"))), at=(LIST,)),
        bad(
            "pieces for a group from elsewhere",
            resources(
                It=rule("sg-1", **tcp(25, CidrIp="20.0.0.0/8")), Two=rule("sg-1", **tcp(25, CidrIp="21.0.0.0/8"))
            ),
            at=("Properties",),
        ),
        bad("a parameter's default", defaulted("0.0.0.0/0", It=group(tcp(25, CidrIp=OPEN))), at=(CIDR,)),
        unknown("an open range", opened(It=group(tcp(25, CidrIp=OPEN))), at=(CIDR,)),
        good("an open range for the web", opened(It=group(tcp(443, CidrIp=OPEN)))),
        unknown("open ports", opened(It=group(tcp(OPEN, **ANYWHERE))), at=(CIDR,)),
        good("open ports in a network", opened(It=group(tcp(OPEN, CidrIp="10.0.0.0/8")))),
        not_applicable("an ingress rule", resources(It=resource("AWS::EC2::SecurityGroupIngress", **ANYWHERE))),
    ),
)


@each(CASES)
def test_no_egress_to_anywhere(case: Case) -> None:
    hold(CASES, case)
