"""HardenedNetwork: no way out, declared endpoints, flow logs, a closed default security group."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import CfnOutput, Stack

from nexis_constructs.hardened_network import HardenedNetwork
from tests.support.synthesis import ACCOUNT, REGION, logical_id, new_app, new_stack, resources, template_of, the_only

NOTHING_MAY_LEAVE = [
    {
        "CidrIp": "255.255.255.255/32",
        "Description": "Disallow all traffic",
        "FromPort": 252,
        "IpProtocol": "icmp",
        "ToPort": 86,
    }
]


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    """A network with two interface endpoints, one of them declared twice."""
    network = HardenedNetwork(new_stack(), "Network", endpoint_zones=2)
    network.require_endpoint("secretsmanager", ["secretsmanager:GetSecretValue"])
    network.require_endpoint("route53", ["route53:ChangeResourceRecordSets"])
    network.require_endpoint("secretsmanager", ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"])
    return template_of(Stack.of(network))


def endpoint(template: dict[str, Any], name: str) -> dict[str, Any]:
    properties: dict[str, Any] = resources(template, "AWS::EC2::VPCEndpoint")[f"Network/{name}Endpoint"]["Properties"]
    return properties


def only_statement(document: dict[str, Any]) -> dict[str, Any]:
    (statement,) = document["Statement"]
    assert isinstance(statement, dict)
    return statement


# --- no way out ---


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::EC2::InternetGateway",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::Route",
        "AWS::EC2::EIP",
        "AWS::EC2::VPCPeeringConnection",
    ],
)
def test_there_is_no_way_out(template: dict[str, Any], kind: str) -> None:
    assert resources(template, kind) == {}


def test_each_zone_has_one_isolated_subnet_with_its_own_route_table(template: dict[str, Any]) -> None:
    subnets = {path: it["Properties"] for path, it in resources(template, "AWS::EC2::Subnet").items()}
    assert {path: (it["AvailabilityZone"], it["CidrBlock"]) for path, it in subnets.items()} == {
        "Network/Subnet1": ("eu-central-1a", "10.20.0.0/18"),
        "Network/Subnet2": ("eu-central-1b", "10.20.64.0/18"),
        "Network/Subnet3": ("eu-central-1c", "10.20.128.0/18"),
    }
    for path, properties in subnets.items():
        assert properties["MapPublicIpOnLaunch"] is False, path
    associations = resources(template, "AWS::EC2::SubnetRouteTableAssociation").values()
    tables = [it["Properties"]["RouteTableId"]["Ref"] for it in associations]
    assert len(tables) == len(set(tables)) == len(subnets)


def test_every_security_group_names_its_egress(template: dict[str, Any]) -> None:
    for path, group in resources(template, "AWS::EC2::SecurityGroup").items():
        assert group["Properties"]["SecurityGroupEgress"] == NOTHING_MAY_LEAVE, path


# --- endpoints ---


def test_an_endpoint_lets_exactly_the_declared_actions_through_for_this_account(template: dict[str, Any]) -> None:
    assert only_statement(endpoint(template, "Secretsmanager")["PolicyDocument"]) == {
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        "Resource": "*",
        "Condition": {
            "StringEquals": {"aws:PrincipalAccount": ACCOUNT},
            "StringEqualsIfExists": {"aws:ResourceAccount": ACCOUNT},
        },
    }


def test_an_interface_endpoint_answers_to_the_services_usual_name(template: dict[str, Any]) -> None:
    properties = endpoint(template, "Secretsmanager")
    assert properties["VpcEndpointType"] == "Interface"
    assert properties["ServiceName"] == f"com.amazonaws.{REGION}.secretsmanager"
    assert properties["PrivateDnsEnabled"] is True
    assert "ServiceRegion" not in properties


def test_route_53_has_one_endpoint_service_for_the_world(template: dict[str, Any]) -> None:
    properties = endpoint(template, "Route53")
    assert (properties["ServiceName"], properties["ServiceRegion"]) == ("com.amazonaws.route53", "us-east-1")


def test_interface_endpoints_stand_in_as_many_zones_as_asked(template: dict[str, Any]) -> None:
    first_two = [it["Properties"]["SubnetId"] for it in _associations(template)][:2]
    assert endpoint(template, "Secretsmanager")["SubnetIds"] == first_two


def test_interface_endpoints_stand_in_every_zone_by_default() -> None:
    network = HardenedNetwork(new_stack(), "Network")
    network.require_endpoint("kms", ["kms:Decrypt"])
    template = template_of(Stack.of(network))
    assert endpoint(template, "Kms")["SubnetIds"] == [it["Properties"]["SubnetId"] for it in _associations(template)]


def test_endpoints_take_https_from_inside_the_network_only(template: dict[str, Any]) -> None:
    group = the_only(template, "AWS::EC2::SecurityGroup")["Properties"]
    (rule,) = group["SecurityGroupIngress"]
    assert (rule["CidrIp"], rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("10.20.0.0/16", "tcp", 443, 443)


def test_the_s3_gateway_serves_every_route_table_and_refuses_everything_until_declared(
    template: dict[str, Any],
) -> None:
    properties = endpoint(template, "S3")
    assert properties["VpcEndpointType"] == "Gateway"
    assert properties["RouteTableIds"] == [it["Properties"]["RouteTableId"] for it in _associations(template)]
    assert only_statement(properties["PolicyDocument"]) == {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
    }


def test_declared_s3_actions_pass_the_gateway_and_make_no_second_endpoint() -> None:
    network = HardenedNetwork(new_stack(), "Network")
    network.require_endpoint("s3", ["s3:PutObject", "s3:GetObject"])
    template = template_of(Stack.of(network))
    assert set(resources(template, "AWS::EC2::VPCEndpoint")) == {"Network/S3Endpoint"}
    statement = only_statement(endpoint(template, "S3")["PolicyDocument"])
    assert (statement["Effect"], statement["Action"]) == ("Allow", ["s3:GetObject", "s3:PutObject"])
    assert statement["Condition"]["StringEqualsIfExists"] == {"aws:ResourceAccount": ACCOUNT}


def test_the_declared_services_can_be_read_but_not_changed() -> None:
    network = HardenedNetwork(new_stack(), "Network")
    network.require_endpoint("ssm", ["ssm:UpdateInstanceInformation"])
    network.require_endpoint("logs", ["logs:PutLogEvents", "logs:CreateLogStream"])
    assert dict(network.endpoint_services) == {
        "logs": ("logs:CreateLogStream", "logs:PutLogEvents"),
        "ssm": ("ssm:UpdateInstanceInformation",),
    }
    with pytest.raises(TypeError):
        network.endpoint_services["kms"] = ("kms:Decrypt",)  # type: ignore[index]  # that is the point


def test_another_stack_may_declare_an_endpoint_and_use_the_subnets_without_a_cycle() -> None:
    app = new_app()
    network = HardenedNetwork(new_stack("NetworkStack", app=app), "Network")
    other = new_stack("Other", app=app)
    CfnOutput(other, "Subnet", value=network.subnets[0].subnet_id)
    CfnOutput(other, "Vpc", value=network.vpc.vpc_id)
    network.require_endpoint("logs", ["logs:PutLogEvents"])
    template = template_of(Stack.of(network))
    assert "Network/LogsEndpoint" in resources(template, "AWS::EC2::VPCEndpoint")
    assert [stack.node.id for stack in other.dependencies] == ["NetworkStack"]
    assert Stack.of(network).dependencies == []


# --- flow logs ---


def test_all_traffic_is_logged_to_an_encrypted_group_that_stays(template: dict[str, Any]) -> None:
    flow_log = the_only(template, "AWS::EC2::FlowLog")["Properties"]
    groups = resources(template, "AWS::Logs::LogGroup")
    group = groups["Network/FlowLogGroup"]
    assert (flow_log["ResourceType"], flow_log["TrafficType"]) == ("VPC", "ALL")
    assert flow_log["ResourceId"] == {"Ref": logical_id(template, "Network/Vpc")}
    assert flow_log["LogGroupName"] == {"Ref": logical_id(template, "Network/FlowLogGroup")}, "a name, not an ARN"
    assert group["Properties"]["LogGroupName"] == "/Stack/Network/flow-logs"
    assert group["DeletionPolicy"] == "RetainExceptOnCreate"
    for path, it in groups.items():
        assert it["Properties"]["RetentionInDays"] == 365, path
        assert it["Properties"]["KmsKeyId"]["Fn::GetAtt"][1] == "Arn", path


def test_the_key_serves_each_log_group_by_name(template: dict[str, Any]) -> None:
    statements = the_only(template, "AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"]
    for group in resources(template, "AWS::Logs::LogGroup").values():
        arn = f":logs:{REGION}:{ACCOUNT}:log-group:{group['Properties']['LogGroupName']}"
        (statement,) = [it for it in statements if arn in str(it.get("Condition"))]
        assert statement["Principal"] == {"Service": f"logs.{REGION}.amazonaws.com"}
        assert list(statement["Condition"]) == ["ArnEquals"]


def test_only_flow_logs_of_this_account_may_assume_their_role(template: dict[str, Any]) -> None:
    role = resources(template, "AWS::IAM::Role")["Network/FlowLogRole"]["Properties"]
    trust = only_statement(role["AssumeRolePolicyDocument"])
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def test_no_role_has_an_inline_policy_an_aws_managed_policy_or_a_wildcard(template: dict[str, Any]) -> None:
    for path, role in resources(template, "AWS::IAM::Role").items():
        assert "Policies" not in role["Properties"], path
        for arn in role["Properties"]["ManagedPolicyArns"]:
            assert template["Resources"][arn["Ref"]]["Type"] == "AWS::IAM::ManagedPolicy", path
    for path, policy in resources(template, "AWS::IAM::ManagedPolicy").items():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            assert "*" not in str(statement["Action"]) + str(statement["Resource"]), path


@pytest.mark.parametrize(("retain", "deletion"), [(True, "RetainExceptOnCreate"), (False, "Delete")])
def test_logs_and_their_key_stay_or_go_together(retain: bool, deletion: str) -> None:
    network = HardenedNetwork(new_stack(), "Network", retain_logs=retain)
    template = template_of(Stack.of(network))
    for kind in ("AWS::Logs::LogGroup", "AWS::KMS::Key"):
        for path, resource in resources(template, kind).items():
            assert resource["DeletionPolicy"] == deletion, path


# --- the default security group ---


def test_a_custom_resource_closes_the_default_group(template: dict[str, Any]) -> None:
    closing = the_only(template, "AWS::CloudFormation::CustomResource")["Properties"]
    default_group = {"Fn::GetAtt": [logical_id(template, "Network/Vpc"), "DefaultSecurityGroup"]}
    assert closing["SecurityGroupId"] == default_group
    assert closing["AccountId"] == ACCOUNT
    assert type(closing["ServiceTimeout"]) is int, "a string makes CloudFormation wait for an hour"
    assert closing["ServiceTimeout"] > the_only(template, "AWS::Lambda::Function")["Properties"]["Timeout"]


def test_the_closing_function_may_revoke_rules_of_that_one_group_write_its_log_and_hand_over_failures(
    template: dict[str, Any],
) -> None:
    policies = resources(template, "AWS::IAM::ManagedPolicy")
    document = policies["Network/CloseDefaultSecurityGroupRolePolicy"]["Properties"]["PolicyDocument"]
    revoke, write, hand_over = document["Statement"]
    assert revoke["Action"] == ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"]
    ((_, parts),) = [it["Fn::Join"] for it in revoke["Resource"]]
    assert parts[2] == f":ec2:{REGION}:{ACCOUNT}:security-group/"
    assert parts[3] == {"Fn::GetAtt": [logical_id(template, "Network/Vpc"), "DefaultSecurityGroup"]}
    assert write["Resource"] == [
        {"Fn::GetAtt": [logical_id(template, "Network/CloseDefaultSecurityGroupLogGroup"), "Arn"]}
    ]
    queue = {"Fn::GetAtt": [logical_id(template, "Network/CloseDefaultSecurityGroupFailures"), "Arn"]}
    assert (hand_over["Action"], hand_over["Resource"]) == (["sqs:SendMessage"], [queue])
    function = the_only(template, "AWS::Lambda::Function")["Properties"]
    assert function["DeadLetterConfig"] == {"TargetArn": queue}
    assert function["ReservedConcurrentExecutions"] == 1


def test_the_queue_of_failures_is_encrypted_and_takes_nothing_without_tls(template: dict[str, Any]) -> None:
    assert the_only(template, "AWS::SQS::Queue")["Properties"]["SqsManagedSseEnabled"] is True
    policy = the_only(template, "AWS::SQS::QueuePolicy")["Properties"]
    assert policy["Queues"] == [{"Ref": logical_id(template, "Network/CloseDefaultSecurityGroupFailures")}]
    (deny,) = policy["PolicyDocument"]["Statement"]
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_the_template_carries_the_functions_source_as_it_is_in_the_repository(template: dict[str, Any]) -> None:
    source = the_only(template, "AWS::Lambda::Function")["Properties"]["Code"]["ZipFile"]
    assert "def handler(event" in source
    assert len(source) < 4096


# --- zones and addresses ---


def test_a_stack_without_a_fixed_region_takes_the_zones_cloudformation_finds() -> None:
    network = HardenedNetwork(new_stack(agnostic=True), "Network")
    subnets = resources(template_of(Stack.of(network)), "AWS::EC2::Subnet")
    assert [it["Properties"]["AvailabilityZone"] for it in subnets.values()] == [
        {"Fn::Select": [number, {"Fn::GetAZs": ""}]} for number in range(3)
    ]


def test_a_fixed_environment_looks_nothing_up() -> None:
    app = new_app()
    HardenedNetwork(new_stack(app=app), "Network")
    manifest = json.loads((Path(app.synth().directory) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest.get("missing", []) == []


def test_zones_and_addresses_come_out_as_they_went_in() -> None:
    zones = ("eu-central-1c", "eu-central-1a", "eu-central-1b")
    network = HardenedNetwork(new_stack(), "Network", zones=zones, address_range="192.168.4.0/24")
    assert (network.zones, network.address_range) == (zones, "192.168.4.0/24")
    subnets = resources(template_of(Stack.of(network)), "AWS::EC2::Subnet").values()
    assert [(it["Properties"]["AvailabilityZone"], it["Properties"]["CidrBlock"]) for it in subnets] == [
        ("eu-central-1c", "192.168.4.0/26"),
        ("eu-central-1a", "192.168.4.64/26"),
        ("eu-central-1b", "192.168.4.128/26"),
    ]


@pytest.mark.parametrize(
    ("argument", "value", "says"),
    [
        ("address_range", "10.0.0.0/8", "larger than a VPC"),
        ("address_range", "10.0.0.0/25", "128 addresses; expected"),
        ("address_range", "10.0.0.1/16", "got '10.0.0.1/16'"),
        ("address_range", "8.8.0.0/16", "expected a private range"),
        ("address_range", "fd00::/56", "expected an IPv4 network"),
        ("zones", [], "expected 3 different zones of eu-central-1"),
        ("zones", ["eu-central-1a", "eu-central-1b"], "expected 3 different zones of eu-central-1"),
        ("zones", ["eu-central-1a", "eu-central-1a", "eu-central-1b"], "expected 3 different zones of eu-central-1"),
        ("zones", ["eu-central-1a", "eu-central-1b", "us-east-1c"], "got ['us-east-1c']"),
        ("zones", "eu-central-1a", "expected 3 different zones of eu-central-1"),
        ("endpoint_zones", 0, "expected a whole number of zones from 1 to 3"),
        ("endpoint_zones", 4, "expected a whole number of zones from 1 to 3"),
        ("log_retention_days", 364, "The nearest is 365"),
        ("log_retention_days", 30, "a year or more"),
        ("log_retention_days", 366, "The nearest is 365"),
    ],
)
def test_a_wrong_argument_is_refused_by_name(argument: str, value: Any, says: str) -> None:
    arguments: dict[str, Any] = {argument: value}
    with pytest.raises(ValueError, match=re.escape(says)) as refused:
        HardenedNetwork(new_stack(), "Network", **arguments)
    assert str(refused.value).startswith(f"{argument}: got ")


@pytest.mark.parametrize(
    ("service", "actions"),
    [
        ("logs", []),
        ("logs", ["logs:*"]),
        ("logs", ["*"]),
        ("logs", "logs:PutLogEvents"),
        ("com.amazonaws.eu-central-1.logs ", ["logs:PutLogEvents"]),
        ("", ["logs:PutLogEvents"]),
    ],
)
def test_an_endpoint_without_exact_actions_or_a_proper_name_is_refused(service: str, actions: Any) -> None:
    network = HardenedNetwork(new_stack(), "Network")
    with pytest.raises(ValueError, match=r"(service|actions): got"):
        network.require_endpoint(service, actions)
    assert network.endpoint_services == {}


def _associations(template: dict[str, Any]) -> list[dict[str, Any]]:
    return list(resources(template, "AWS::EC2::SubnetRouteTableAssociation").values())
