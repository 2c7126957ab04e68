from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import Aws
from hypothesis import given, settings
from hypothesis import strategies as st

from nexis.facts.postgres_settings import PARAMETERS
from nexis.facts.rds_classes import has_local_nvme, is_offered, nearest_classes, postgresql_classes
from nexis_constructs._backup_plan import BackupPlan
from nexis_constructs.database_client_group import DatabaseClientGroup
from nexis_constructs.hardened_network import HardenedNetwork
from nexis_constructs.managed_database import ManagedDatabase, check_instance_class
from tests.support.database_templates import (
    Synthesized,
    actions_by_service,
    endpoint_actions,
    flat,
    new_stack,
    rights_of_roles,
)
from tests.support.synthesis import REGION, new_app


class Built:
    """A network with a managed database and one client group."""

    def __init__(self, **arguments: Any) -> None:
        app = new_app()
        network_stack = new_stack("Network", app=app)
        self.network = HardenedNetwork(network_stack, "Network", endpoint_zones=1)
        self.stack = new_stack("ManagedDatabase", app=app)
        retain = arguments.get("retain", True)
        self.clients = DatabaseClientGroup(self.stack, "Clients", network=self.network, port=6432, retain=retain)
        self.database = ManagedDatabase(
            self.stack,
            "Database",
            network=self.network,
            clients={"billing": self.clients.security_group},
            **arguments,
        )
        self.synthesized = Synthesized(self.stack)
        self.in_network = Synthesized(network_stack)
        self.whole = self.synthesized.whole(self.database.resource)
        self.properties: dict[str, Any] = self.whole["Properties"]


@pytest.fixture(scope="module")
def built() -> Built:
    return Built()


def test_safe_without_arguments() -> None:
    stack = new_stack()
    database = ManagedDatabase(stack, "Database")
    synthesized = Synthesized(stack)
    assert "SecurityGroupIngress" not in synthesized.properties(database.security_group), "nobody comes in"
    assert synthesized.properties(database.resource)["PubliclyAccessible"] is False
    assert len(synthesized.of_type("AWS::EC2::VPC")) == 1, "its own network"


def test_a_stack_without_a_region_works_too() -> None:
    stack = new_stack(concrete=False)
    assert ManagedDatabase(stack, "Database").identifier == "nexis-test-database-database"


def test_it_runs_in_two_zones_on_a_class_with_local_nvme(built: Built) -> None:
    assert built.properties["MultiAZ"] is True
    assert has_local_nvme(built.properties["DBInstanceClass"])


def test_it_speaks_tls_only(built: Built) -> None:
    group = built.synthesized.resources[built.properties["DBParameterGroupName"]["Ref"]]
    assert group["Type"] == "AWS::RDS::DBParameterGroup"
    for name, setting in PARAMETERS.items():
        assert group["Properties"]["Parameters"][name] == setting.value
    assert built.properties["CACertificateIdentifier"] == "rds-ca-rsa2048-g1"
    assert built.properties["EngineVersion"].split(".")[0] == group["Properties"]["Family"].removeprefix("postgres")


def test_its_data_is_encrypted_with_a_customer_key(built: Built) -> None:
    assert built.properties["StorageEncrypted"] is True
    assert flat(built.properties["KmsKeyId"]) == f"<{built.synthesized.name(built.database.storage_key.resource)}.Arn>"
    policy = built.synthesized.properties(built.database.storage_key.resource)["KeyPolicy"]
    via = {
        statement["Condition"]["StringEquals"]["kms:ViaService"]
        for statement in policy["Statement"]
        if {"kms:Decrypt", "kms:CreateGrant"} & set(statement["Action"])
    }
    assert via == {"rds.eu-central-1.amazonaws.com"}


def test_it_stands_in_the_isolated_subnets_and_nowhere_else(built: Built) -> None:
    assert built.properties["PubliclyAccessible"] is False
    group = built.synthesized.resources[built.properties["DBSubnetGroupName"]["Ref"]]
    assert len(group["Properties"]["SubnetIds"]) == 3


def test_only_named_clients_reach_its_port_and_it_reaches_nothing(built: Built) -> None:
    assert flat(built.properties["VPCSecurityGroups"]) == [
        f"<{built.synthesized.name(built.database.security_group)}.GroupId>"
    ]
    group = built.synthesized.properties(built.database.security_group)
    assert flat(group["SecurityGroupIngress"]) == [
        {
            "IpProtocol": "tcp",
            "FromPort": 6432,
            "ToPort": 6432,
            "SourceSecurityGroupId": f"<{built.synthesized.name(built.clients.resource)}.GroupId>",
            "Description": "PostgreSQL over TLS from billing",
        }
    ]
    assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == ["255.255.255.255/32"]
    assert built.properties["Port"] == "6432"


def test_rds_keeps_the_admin_password(built: Built) -> None:
    assert built.properties["ManageMasterUserPassword"] is True
    assert "MasterUserPassword" not in built.properties
    assert built.properties["MasterUsername"] not in ("postgres", "admin", "root")
    assert flat(built.properties["MasterUserSecret"]["KmsKeyId"]) == (
        f"<{built.synthesized.name(built.database.admin_key.resource)}.Arn>"
    )


def test_it_cannot_be_deleted_by_mistake(built: Built) -> None:
    assert built.properties["DeletionProtection"] is True
    assert built.whole["DeletionPolicy"] == "Snapshot"
    assert built.whole["UpdateReplacePolicy"] == "Snapshot"
    assert built.properties["CopyTagsToSnapshot"] is True
    assert built.properties["DeleteAutomatedBackups"] is False


def test_minor_versions_come_by_themselves_and_major_ones_do_not(built: Built) -> None:
    assert built.properties["AutoMinorVersionUpgrade"] is True
    assert built.properties["AllowMajorVersionUpgrade"] is False


def test_every_log_goes_to_a_group_that_exists_before_it(built: Built) -> None:
    assert built.properties["EnableCloudwatchLogsExports"] == ["iam-db-auth-error", "postgresql", "upgrade"]
    for export in built.properties["EnableCloudwatchLogsExports"]:
        name = f"/aws/rds/instance/{built.properties['DBInstanceIdentifier']}/{export}"
        (logical_id,) = [
            logical_id
            for logical_id, group in built.synthesized.of_type("AWS::Logs::LogGroup").items()
            if group["Properties"]["LogGroupName"] == name
        ]
        assert logical_id in built.whole["DependsOn"], f"RDS would make {name} itself, unencrypted and kept for ever"
        group = built.synthesized.resources[logical_id]["Properties"]
        assert group["RetentionInDays"] == 365
        assert "KmsKeyId" in group


def test_it_is_backed_up_twice(built: Built) -> None:
    assert built.properties["BackupRetentionPeriod"] >= 14
    (selection,) = built.synthesized.of_type("AWS::Backup::BackupSelection").values()
    database = f"<{built.synthesized.name(built.database.resource)}.DBInstanceArn>"
    assert flat(selection["Properties"]["BackupSelection"]["Resources"]) == [database]
    (plan,) = built.synthesized.of_type("AWS::Backup::BackupPlan").values()
    (rule,) = plan["Properties"]["BackupPlan"]["BackupPlanRule"]
    assert rule["Lifecycle"]["DeleteAfterDays"] >= 14
    vault = built.synthesized.resources[rule["TargetBackupVault"]["Ref"]]["Properties"]
    assert vault["LockConfiguration"] == {"MinRetentionDays": 14}
    key = built.synthesized.resources[vault["EncryptionKeyArn"]["Fn::GetAtt"][0]]
    assert key["Properties"]["EnableKeyRotation"] is True


def test_the_backup_role_backs_up_this_database_and_nothing_else(built: Built) -> None:
    statements = rights_of_roles(built.synthesized.resources, "backup.amazonaws.com")
    vault_key = built.synthesized.properties(built.database.backup_plan.vault)["EncryptionKeyArn"]["Fn::GetAtt"][0]
    assert sorted(resource for statement in statements for resource in flat(statement["Resource"])) == sorted(
        [
            f"<{built.synthesized.name(built.database.resource)}.DBInstanceArn>",
            f"<{built.synthesized.name(built.database.backup_plan.vault)}.BackupVaultArn>",
            f"<{built.synthesized.name(built.database.storage_key.resource)}.Arn>",
            f"<{vault_key}.Arn>",
            "arn:<AWS::Partition>:rds:<AWS::Region>:<AWS::AccountId>:snapshot:awsbackup:*",
        ]
    )
    assert all("*" not in action for statement in statements for action in statement["Action"])
    on_keys = {action for statement in statements for action in statement["Action"] if action.startswith("kms:")}
    assert on_keys == {"kms:DescribeKey"}, "it looks keys up and reads nothing with them"


def test_no_role_works_inside_the_network_so_no_endpoint_is_needed(built: Built) -> None:
    outside = {"backup.amazonaws.com", "monitoring.rds.amazonaws.com"}
    for role in built.synthesized.of_type("AWS::IAM::Role").values():
        (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"]["Service"] in outside
    inside = actions_by_service(rights_of_roles(built.synthesized.resources, "ec2.amazonaws.com"))
    assert endpoint_actions(built.in_network.resources) == inside == {}


def test_the_system_is_monitored_by_a_role_for_this_instance_alone(built: Built) -> None:
    (database,) = built.synthesized.of_type("AWS::RDS::DBInstance").values()
    assert database["Properties"]["MonitoringInterval"] == 60
    roles = [
        role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
        for role in built.synthesized.of_type("AWS::IAM::Role").values()
    ]
    (trust,) = [statement for statement in roles if "monitoring" in statement["Principal"]["Service"]]
    assert str(trust["Condition"]["ArnLike"]["aws:SourceArn"]).count(":db:") == 1


def test_no_policy_is_inline_or_of_aws(built: Built) -> None:
    for role in built.synthesized.of_type("AWS::IAM::Role").values():
        assert "Policies" not in role["Properties"]
        assert all("Ref" in arn for arn in role["Properties"]["ManagedPolicyArns"])


def test_every_key_has_one_purpose(built: Built) -> None:
    descriptions = sorted(
        key["Properties"]["Description"] for key in built.synthesized.of_type("AWS::KMS::Key").values()
    )
    assert descriptions == [
        "Nexis: backup vault",
        "Nexis: managed database admin password",
        "Nexis: managed database logs",
        "Nexis: managed database storage",
    ]


def test_in_production_keys_logs_and_backups_outlive_the_stack(built: Built) -> None:
    for kind in ("AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::Backup::BackupVault"):
        for name, resource in built.synthesized.of_type(kind).items():
            assert resource["DeletionPolicy"] == "RetainExceptOnCreate", name


def test_in_development_nothing_stays_once_protection_is_lifted() -> None:
    built = Built(retain=False)
    stays = {
        name: resource["DeletionPolicy"]
        for name, resource in built.synthesized.resources.items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }
    assert stays == {}
    assert built.properties["DeletionProtection"] is True, "development data deserves a second thought as well"
    vault = built.synthesized.properties(built.database.backup_plan.vault)
    assert "LockConfiguration" not in vault


def test_the_given_values_arrive() -> None:
    built = Built(
        instance_class="db.r6gd.xlarge",
        major=16,
        port=6543,
        backup_retention_days=35,
        allocated_storage_gib=200,
        log_retention_days=400,
        ca="rds-ca-ecc384-g1",
        identifier="billing",
        admin_role="owner",
        extra_parameters={"work_mem": "65536"},
        minimum_tls="TLSv1.2",
    )
    found = {
        key: built.properties[key]
        for key in (
            "DBInstanceClass",
            "Port",
            "BackupRetentionPeriod",
            "AllocatedStorage",
            "CACertificateIdentifier",
            "DBInstanceIdentifier",
            "MasterUsername",
        )
    }
    assert found == {
        "DBInstanceClass": "db.r6gd.xlarge",
        "Port": "6543",
        "BackupRetentionPeriod": 35,
        "AllocatedStorage": "200",
        "CACertificateIdentifier": "rds-ca-ecc384-g1",
        "DBInstanceIdentifier": "billing",
        "MasterUsername": "owner",
    }
    parameters = built.synthesized.properties(built.database.parameter_group.resource)
    assert parameters["Family"] == "postgres16"
    assert parameters["Parameters"]["work_mem"] == "65536"
    assert parameters["Parameters"]["ssl_min_protocol_version"] == "TLSv1.2"


@pytest.mark.parametrize("wanted", ["db.m7g.large", "db.t4g.micro", "db.m6gd", "m6gd.large", "", None])
def test_a_class_without_local_nvme_is_refused_with_the_closest(wanted: str) -> None:
    with pytest.raises(ValueError, match="instance_class: got") as refused:
        ManagedDatabase(new_stack(), "Database", instance_class=wanted)
    for nearest in nearest_classes(str(wanted), region=REGION):
        assert nearest in str(refused.value)


def test_a_class_that_the_region_lacks_is_refused() -> None:
    lacking = [name for name in postgresql_classes() if has_local_nvme(name) and not is_offered(name, REGION)]
    assert lacking, "the table has such a class; if it no longer does, this test has no subject"
    for name in lacking:
        with pytest.raises(ValueError, match=f"in {REGION}"):
            check_instance_class("instance_class", name, REGION)


@settings(deadline=None)  # a first call starts the CDK
@given(st.sampled_from(sorted(postgresql_classes())))
def test_a_class_is_accepted_exactly_if_it_has_local_nvme_and_is_offered(name: str) -> None:
    try:
        check_instance_class("instance_class", name, REGION)
    except ValueError:
        accepted = False
    else:
        accepted = True
    assert accepted == (has_local_nvme(name) and is_offered(name, REGION))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"port": 5432}, "Every scanner tries 5432 first"),
        ({"port": 1149}, "port: got 1149"),
        ({"port": 65536}, "port: got 65536"),
        ({"backup_retention_days": 13}, "backup_retention_days: got 13; expected a whole number of days from 14 to 35"),
        ({"backup_retention_days": 36}, "backup_retention_days: got 36"),
        ({"allocated_storage_gib": 19}, "allocated_storage_gib: got 19"),
        ({"log_retention_days": 42}, "log_retention_days: got 42"),
        ({"ca": "rds-ca-2019"}, "ca: got 'rds-ca-2019'"),
        ({"identifier": "Billing"}, "identifier: got"),
        ({"identifier": "a--b"}, "identifier: got"),
        ({"identifier": "a-"}, "identifier: got"),
        ({"identifier": "1a"}, "identifier: got"),
        ({"identifier": "a"}, "identifier: got 'a'; expected 2 to 50"),
        ({"identifier": "a" * 51}, f"identifier: got '{'a' * 51}'"),
        ({"identifier": Aws.STACK_NAME}, "identifier: got 'a value known only at deployment'"),
        ({"admin_role": "postgres"}, "admin_role: got"),
        ({"admin_role": "rdsadmin"}, "admin_role: got"),
        ({"major": 13}, "major: got 13"),
        ({"minimum_tls": "TLSv1.1"}, "minimum_tls: got"),
        ({"extra_parameters": {"rds.force_ssl": "0"}}, "answers connections in plain text"),
        ({"clients": {"a\nb": None}}, "clients, name: got"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_exists(arguments: dict[str, Any], message: str) -> None:
    stack = new_stack()
    with pytest.raises(ValueError, match=message):
        ManagedDatabase(stack, "Database", **arguments)
    assert stack.node.children == []


def test_a_backup_that_is_kept_too_short_is_refused(built: Built) -> None:
    with pytest.raises(ValueError, match="keep_days: got 13"):
        BackupPlan(
            new_stack(),
            "Plan",
            name="plan",
            instance=built.database.resource,
            storage_key=built.database.storage_key,
            keep_days=13,
        )
