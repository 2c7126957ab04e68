"""EC2's filters: each lets through what it names and nothing else; an unknown one is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from local_aws.answers.ec2_filters import FILTERED, matches
from tests.local_aws.cloud import REGION, Cloud, att, error_code, ref

pytestmark = pytest.mark.real


def tagged(kind: str, name: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::EC2::{kind}", "Properties": {**properties, "Tags": [{"Key": "Name", "Value": name}]}}


def template(image: str) -> dict[str, Any]:
    return {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {"ImageId": image}}}


RULE = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.7.0.0/24"}
# Two of everything, so that a filter that is ignored shows.
PAIRS: dict[str, Any] = {
    "Vpc": tagged("VPC", "one", CidrBlock="10.7.0.0/16"),
    "OtherVpc": tagged("VPC", "other", CidrBlock="10.8.0.0/16"),
    "Subnet": tagged("Subnet", "one", VpcId=ref("Vpc"), CidrBlock="10.7.0.0/24", AvailabilityZone=f"{REGION}a"),
    "OtherSubnet": tagged("Subnet", "other", VpcId=ref("Vpc"), CidrBlock="10.7.1.0/24", AvailabilityZone=f"{REGION}b"),
    "Routes": tagged("RouteTable", "one", VpcId=ref("Vpc")),
    "OtherRoutes": tagged("RouteTable", "other", VpcId=ref("OtherVpc")),
    "Association": {
        "Type": "AWS::EC2::SubnetRouteTableAssociation",
        "Properties": {"RouteTableId": ref("Routes"), "SubnetId": ref("Subnet")},
    },
    "Group": tagged("SecurityGroup", "one", GroupDescription="one", VpcId=ref("Vpc"), SecurityGroupIngress=[RULE]),
    "OtherGroup": tagged("SecurityGroup", "other", GroupDescription="other", VpcId=ref("OtherVpc")),
    "Gateway": tagged("InternetGateway", "one"),
    "Attachment": {
        "Type": "AWS::EC2::VPCGatewayAttachment",
        "Properties": {"VpcId": ref("Vpc"), "InternetGatewayId": ref("Gateway")},
    },
    "OtherGateway": tagged("InternetGateway", "other"),
    "S3": tagged("VPCEndpoint", "one", VpcId=ref("Vpc"), ServiceName=f"com.amazonaws.{REGION}.s3"),
    "Ssm": tagged(
        "VPCEndpoint",
        "other",
        VpcId=ref("OtherVpc"),
        ServiceName="com.amazonaws.eu-west-1.ssm",
        ServiceRegion="eu-west-1",
        VpcEndpointType="Interface",
        SecurityGroupIds=[att("OtherGroup", "GroupId")],
    ),
    "Template": template("ami-0000000000000001"),
    "OtherTemplate": template("ami-0000000000000002"),
}
# How each operation's items are asked for where it does not answer everything by itself.
ALWAYS = {"DescribeLaunchTemplateVersions": {"Versions": ["$Latest"]}}


@pytest.fixture(scope="module")
def ids(cloud: Cloud) -> dict[str, str]:
    ids = cloud.deploy("filters", PAIRS)
    for name, traffic in (("Vpc", "ALL"), ("OtherVpc", "REJECT")):
        cloud.client("ec2").create_flow_logs(
            ResourceIds=[ids[name]],
            ResourceType="VPC",
            TrafficType=traffic,
            LogGroupName=f"/flow/{name}",
            DeliverLogsPermissionArn=f"arn:aws:iam::{cloud.account}:role/flow",
        )
    return ids


def ask(cloud: Cloud, operation: str, *filters: tuple[str, str]) -> list[dict[str, Any]]:
    filtered = FILTERED[operation]
    asked = {filtered.parameter: [{"Name": name, "Values": [value]} for name, value in filters]} if filters else {}
    answer = getattr(cloud.client("ec2"), xform_name(operation))(**ALWAYS.get(operation, {}), **asked)
    found: list[dict[str, Any]] = answer[filtered.result]
    return found


def values(item: Any, path: list[str]) -> set[str]:
    """What stands at a path of an answer, written down once more here, independently of the code under test."""
    if isinstance(item, list):
        return set().union(*(values(part, path) for part in item))
    if path:
        return values(item[path[0]], path[1:]) if path[0] in item else set()
    if isinstance(item, datetime):
        return {f"{item.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    return {str(item).lower() if isinstance(item, bool) else str(item)}


@pytest.mark.parametrize("operation", FILTERED)
def test_every_filter_lets_through_what_has_the_value_and_nothing_else(
    cloud: Cloud, ids: dict[str, str], operation: str
) -> None:
    everything = ask(cloud, operation)
    assert len(everything) >= 2, "two different items are there"
    for name, path in FILTERED[operation].fields.items():
        present = set().union(*(values(item, path.split(".")) for item in everything))
        for value in sorted(present)[:3]:
            expected = [item for item in everything if value in values(item, path.split("."))]
            assert ask(cloud, operation, (name, value)) == expected, (name, value)
        assert ask(cloud, operation, (name, "no-such-value")) == [], name


@pytest.mark.parametrize("operation", FILTERED)
def test_an_unknown_filter_is_refused(cloud: Cloud, ids: dict[str, str], operation: str) -> None:
    with pytest.raises(ClientError) as refused:
        ask(cloud, operation, ("no-such-filter", "x"))
    assert error_code(refused) == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("operation", "key", "logical"),
    [
        ("DescribeVpcs", "VpcId", "Vpc"),
        ("DescribeSubnets", "SubnetId", "Subnet"),
        ("DescribeRouteTables", "RouteTableId", "Routes"),
        ("DescribeSecurityGroups", "GroupId", "Group"),
        ("DescribeInternetGateways", "InternetGatewayId", "Gateway"),
        ("DescribeVpcEndpoints", "VpcEndpointId", "S3"),
    ],
)
def test_tags_and_fields_must_all_match(
    cloud: Cloud, ids: dict[str, str], operation: str, key: str, logical: str
) -> None:
    stack = ("tag:aws:cloudformation:stack-name", "filters")
    assert [item[key] for item in ask(cloud, operation, ("tag:Name", "on?"), stack)] == [ids[logical]]
    assert ask(cloud, operation, ("tag:Name", "one"), ("tag:Name", "other")) == []


def test_wildcards() -> None:
    assert matches("m5*", "m5.large")
    assert matches("a?c", "abc")
    assert not matches("m5", "m5.large")
    assert not matches("[m]5", "m5"), "a bracket is a bracket"


UNKNOWN = {
    "describe_vpcs": ("VpcIds", "vpc-0123456789abcdef0", "InvalidVpcID.NotFound"),
    "describe_subnets": ("SubnetIds", "subnet-0123456789abcdef0", "InvalidSubnetID.NotFound"),
    "describe_route_tables": ("RouteTableIds", "rtb-0123456789abcdef0", "InvalidRouteTableID.NotFound"),
    "describe_security_groups": ("GroupIds", "sg-0a1b2c3d4e5f60718", "InvalidGroup.NotFound"),
    "describe_internet_gateways": (
        "InternetGatewayIds",
        "igw-0123456789abcdef0",
        "InvalidInternetGatewayID.NotFound",
    ),
    "describe_vpc_endpoints": ("VpcEndpointIds", "vpce-0123456789abcdef0", "InvalidVpcEndpointId.NotFound"),
    "describe_launch_templates": ("LaunchTemplateIds", "lt-0123456789abcdef0", "InvalidLaunchTemplateId.NotFound"),
}


@pytest.mark.parametrize("operation", UNKNOWN)
def test_an_unknown_identity_is_an_error_not_an_empty_answer(cloud: Cloud, operation: str) -> None:
    parameter, identity, code = UNKNOWN[operation]
    with pytest.raises(ClientError) as unknown:
        getattr(cloud.client("ec2"), operation)(**{parameter: [identity]})
    assert error_code(unknown) == code


def test_an_endpoint_shows_its_services_region(cloud: Cloud, ids: dict[str, str]) -> None:
    shown = {e["VpcEndpointId"]: e["ServiceRegion"] for e in ask(cloud, "DescribeVpcEndpoints")}
    assert shown == {ids["S3"]: REGION, ids["Ssm"]: "eu-west-1"}
