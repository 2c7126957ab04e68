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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, defaulted, either, opened

LIST = "Properties.SecurityGroupEgress"
CIDR = "Properties.SecurityGroupEgress.0.CidrIp"
NOTHING_MAY_LEAVE = {"CidrIp": "255.255.255.255/32", "IpProtocol": "icmp", "FromPort": 252, "ToPort": 86}
EVERYTHING = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


def group(*rules: Any, **more: Any) -> dict[str, Any]:
    return resource("AWS::EC2::SecurityGroup", GroupDescription="x", SecurityGroupEgress=list(rules), **more)


def rule(**properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::SecurityGroupEgress", GroupId={"Ref": "It"}, **properties)


CASES = RuleCases(
    "network.no-egress-default",
    (
        good("nothing written, which is another rule's", resources(It=resource("AWS::EC2::SecurityGroup"))),
        bad("every protocol to anywhere", resources(It=group(EVERYTHING)), at=(CIDR,)),
        bad(
            "every protocol to anywhere, as a number", resources(It=group({**EVERYTHING, "IpProtocol": -1})), at=(CIDR,)
        ),
        bad("host bits set", resources(It=group({**EVERYTHING, "CidrIp": "10.1.2.3/0"})), at=(CIDR,)),
        bad(
            "IPv6",
            resources(It=group({"IpProtocol": "-1", "CidrIpv6": "0::/0"})),
            at=("Properties.SecurityGroupEgress.0.CidrIpv6",),
        ),
        bad(
            "every TCP port",
            resources(It=group({"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "CidrIp": "0.0.0.0/0"})),
            at=(CIDR,),
        ),
        bad(
            "every TCP port but 0, on which nothing listens",
            resources(It=group({"IpProtocol": "tcp", "FromPort": 1, "ToPort": 65535, "CidrIp": "0.0.0.0/0"})),
            at=(CIDR,),
        ),
        bad(
            "every TCP port in two rules, one of them in a resource of its own",
            resources(
                It=group({"IpProtocol": "tcp", "FromPort": 1024, "ToPort": 65535, "CidrIp": "0.0.0.0/0"}),
                Low=rule(IpProtocol="tcp", FromPort=0, ToPort=1023, CidrIp="0.0.0.0/0"),
            ),
            at=(LIST,),
        ),
        good(
            "two ranges of ports with one between them that is left out",
            resources(
                It=group(
                    {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 24, "CidrIp": "0.0.0.0/0"},
                    {"IpProtocol": "tcp", "FromPort": 26, "ToPort": 65535, "CidrIp": "0.0.0.0/0"},
                )
            ),
        ),
        bad(
            "halves",
            resources(It=group({**EVERYTHING, "CidrIp": "20.0.0.0/8"}, {**EVERYTHING, "CidrIp": "21.0.0.0/8"})),
            at=(LIST,),
        ),
        bad(
            "halves, one of them in a resource of its own",
            resources(
                It=group({**EVERYTHING, "CidrIp": "20.0.0.0/8"}), Half=rule(**{**EVERYTHING, "CidrIp": "21.0.0.0/8"})
            ),
            at=(LIST,),
        ),
        bad(
            "a separate rule",
            resources(It=resource("AWS::EC2::SecurityGroupEgress", GroupId="sg-1", **EVERYTHING)),
            at=("Properties.CidrIp",),
        ),
        good("nothing may leave", resources(It=group(NOTHING_MAY_LEAVE))),
        good(
            "one port to a network",
            resources(It=group({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"})),
        ),
        good(
            "one port to anywhere is somebody's decision",
            resources(It=group({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"})),
        ),
        good(
            "a prefix list",
            resources(
                It=group(
                    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "DestinationPrefixListId": "pl-63a5400a"}
                )
            ),
        ),
        good(
            "a separate rule to a group",
            resources(
                It=resource(
                    "AWS::EC2::SecurityGroupEgress", GroupId="sg-1", IpProtocol="-1", DestinationSecurityGroupId="sg-2"
                )
            ),
        ),
        bad("a parameter's default", defaulted("0.0.0.0/0", It=group({**EVERYTHING, "CidrIp": OPEN})), at=(CIDR,)),
        unknown("a parameter without default", opened(It=group({**EVERYTHING, "CidrIp": OPEN})), at=(CIDR,)),
        good(
            "an open range for one port",
            opened(It=group({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": OPEN})),
        ),
        unknown("a rule that may be everything", conditional(It=group(either(EVERYTHING, NO_VALUE))), at=(CIDR,)),
        unknown("text where a rule is expected", resources(It=group("all")), at=("Properties.SecurityGroupEgress.0",)),
        unknown(
            "the whole list open", opened(It=resource("AWS::EC2::SecurityGroup", SecurityGroupEgress=OPEN)), at=(LIST,)
        ),
        not_applicable(
            "a VPC's default group",
            resources(It=resource("AWS::EC2::SecurityGroup", GroupName="default", VpcId="vpc-1")),
        ),
        not_applicable("an ingress rule", resources(It=resource("AWS::EC2::SecurityGroupIngress", **EVERYTHING))),
        unknown(
            "anywhere, for a protocol that is not known",
            opened(It=group({**EVERYTHING, "IpProtocol": OPEN})),
            at=(CIDR,),
        ),
        unknown(
            "anywhere, for ports that are not known",
            opened(It=group({"IpProtocol": "tcp", "FromPort": OPEN, "ToPort": OPEN, "CidrIp": "0.0.0.0/0"})),
            at=(CIDR,),
        ),
        unknown(
            "an open range for ports that are not known",
            opened(It=group({"IpProtocol": "tcp", "FromPort": OPEN, "ToPort": OPEN, "CidrIp": OPEN})),
            at=(CIDR,),
        ),
        good("every protocol to one network", resources(It=group({**EVERYTHING, "CidrIp": "10.0.0.0/8"}))),
        good(
            "ping to anywhere",
            resources(It=group({"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIp": "0.0.0.0/0"})),
        ),
        bad(
            "every UDP port",
            resources(It=group({"IpProtocol": "17", "FromPort": "0", "ToPort": "65535", "CidrIp": "::/0"})),
            at=(CIDR,),
        ),
        good(
            "halves for one port",
            resources(
                It=group(
                    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "20.0.0.0/8"},
                    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "21.0.0.0/8"},
                )
            ),
        ),
    ),
)


@each(CASES)
def test_no_egress_default(case: Case) -> None:
    hold(CASES, case)
