from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import CfnResource
from aws_cdk import aws_ec2 as ec2

from nexis_constructs.database_client_group import DatabaseClientGroup
from nexis_constructs.database_cluster import DatabaseCluster
from nexis_constructs.hardened_network import HardenedNetwork
from nexis_constructs.role_password import RolePassword
from tests.support.database_templates import (
    Synthesized,
    actions_by_service,
    endpoint_actions,
    flat,
    new_stack,
    rights_of_roles,
)
from tests.support.synthesis import new_app

if TYPE_CHECKING:
    from nexis_constructs.host_program import HostFacts

GROUP = "AWS::AutoScaling::AutoScalingGroup"


class Built:
    """A network with a cluster, one client group and one password, each read from its own template."""

    def __init__(self, *, with_password: bool = True, **arguments: Any) -> None:
        app = new_app()
        self.network_stack = new_stack("Network", app=app)
        self.network = HardenedNetwork(self.network_stack, "Network", endpoint_zones=1)
        self.stack = new_stack("Database", app=app)
        self.clients = DatabaseClientGroup(self.stack, "Clients", network=self.network)
        self.cluster = DatabaseCluster(
            self.stack,
            "Cluster",
            network=self.network,
            clients={"billing": self.clients.security_group},
            **arguments,
        )
        if with_password:
            self.cluster.may_read(RolePassword(self.stack, "Password", role="replicator"))
        self.synthesized = Synthesized(self.stack)
        self.in_network = Synthesized(self.network_stack)

    def user_data(self, index: int) -> str:
        template = self.cluster.hosts[index].launch_template
        return str(flat(self.synthesized.properties(template)["LaunchTemplateData"]["UserData"]))


@pytest.fixture(scope="module")
def built() -> Built:
    return Built()


def test_there_is_exactly_one_host_in_each_zone(built: Built) -> None:
    subnets = {}
    for host in built.cluster.hosts:
        group = built.synthesized.properties(host.group)
        assert (group["MinSize"], group["MaxSize"], group["DesiredCapacity"]) == ("1", "1", "1"), host.host_name
        (subnet,) = group["VPCZoneIdentifier"]
        subnets[host.host_name] = json.dumps(subnet)
    assert len(set(subnets.values())) == len(built.network.zones), subnets
    assert set(built.synthesized.of_type(GROUP)) == {built.synthesized.name(host.group) for host in built.cluster.hosts}


def test_a_deployment_replaces_no_host(built: Built) -> None:
    for name, group in built.synthesized.of_type(GROUP).items():
        assert not {"UpdatePolicy", "CreationPolicy"} & set(group), name


def test_the_names_are_settled_and_the_template_has_no_record(built: Built) -> None:
    assert built.cluster.host_names == (
        "host-1.db.nexis.internal",
        "host-2.db.nexis.internal",
        "host-3.db.nexis.internal",
    )
    assert built.cluster.writer_name == "writer.db.nexis.internal"
    assert built.cluster.reader_name == "readers.db.nexis.internal"
    assert not built.synthesized.of_type("AWS::Route53::RecordSet")
    (zone,) = built.synthesized.of_type("AWS::Route53::HostedZone").values()
    assert zone["Properties"]["Name"] == "db.nexis.internal"
    assert [list(vpc) for vpc in zone["Properties"]["VPCs"]] == [["VPCId", "VPCRegion"]], "private: tied to the network"


def test_each_host_may_write_its_own_name_and_the_two_that_move(built: Built) -> None:
    for host in built.cluster.hosts:
        policy = built.synthesized.resources[built.synthesized.properties(host.role)["ManagedPolicyArns"][0]["Ref"]]
        names = [
            name
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            for name in statement.get("Condition", {})
            .get("ForAllValues:StringEquals", {})
            .get("route53:ChangeResourceRecordSetsNormalizedRecordNames", [])
        ]
        assert names == [host.host_name, built.cluster.reader_name, built.cluster.writer_name]


def test_every_right_has_its_endpoint_and_every_endpoint_its_right(built: Built) -> None:
    rights = actions_by_service(rights_of_roles(built.synthesized.resources, "ec2.amazonaws.com"))
    assert set(rights) == {"kms", "logs", "route53", "secretsmanager", "ssm", "ssmmessages"}
    assert endpoint_actions(built.in_network.resources) == rights


def test_without_a_password_there_is_no_way_to_secrets_manager() -> None:
    built = Built(with_password=False)
    assert set(endpoint_actions(built.in_network.resources)) == {"logs", "route53", "ssm", "ssmmessages"}


def test_only_named_clients_and_the_hosts_reach_postgresql(built: Built) -> None:
    group = built.synthesized.name(built.cluster.shared.security_group)
    properties = built.synthesized.resources[group]["Properties"]
    assert flat(properties["SecurityGroupIngress"]) == [
        {
            "IpProtocol": "tcp",
            "FromPort": 5432,
            "ToPort": 5432,
            "SourceSecurityGroupId": f"<{built.synthesized.name(built.clients.resource)}.GroupId>",
            "Description": "PostgreSQL over TLS from billing",
        }
    ]
    assert flat(
        [rule["Properties"] for rule in built.synthesized.of_type("AWS::EC2::SecurityGroupIngress").values()]
    ) == [
        {
            "GroupId": f"<{group}.GroupId>",
            "SourceSecurityGroupId": f"<{group}.GroupId>",
            "IpProtocol": "tcp",
            "FromPort": 5432,
            "ToPort": 5432,
            "Description": "PostgreSQL over TLS from the other hosts",
        }
    ]


def test_the_hosts_reach_the_endpoints_and_each_other_only(built: Built) -> None:
    group = built.synthesized.name(built.cluster.shared.security_group)
    inline = built.synthesized.resources[group]["Properties"]["SecurityGroupEgress"]
    assert [(rule["CidrIp"], rule["FromPort"], rule["ToPort"]) for rule in inline] == [("10.20.0.0/16", 443, 443)]
    (rule,) = built.synthesized.of_type("AWS::EC2::SecurityGroupEgress").values()
    assert flat(rule["Properties"]["DestinationSecurityGroupId"]) == f"<{group}.GroupId>"
    assert (rule["Properties"]["FromPort"], rule["Properties"]["ToPort"]) == (5432, 5432)


def test_a_client_reaches_the_database_and_nothing_reaches_the_client(built: Built) -> None:
    properties = built.synthesized.properties(built.clients.resource)
    assert "SecurityGroupIngress" not in properties
    assert [(rule["CidrIp"], rule["FromPort"], rule["ToPort"]) for rule in properties["SecurityGroupEgress"]] == [
        ("10.20.0.0/16", 5432, 5432)
    ]


def test_without_clients_nobody_but_hosts_comes_in() -> None:
    stack = new_stack()
    cluster = DatabaseCluster(stack, "Cluster")
    assert "SecurityGroupIngress" not in Synthesized(stack).properties(cluster.shared.security_group)


@pytest.mark.parametrize(("retain", "policy"), [(True, "RetainExceptOnCreate"), (False, "Delete")])
def test_groups_keys_and_all_they_need_are_retained_in_production(retain: bool, policy: str) -> None:
    built = Built(retain=retain)
    kept = {
        built.synthesized.name(found)
        for found in built.cluster.node.find_all()
        if CfnResource.is_cfn_resource(found) and isinstance(found, CfnResource)
    }
    others = {
        name: built.synthesized.resources[name].get("DeletionPolicy")
        for name in kept
        if built.synthesized.resources[name].get("DeletionPolicy") != policy
    }
    assert others == {}
    assert {built.synthesized.name(host.group) for host in built.cluster.hosts} <= kept
    assert {name for name in built.synthesized.of_type("AWS::KMS::Key") if name.startswith("Cluster")} <= kept


def test_user_data_is_cloud_config_with_facts_and_no_secret(built: Built) -> None:
    for index, host in enumerate(built.cluster.hosts):
        first, _, rest = built.user_data(index).partition("\n")
        assert first == "#cloud-config"
        document = json.loads(rest)
        assert list(document) == ["write_files"], "the placeholder runs nothing"
        facts = json.loads(document["write_files"][0]["content"])
        assert facts["host"] == host.host_name
        assert facts["members"] == list(built.cluster.host_names)
        assert facts["availability_zone"] == built.network.zones[index]
        (secret,) = built.synthesized.of_type("AWS::SecretsManager::Secret")
        assert facts["passwords"] == {"replicator": f"<{secret}>"}
        assert "resolve:" not in rest
        assert "BEGIN" not in rest, "no private key"


def test_the_log_group_is_encrypted_and_kept(built: Built) -> None:
    (group,) = built.synthesized.of_type("AWS::Logs::LogGroup").values()
    assert group["Properties"]["RetentionInDays"] == 365
    key = built.synthesized.resources[group["Properties"]["KmsKeyId"]["Fn::GetAtt"][0]]
    (use,) = [
        statement for statement in key["Properties"]["KeyPolicy"]["Statement"] if "Service" in statement["Principal"]
    ]
    name = group["Properties"]["LogGroupName"]
    assert flat(use["Condition"]) == {
        "ArnEquals": {
            "kms:EncryptionContext:aws:logs:arn": (
                f"arn:<AWS::Partition>:logs:eu-central-1:000000000000:log-group:{name}"
            )
        }
    }


def test_every_key_has_one_purpose(built: Built) -> None:
    descriptions = sorted(
        key["Properties"]["Description"] for key in built.synthesized.of_type("AWS::KMS::Key").values()
    )
    assert descriptions == [
        "Nexis: database host logs",
        "Nexis: database host notifications",
        "Nexis: password of replicator",
        "Nexis: root volumes of database hosts",
    ]


class Real:
    """A program that is not a placeholder."""

    name = "patroni"
    is_placeholder = False

    def user_data(self, facts: HostFacts) -> str:
        return f"#cloud-config\nhostname: {facts.host}\n"


def test_a_program_takes_the_place_of_the_placeholder() -> None:
    built = Built(program=Real())
    assert not built.cluster.is_placeholder
    assert built.user_data(1) == "#cloud-config\nhostname: host-2.db.nexis.internal\n"
    for group in built.synthesized.of_type(GROUP).values():
        assert {"Key": "nexis:program", "Value": "patroni", "PropagateAtLaunch": True} in group["Properties"]["Tags"]


def test_hosts_groups_and_zone_name_their_cluster(built: Built) -> None:
    tag = {"Key": "nexis:cluster", "Value": "db.nexis.internal"}
    (zone,) = built.synthesized.of_type("AWS::Route53::HostedZone").values()
    assert zone["Properties"]["HostedZoneTags"] == [tag]
    for host in built.cluster.hosts:
        assert {**tag, "PropagateAtLaunch": True} in built.synthesized.properties(host.group)["Tags"]
        data = built.synthesized.properties(host.launch_template)["LaunchTemplateData"]
        for specification in data["TagSpecifications"]:
            assert tag in specification["Tags"], (host.host_name, specification["ResourceType"])


def test_a_change_of_the_program_makes_a_new_version_and_touches_no_group() -> None:
    before, after = Built(), Built(program=Real())
    for old, new in zip(before.cluster.hosts, after.cluster.hosts, strict=True):
        changed = {
            key
            for key, value in before.synthesized.properties(old.group).items()
            if value != after.synthesized.properties(new.group)[key]
        }
        assert changed == {"Tags"}
        assert before.synthesized.name(old.group) == after.synthesized.name(new.group)


@pytest.mark.parametrize("count", [0, 1, 2, 4, 3.0, True])
def test_three_hosts_and_no_other_number(count: int) -> None:
    with pytest.raises(ValueError, match=r"count: got.*from 3 to 3"):
        DatabaseCluster(new_stack(), "Cluster", count=count)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"instance_type": "m7g.large"}, r"instance_type: got 'm7g\.large'.*m7gd\.large"),
        ({"image_id": "ami-1"}, "image_id: got"),
        ({"zone_name": "internal"}, "zone_name: got"),
        ({"zone_name": "DB.nexis.internal"}, "zone_name: got"),
        ({"log_retention_days": 364}, "log_retention_days: got 364"),
        ({"major": 12}, "major: got 12"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_exists(arguments: dict[str, Any], message: str) -> None:
    stack = new_stack()
    with pytest.raises(ValueError, match=message):
        DatabaseCluster(stack, "Cluster", **arguments)
    assert stack.node.children == []


def test_a_stack_without_a_region_works_too() -> None:
    stack = new_stack(concrete=False)
    client = ec2.SecurityGroup.from_security_group_id(stack, "Client", "sg-1")
    cluster = DatabaseCluster(stack, "Cluster", clients={"any": client})
    groups = Synthesized(stack).of_type(GROUP).values()
    assert len({json.dumps(group["Properties"]["VPCZoneIdentifier"]) for group in groups}) == 3
    assert cluster.is_placeholder
