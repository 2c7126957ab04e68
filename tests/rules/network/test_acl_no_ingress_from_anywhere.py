from __future__ import annotations

from typing import Any

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
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened


def entry(first: Any = None, last: Any = None, **more: Any) -> dict[str, Any]:
    basic = {"NetworkAclId": {"Ref": "Acl"}, "RuleNumber": 100, "Protocol": 6, "RuleAction": "allow"}
    ports = {} if first is None else {"PortRange": {"From": first, "To": first if last is None else last}}
    return resource("AWS::EC2::NetworkAclEntry", **{**basic, "CidrBlock": "0.0.0.0/0", **ports, **more})


AT = ("Properties.CidrBlock",)
ACL = resource("AWS::EC2::NetworkAcl", VpcId="vpc-1")

CASES = RuleCases(
    "network.acl-no-ingress-from-anywhere",
    (
        good("SSH from a network", resources(It=entry(22, CidrBlock="10.0.0.0/8"))),
        good("a website", resources(It=entry(443))),
        good("the answers to what went out", resources(It=entry(1024, 65535))),
        good("those of one system", resources(It=entry(32768, "65535"))),
        good("ping", resources(It=entry(Protocol=1, Icmp={"Type": 8, "Code": -1}))),
        bad("SSH", resources(It=entry(22)), at=AT),
        bad("a database, as text", resources(It=entry("5432", "5432")), at=AT),
        bad("a range with Remote Desktop in it", resources(It=entry(3000, 4000)), at=AT),
        bad("a range to the last port with SSH in it", resources(It=entry(1, 65535)), at=AT),
        bad("every protocol", resources(It=entry(Protocol="-1")), at=AT),
        bad("every port of TCP", resources(It=entry()), at=AT),
        bad("port -1, which is every port", resources(It=entry(-1)), at=AT),
        bad(
            "IPv6",
            resources(It=entry(22, CidrBlock={"Ref": "AWS::NoValue"}, Ipv6CidrBlock="0:0:0:0:0:0:0:0/0")),
            at=("Properties.Ipv6CidrBlock",),
        ),
        bad("a half", resources(It=entry(22, CidrBlock="128.0.0.0/1")), at=AT),
        bad("a parameter's default", defaulted("0.0.0.0/0", It=entry(22, CidrBlock=OPEN)), at=AT),
        good(
            "SSH that an earlier entry denies",
            resources(It=entry(20, 22), Acl=ACL, Deny=entry(20, 23, RuleAction="deny", RuleNumber="90")),
        ),
        bad(
            "SSH that a later entry denies",
            resources(It=entry(22), Acl=ACL, Deny=entry(22, RuleAction="deny", RuleNumber=110)),
            at=AT,
        ),
        bad(
            "SSH that an earlier entry denies to a few",
            resources(It=entry(22), Acl=ACL, Deny=entry(22, RuleAction="deny", RuleNumber=1, CidrBlock="10.0.0.0/8")),
            at=AT,
        ),
        bad(
            "SSH that another list denies",
            resources(It=entry(22), Acl=ACL, Deny=entry(RuleAction="deny", RuleNumber=1, NetworkAclId="acl-2")),
            at=AT,
        ),
        bad(
            "SSH where only UDP is denied",
            resources(It=entry(22), Acl=ACL, Deny=entry(RuleAction="deny", RuleNumber=1, Protocol=17)),
            at=AT,
        ),
        good(
            "everything, after a denial of everything",
            resources(It=entry(Protocol=-1), Acl=ACL, Deny=entry(RuleAction="deny", RuleNumber=1, Protocol=-1)),
        ),
        unknown("an open range", opened(It=entry(22, CidrBlock=OPEN)), at=AT),
        good("an open range for the web", opened(It=entry(443, CidrBlock=OPEN))),
        unknown("open ports", opened(It=entry(OPEN)), at=("Properties.PortRange.From",)),
        unknown("a condition", conditional(It=entry(22, CidrBlock=either("0.0.0.0/0", "10.0.0.0/8"))), at=AT),
        not_applicable("a denial", resources(It=entry(22, RuleAction="deny"))),
        not_applicable("what goes out", resources(It=entry(Egress=True, Protocol=-1))),
        not_applicable("what goes out, as text", resources(It=entry(Egress="true", Protocol=-1))),
    ),
)


@each(CASES)
def test_acl_no_ingress_from_anywhere(case: Case) -> None:
    hold(CASES, case)
