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
from tests.support.rule_templates import OPEN, allowed, opened

CIDR = "Properties.SecurityGroupIngress.0.CidrIp"
RANGE = "10.0.0.0/16"


def tcp(first: Any = 5432, last: Any = None, **peer: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": first if last is None else last, **peer}


def group(*rules: Any) -> dict[str, Any]:
    return resource("AWS::EC2::SecurityGroup", GroupDescription="x", SecurityGroupIngress=list(rules))


def database(**properties: Any) -> dict[str, Any]:
    return resource(
        "AWS::RDS::DBInstance",
        **{"Engine": "postgres", "VPCSecurityGroups": [{"Fn::GetAtt": ["It", "GroupId"]}], **properties},
    )


def cluster_host(**data: Any) -> dict[str, Any]:
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "nexis:cluster", "Value": "main"}]}]
    return resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"TagSpecifications": tags, **data})


EVERYTHING = {"IpProtocol": "-1", "CidrIp": RANGE}
RULE = {"GroupId": {"Ref": "It"}}

CASES = RuleCases(
    "network.database-clients-by-group",
    (
        good("a client's group", resources(It=group(tcp(SourceSecurityGroupId={"Ref": "Clients"})))),
        bad("a range", resources(It=group(tcp(CidrIp=RANGE))), at=(CIDR,)),
        bad("a single address", resources(It=group(tcp(CidrIp="10.0.0.7/32"))), at=(CIDR,)),
        bad("IPv6", resources(It=group(tcp(CidrIpv6="fd00::/8"))), at=("Properties.SecurityGroupIngress.0.CidrIpv6",)),
        bad(
            "a prefix list",
            resources(It=group(tcp(SourcePrefixListId="pl-1"))),
            at=("Properties.SecurityGroupIngress.0.SourcePrefixListId",),
        ),
        bad("the port as text", resources(It=group(tcp("5432", CidrIp=RANGE))), at=(CIDR,)),
        bad("ports around it", resources(It=group(tcp(5000, 6000, CidrIp=RANGE))), at=(CIDR,)),
        good("another port", resources(It=group(tcp(443, CidrIp=RANGE)))),
        good("UDP", resources(It=group({**tcp(CidrIp=RANGE), "IpProtocol": "udp"}))),
        good("every protocol, on a group of something else", resources(It=group(EVERYTHING))),
        bad("every protocol, on a database's group", resources(It=group(EVERYTHING), Db=database()), at=(CIDR,)),
        bad(
            "every protocol, on a database host's group",
            resources(It=group(EVERYTHING), Host=cluster_host(NetworkInterfaces=[{"Groups": [{"Ref": "It"}]}])),
            at=(CIDR,),
        ),
        bad(
            "every TCP port, on a database host's group",
            resources(It=group(tcp(0, 65535, CidrIp=RANGE)), Host=cluster_host(SecurityGroupIds=[{"Ref": "It"}])),
            at=(CIDR,),
        ),
        bad(
            "the database's own port",
            resources(It=group(tcp(6432, CidrIp=RANGE)), Db=database(Port="6432")),
            at=(CIDR,),
        ),
        good("the same port without a database behind it", resources(It=group(tcp(6432, CidrIp=RANGE)))),
        good(
            "the port of a database of another kind",
            resources(It=group(tcp(3306, CidrIp=RANGE)), Db=database(Engine="mysql", Port=3306)),
        ),
        bad(
            "a cluster's port",
            resources(
                It=group(tcp(6432, CidrIp=RANGE)),
                Db=resource(
                    "AWS::RDS::DBCluster", Engine="aurora-postgresql", Port=6432, VpcSecurityGroupIds=[{"Ref": "It"}]
                ),
            ),
            at=(CIDR,),
        ),
        bad(
            "the database's port by reference, as CDK writes it",
            resources(It=group(tcp({"Fn::GetAtt": ["Db", "Endpoint.Port"]}, CidrIp=RANGE)), Db=database(Port=6432)),
            at=(CIDR,),
        ),
        good(
            "another database's port by reference",
            resources(
                It=group(tcp({"Fn::GetAtt": ["Db", "Endpoint.Port"]}, CidrIp=RANGE)),
                Db=resource("AWS::RDS::DBInstance", Engine="mysql"),
            ),
        ),
        bad(
            "a separate rule",
            resources(It=resource("AWS::EC2::SecurityGroupIngress", GroupId="sg-1", **tcp(CidrIp=RANGE))),
            at=("Properties.CidrIp",),
        ),
        bad(
            "a separate rule for the database's own port",
            resources(
                Group=group(),
                It=resource("AWS::EC2::SecurityGroupIngress", GroupId={"Ref": "Group"}, **tcp(6432, CidrIp=RANGE)),
                Db=database(Port=6432, VPCSecurityGroups=[{"Ref": "Group"}]),
            ),
            at=("Properties.CidrIp",),
        ),
        good(
            "a separate rule from a group",
            resources(
                It=resource("AWS::EC2::SecurityGroupIngress", GroupId="sg-1", **tcp(SourceSecurityGroupId="sg-2"))
            ),
        ),
        bad("an open range", opened(It=group(tcp(CidrIp=OPEN))), at=(CIDR,)),
        unknown("an open port", opened(It=group(tcp(OPEN, CidrIp=RANGE))), at=(CIDR,)),
        unknown("allowed ports that disagree", allowed(443, 5432, It=group(tcp(OPEN, CidrIp=RANGE))), at=(CIDR,)),
        unknown(
            "text where a rule is expected", resources(It=group("5432")), at=("Properties.SecurityGroupIngress.0",)
        ),
        not_applicable("an egress rule", resources(It=resource("AWS::EC2::SecurityGroupEgress", **tcp(CidrIp=RANGE)))),
        good(
            "the port of a database behind another group",
            resources(
                It=group(tcp(6432, CidrIp=RANGE)),
                Other=group(),
                Db=database(Port=6432, VPCSecurityGroups=[{"Ref": "Other"}]),
            ),
        ),
        good(
            "every protocol, beside a database host with another group",
            resources(It=group(EVERYTHING), Other=group(), Host=cluster_host(SecurityGroupIds=[{"Ref": "Other"}])),
        ),
        good(
            "every protocol, on the group of another host",
            resources(
                It=group(EVERYTHING),
                Host=resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"SecurityGroupIds": [{"Ref": "It"}]}),
            ),
        ),
        unknown(
            "a database whose port is not known",
            opened(It=group(tcp(6432, CidrIp=RANGE)), Db=database(Port=OPEN)),
            at=(CIDR,),
        ),
        bad(
            "the usual port of a database whose port is not known",
            opened(It=group(tcp(CidrIp=RANGE)), Db=database(Port=OPEN)),
            at=(CIDR,),
        ),
        bad(
            "a database of an engine that is not known",
            opened(It=group(tcp(6432, CidrIp=RANGE)), Db=database(Port=6432, Engine=OPEN)),
            at=(CIDR,),
        ),
    ),
)


@each(CASES)
def test_database_clients_by_group(case: Case) -> None:
    hold(CASES, case)
