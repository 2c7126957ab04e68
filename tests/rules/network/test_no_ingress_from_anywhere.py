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
from tests.support.rule_templates import (
    IMPORTED,
    LOOKED_UP,
    OPEN,
    allowed,
    conditional,
    defaulted,
    either,
    mapped,
    opened,
)

CIDR = "Properties.SecurityGroupIngress.0.CidrIp"
CIDR6 = "Properties.SecurityGroupIngress.0.CidrIpv6"
LIST = "Properties.SecurityGroupIngress"


def tcp(first: Any = 443, last: Any = None, **peer: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": first if last is None else last, **peer}


def group(*rules: Any, **more: Any) -> dict[str, Any]:
    return resource("AWS::EC2::SecurityGroup", GroupDescription="x", SecurityGroupIngress=list(rules), **more)


def rule(group_id: Any, **properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::SecurityGroupIngress", GroupId=group_id, **properties)


IT = {"Ref": "It"}
LOW, HIGH = "0.0.0.0/1", "128.0.0.0/1"


def prefix_list(*cidrs: Any) -> dict[str, Any]:
    entries = [{"Cidr": cidr} for cidr in cidrs]
    return resource("AWS::EC2::PrefixList", PrefixListName="x", MaxEntries=9, AddressFamily="IPv4", Entries=entries)


VPC = resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")
OF_VPC = {"Fn::GetAtt": ["Vpc", "CidrBlock"]}

SPELLINGS = (
    ("0.0.0.0/0", "CidrIp", CIDR),
    ("0.0.0.0/00", "CidrIp", CIDR),
    (" 0.0.0.0/0 ", "CidrIp", CIDR),
    ("10.1.2.3/0", "CidrIp", CIDR),
    ("000.0.0.0/0", "CidrIp", CIDR),
    ("0.0.0.0/1", "CidrIp", CIDR),
    ("52.0.0.0/6", "CidrIp", CIDR),
    ("::/0", "CidrIpv6", CIDR6),
    ("0::/0", "CidrIpv6", CIDR6),
    ("0:0:0:0:0:0:0:0/0", "CidrIpv6", CIDR6),
    ("2001:db8::1/0", "CidrIpv6", CIDR6),
    ("2000::/3", "CidrIpv6", CIDR6),
    ("::ffff:0:0/96", "CidrIpv6", CIDR6),
    ("::/0", "CidrIp", CIDR),
)

WEB_RULE = tcp(443, CidrIp="0.0.0.0/0")
WEB = group(WEB_RULE)
CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"


def front(name: str, **more: Any) -> dict[str, Any]:
    return resource("AWS::ElasticLoadBalancingV2::LoadBalancer", SecurityGroups=[{"Ref": name}], **more)


FRONT = front("It")
HOST = resource("AWS::EC2::Instance", NetworkInterfaces=[{"GroupSet": [IT]}])

CASES = RuleCases(
    "network.no-ingress-from-anywhere",
    (
        *(
            bad(f"{text!r} in {name}", resources(It=group(tcp(**{name: text}))), at=(at,))
            for text, name, at in SPELLINGS
        ),
        good("a private range", resources(It=group(tcp(CidrIp="10.0.0.0/8")))),
        good("a known network", resources(It=group(tcp(CidrIp="198.51.100.0/24", CidrIpv6="2600:1f00::/24")))),
        good("no rules at all", resources(It=resource("AWS::EC2::SecurityGroup", GroupDescription="x"))),
        good("a client's group", resources(It=group(tcp(SourceSecurityGroupId={"Ref": "Other"})))),
        good("a client's group that is imported", resources(It=group(tcp(SourceSecurityGroupId=IMPORTED)))),
        bad("every protocol", resources(It=group({"IpProtocol": -1, "CidrIp": "0.0.0.0/0"})), at=(CIDR,)),
        bad(
            "ping",
            resources(It=group({"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIp": "0.0.0.0/0"})),
            at=(CIDR,),
        ),
        bad(
            "the rule alone, not in a list",
            resources(It=resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=tcp(CidrIp="0.0.0.0/0"))),
            at=("Properties.SecurityGroupIngress.CidrIp",),
        ),
        bad("a list of ranges", resources(It=group(tcp(CidrIp=["10.0.0.0/8", "0.0.0.0/0"]))), at=(CIDR,)),
        # halves
        bad(
            "two halves on one port, each of them already too much",
            resources(It=group(tcp(CidrIp=LOW), tcp(CidrIp=HIGH))),
            at=(CIDR, "Properties.SecurityGroupIngress.1.CidrIp"),
        ),
        bad(
            "small pieces that add up", resources(It=group(*(tcp(CidrIp=f"{n}.0.0.0/8") for n in (20, 21)))), at=(LIST,)
        ),
        bad(
            "pieces over ports that overlap",
            resources(It=group(tcp(1, 500, CidrIp="20.0.0.0/8"), tcp(400, 900, CidrIp="21.0.0.0/8"))),
            at=(LIST,),
        ),
        good(
            "pieces over ports that do not",
            resources(It=group(tcp(1, 399, CidrIp="20.0.0.0/8"), tcp(400, 900, CidrIp="21.0.0.0/8"))),
        ),
        good(
            "pieces for different protocols",
            resources(It=group(tcp(CidrIp="20.0.0.0/8"), {**tcp(CidrIp="21.0.0.0/8"), "IpProtocol": "udp"})),
        ),
        bad(
            "a protocol by its number",
            resources(It=group(tcp(CidrIp="20.0.0.0/8"), {**tcp(CidrIp="21.0.0.0/8"), "IpProtocol": "6"})),
            at=(LIST,),
        ),
        bad(
            "one piece for every protocol",
            resources(It=group(tcp(CidrIp="20.0.0.0/8"), {"IpProtocol": "-1", "CidrIp": "21.0.0.0/8"})),
            at=(LIST,),
        ),
        bad(
            "one piece inline, the other in a resource of its own",
            resources(It=group(tcp(CidrIp="20.0.0.0/8")), Half=rule(IT, **tcp(CidrIp="21.0.0.0/8"))),
            at=(LIST,),
        ),
        bad(
            "both pieces in resources of their own",
            resources(
                It=group(),
                One=rule({"Fn::GetAtt": ["It", "GroupId"]}, **tcp(CidrIp="20.0.0.0/8")),
                Two=rule(IT, **tcp(CidrIp="21.0.0.0/8")),
            ),
            at=(LIST,),
        ),
        good("a piece by itself", resources(It=rule({"Ref": "G"}, **tcp(CidrIp="20.0.0.0/8")), G=group())),
        bad(
            "pieces for a group that is elsewhere",
            resources(
                It=rule("sg-0123456789abcdef0", **tcp(CidrIp="20.0.0.0/8")),
                Two=rule("sg-0123456789abcdef0", **tcp(CidrIp="21.0.0.0/8")),
            ),
            at=("Properties.CidrIp",),
        ),
        good(
            "pieces for two groups that are elsewhere",
            resources(
                It=rule("sg-0123456789abcdef0", **tcp(CidrIp="20.0.0.0/8")),
                Two=rule("sg-0123456789abcdef1", **tcp(CidrIp="21.0.0.0/8")),
            ),
        ),
        bad(
            "a separate rule",
            resources(It=rule({"Ref": "G"}, **tcp(CidrIpv6="::/0")), G=group()),
            at=("Properties.CidrIpv6",),
        ),
        good(
            "the group of a separate rule that fails by itself",
            resources(It=group(), Open=rule(IT, **tcp(CidrIp="0.0.0.0/0"))),
        ),
        bad(
            "a separate rule by group name",
            resources(
                It=group(tcp(CidrIp="20.0.0.0/8"), GroupName="web"),
                Two=resource("AWS::EC2::SecurityGroupIngress", GroupName="web", **tcp(CidrIp="21.0.0.0/8")),
            ),
            at=(LIST,),
        ),
        # prefix lists and VPC ranges
        bad(
            "a prefix list with everything in it",
            resources(It=group(tcp(SourcePrefixListId={"Ref": "All"})), All=prefix_list("0.0.0.0/0")),
            at=("Properties.SecurityGroupIngress.0.SourcePrefixListId",),
        ),
        bad(
            "a prefix list of halves",
            resources(
                It=group(tcp(SourcePrefixListId={"Fn::GetAtt": ["All", "PrefixListId"]})), All=prefix_list(LOW, HIGH)
            ),
            at=("Properties.SecurityGroupIngress.0.SourcePrefixListId",),
        ),
        good(
            "a prefix list of offices",
            resources(It=group(tcp(SourcePrefixListId={"Ref": "All"})), All=prefix_list("203.0.113.0/24")),
        ),
        good("a prefix list by its id", resources(It=group(tcp(SourcePrefixListId="pl-0123456789abcdef0")))),
        unknown(
            "a prefix list by no id",
            resources(It=group(tcp(SourcePrefixListId="offices"))),
            at=("Properties.SecurityGroupIngress.0.SourcePrefixListId",),
        ),
        bad(
            "quarters",
            resources(It=group(*(tcp(CidrIp=f"{n}.0.0.0/2") for n in (0, 64, 128)), tcp(CidrIp="192.0.0.0/2"))),
            at=tuple(f"Properties.SecurityGroupIngress.{n}.CidrIp" for n in range(4)),
        ),
        bad("a range of ports with a database in it", resources(It=group(tcp(5000, 6000, CidrIp="0/0"))), at=(CIDR,)),
        bad("ports as text", resources(It=group(tcp("22", "22", CidrIp="0.0.0.0/0"))), at=(CIDR,)),
        good(
            "what path MTU discovery needs",
            resources(
                It=group(
                    {"IpProtocol": "icmp", "FromPort": 3, "ToPort": 4, "CidrIp": "0.0.0.0/0"},
                    {"IpProtocol": "58", "FromPort": "2", "ToPort": "0", "CidrIpv6": "::/0"},
                )
            ),
        ),
        # the groups of load balancers
        good("the web, for a load balancer on the internet", resources(It=WEB, Front=FRONT)),
        good("the web, for a classic one", resources(It=WEB, Front=resource(CLASSIC, SecurityGroups=[IT]))),
        good("the web in a separate rule", resources(It=rule({"Ref": "G"}, **WEB_RULE), G=group(), Front=front("G"))),
        bad("the web, for nobody", resources(It=WEB), at=(CIDR,)),
        bad("the web, for an internal one", resources(It=WEB, Front=front("It", Scheme="internal")), at=(CIDR,)),
        bad("the web, for a host too", resources(It=WEB, Front=FRONT, Host=HOST), at=(CIDR,)),
        bad("another port for one", resources(It=group(tcp(8443, CidrIp="0.0.0.0/0")), Front=FRONT), at=(CIDR,)),
        bad("a range of ports for one", resources(It=group(tcp(80, 443, CidrIp="0.0.0.0/0")), Front=FRONT), at=(CIDR,)),
        good("the VPC's own range", resources(It=group(tcp(CidrIp=OF_VPC)), Vpc=VPC)),
        good(
            "the VPC's IPv6 range",
            resources(It=group(tcp(CidrIpv6={"Fn::Select": [0, {"Fn::GetAtt": ["Vpc", "Ipv6CidrBlocks"]}]})), Vpc=VPC),
        ),
        bad(
            "a VPC's range that is all there is",
            resources(It=group(tcp(CidrIp=OF_VPC)), Vpc=resource("AWS::EC2::VPC", CidrBlock="0.0.0.0/0")),
            at=(CIDR,),
        ),
        unknown(
            "a VPC's range from an address manager",
            resources(It=group(tcp(CidrIp=OF_VPC)), Vpc=resource("AWS::EC2::VPC", Ipv4IpamPoolId="p")),
            at=(CIDR,),
        ),
        good(
            "one address that is not known yet",
            resources(It=group(tcp(CidrIp={"Fn::Sub": "${Ip.PublicIp}/32"})), Ip=resource("AWS::EC2::EIP")),
        ),
        # values
        bad("a parameter's default", defaulted("0.0.0.0/0", It=group(tcp(CidrIp=OPEN))), at=(CIDR,)),
        good("a parameter's private default", defaulted("10.0.0.0/8", It=group(tcp(CidrIp=OPEN)))),
        unknown(
            "a private default under strict parameters",
            defaulted("10.0.0.0/8", It=group(tcp(CidrIp=OPEN))),
            at=(CIDR,),
            strict=True,
        ),
        bad("a mapping", mapped("eu-central-1", "0.0.0.0/0", It=group(tcp(CidrIp=LOOKED_UP))), at=(CIDR,)),
        bad("allowed values that agree", allowed("0.0.0.0/0", "::/0", It=group(tcp(CidrIp=OPEN))), at=(CIDR,)),
        unknown(
            "allowed values that disagree", allowed("0.0.0.0/0", "10.0.0.0/8", It=group(tcp(CidrIp=OPEN))), at=(CIDR,)
        ),
        unknown("a condition", conditional(It=group(tcp(CidrIp=either("0.0.0.0/0", "10.0.0.0/8")))), at=(CIDR,)),
        unknown("a parameter without default", opened(It=group(tcp(CidrIp=OPEN))), at=(CIDR,)),
        unknown("an import", resources(It=group(tcp(CidrIp=IMPORTED))), at=(CIDR,)),
        unknown(
            "pieces whose ports are not known",
            opened(It=group(tcp(CidrIp="20.0.0.0/8"), tcp(OPEN, CidrIp="21.0.0.0/8"))),
            at=(LIST,),
        ),
        unknown("no address range", resources(It=group(tcp(CidrIp="anywhere"))), at=(CIDR,)),
        unknown(
            "text where a rule is expected", resources(It=group("tcp:443")), at=("Properties.SecurityGroupIngress.0",)
        ),
        unknown(
            "the whole list open", opened(It=resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=OPEN)), at=(LIST,)
        ),
        # RDS's old groups
        bad(
            "an RDS group",
            resources(It=resource("AWS::RDS::DBSecurityGroup", DBSecurityGroupIngress=[{"CIDRIP": "0.0.0.0/0"}])),
            at=("Properties.DBSecurityGroupIngress.0.CIDRIP",),
        ),
        bad(
            "an RDS group in pieces",
            resources(
                It=resource(
                    "AWS::RDS::DBSecurityGroup",
                    DBSecurityGroupIngress=[{"CIDRIP": "20.0.0.0/8"}, {"CIDRIP": "21.0.0.0/8"}],
                )
            ),
            at=("Properties.DBSecurityGroupIngress",),
        ),
        good(
            "an RDS group of a network",
            resources(It=resource("AWS::RDS::DBSecurityGroup", DBSecurityGroupIngress=[{"CIDRIP": "10.0.0.0/8"}])),
        ),
        bad(
            "an RDS group's separate rule",
            resources(It=resource("AWS::RDS::DBSecurityGroupIngress", DBSecurityGroupName="x", CIDRIP="0.0.0.0/0")),
            at=("Properties.CIDRIP",),
        ),
        good(
            "an RDS group's rule by group",
            resources(It=resource("AWS::RDS::DBSecurityGroupIngress", EC2SecurityGroupId={"Ref": "G"}), G=group()),
        ),
        bad(
            "a Redshift group's separate rule",
            resources(It=resource("AWS::Redshift::ClusterSecurityGroupIngress", CIDRIP="0.0.0.0/0")),
            at=("Properties.CIDRIP",),
        ),
        not_applicable("an egress rule", resources(It=resource("AWS::EC2::SecurityGroupEgress", CidrIp="0.0.0.0/0"))),
        good(
            "a piece, and another for another group",
            resources(
                It=group(tcp(CidrIp="20.0.0.0/8")),
                Other=group(),
                Two=rule({"Ref": "Other"}, **tcp(CidrIp="21.0.0.0/8")),
            ),
        ),
        good(
            "a piece, and another by another group's name",
            resources(
                It=group(tcp(CidrIp="20.0.0.0/8"), GroupName="web"),
                Two=resource("AWS::EC2::SecurityGroupIngress", GroupName="mail", **tcp(CidrIp="21.0.0.0/8")),
            ),
        ),
        good(
            "a rule beside pieces that add up without it",
            resources(
                It=rule("sg-1", **tcp(80, CidrIp="10.0.0.0/8")),
                One=rule("sg-1", **tcp(CidrIp="20.0.0.0/8")),
                Two=rule("sg-1", **tcp(CidrIp="21.0.0.0/8")),
            ),
        ),
        bad(
            "pieces of ping",
            resources(
                It=group(
                    {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIp": "20.0.0.0/8"},
                    {"IpProtocol": "1", "FromPort": -1, "ToPort": -1, "CidrIp": "21.0.0.0/8"},
                )
            ),
            at=(LIST,),
        ),
        bad(
            "pieces of UDP, one of them for every port",
            resources(
                It=group(
                    {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "CidrIp": "20.0.0.0/8"},
                    {"IpProtocol": "udp", "FromPort": -1, "ToPort": -1, "CidrIp": "21.0.0.0/8"},
                )
            ),
            at=(LIST,),
        ),
        bad(
            "pieces without ports, which is every port",
            resources(It=group(tcp(CidrIp="20.0.0.0/8"), {"IpProtocol": "tcp", "CidrIp": "21.0.0.0/8"})),
            at=(LIST,),
        ),
        unknown(
            "pieces whose protocol is not known",
            opened(It=group(tcp(CidrIp="20.0.0.0/8"), {**tcp(CidrIp="21.0.0.0/8"), "IpProtocol": OPEN})),
            at=(LIST,),
        ),
        unknown(
            "pieces whose last port is fetched while deploying",
            resources(It=group(tcp(CidrIp="20.0.0.0/8"), tcp(80, "{{resolve:ssm:port:1}}", CidrIp="21.0.0.0/8"))),
            at=(LIST,),
        ),
        unknown(
            "a large range whose address is not known yet",
            resources(It=group(tcp(CidrIp={"Fn::Sub": "${Ip.PublicIp}/8"})), Ip=resource("AWS::EC2::EIP")),
            at=(CIDR,),
        ),
        good(
            "a subnet's range",
            resources(
                It=group(tcp(CidrIp={"Fn::GetAtt": ["Sub", "CidrBlock"]})),
                Sub=resource("AWS::EC2::Subnet", CidrBlock="10.0.1.0/24"),
            ),
        ),
        bad(
            "a subnet's range that is its VPC's, which is all there is",
            resources(
                It=group(tcp(CidrIp={"Fn::GetAtt": ["Sub", "CidrBlock"]})),
                Sub=resource("AWS::EC2::Subnet", CidrBlock=OF_VPC),
                Vpc=resource("AWS::EC2::VPC", CidrBlock="0.0.0.0/0"),
            ),
            at=(CIDR,),
        ),
        good(
            "the address of a host, joined to its prefix length",
            resources(
                It=group(tcp(CidrIp={"Fn::Join": ["/", [{"Fn::GetAtt": ["Host", "PrivateIp"]}, "32"]]})),
                Host=resource("AWS::EC2::Instance"),
            ),
        ),
        unknown(
            "an open address, joined to no small prefix length",
            resources(
                It=group(tcp(CidrIp={"Fn::Join": ["/", [{"Fn::GetAtt": ["Host", "PrivateIp"]}, "3"]]})),
                Host=resource("AWS::EC2::Instance"),
            ),
            at=(CIDR,),
        ),
        unknown(
            "something else of the VPC",
            resources(It=group(tcp(CidrIp={"Fn::GetAtt": ["Vpc", "VpcId"]})), Vpc=VPC),
            at=(CIDR,),
        ),
        good("a prefix list whose id is a parameter", opened(It=group(tcp(SourcePrefixListId=OPEN)))),
        good(
            "a prefix list of another stack",
            resources(It=group(tcp(SourcePrefixListId={"Fn::ImportValue": "offices"}))),
        ),
        good(
            "a prefix list that was looked up",
            resources(
                It=group(tcp(SourcePrefixListId={"Fn::GetAtt": ["Found", "PrefixLists.0.PrefixListId"]})),
                Found=resource("Custom::AWS", ServiceToken="arn"),
            ),
        ),
        good(
            "a prefix list kept in Parameter Store",
            resources(It=group(tcp(SourcePrefixListId="{{resolve:ssm:/network/offices}}"))),
        ),
        unknown(
            "a prefix list with open entries",
            opened(
                It=group(tcp(SourcePrefixListId={"Ref": "All"})), All=resource("AWS::EC2::PrefixList", Entries=OPEN)
            ),
            at=("Properties.SecurityGroupIngress.0.SourcePrefixListId",),
        ),
    ),
)


@each(CASES)
def test_no_ingress_from_anywhere(case: Case) -> None:
    hold(CASES, case)
