from __future__ import annotations

from typing import Any

import pytest

from nexis.audit import ec2_network as network
from nexis.audit.model import Live, Wanted
from tests.unit.audit.fake import ACCOUNT, FakeAws


def rule(identity: str, *, egress: bool = False, **more: Any) -> dict[str, Any]:
    answer = {"SecurityGroupRuleId": identity, "GroupId": "sg-1", "GroupOwnerId": ACCOUNT, "IsEgress": egress}
    return {**answer, "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, **more}


GROUP = {"GroupId": "sg-1", "GroupName": "hosts", "Description": "database hosts", "VpcId": "vpc-1", "OwnerId": ACCOUNT}


def test_all_rules_of_a_group_become_inline_ones() -> None:
    live = network.security_group(
        GROUP,
        [
            rule("sgr-2", CidrIpv6="::/0"),
            rule("sgr-1", CidrIpv4="10.0.0.0/16", Description="from inside"),
            rule("sgr-3", ReferencedGroupInfo={"GroupId": "sg-9", "UserId": ACCOUNT}),
            rule("sgr-4", ReferencedGroupInfo={"GroupId": "sg-8", "UserId": "999999999999"}),
            rule("sgr-5", egress=True, PrefixListId="pl-1"),
            rule("sgr-6", egress=True, ReferencedGroupInfo={"GroupId": "sg-9", "UserId": ACCOUNT}),
        ],
        ACCOUNT,
    )
    ports = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
    assert live.properties["SecurityGroupIngress"] == [
        {**ports, "CidrIp": "10.0.0.0/16", "Description": "from inside"},
        {**ports, "CidrIpv6": "::/0"},
        {**ports, "SourceSecurityGroupId": "sg-9"},
        {**ports, "SourceSecurityGroupId": "sg-8", "SourceSecurityGroupOwnerId": "999999999999"},
    ]
    assert live.properties["SecurityGroupEgress"] == [
        {**ports, "DestinationPrefixListId": "pl-1"},
        {**ports, "DestinationSecurityGroupId": "sg-9"},
    ]
    assert live.handles["SecurityGroupIngress.1"] == "sgr-2"
    assert ("AWS::EC2::SecurityGroupEgress", "sgr-5") in live.stands_for


def test_every_protocol_has_no_ports_and_icmp_keeps_its_types() -> None:
    everything = rule("sgr-1", IpProtocol="-1", FromPort=-1, ToPort=-1, CidrIpv4="0.0.0.0/0")
    assert network.security_rule(everything, egress=False, account=ACCOUNT) == {
        "IpProtocol": "-1",
        "CidrIp": "0.0.0.0/0",
    }
    ping = rule("sgr-2", IpProtocol="icmp", FromPort=-1, ToPort=-1, CidrIpv4="10.0.0.0/8")
    assert network.security_rule(ping, egress=False, account=ACCOUNT)["FromPort"] == -1


def test_no_egress_is_written_as_a_template_would() -> None:
    """In a template silence means that everything may leave; a live group without rules lets nothing out."""
    assert network.security_group(GROUP, [], ACCOUNT).properties["SecurityGroupEgress"] == [network.NOTHING_LEAVES]
    default = network.security_group({**GROUP, "GroupName": "default"}, [], ACCOUNT)
    assert default.properties["SecurityGroupEgress"] == []


def test_a_route_table_gives_its_routes_and_associations() -> None:
    answer = {
        "RouteTableId": "rtb-1",
        "VpcId": "vpc-1",
        "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable"},
            {"DestinationPrefixListId": "pl-6ea54007", "GatewayId": "vpce-1", "Origin": "CreateRoute"},
            {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "Origin": "CreateRoute", "State": "active"},
            {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1", "Origin": "CreateRoute"},
        ],
        "Associations": [
            {"RouteTableAssociationId": "rtbassoc-1", "SubnetId": "subnet-1", "Main": False},
            {"RouteTableAssociationId": "rtbassoc-2", "Main": True},
            {
                "RouteTableAssociationId": "rtbassoc-3",
                "SubnetId": "subnet-2",
                "AssociationState": {"State": "disassociated"},
            },
        ],
    }
    found = {live.key: live.properties for live in network.route_table(answer)}
    assert found == {
        ("AWS::EC2::RouteTable", "rtb-1"): {"VpcId": "vpc-1"},
        ("AWS::EC2::Route", "rtb-1|0.0.0.0/0"): {
            "RouteTableId": "rtb-1",
            "DestinationCidrBlock": "0.0.0.0/0",
            "GatewayId": "igw-1",
        },
        ("AWS::EC2::Route", "rtb-1|::/0"): {
            "RouteTableId": "rtb-1",
            "DestinationIpv6CidrBlock": "::/0",
            "EgressOnlyInternetGatewayId": "eigw-1",
        },
        ("AWS::EC2::SubnetRouteTableAssociation", "rtbassoc-1"): {"RouteTableId": "rtb-1", "SubnetId": "subnet-1"},
    }


def test_a_gateway_gives_its_attachment_under_cloudformations_id() -> None:
    answer = {"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]}
    gateway, attachment = network.internet_gateway(answer)
    assert gateway.key == ("AWS::EC2::InternetGateway", "igw-1")
    assert attachment.key == ("AWS::EC2::VPCGatewayAttachment", "IGW|vpc-1")
    assert attachment.properties == {"InternetGatewayId": "igw-1", "VpcId": "vpc-1"}


def test_an_endpoint_has_its_policy_as_a_document() -> None:
    live = network.endpoint(
        {
            "VpcEndpointId": "vpce-1",
            "VpcEndpointType": "Interface",
            "VpcId": "vpc-1",
            "ServiceName": "com.amazonaws.eu-central-1.logs",
            "State": "available",
            "PolicyDocument": '{"Statement": []}',
            "RouteTableIds": [],
            "SubnetIds": ["subnet-1"],
            "Groups": [{"GroupId": "sg-1", "GroupName": "endpoints"}],
            "PrivateDnsEnabled": True,
            "Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "x"}, {"Key": "owner", "Value": "us"}],
        }
    )
    assert live.properties == {
        "VpcEndpointType": "Interface",
        "VpcId": "vpc-1",
        "ServiceName": "com.amazonaws.eu-central-1.logs",
        "SubnetIds": ["subnet-1"],
        "PrivateDnsEnabled": True,
        "SecurityGroupIds": ["sg-1"],
        "PolicyDocument": {"Statement": []},
        "Tags": [{"Key": "owner", "Value": "us"}],
    }


FLOW_LOG = {
    "FlowLogId": "fl-1",
    "FlowLogStatus": "ACTIVE",
    "DeliverLogsStatus": "SUCCESS",
    "ResourceId": "vpc-1",
    "TrafficType": "ALL",
    "LogDestinationType": "cloud-watch-logs",
    "LogGroupName": "/flow",
    "LogDestination": "arn:aws:logs:eu-central-1:111122223333:log-group:/flow",
    "MaxAggregationInterval": 60,
}


def test_a_flow_log_names_what_it_watches_and_where_it_writes() -> None:
    assert network.flow_log(FLOW_LOG).properties == {
        "ResourceId": "vpc-1",
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogDestinationType": "cloud-watch-logs",
        "MaxAggregationInterval": 60,
        "LogGroupName": "/flow",
    }
    to_bucket = {**FLOW_LOG, "LogGroupName": None, "LogDestination": "arn:aws:s3:::flow", "ResourceId": "subnet-1"}
    properties = network.flow_log(to_bucket).properties
    assert (properties["LogDestination"], properties["ResourceType"]) == ("arn:aws:s3:::flow", "Subnet")


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ({}, ""),
        ({"DeliverLogsStatus": "FAILED", "DeliverLogsErrorMessage": "Access error"}, "delivers nothing: Access error"),
        ({"FlowLogStatus": "DELETING"}, "is DELETING, expected ACTIVE"),
    ],
)
def test_a_flow_log_that_records_nothing_is_in_trouble(change: dict[str, str], trouble: str) -> None:
    assert network.flow_log({**FLOW_LOG, **change}).trouble == trouble


def filtered(answers: list[dict[str, Any]], **members: str) -> Any:
    def answer(**parameters: Any) -> list[dict[str, Any]]:
        filters = parameters.get("Filters") or parameters.get("Filter") or []
        return [a for a in answers if all(a.get(members[f["Name"]]) in f["Values"] for f in filters)]

    return answer


def test_everything_in_a_wanted_network_is_read_and_nothing_else() -> None:
    subnets = [{"SubnetId": f"subnet-{n}", "VpcId": f"vpc-{n}"} for n in (1, 2, 3)]
    answer = filtered(subnets, **{"vpc-id": "VpcId", "subnet-id": "SubnetId"})
    aws = FakeAws({("ec2", "describe_subnets"): answer})

    def read(wanted: Wanted) -> set[str]:
        found: list[Live] = network.fetch(aws, wanted)
        return {live.identity for live in found}

    assert read(Wanted(vpcs=["vpc-1"], ids={"AWS::EC2::Subnet": ["subnet-1", "subnet-2"]})) == {"subnet-1", "subnet-2"}
    assert read(Wanted(everything=True)) == {"subnet-1", "subnet-2", "subnet-3"}
    aws.calls.clear()
    assert read(Wanted()) == set()
    assert aws.calls == []


def test_a_separate_rule_brings_its_group() -> None:
    groups = filtered([GROUP, {**GROUP, "GroupId": "sg-2"}], **{"group-id": "GroupId", "vpc-id": "VpcId"})
    rules = filtered([rule("sgr-1")], **{"group-id": "GroupId", "security-group-rule-id": "SecurityGroupRuleId"})
    answers = {("ec2", "describe_security_groups"): groups, ("ec2", "describe_security_group_rules"): rules}
    found = network.fetch(FakeAws(answers), Wanted(ids={"AWS::EC2::SecurityGroupIngress": ["sgr-1"]}))
    assert [live.identity for live in found] == ["sg-1"]
    assert found[0].stands_for == (("AWS::EC2::SecurityGroupIngress", "sgr-1"),)
