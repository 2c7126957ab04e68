"""RDS instances, clusters and parameter groups: read back as deployed, drifting and protected as on AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.cloud import REGION, Cloud, allow, att, error_code, ref

pytestmark = pytest.mark.real

PARAMETERS = {
    "rds.force_ssl": "1",
    "ssl_min_protocol_version": "TLSv1.3",
    "password_encryption": "scram-sha-256",
    "rds.accepted_password_auth_method": "scram",
    "log_connections": "1",
    "log_disconnections": "1",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "pg_stat_statements.track_utility": "off",
}
BASE: dict[str, Any] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.40.0.0/16"}},
    **{
        f"Subnet{zone}": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": ref("Vpc"),
                "CidrBlock": f"10.40.{number}.0/24",
                "AvailabilityZone": f"{REGION}{zone}",
            },
        }
        for number, zone in enumerate("abc")
    },
    "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "database", "VpcId": ref("Vpc")}},
    "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}}},
    "Monitoring": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": allow("monitoring.rds.amazonaws.com")},
    },
    "Subnets": {
        "Type": "AWS::RDS::DBSubnetGroup",
        "Properties": {
            "DBSubnetGroupDescription": "three zones",
            "SubnetIds": [ref(f"Subnet{zone}") for zone in "abc"],
        },
    },
}
INSTANCE: dict[str, Any] = {
    "Parameters": {
        "Type": "AWS::RDS::DBParameterGroup",
        "Properties": {"Family": "postgres17", "Description": "TLS only", "Parameters": PARAMETERS},
    },
    "Database": {
        "Type": "AWS::RDS::DBInstance",
        "DeletionPolicy": "Snapshot",
        "Properties": {
            "Engine": "postgres",
            "EngineVersion": "17.4",
            "DBInstanceClass": "db.m6gd.large",
            "AllocatedStorage": "100",
            "StorageType": "gp3",
            "MultiAZ": True,
            "StorageEncrypted": True,
            "KmsKeyId": att("Key", "Arn"),
            "PubliclyAccessible": False,
            "DBParameterGroupName": ref("Parameters"),
            "DBSubnetGroupName": ref("Subnets"),
            "VPCSecurityGroups": [att("Group", "GroupId")],
            "CACertificateIdentifier": "rds-ca-ecc384-g1",
            "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
            "ManageMasterUserPassword": True,
            "MasterUsername": "keeper",
            "MasterUserSecret": {"KmsKeyId": att("Key", "Arn")},
            "EnablePerformanceInsights": True,
            "PerformanceInsightsKMSKeyId": att("Key", "Arn"),
            "PerformanceInsightsRetentionPeriod": 7,
            "CopyTagsToSnapshot": True,
            "DeletionProtection": True,
            "BackupRetentionPeriod": 35,
            "Port": "6432",
            "EnableIAMDatabaseAuthentication": True,
            "MonitoringInterval": 60,
            "MonitoringRoleArn": att("Monitoring", "Arn"),
            "AutoMinorVersionUpgrade": True,
            "PreferredBackupWindow": "02:00-03:00",
            "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
            "Tags": [{"Key": "environment", "Value": "test"}],
        },
    },
}
CLUSTER: dict[str, Any] = {
    "ClusterParameters": {
        "Type": "AWS::RDS::DBClusterParameterGroup",
        "Properties": {
            "Family": "aurora-postgresql16",
            "Description": "TLS only",
            "Parameters": {"rds.force_ssl": "1"},
        },
    },
    "Cluster": {
        "Type": "AWS::RDS::DBCluster",
        "Properties": {
            "Engine": "aurora-postgresql",
            "EngineVersion": "16.6",
            "StorageEncrypted": True,
            "KmsKeyId": att("Key", "Arn"),
            "StorageType": "aurora-iopt1",
            "DBClusterParameterGroupName": ref("ClusterParameters"),
            "DBSubnetGroupName": ref("Subnets"),
            "VpcSecurityGroupIds": [att("Group", "GroupId")],
            "ManageMasterUserPassword": True,
            "MasterUsername": "keeper",
            "EnableCloudwatchLogsExports": ["postgresql"],
            "DeletionProtection": True,
            "CopyTagsToSnapshot": True,
            "BackupRetentionPeriod": 14,
            "Port": 6432,
            "EnableIAMDatabaseAuthentication": True,
            "Tags": [{"Key": "environment", "Value": "test"}],
        },
    },
    "Member": {
        "Type": "AWS::RDS::DBInstance",
        "Properties": {
            "Engine": "aurora-postgresql",
            "DBClusterIdentifier": ref("Cluster"),
            "DBInstanceClass": "db.r6gd.large",
            "CACertificateIdentifier": "rds-ca-rsa4096-g1",
            "PubliclyAccessible": False,
        },
    },
}


def unprotected(resources: dict[str, Any], name: str, **more: Any) -> dict[str, Any]:
    changed = {**resources[name], "Properties": {**resources[name]["Properties"], "DeletionProtection": False, **more}}
    return {**resources, name: changed}


@pytest.fixture(scope="module")
def ids(cloud: Cloud) -> dict[str, str]:
    return cloud.deploy(
        "database", {**BASE, **INSTANCE, **CLUSTER}, {"Admin": att("Database", "MasterUserSecret.SecretArn")}
    )


def instance(cloud: Cloud, identity: str) -> dict[str, Any]:
    (found,) = cloud.client("rds").describe_db_instances(DBInstanceIdentifier=identity)["DBInstances"]
    shown: dict[str, Any] = found
    return shown


def key_arn(cloud: Cloud, ids: dict[str, str]) -> str:
    return str(cloud.client("kms").describe_key(KeyId=ids["Key"])["KeyMetadata"]["Arn"])


def test_an_instance_loses_nothing(cloud: Cloud, ids: dict[str, str]) -> None:
    shown, key = instance(cloud, ids["Database"]), key_arn(cloud, ids)
    expected = {
        "Engine": "postgres",
        "EngineVersion": "17.4",
        "DBInstanceClass": "db.m6gd.large",
        "DBInstanceStatus": "available",
        "AllocatedStorage": 100,
        "StorageType": "gp3",
        "MultiAZ": True,
        "StorageEncrypted": True,
        "KmsKeyId": key,
        "PubliclyAccessible": False,
        "CACertificateIdentifier": "rds-ca-ecc384-g1",
        "EnabledCloudwatchLogsExports": ["postgresql", "upgrade"],
        "MasterUsername": "keeper",
        "PerformanceInsightsEnabled": True,
        "PerformanceInsightsKMSKeyId": key,
        "PerformanceInsightsRetentionPeriod": 7,
        "CopyTagsToSnapshot": True,
        "DeletionProtection": True,
        "BackupRetentionPeriod": 35,
        "IAMDatabaseAuthenticationEnabled": True,
        "MonitoringInterval": 60,
        "MonitoringRoleArn": f"arn:aws:iam::{cloud.account}:role/{ids['Monitoring']}",
        "AutoMinorVersionUpgrade": True,
        "PreferredBackupWindow": "02:00-03:00",
        "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
        "DBParameterGroups": [{"DBParameterGroupName": ids["Parameters"], "ParameterApplyStatus": "in-sync"}],
        "VpcSecurityGroups": [{"VpcSecurityGroupId": ids["Group"], "Status": "active"}],
    }
    assert {name: shown.get(name) for name in expected} == expected
    assert shown["Endpoint"]["Port"] == 6432
    assert shown["CertificateDetails"]["CAIdentifier"] == "rds-ca-ecc384-g1"
    assert {"Key": "environment", "Value": "test"} in shown["TagList"]
    assert "DBName" not in shown, "no first database was asked for"


def test_an_instance_stands_in_the_zones_of_its_subnets(cloud: Cloud, ids: dict[str, str]) -> None:
    shown = instance(cloud, ids["Database"])
    subnets = {s["SubnetIdentifier"]: s["SubnetAvailabilityZone"]["Name"] for s in shown["DBSubnetGroup"]["Subnets"]}
    assert subnets == {ids[f"Subnet{zone}"]: f"{REGION}{zone}" for zone in "abc"}
    assert shown["DBSubnetGroup"]["VpcId"] == ids["Vpc"]
    assert shown["AvailabilityZone"] != shown["SecondaryAvailabilityZone"], "Multi-AZ means two zones"
    assert {shown["AvailabilityZone"], shown["SecondaryAvailabilityZone"]} <= set(subnets.values())


def test_the_admin_secret_is_kept_by_rds_under_its_own_key(cloud: Cloud, ids: dict[str, str]) -> None:
    secrets, key = cloud.client("secretsmanager"), key_arn(cloud, ids)
    secret = instance(cloud, ids["Database"])["MasterUserSecret"]
    assert secret == {"SecretArn": cloud.outputs("database")["Admin"], "SecretStatus": "active", "KmsKeyId": key}
    described = secrets.describe_secret(SecretId=secret["SecretArn"])
    assert (described["KmsKeyId"], described["OwningService"], described["RotationEnabled"]) == (key, "rds", True)
    value = json.loads(secrets.get_secret_value(SecretId=secret["SecretArn"])["SecretString"])
    assert value["username"] == "keeper"
    assert len(value["password"]) >= 28


def test_a_clusters_secret_without_a_key_is_under_the_accounts_own(cloud: Cloud, ids: dict[str, str]) -> None:
    (cluster,) = cloud.client("rds").describe_db_clusters(DBClusterIdentifier=ids["Cluster"])["DBClusters"]
    key = cloud.client("kms").describe_key(KeyId=cluster["MasterUserSecret"]["KmsKeyId"])["KeyMetadata"]
    aliases = cloud.client("kms").list_aliases(KeyId=key["KeyId"])["Aliases"]
    assert (key["KeyManager"], [alias["AliasName"] for alias in aliases]) == ("AWS", ["alias/aws/secretsmanager"])


def user_parameters(cloud: Cloud, group: str) -> dict[str, str]:
    pages = (
        cloud.client("rds").get_paginator("describe_db_parameters").paginate(DBParameterGroupName=group, Source="user")
    )
    return {p["ParameterName"]: p["ParameterValue"] for page in pages for p in page["Parameters"]}


def test_a_parameter_group_shows_what_the_user_set(cloud: Cloud, ids: dict[str, str]) -> None:
    assert user_parameters(cloud, ids["Parameters"]) == PARAMETERS
    (group,) = cloud.client("rds").describe_db_parameter_groups(DBParameterGroupName=ids["Parameters"])[
        "DBParameterGroups"
    ]
    assert (group["DBParameterGroupFamily"], group["Description"]) == ("postgres17", "TLS only")


def test_parameters_drift_by_hand(cloud: Cloud) -> None:
    group = cloud.deploy("parameters", {"Parameters": INSTANCE["Parameters"]})["Parameters"]
    rds = cloud.client("rds")
    weaker = {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "pending-reboot"}
    rds.modify_db_parameter_group(DBParameterGroupName=group, Parameters=[weaker])
    rds.reset_db_parameter_group(
        DBParameterGroupName=group, Parameters=[{"ParameterName": "log_connections", "ApplyMethod": "immediate"}]
    )
    expected = {**PARAMETERS, "rds.force_ssl": "0"}
    del expected["log_connections"]
    assert user_parameters(cloud, group) == expected
    rds.reset_db_parameter_group(DBParameterGroupName=group, ResetAllParameters=True)
    assert user_parameters(cloud, group) == {}


def test_a_cluster_loses_nothing(cloud: Cloud, ids: dict[str, str]) -> None:
    (shown,) = cloud.client("rds").describe_db_clusters(DBClusterIdentifier=ids["Cluster"])["DBClusters"]
    expected = {
        "Engine": "aurora-postgresql",
        "EngineVersion": "16.6",
        "DBClusterParameterGroup": ids["ClusterParameters"],
        "StorageEncrypted": True,
        "KmsKeyId": key_arn(cloud, ids),
        "StorageType": "aurora-iopt1",
        "EnabledCloudwatchLogsExports": ["postgresql"],
        "DeletionProtection": True,
        "CopyTagsToSnapshot": True,
        "BackupRetentionPeriod": 14,
        "Port": 6432,
        "IAMDatabaseAuthenticationEnabled": True,
        "AvailabilityZones": [f"{REGION}{zone}" for zone in "abc"],
    }
    assert {name: shown.get(name) for name in expected} == expected
    assert {"Key": "environment", "Value": "test"} in shown["TagList"]
    assert [(m["DBInstanceIdentifier"], m["IsClusterWriter"]) for m in shown["DBClusterMembers"]] == [
        (ids["Member"], True)
    ]


def test_a_member_has_from_its_cluster_what_it_does_not_say_itself(cloud: Cloud, ids: dict[str, str]) -> None:
    shown = instance(cloud, ids["Member"])
    assert (shown["EngineVersion"], shown["StorageEncrypted"], shown["KmsKeyId"]) == ("16.6", True, key_arn(cloud, ids))
    assert (shown["Endpoint"]["Port"], shown["BackupRetentionPeriod"]) == (6432, 14)
    assert [g["VpcSecurityGroupId"] for g in shown["VpcSecurityGroups"]] == [ids["Group"]]
    assert shown["CACertificateIdentifier"] == "rds-ca-rsa4096-g1"
    assert shown["DBParameterGroups"][0]["DBParameterGroupName"] == "default.aurora-postgresql16"
    assert "MasterUserSecret" not in shown, "the secret is the cluster's"


def test_a_cluster_parameter_group_shows_and_drifts(cloud: Cloud, ids: dict[str, str]) -> None:
    rds = cloud.client("rds")

    def parameters() -> dict[str, str]:
        shown = rds.describe_db_cluster_parameters(DBClusterParameterGroupName=ids["ClusterParameters"], Source="user")
        return {p["ParameterName"]: p["ParameterValue"] for p in shown["Parameters"]}

    assert parameters() == {"rds.force_ssl": "1"}
    weaker = {"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}
    rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName=ids["ClusterParameters"], Parameters=[weaker])
    assert parameters() == {"rds.force_ssl": "0"}


DRIFTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"PubliclyAccessible": True}, {"PubliclyAccessible": True}),
    ({"BackupRetentionPeriod": 1}, {"BackupRetentionPeriod": 1}),
    ({"BackupRetentionPeriod": 0}, {"BackupRetentionPeriod": 0}),
    ({"CACertificateIdentifier": "rds-ca-rsa2048-g1"}, {"CACertificateIdentifier": "rds-ca-rsa2048-g1"}),
    ({"CopyTagsToSnapshot": False}, {"CopyTagsToSnapshot": False}),
    ({"DeletionProtection": False}, {"DeletionProtection": False}),
    ({"MultiAZ": False}, {"MultiAZ": False}),
    ({"AutoMinorVersionUpgrade": False}, {"AutoMinorVersionUpgrade": False}),
    ({"EnableIAMDatabaseAuthentication": False}, {"IAMDatabaseAuthenticationEnabled": False}),
    ({"EnablePerformanceInsights": False}, {"PerformanceInsightsEnabled": False, "PerformanceInsightsKMSKeyId": None}),
    ({"MonitoringInterval": 0}, {"MonitoringInterval": 0}),
    ({"DBInstanceClass": "db.m5.large"}, {"DBInstanceClass": "db.m5.large"}),
    (
        {"CloudwatchLogsExportConfiguration": {"DisableLogTypes": ["postgresql"]}},
        {"EnabledCloudwatchLogsExports": ["upgrade"]},
    ),
    ({"ManageMasterUserPassword": False, "MasterUserPassword": "a-password-of-their-own"}, {"MasterUserSecret": None}),
]


@pytest.fixture(scope="module")
def victim(cloud: Cloud) -> str:
    return cloud.deploy("victim", {**BASE, **INSTANCE})["Database"]


@pytest.mark.parametrize(("change", "seen"), DRIFTS, ids=lambda value: next(iter(value)))
def test_an_instance_changed_by_hand_shows_it(
    cloud: Cloud, victim: str, change: dict[str, Any], seen: dict[str, Any]
) -> None:
    cloud.client("rds").modify_db_instance(DBInstanceIdentifier=victim, ApplyImmediately=True, **change)
    shown = instance(cloud, victim)
    assert {name: shown.get(name) for name in seen} == seen


def test_the_port_and_the_parameter_group_can_drift(cloud: Cloud, victim: str) -> None:
    rds = cloud.client("rds")
    rds.create_db_parameter_group(DBParameterGroupName="weak", DBParameterGroupFamily="postgres17", Description="weak")
    rds.modify_db_instance(
        DBInstanceIdentifier=victim, DBPortNumber=5432, DBParameterGroupName="weak", ApplyImmediately=True
    )
    shown = instance(cloud, victim)
    assert shown["Endpoint"]["Port"] == 5432
    assert [group["DBParameterGroupName"] for group in shown["DBParameterGroups"]] == ["weak"]
    with pytest.raises(ClientError) as missing:
        rds.modify_db_instance(DBInstanceIdentifier=victim, DBParameterGroupName="no-such-group")
    assert error_code(missing) == "DBParameterGroupNotFound"


def test_the_default_group_of_a_family_exists_and_says_nothing_of_the_user(cloud: Cloud, victim: str) -> None:
    rds = cloud.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier=victim, DBParameterGroupName="default.postgres17")
    (group,) = rds.describe_db_parameter_groups(DBParameterGroupName="default.postgres17")["DBParameterGroups"]
    assert group["DBParameterGroupFamily"] == "postgres17"
    assert user_parameters(cloud, "default.postgres17") == {}


def test_an_update_that_does_not_touch_the_drift_leaves_it(cloud: Cloud) -> None:
    ids = cloud.deploy("healing", {**BASE, **INSTANCE})
    cloud.client("rds").modify_db_instance(
        DBInstanceIdentifier=ids["Database"], CACertificateIdentifier="rds-ca-rsa2048-g1", ApplyImmediately=True
    )
    after = cloud.deploy("healing", unprotected({**BASE, **INSTANCE}, "Database", BackupRetentionPeriod=30))
    shown = instance(cloud, ids["Database"])
    assert after["Database"] == ids["Database"]
    assert (shown["BackupRetentionPeriod"], shown["CACertificateIdentifier"]) == (30, "rds-ca-rsa2048-g1")


def test_a_protected_instance_is_not_deleted_by_the_api(cloud: Cloud, ids: dict[str, str]) -> None:
    with pytest.raises(ClientError) as refused:
        cloud.client("rds").delete_db_instance(DBInstanceIdentifier=ids["Database"], SkipFinalSnapshot=True)
    assert error_code(refused) == "InvalidParameterCombination"
    assert "Cannot delete protected DB Instance" in str(refused.value)
    with pytest.raises(ClientError) as cluster:
        cloud.client("rds").delete_db_cluster(DBClusterIdentifier=ids["Cluster"], SkipFinalSnapshot=True)
    assert error_code(cluster) == "InvalidParameterCombination"
    assert "Cannot delete protected DB Cluster" in str(cluster.value)


@pytest.mark.parametrize("policy", ["Snapshot", "Delete"])
@pytest.mark.parametrize(
    ("resources", "name"), [(INSTANCE, "Database"), (CLUSTER, "Cluster")], ids=["instance", "cluster"]
)
def test_a_protected_database_stops_the_deletion_of_its_stack(
    cloud: Cloud, resources: dict[str, Any], name: str, policy: str
) -> None:
    stack = f"protected-{name}-{policy}".lower()
    cloud.deploy(stack, {**BASE, **resources, name: {**resources[name], "DeletionPolicy": policy}})
    assert cloud.delete(stack) == "DELETE_FAILED"
    assert any(f"{name}: " in reason and "disable deletion protection" in reason for reason in cloud.failures(stack))
    kind = {"Database": "describe_db_snapshots", "Cluster": "describe_db_cluster_snapshots"}[name]
    found = next(value for key, value in getattr(cloud.client("rds"), kind)().items() if key.endswith("Snapshots"))
    assert [s for s in found if stack in json.dumps(s, default=str)] == [], "a refused deletion leaves no snapshot"


def test_a_deleted_stack_leaves_the_final_snapshot_and_no_secret(cloud: Cloud) -> None:
    ids = cloud.deploy("ending", unprotected({**BASE, **INSTANCE}, "Database"))
    secret = instance(cloud, ids["Database"])["MasterUserSecret"]["SecretArn"]
    assert cloud.delete("ending") == "DELETE_COMPLETE"
    snapshots = cloud.client("rds").describe_db_snapshots(DBInstanceIdentifier=ids["Database"])["DBSnapshots"]
    assert [(s["Engine"], s["Encrypted"]) for s in snapshots] == [("postgres", True)]
    with pytest.raises(ClientError) as gone:
        cloud.client("secretsmanager").get_secret_value(SecretId=secret)
    assert error_code(gone) == "ResourceNotFoundException"


def test_a_deletion_by_hand_needs_a_word_about_the_snapshot(cloud: Cloud) -> None:
    rds = cloud.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="plain",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="x",
        MasterUserPassword="a-long-password",
    )
    with pytest.raises(ClientError) as unclear:
        rds.delete_db_instance(DBInstanceIdentifier="plain")
    assert error_code(unclear) == "InvalidParameterCombination"
    rds.delete_db_instance(DBInstanceIdentifier="plain", FinalDBSnapshotIdentifier="plain-final")
    assert [
        s["DBSnapshotIdentifier"] for s in rds.describe_db_snapshots(DBInstanceIdentifier="plain")["DBSnapshots"]
    ] == ["plain-final"]


def test_an_immutable_property_makes_a_new_instance(cloud: Cloud) -> None:
    resources = unprotected({**BASE, **INSTANCE}, "Database")
    before = cloud.deploy("replacing", resources)
    resources["Database"] = {**resources["Database"], "UpdateReplacePolicy": "Delete"}
    after = cloud.deploy(
        "replacing", unprotected(resources, "Database", StorageEncrypted=False, KmsKeyId={"Ref": "AWS::NoValue"})
    )
    assert before["Database"] != after["Database"]
    assert instance(cloud, after["Database"])["StorageEncrypted"] is False
    with pytest.raises(ClientError) as gone:
        instance(cloud, before["Database"])
    assert error_code(gone) == "DBInstanceNotFound"


def test_encryption_without_a_key_is_under_the_accounts_rds_key(cloud: Cloud) -> None:
    resources = unprotected(
        {**BASE, **INSTANCE},
        "Database",
        KmsKeyId={"Ref": "AWS::NoValue"},
        PerformanceInsightsKMSKeyId={"Ref": "AWS::NoValue"},
    )
    ids = cloud.deploy("default-key", resources)
    shown = instance(cloud, ids["Database"])
    key = cloud.client("kms").describe_key(KeyId="alias/aws/rds")["KeyMetadata"]
    assert (shown["KmsKeyId"], shown["PerformanceInsightsKMSKeyId"], key["KeyManager"]) == (
        key["Arn"],
        key["Arn"],
        "AWS",
    )
