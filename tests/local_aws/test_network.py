"""VPC, security groups, endpoints and flow logs: read back as deployed, and drifting as on AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.cloud import REGION, Cloud, allow, att, error_code, ref

pytestmark = pytest.mark.real

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}],
}
NETWORK: dict[str, Any] = {
    "Vpc": {
        "Type": "AWS::EC2::VPC",
        "Properties": {
            "CidrBlock": "10.20.0.0/16",
            "EnableDnsHostnames": True,
            "EnableDnsSupport": True,
            "Tags": [{"Key": "project", "Value": "example"}],
        },
    },
    "SubnetA": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {
            "VpcId": ref("Vpc"),
            "CidrBlock": "10.20.0.0/24",
            "AvailabilityZone": f"{REGION}a",
            "MapPublicIpOnLaunch": False,
        },
    },
    "SubnetB": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": ref("Vpc"), "CidrBlock": "10.20.1.0/24", "AvailabilityZone": f"{REGION}b"},
    },
    "Routes": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": ref("Vpc")}},
    "RoutesA": {
        "Type": "AWS::EC2::SubnetRouteTableAssociation",
        "Properties": {"RouteTableId": ref("Routes"), "SubnetId": ref("SubnetA")},
    },
    "Database": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "the database",
            "VpcId": ref("Vpc"),
            "SecurityGroupIngress": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 6432,
                    "ToPort": 6432,
                    "CidrIp": "10.20.0.0/24",
                    "Description": "zone a",
                },
                {
                    "IpProtocol": "tcp",
                    "FromPort": 6432,
                    "ToPort": 6432,
                    "CidrIp": "10.20.1.0/24",
                    "Description": "zone b",
                },
                {"IpProtocol": "tcp", "FromPort": 6432, "ToPort": 6432, "CidrIpv6": "fd00::/8"},
            ],
            "SecurityGroupEgress": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "DestinationPrefixListId": "pl-6ea54007"}
            ],
        },
    },
    "Peers": {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {
            "GroupId": att("Database", "GroupId"),
            "IpProtocol": "tcp",
            "FromPort": 6432,
            "ToPort": 6432,
            "SourceSecurityGroupId": att("Database", "GroupId"),
            "Description": "replication",
        },
    },
    "ToPeers": {
        "Type": "AWS::EC2::SecurityGroupEgress",
        "Properties": {
            "GroupId": att("Database", "GroupId"),
            "IpProtocol": "tcp",
            "FromPort": 6432,
            "ToPort": 6432,
            "DestinationSecurityGroupId": att("Database", "GroupId"),
        },
    },
    "S3": {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {
            "VpcId": ref("Vpc"),
            "ServiceName": f"com.amazonaws.{REGION}.s3",
            "VpcEndpointType": "Gateway",
            "RouteTableIds": [ref("Routes")],
            "PolicyDocument": POLICY,
        },
    },
    "Ssm": {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {
            "VpcId": ref("Vpc"),
            "ServiceName": f"com.amazonaws.{REGION}.ssm",
            "VpcEndpointType": "Interface",
            "SubnetIds": [ref("SubnetA"), ref("SubnetB")],
            "SecurityGroupIds": [att("Database", "GroupId")],
            "PrivateDnsEnabled": True,
        },
    },
    "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/vpc/flow", "RetentionInDays": 365}},
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": allow("vpc-flow-logs.amazonaws.com")},
    },
    "Flow": {
        "Type": "AWS::EC2::FlowLog",
        "Properties": {
            "ResourceId": ref("Vpc"),
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogGroupName": ref("Group"),
            "DeliverLogsPermissionArn": att("Role", "Arn"),
            "MaxAggregationInterval": 60,
            "Tags": [{"Key": "owner", "Value": "network"}],
        },
    },
    "FlowByArn": {
        "Type": "AWS::EC2::FlowLog",
        "Properties": {
            "ResourceId": ref("Vpc"),
            "ResourceType": "VPC",
            "TrafficType": "REJECT",
            "LogDestinationType": "cloud-watch-logs",
            "LogDestination": att("Group", "Arn"),
            "DeliverLogsPermissionArn": att("Role", "Arn"),
        },
    },
}


@pytest.fixture(scope="module")
def ids(cloud: Cloud) -> dict[str, str]:
    return cloud.deploy("network", NETWORK)


def group(cloud: Cloud, identity: str) -> dict[str, Any]:
    found: dict[str, Any] = cloud.client("ec2").describe_security_groups(GroupIds=[identity])["SecurityGroups"][0]
    return found


def test_a_vpc_is_born_with_a_default_group_that_admits_its_members(cloud: Cloud, ids: dict[str, str]) -> None:
    filters = [{"Name": "vpc-id", "Values": [ids["Vpc"]]}, {"Name": "group-name", "Values": ["default"]}]
    (default,) = cloud.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
    (inbound,), (outbound,) = default["IpPermissions"], default["IpPermissionsEgress"]
    assert [pair["GroupId"] for pair in inbound["UserIdGroupPairs"]] == [default["GroupId"]]
    assert inbound["IpProtocol"] == outbound["IpProtocol"] == "-1"
    assert outbound["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}]


def test_a_vpc_has_one_main_route_table_and_one_default_access_list(cloud: Cloud, ids: dict[str, str]) -> None:
    ec2 = cloud.client("ec2")
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [ids["Vpc"]]}])["RouteTables"]
    main = [t["RouteTableId"] for t in tables if any(a.get("Main") for a in t["Associations"])]
    lists = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [ids["Vpc"]]}])["NetworkAcls"]
    assert len(main) == 1
    assert main != [ids["Routes"]], "the template's own table is not the main one"
    assert [acl["IsDefault"] for acl in lists] == [True]


def test_the_default_groups_rule_can_be_revoked_as_restricting_it_does(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    (default,) = ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    own = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": default["GroupId"], "UserId": cloud.account}]}]
    ec2.revoke_security_group_ingress(GroupId=default["GroupId"], IpPermissions=own)
    ec2.revoke_security_group_egress(
        GroupId=default["GroupId"], IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    )
    (default,) = ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    assert (default["IpPermissions"], default["IpPermissionsEgress"]) == ([], [])


def test_dns_attributes_and_tags(cloud: Cloud, ids: dict[str, str]) -> None:
    ec2 = cloud.client("ec2")
    for attribute, key in (("enableDnsSupport", "EnableDnsSupport"), ("enableDnsHostnames", "EnableDnsHostnames")):
        assert ec2.describe_vpc_attribute(VpcId=ids["Vpc"], Attribute=attribute)[key] == {"Value": True}
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "tag:project", "Values": ["example"]}])["Vpcs"]
    assert vpc["VpcId"] == ids["Vpc"]


def test_rules_of_one_port_are_joined_in_the_group_and_single_in_the_list(cloud: Cloud, ids: dict[str, str]) -> None:
    (inbound,) = group(cloud, ids["Database"])["IpPermissions"]
    assert inbound["IpRanges"] == [
        {"CidrIp": "10.20.0.0/24", "Description": "zone a"},
        {"CidrIp": "10.20.1.0/24", "Description": "zone b"},
    ]
    assert inbound["Ipv6Ranges"] == [{"CidrIpv6": "fd00::/8"}]
    assert inbound["UserIdGroupPairs"] == [
        {"GroupId": ids["Database"], "UserId": cloud.account, "Description": "replication"}
    ]
    filters = [{"Name": "group-id", "Values": [ids["Database"]]}]
    rules = cloud.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    peers = {
        (
            rule["IsEgress"],
            rule.get("CidrIpv4")
            or rule.get("CidrIpv6")
            or rule.get("PrefixListId")
            or rule["ReferencedGroupInfo"]["GroupId"],
        )
        for rule in rules
    }
    assert peers == {
        (False, "10.20.0.0/24"),
        (False, "10.20.1.0/24"),
        (False, "fd00::/8"),
        (False, ids["Database"]),
        (True, "pl-6ea54007"),
        (True, ids["Database"]),
    }
    assert len({rule["SecurityGroupRuleId"] for rule in rules}) == len(rules), "every rule has an identity of its own"
    assert ids["Peers"] in {rule["SecurityGroupRuleId"] for rule in rules}, "Ref of the rule resource is its identity"


@pytest.mark.parametrize(
    "peer",
    [
        {"IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "everybody"}]},
        {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        {"PrefixListIds": [{"PrefixListId": "pl-0123456789abcdef0"}]},
    ],
    ids=["IPv4", "IPv6", "prefix list"],
)
@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_rule_added_by_hand_shows_and_goes(
    cloud: Cloud, ids: dict[str, str], peer: dict[str, Any], direction: str
) -> None:
    ec2 = cloud.client("ec2")
    side = "IpPermissions" if direction == "ingress" else "IpPermissionsEgress"
    before = group(cloud, ids["Database"])[side]
    permission = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, **peer}
    getattr(ec2, f"authorize_security_group_{direction}")(GroupId=ids["Database"], IpPermissions=[permission])
    (added,) = [p for p in group(cloud, ids["Database"])[side] if p.get("FromPort") == 22]
    ((kind, value),) = peer.items()
    assert added[kind] == value
    with pytest.raises(ClientError) as twice:
        getattr(ec2, f"authorize_security_group_{direction}")(GroupId=ids["Database"], IpPermissions=[permission])
    assert error_code(twice) == "InvalidPermission.Duplicate"
    getattr(ec2, f"revoke_security_group_{direction}")(GroupId=ids["Database"], IpPermissions=[permission])
    assert group(cloud, ids["Database"])[side] == before
    with pytest.raises(ClientError) as gone:
        getattr(ec2, f"revoke_security_group_{direction}")(GroupId=ids["Database"], IpPermissions=[permission])
    assert error_code(gone) == "InvalidPermission.NotFound"


def test_a_template_rule_revoked_by_hand_is_missing_until_the_template_changes_it(cloud: Cloud) -> None:
    rules = [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/8"} for port in (1, 2)]
    resources = {
        "G": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "g", "SecurityGroupIngress": rules}}
    }
    ids = cloud.deploy("rules", resources)
    cloud.client("ec2").revoke_security_group_ingress(
        GroupId=ids["G"], IpProtocol="tcp", FromPort=1, ToPort=1, CidrIp="10.0.0.0/8"
    )
    by_hand = {"IpProtocol": "tcp", "FromPort": 9, "ToPort": 9, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    cloud.client("ec2").authorize_security_group_ingress(GroupId=ids["G"], IpPermissions=[by_hand])
    assert {p["FromPort"] for p in group(cloud, ids["G"])["IpPermissions"]} == {2, 9}
    rules[0] = {**rules[0], "FromPort": 3, "ToPort": 3}
    assert cloud.deploy("rules", resources) == ids
    assert {p["FromPort"] for p in group(cloud, ids["G"])["IpPermissions"]} == {2, 3, 9}, "what was added by hand stays"


@pytest.mark.parametrize("user", ["a rule", "an endpoint", "a database"])
def test_a_group_in_use_is_not_deleted_and_one_that_names_itself_is(
    cloud: Cloud, ids: dict[str, str], user: str
) -> None:
    ec2, rds = cloud.client("ec2"), cloud.client("rds")
    made = [
        ec2.create_security_group(GroupName=f"{user} {n}", Description="x", VpcId=ids["Vpc"])["GroupId"] for n in (1, 2)
    ]
    for group_id in made:  # a group's own members do not count
        own = [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": made[0]}]}]
        if user == "a rule" or group_id == made[0]:
            ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=own)
    endpoint = ""
    if user == "an endpoint":
        asked = {"VpcId": ids["Vpc"], "ServiceName": f"com.amazonaws.{REGION}.kms", "VpcEndpointType": "Interface"}
        endpoint = ec2.create_vpc_endpoint(SecurityGroupIds=[made[0]], **asked)["VpcEndpoint"]["VpcEndpointId"]
    elif user == "a database":
        rds.create_db_instance(
            DBInstanceIdentifier="user",
            DBInstanceClass="db.m6gd.large",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="someone",
            ManageMasterUserPassword=True,
            VpcSecurityGroupIds=[made[0]],
        )
    with pytest.raises(ClientError) as used:
        ec2.delete_security_group(GroupId=made[0])
    assert error_code(used) == "DependencyViolation"
    if user == "an endpoint":
        ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    elif user == "a database":
        rds.delete_db_instance(DBInstanceIdentifier="user", SkipFinalSnapshot=True)
    for group_id in reversed(made):
        ec2.delete_security_group(GroupId=group_id)
    left = {g["GroupId"] for g in ec2.describe_security_groups()["SecurityGroups"]}
    assert left.isdisjoint(made)


def test_a_stack_does_not_delete_a_group_in_use(cloud: Cloud) -> None:
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "clients"}}
    made = cloud.deploy("clients", {"Clients": group})
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "SourceSecurityGroupId": made["Clients"]}
    properties = {"GroupDescription": "hosts", "SecurityGroupIngress": [rule]}
    cloud.deploy("hosts", {"Hosts": {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}})
    assert cloud.delete("clients") == "DELETE_FAILED"
    assert cloud.delete("hosts") == "DELETE_COMPLETE"
    assert cloud.delete("clients") == "DELETE_COMPLETE"


def test_endpoints_show_policy_groups_subnets_and_names(cloud: Cloud, ids: dict[str, str]) -> None:
    filters = [{"Name": "vpc-id", "Values": [ids["Vpc"]]}]
    shown = {e["VpcEndpointId"]: e for e in cloud.client("ec2").describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]}
    assert set(shown) == {ids["S3"], ids["Ssm"]}
    gateway, interface = shown[ids["S3"]], shown[ids["Ssm"]]
    assert json.loads(gateway["PolicyDocument"]) == POLICY
    assert gateway["RouteTableIds"] == [ids["Routes"]]
    assert (gateway["VpcEndpointType"], gateway["State"], gateway["PrivateDnsEnabled"]) == (
        "Gateway",
        "available",
        False,
    )
    assert interface["PrivateDnsEnabled"] is True
    assert [g["GroupId"] for g in interface["Groups"]] == [ids["Database"]]
    assert set(interface["SubnetIds"]) == {ids["SubnetA"], ids["SubnetB"]}
    assert json.loads(interface["PolicyDocument"])["Statement"][0]["Action"] == "*", (
        "an endpoint without a policy admits all"
    )


def test_an_endpoint_changed_by_hand_shows_it(cloud: Cloud, ids: dict[str, str]) -> None:
    ec2 = cloud.client("ec2")
    default = ec2.describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["default"]}, {"Name": "vpc-id", "Values": [ids["Vpc"]]}]
    )
    other = default["SecurityGroups"][0]["GroupId"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=ids["Ssm"],
        AddSecurityGroupIds=[other],
        RemoveSecurityGroupIds=[ids["Database"]],
        PrivateDnsEnabled=False,
    )
    ec2.modify_vpc_endpoint(VpcEndpointId=ids["S3"], ResetPolicy=True)
    interface, gateway = (
        ec2.describe_vpc_endpoints(VpcEndpointIds=[ids[name]])["VpcEndpoints"][0] for name in ("Ssm", "S3")
    )
    assert ([g["GroupId"] for g in interface["Groups"]], interface["PrivateDnsEnabled"]) == ([other], False)
    assert json.loads(gateway["PolicyDocument"])["Statement"][0]["Action"] == "*"
    ec2.modify_vpc_endpoint(VpcEndpointId=ids["S3"], PolicyDocument=json.dumps(POLICY))
    assert (
        json.loads(ec2.describe_vpc_endpoints(VpcEndpointIds=[ids["S3"]])["VpcEndpoints"][0]["PolicyDocument"])
        == POLICY
    )


def test_flow_logs_show_role_group_interval_and_tags(cloud: Cloud, ids: dict[str, str]) -> None:
    filters = [{"Name": "resource-id", "Values": [ids["Vpc"]]}]
    shown = {log["FlowLogId"]: log for log in cloud.client("ec2").describe_flow_logs(Filters=filters)["FlowLogs"]}
    flow, by_arn = shown[ids["Flow"]], shown[ids["FlowByArn"]]
    assert {"Key": "owner", "Value": "network"} in flow["Tags"]
    assert (flow["TrafficType"], flow["MaxAggregationInterval"], flow["FlowLogStatus"]) == ("ALL", 60, "ACTIVE")
    assert (by_arn["TrafficType"], by_arn["MaxAggregationInterval"]) == ("REJECT", 600)
    for log in (flow, by_arn):
        assert log["LogGroupName"] == "/vpc/flow", "by name or by ARN, the group's name is shown"
        assert log["DeliverLogsPermissionArn"] == f"arn:aws:iam::{cloud.account}:role/{ids['Role']}"


def test_a_flow_log_deleted_by_hand_is_gone_and_the_stack_still_deletes(cloud: Cloud) -> None:
    resources = {name: NETWORK[name] for name in ("Vpc", "Role", "Flow")}
    resources["Group"] = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/vpc/other"}}
    ids = cloud.deploy("short", resources)
    ec2 = cloud.client("ec2")
    ec2.delete_flow_logs(FlowLogIds=[ids["Flow"]])
    assert ec2.describe_flow_logs(FlowLogIds=[ids["Flow"]])["FlowLogs"] == []
    assert cloud.delete("short") == "DELETE_COMPLETE"


def test_a_flow_log_that_changes_is_a_new_one(cloud: Cloud) -> None:
    resources = {name: NETWORK[name] for name in ("Vpc", "Role", "Flow")}
    resources["Group"] = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/vpc/third"}}
    before = cloud.deploy("changing", resources)
    properties = {**NETWORK["Flow"]["Properties"], "MaxAggregationInterval": 600}
    after = cloud.deploy("changing", {**resources, "Flow": {"Type": "AWS::EC2::FlowLog", "Properties": properties}})
    assert before["Flow"] != after["Flow"]
    (left,) = cloud.client("ec2").describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [before["Vpc"]]}])[
        "FlowLogs"
    ]
    assert (left["FlowLogId"], left["MaxAggregationInterval"]) == (after["Flow"], 600)


def test_public_addresses_on_launch_can_drift(cloud: Cloud, ids: dict[str, str]) -> None:
    ec2 = cloud.client("ec2")
    ec2.modify_subnet_attribute(SubnetId=ids["SubnetB"], MapPublicIpOnLaunch={"Value": True})
    shown = {
        s["SubnetId"]: s["MapPublicIpOnLaunch"]
        for s in ec2.describe_subnets(SubnetIds=[ids["SubnetA"], ids["SubnetB"]])["Subnets"]
    }
    assert shown == {ids["SubnetA"]: False, ids["SubnetB"]: True}
