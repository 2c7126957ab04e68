from __future__ import annotations

import json
import string
from typing import Any

import pytest
from aws_cdk import Token
from hypothesis import given, settings
from hypothesis import strategies as st

from nexis.config import checks
from nexis.facts.instance_types import encrypted_nvme_types, has_encrypted_nvme, nearest_instance_types
from nexis.facts.topology import LONGEST_DNS_NAME, RESERVED_DNS_ZONES
from nexis_constructs._database_names import check_clients, check_label, check_zone_name
from nexis_constructs._database_shared import SharedHostResources
from nexis_constructs.database_host import PLACEHOLDER_IMAGE_ID, DatabaseHost, check_image_id, check_instance_type
from nexis_constructs.hardened_network import HardenedNetwork
from nexis_constructs.role_password import RolePassword
from tests.support.database_templates import Synthesized, flat, new_stack, rights_of_roles

DNS_LIKE = string.ascii_letters + string.digits + "-._ é*"


@pytest.fixture(scope="module")
def alone() -> tuple[DatabaseHost, Synthesized]:
    stack = new_stack()
    host = DatabaseHost(stack, "Host")
    return host, Synthesized(stack)


@pytest.fixture(scope="module")
def template_data(alone: tuple[DatabaseHost, Synthesized]) -> dict[str, Any]:
    host, synthesized = alone
    data: dict[str, Any] = synthesized.properties(host.launch_template)["LaunchTemplateData"]
    return data


def test_a_host_alone_makes_everything_it_needs(alone: tuple[DatabaseHost, Synthesized]) -> None:
    host, synthesized = alone
    assert host.host_name == "host-1.db.nexis.internal"
    assert host.is_placeholder
    assert len(synthesized.of_type("AWS::EC2::VPC")) == 1, "its own network"


def test_the_default_type_has_encrypted_nvme(template_data: dict[str, Any]) -> None:
    assert has_encrypted_nvme(template_data["InstanceType"])


def test_metadata_needs_a_session_token_from_the_host_itself(template_data: dict[str, Any]) -> None:
    assert template_data["MetadataOptions"] == {
        "HttpTokens": "required",
        "HttpPutResponseHopLimit": 1,
        "HttpEndpoint": "enabled",
        "HttpProtocolIpv6": "disabled",
        "InstanceMetadataTags": "disabled",
    }


def test_there_is_no_way_in_but_session_manager(
    alone: tuple[DatabaseHost, Synthesized], template_data: dict[str, Any]
) -> None:
    assert "KeyName" not in template_data
    assert "SecurityGroupIds" not in template_data, "groups stand on the interface, where no address is given"
    (interface,) = template_data["NetworkInterfaces"]
    assert interface["AssociatePublicIpAddress"] is False
    groups = alone[1].of_type("AWS::EC2::SecurityGroup")
    ports = [
        rule["FromPort"]
        for group in groups.values()
        for rule in group["Properties"].get("SecurityGroupIngress", [])
        if rule["IpProtocol"] == "tcp"
    ]
    assert ports == [443], "the endpoints' own group; nobody but hosts reaches a host"


def test_the_root_volume_is_encrypted_with_a_customer_key(
    alone: tuple[DatabaseHost, Synthesized], template_data: dict[str, Any]
) -> None:
    (mapping,) = template_data["BlockDeviceMappings"]
    key = mapping["Ebs"].pop("KmsKeyId")["Fn::GetAtt"][0]
    assert mapping == {
        "DeviceName": "/dev/xvda",
        "Ebs": {"VolumeType": "gp3", "VolumeSize": 30, "Encrypted": True, "DeleteOnTermination": True},
    }
    assert alone[1].resources[key]["Properties"]["EnableKeyRotation"] is True


def test_only_auto_scaling_may_use_the_volume_key(alone: tuple[DatabaseHost, Synthesized]) -> None:
    host, synthesized = alone
    policy = synthesized.properties(host.shared.volume_key.resource)["KeyPolicy"]
    users = {
        flat(statement["Principal"]["AWS"])
        for statement in policy["Statement"]
        if {"kms:Decrypt", "kms:CreateGrant"} & set(statement["Action"])
    }
    role = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    assert users == {f"arn:<AWS::Partition>:iam::000000000000:role/{role}"}


def test_auto_scaling_may_grant_the_volume_key_to_aws_resources_only(alone: tuple[DatabaseHost, Synthesized]) -> None:
    host, synthesized = alone
    policy = synthesized.properties(host.shared.volume_key.resource)["KeyPolicy"]
    grants = [statement for statement in policy["Statement"] if "kms:CreateGrant" in statement["Action"]]
    assert [(statement["Action"], statement["Condition"]) for statement in grants] == [
        (["kms:CreateGrant"], {"Bool": {"kms:GrantIsForAWSResource": "true"}})
    ]


def test_a_host_can_be_ended_by_itself_but_not_stopped(template_data: dict[str, Any]) -> None:
    assert template_data["InstanceInitiatedShutdownBehavior"] == "terminate"
    assert template_data["DisableApiStop"] is True, "a stopped host loses its disks"
    assert template_data["HibernationOptions"] == {"Configured": False}
    assert template_data["Monitoring"] == {"Enabled": True}


def test_the_group_keeps_exactly_one_and_never_replaces_it_by_itself(alone: tuple[DatabaseHost, Synthesized]) -> None:
    host, synthesized = alone
    group = synthesized.whole(host.group)
    sizes = {key: group["Properties"][key] for key in ("MinSize", "MaxSize", "DesiredCapacity")}
    assert sizes == {"MinSize": "1", "MaxSize": "1", "DesiredCapacity": "1"}
    assert len(group["Properties"]["VPCZoneIdentifier"]) == 1
    assert "UpdatePolicy" not in group
    assert "MaxInstanceLifetime" not in group["Properties"]


def test_the_group_tells_of_every_host_that_comes_or_goes(alone: tuple[DatabaseHost, Synthesized]) -> None:
    host, synthesized = alone
    (notification,) = synthesized.properties(host.group)["NotificationConfigurations"]
    topic = synthesized.resources[notification["TopicARN"]["Ref"]]
    assert "KmsMasterKeyId" in topic["Properties"]
    assert sorted(kind.removeprefix("autoscaling:EC2_INSTANCE_") for kind in notification["NotificationTypes"]) == [
        "LAUNCH",
        "LAUNCH_ERROR",
        "TERMINATE",
        "TERMINATE_ERROR",
    ]
    (policy,) = synthesized.of_type("AWS::SNS::TopicPolicy").values()
    assert {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["sns:Publish", "sns:Subscribe"],
        "Resource": {"Ref": notification["TopicARN"]["Ref"]},
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        "Sid": "TlsOnly",
    } in policy["Properties"]["PolicyDocument"]["Statement"]
    assert list(synthesized.of_type("AWS::SNS::TopicPolicy")) == synthesized.whole(host.group)["DependsOn"]


def test_summary_and_audit_can_tell_a_placeholder(alone: tuple[DatabaseHost, Synthesized]) -> None:
    host, synthesized = alone
    tags = synthesized.properties(host.group)["Tags"]
    assert {"Key": "nexis:program", "Value": "placeholder", "PropagateAtLaunch": True} in tags
    for specification in synthesized.properties(host.launch_template)["TagSpecifications"]:
        assert {"Key": "nexis:program", "Value": "placeholder"} in specification["Tags"]


def test_tags_reach_the_instance_its_volumes_and_its_interface() -> None:
    stack = new_stack()
    host = DatabaseHost(stack, "Host", tags={"owner": "platform-engineering"})
    data = Synthesized(stack).properties(host.launch_template)["LaunchTemplateData"]
    tagged = {
        specification["ResourceType"]
        for specification in data["TagSpecifications"]
        if {"Key": "owner", "Value": "platform-engineering"} in specification["Tags"]
    }
    assert tagged == {"instance", "network-interface", "volume"}


def test_the_host_writes_its_own_records_and_nothing_else_in_its_zone(alone: tuple[DatabaseHost, Synthesized]) -> None:
    host, synthesized = alone
    (right,) = [
        statement
        for statement in rights_of_roles(synthesized.resources, "ec2.amazonaws.com")
        if statement["Action"] == ["route53:ChangeResourceRecordSets"]
    ]
    zone = synthesized.name(host.shared.hosted_zone)
    assert flat(right["Resource"]) == [f"arn:<AWS::Partition>:route53:::hostedzone/<{zone}.Id>"]
    keys = right["Condition"]["ForAllValues:StringEquals"]
    assert keys["route53:ChangeResourceRecordSetsNormalizedRecordNames"] == [
        "host-1.db.nexis.internal",
        "readers.db.nexis.internal",
        "writer.db.nexis.internal",
    ]
    assert keys["route53:ChangeResourceRecordSetsActions"] == ["DELETE", "UPSERT"]
    assert keys["route53:ChangeResourceRecordSetsRecordTypes"] == ["A"]
    assert right["Condition"]["Null"] == {"route53:ChangeResourceRecordSetsNormalizedRecordNames": "false"}


def test_the_host_writes_one_log_stream(alone: tuple[DatabaseHost, Synthesized]) -> None:
    host, synthesized = alone
    (right,) = [
        statement
        for statement in rights_of_roles(synthesized.resources, "ec2.amazonaws.com")
        if "logs:PutLogEvents" in statement["Action"]
    ]
    group = f"arn:<AWS::Partition>:logs:eu-central-1:000000000000:log-group:<{synthesized.name(host.shared.log_group)}>"
    assert flat(right["Resource"]) == [f"{group}:log-stream:host-1"]


def test_only_session_manager_has_no_resource_to_name(alone: tuple[DatabaseHost, Synthesized]) -> None:
    wide = {
        resource: statement
        for statement in rights_of_roles(alone[1].resources, "ec2.amazonaws.com")
        for resource in flat(statement["Resource"])
        if "*" in resource
    }
    instances = "arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:instance/*"
    assert {resource: statement["Action"] for resource, statement in wide.items()} == {
        instances: ["ssm:UpdateInstanceInformation"],
        "*": [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ],
    }
    for statement in wide.values():
        assert flat(statement["Condition"]) == {"ArnLike": {"ec2:SourceInstanceARN": instances}}


def test_no_policy_is_inline_or_of_aws(alone: tuple[DatabaseHost, Synthesized]) -> None:
    host, synthesized = alone
    role = synthesized.properties(host.role)
    assert "Policies" not in role
    assert all("Ref" in arn for arn in role["ManagedPolicyArns"])
    assert not synthesized.of_type("AWS::IAM::Policy")


def test_a_password_may_be_read_and_no_other_secret() -> None:
    stack = new_stack()
    host = DatabaseHost(stack, "Host")
    password = RolePassword(stack, "Password", role="replicator")
    host.may_read(password)
    host.may_read(password)
    synthesized = Synthesized(stack)
    rights = {
        statement["Action"][0]: statement
        for statement in rights_of_roles(synthesized.resources, "ec2.amazonaws.com")
        if statement["Action"][0].split(":")[0] in ("secretsmanager", "kms")
    }
    secret = f"<{synthesized.name(password.resource)}>"
    assert sorted(rights) == ["kms:Decrypt", "secretsmanager:GetSecretValue"]
    assert flat(rights["secretsmanager:GetSecretValue"]["Resource"]) == [secret]
    assert flat(rights["kms:Decrypt"]["Resource"]) == [f"<{synthesized.name(password.key.resource)}.Arn>"]
    assert flat(rights["kms:Decrypt"]["Condition"]["StringEquals"]) == {
        "kms:EncryptionContext:SecretARN": secret,
        "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com",
    }
    data = synthesized.properties(host.launch_template)["LaunchTemplateData"]
    facts = json.loads(json.loads(flat(data["UserData"]).partition("\n")[2])["write_files"][0]["content"])
    assert facts["passwords"] == {"replicator": secret}, "the address of the secret, never its value"


def test_a_second_password_of_a_role_is_refused() -> None:
    stack = new_stack()
    host = DatabaseHost(stack, "Host")
    host.may_read(RolePassword(stack, "One", role="replicator"))
    with pytest.raises(ValueError, match="one password per role"):
        host.may_read(RolePassword(stack, "Two", role="replicator"))


def test_everything_a_running_host_needs_outlives_its_stack(alone: tuple[DatabaseHost, Synthesized]) -> None:
    host, synthesized = alone
    of_the_network = {name for name in synthesized.resources if name.startswith("HostSharedNetwork")}
    gone = {
        name
        for name, resource in synthesized.resources.items()
        if resource.get("DeletionPolicy") != "RetainExceptOnCreate" or resource.get("UpdateReplacePolicy") != "Retain"
    }
    assert gone - of_the_network == set()
    assert synthesized.name(host.group) not in gone


def test_in_development_nothing_stays() -> None:
    stack = new_stack()
    DatabaseHost(stack, "Host", retain=False)
    stays = {
        name
        for name, resource in Synthesized(stack).resources.items()
        if "Retain" in resource.get("DeletionPolicy", "Delete")
    }
    assert stays == set()


def test_a_stack_without_a_region_works_too() -> None:
    stack = new_stack(concrete=False)
    host = DatabaseHost(stack, "Host", zone_index=2)
    (subnet,) = Synthesized(stack).properties(host.group)["VPCZoneIdentifier"]
    assert "Subnet3" in json.dumps(subnet)


@pytest.mark.parametrize(
    "wanted", ["m7g.large", "t3.micro", "d3.xlarge", "h1.2xlarge", "i4i.larg", "", "M6GD.medium", None]
)
def test_a_type_without_encrypted_nvme_is_refused_with_the_closest(wanted: str) -> None:
    with pytest.raises(ValueError, match="instance_type: got") as refused:
        DatabaseHost(new_stack(), "Host", instance_type=wanted)
    for nearest in nearest_instance_types(str(wanted)):
        assert nearest in str(refused.value)


def test_a_mac_is_no_database_host() -> None:
    macs = [known.name for known in encrypted_nvme_types().values() if known.architecture == "arm64_mac"]
    assert macs, "the catalogue lists them; if it no longer does, this test has no subject"
    for mac in macs:
        with pytest.raises(ValueError, match="local NVMe disks"):
            check_instance_type("instance_type", mac)


@settings(deadline=None)  # a first call starts the CDK
@given(st.text(alphabet=string.ascii_lowercase + string.digits + ".-", max_size=16))
def test_no_other_text_is_an_instance_type(text: str) -> None:
    if has_encrypted_nvme(text):
        return
    with pytest.raises(ValueError, match="The closest are"):
        check_instance_type("instance_type", text)


def test_without_an_image_no_host_can_start() -> None:
    assert check_image_id("image_id", None) == PLACEHOLDER_IMAGE_ID
    assert check_image_id("image_id", "ami-0123456789abcdef0") == "ami-0123456789abcdef0"


@pytest.mark.parametrize(
    "image",
    ["", "ami-1", "ami-0123456789ABCDEF0", "resolve:ssm:/aws/service/debian", "{{resolve:ssm:/x}}", 17],
)
def test_an_image_that_could_change_by_itself_is_refused(image: str) -> None:
    with pytest.raises(ValueError, match=r"image_id: got.*expected the id of a machine image"):
        DatabaseHost(new_stack(), "Host", image_id=image)


def test_an_image_known_only_at_deployment_is_refused() -> None:
    with pytest.raises(ValueError, match=r"got 'a value known only at deployment'.*Pin the image by its id"):
        check_image_id("image_id", Token.as_string({"Ref": "Image"}))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"root_device_name": "/dev/sdf"}, "root_device_name: got"),
        ({"root_volume_gib": 4}, "root_volume_gib: got 4"),
        ({"zone_index": 3}, "zone_index: got 3"),
        ({"zone_index": -1}, "zone_index: got -1"),
        ({"major": 9}, "major: got 9"),
        ({"name": "writer"}, "move between hosts"),
        ({"name": "Host"}, "expected a DNS label"),
        ({"name": "host-1", "members": ["host-2"]}, "members: got"),
        ({"name": "host-1", "members": ["host-1", "host-1"]}, "members: got"),
    ],
)
def test_wrong_arguments_are_refused(arguments: dict[str, Any], message: str) -> None:
    stack = new_stack()
    with pytest.raises(ValueError, match=message):
        DatabaseHost(stack, "Host", **arguments)
    assert stack.node.children == [], "refused before anything exists"


def test_shared_resources_bring_their_network() -> None:
    stack = new_stack()
    with pytest.raises(ValueError, match="network, shared: got 'both'"):
        DatabaseHost(
            stack, "Host", network=HardenedNetwork(stack, "Network"), shared=SharedHostResources(stack, "Shared")
        )


@settings(deadline=None)  # a first call starts the CDK
@given(st.text(alphabet=DNS_LIKE, max_size=70))
def test_an_accepted_label_is_a_dns_label(label: str) -> None:
    try:
        accepted = check_label("name", label)
    except ValueError as refused:
        assert repr(label) in str(refused)  # noqa: PT017 - both outcomes are right, each with its own promise
        return
    assert 1 <= len(accepted) <= 63
    assert set(accepted) <= set(string.ascii_lowercase + string.digits + "-")
    assert not accepted.startswith("-")
    assert not accepted.endswith("-")
    assert accepted not in ("writer", "readers")


@settings(deadline=None)  # a first call starts the CDK
@given(st.text(alphabet=DNS_LIKE, max_size=300) | st.lists(st.text(alphabet="ab1-", max_size=65)).map(".".join))
def test_host_names_in_an_accepted_zone_are_dns_names(zone: str) -> None:
    try:
        accepted = check_zone_name("zone_name", zone)
    except ValueError as refused:
        assert repr(zone) in str(refused)  # noqa: PT017 - both outcomes are right, each with its own promise
        return
    name = f"{'h' * 63}.{accepted}"
    assert len(name) <= LONGEST_DNS_NAME
    assert all(1 <= len(label) <= 63 for label in name.split("."))
    assert accepted == accepted.lower().strip(".")


@settings(deadline=None)  # a first call starts the CDK
@given(st.lists(st.text(alphabet="ab1-A", min_size=1, max_size=63), max_size=8).map(".".join))
def test_a_configuration_accepts_exactly_the_zones_that_the_constructs_accept(zone: str) -> None:
    try:
        check_zone_name("zone_name", zone)
    except ValueError:
        accepted = False
    else:
        accepted = True
    problems = checks.problems({"network": {"private_dns_zone": zone}})
    assert accepted == (problems == ()), problems


@pytest.mark.parametrize(("length", "fits"), [(189, True), (190, False)])
def test_the_longest_zone_leaves_room_for_the_longest_host_label(length: int, fits: bool) -> None:
    zone = ".".join(["a" * 62, "b" * 62, "c" * (length - 126)])
    assert len(zone) == length
    assert (checks.problems({"network": {"private_dns_zone": zone}}) == ()) is fits


@pytest.mark.parametrize("zone", ["db.nexis.internal", "a.b", "1.example.com", "xn--mnchen-3ya.internal"])
def test_ordinary_zones_are_accepted(zone: str) -> None:
    assert check_zone_name("zone_name", zone) == zone


@pytest.mark.parametrize("zone", [*RESERVED_DNS_ZONES, *(f"db.{zone}" for zone in RESERVED_DNS_ZONES)])
def test_a_zone_that_would_hide_others_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="zone_name: got"):
        check_zone_name("zone_name", zone)


@pytest.mark.parametrize("name", ["", "a\nb", "a" * 65, "<x>", " a"])
def test_a_client_needs_a_name_that_fits_a_rule(name: str) -> None:
    with pytest.raises(ValueError, match="clients, name: got"):
        check_clients("clients", {name: None})  # type: ignore[dict-item]  # the name is refused first
