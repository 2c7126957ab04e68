"""Log groups, topics, backups, zones, functions and alarms: read back as deployed, drifting as on AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.cloud import Cloud, allow, att, error_code, ref

pytestmark = pytest.mark.real

KEY = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}}}
DENY_PLAIN = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}
VAULT_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}],
}
RESOURCES: dict[str, Any] = {
    "Key": KEY,
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.50.0.0/16"}},
    "Group": {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {"LogGroupName": "/kept", "RetentionInDays": 365, "KmsKeyId": att("Key", "Arn")},
    },
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": ref("Key")}},
    "TopicPolicy": {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {"Topics": [ref("Topic")], "PolicyDocument": DENY_PLAIN},
    },
    "Mail": {
        "Type": "AWS::SNS::Subscription",
        "Properties": {"TopicArn": ref("Topic"), "Protocol": "email", "Endpoint": "alarms@example.org"},
    },
    "Vault": {
        "Type": "AWS::Backup::BackupVault",
        "Properties": {
            "BackupVaultName": "vault",
            "EncryptionKeyArn": att("Key", "Arn"),
            "AccessPolicy": VAULT_POLICY,
            "LockConfiguration": {"MinRetentionDays": 7, "MaxRetentionDays": 365},
            "Notifications": {"SNSTopicArn": ref("Topic"), "BackupVaultEvents": ["BACKUP_JOB_FAILED"]},
            "BackupVaultTags": {"owner": "platform"},
        },
    },
    "Plan": {
        "Type": "AWS::Backup::BackupPlan",
        "Properties": {
            "BackupPlan": {
                "BackupPlanName": "daily",
                "BackupPlanRule": [
                    {
                        "RuleName": "daily",
                        "TargetBackupVault": ref("Vault"),
                        "ScheduleExpression": "cron(0 3 * * ? *)",
                        "Lifecycle": {"DeleteAfterDays": 35},
                        "EnableContinuousBackup": True,
                    }
                ],
            }
        },
    },
    "BackupRole": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": allow("backup.amazonaws.com")}},
    "Selection": {
        "Type": "AWS::Backup::BackupSelection",
        "Properties": {
            "BackupPlanId": ref("Plan"),
            "BackupSelection": {
                "SelectionName": "tagged",
                "IamRoleArn": att("BackupRole", "Arn"),
                "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "yes"}],
            },
        },
    },
    "Zone": {
        "Type": "AWS::Route53::HostedZone",
        "Properties": {
            "Name": "db.example.internal",
            "VPCs": [{"VPCId": ref("Vpc"), "VPCRegion": ref("AWS::Region")}],
            "HostedZoneTags": [{"Key": "owner", "Value": "platform"}],
        },
    },
    "Record": {
        "Type": "AWS::Route53::RecordSet",
        "Properties": {
            "HostedZoneId": ref("Zone"),
            "Name": "primary.db.example.internal",
            "Type": "CNAME",
            "TTL": "5",
            "ResourceRecords": ["host.db.example.internal"],
        },
    },
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": allow("lambda.amazonaws.com")}},
    "Function": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": att("Role", "Arn"),
            "Code": {"ZipFile": "def handler(event, context):\n    return {'twice': 2 * event['n']}\n"},
            "Timeout": 20,
            "MemorySize": 256,
            "KmsKeyArn": att("Key", "Arn"),
            "Environment": {"Variables": {"LEVEL": "high"}},
            "ReservedConcurrentExecutions": 2,
            "DeadLetterConfig": {"TargetArn": ref("Topic")},
            "TracingConfig": {"Mode": "Active"},
            "LoggingConfig": {"LogGroup": ref("Group")},
        },
    },
    "Permission": {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "FunctionName": ref("Function"),
            "Action": "lambda:InvokeFunction",
            "Principal": "events.amazonaws.com",
            "SourceArn": att("Rule", "Arn"),
        },
    },
    "Rule": {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "EventPattern": {"source": ["aws.rds"]},
            "State": "ENABLED",
            "Targets": [{"Id": "topic", "Arn": ref("Topic")}],
        },
    },
    "Parameter": {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Name": "/example/level", "Type": "String", "Value": "high", "Description": "a level"},
    },
    "Alarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": "space",
            "MetricName": "FreeStorageSpace",
            "Namespace": "AWS/RDS",
            "Statistic": "Minimum",
            "Period": 300,
            "EvaluationPeriods": 2,
            "Threshold": 10.5,
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "breaching",
            "AlarmActions": [ref("Topic")],
            "OKActions": [ref("Topic")],
            "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "database"}],
        },
    },
}


@pytest.fixture(scope="module")
def ids(cloud: Cloud) -> dict[str, str]:
    return cloud.deploy("services", RESOURCES)


def key_arn(cloud: Cloud, ids: dict[str, str]) -> str:
    return str(cloud.client("kms").describe_key(KeyId=ids["Key"])["KeyMetadata"]["Arn"])


def test_a_log_group_shows_key_and_retention_and_drifts(cloud: Cloud, ids: dict[str, str]) -> None:
    logs = cloud.client("logs")

    def group() -> dict[str, Any]:
        (found,) = logs.describe_log_groups(logGroupNamePrefix="/kept")["logGroups"]
        shown: dict[str, Any] = found
        return shown

    assert (group()["retentionInDays"], group()["kmsKeyId"]) == (365, key_arn(cloud, ids))
    logs.put_retention_policy(logGroupName="/kept", retentionInDays=7)
    assert group()["retentionInDays"] == 7
    logs.delete_retention_policy(logGroupName="/kept")
    assert "retentionInDays" not in group(), "a group that never expires has no such member"
    logs.disassociate_kms_key(logGroupName="/kept")
    assert "kmsKeyId" not in group()


def test_a_topic_shows_key_policy_and_subscribers(cloud: Cloud, ids: dict[str, str]) -> None:
    sns = cloud.client("sns")
    attributes = sns.get_topic_attributes(TopicArn=ids["Topic"])["Attributes"]
    assert attributes["KmsMasterKeyId"] == ids["Key"]
    assert json.loads(attributes["Policy"]) == DENY_PLAIN
    (subscription,) = sns.list_subscriptions_by_topic(TopicArn=ids["Topic"])["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "alarms@example.org")


def test_a_vault_shows_key_policy_lock_and_notifications(cloud: Cloud, ids: dict[str, str]) -> None:
    backup = cloud.client("backup")
    vault = backup.describe_backup_vault(BackupVaultName=ids["Vault"])
    assert vault["EncryptionKeyArn"] == key_arn(cloud, ids)
    assert (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (True, 7, 365)
    assert json.loads(backup.get_backup_vault_access_policy(BackupVaultName=ids["Vault"])["Policy"]) == VAULT_POLICY
    notifications = backup.get_backup_vault_notifications(BackupVaultName=ids["Vault"])
    assert (notifications["SNSTopicArn"], notifications["BackupVaultEvents"]) == (ids["Topic"], ["BACKUP_JOB_FAILED"])
    assert backup.list_tags(ResourceArn=vault["BackupVaultArn"])["Tags"]["owner"] == "platform"
    assert [v["BackupVaultName"] for v in backup.list_backup_vaults()["BackupVaultList"]] == ["vault"]


def test_a_vault_without_a_policy_says_so(cloud: Cloud) -> None:
    backup = cloud.client("backup")
    cloud.deploy("bare-vault", {"V": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": "bare"}}})
    vault = backup.describe_backup_vault(BackupVaultName="bare")
    assert vault["Locked"] is False
    managed = cloud.client("kms").describe_key(KeyId=vault["EncryptionKeyArn"])["KeyMetadata"]
    assert managed["KeyManager"] == "AWS", "a vault without a key is under the account's own"
    for operation in ("get_backup_vault_access_policy", "get_backup_vault_notifications"):
        with pytest.raises(ClientError) as absent:
            getattr(backup, operation)(BackupVaultName="bare")
        assert error_code(absent) == "ResourceNotFoundException"
    assert cloud.delete("bare-vault") == "DELETE_COMPLETE"


def test_a_backup_plan_shows_rules_and_selection(cloud: Cloud, ids: dict[str, str]) -> None:
    backup = cloud.client("backup")
    plan = backup.get_backup_plan(BackupPlanId=ids["Plan"])["BackupPlan"]
    (rule,) = plan["Rules"]
    assert (plan["BackupPlanName"], rule["TargetBackupVaultName"], rule["ScheduleExpression"]) == (
        "daily",
        "vault",
        "cron(0 3 * * ? *)",
    )
    assert (rule["Lifecycle"]["DeleteAfterDays"], rule["EnableContinuousBackup"]) == (35, True)
    (listed,) = backup.list_backup_selections(BackupPlanId=ids["Plan"])["BackupSelectionsList"]
    assert ids["Selection"] == f"{listed['SelectionId']}_{ids['Plan']}", "the documented Ref"
    selection = backup.get_backup_selection(BackupPlanId=ids["Plan"], SelectionId=listed["SelectionId"])[
        "BackupSelection"
    ]
    assert selection["IamRoleArn"].endswith(f"role/{ids['BackupRole']}")
    assert selection["ListOfTags"] == [
        {"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "yes"}
    ]


def test_a_selection_deleted_by_hand_is_gone_and_its_stack_still_deletes(cloud: Cloud) -> None:
    names = ("Key", "Topic", "Vault", "Plan", "BackupRole", "Selection")
    resources = {name: RESOURCES[name] for name in names}
    resources["Vault"] = {
        **RESOURCES["Vault"],
        "Properties": {**RESOURCES["Vault"]["Properties"], "BackupVaultName": "other"},
    }
    ids = cloud.deploy("selection", resources)
    selection = ids["Selection"].split("_")[0]
    cloud.client("backup").delete_backup_selection(BackupPlanId=ids["Plan"], SelectionId=selection)
    assert cloud.client("backup").list_backup_selections(BackupPlanId=ids["Plan"])["BackupSelectionsList"] == []
    assert cloud.delete("selection") == "DELETE_COMPLETE"


def test_a_zone_with_networks_is_private(cloud: Cloud, ids: dict[str, str]) -> None:
    route53 = cloud.client("route53")
    (listed,) = route53.list_hosted_zones()["HostedZones"]
    assert (listed["Name"], listed["Config"]["PrivateZone"]) == ("db.example.internal.", True)
    zone = route53.get_hosted_zone(Id=ids["Zone"])
    assert zone["VPCs"] == [{"VPCRegion": "eu-central-1", "VPCId": ids["Vpc"]}]
    tags = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=ids["Zone"])["ResourceTagSet"]["Tags"]
    assert {"Key": "owner", "Value": "platform"} in tags
    records = {
        r["Name"]: r
        for r in route53.list_resource_record_sets(HostedZoneId=ids["Zone"])["ResourceRecordSets"]
        if r["Type"] == "CNAME"
    }
    assert records["primary.db.example.internal."]["TTL"] == 5


def test_a_function_keeps_its_settings_and_runs(cloud: Cloud, ids: dict[str, str]) -> None:
    functions = cloud.client("lambda")
    shown = functions.get_function_configuration(FunctionName=ids["Function"])
    assert (shown["Timeout"], shown["MemorySize"], shown["Environment"]["Variables"]) == (20, 256, {"LEVEL": "high"})
    assert shown["KMSKeyArn"] == key_arn(cloud, ids)
    assert shown["DeadLetterConfig"] == {"TargetArn": ids["Topic"]}
    assert (shown["TracingConfig"]["Mode"], shown["LoggingConfig"]["LogGroup"]) == ("Active", "/kept")
    assert functions.get_function_concurrency(FunctionName=ids["Function"])["ReservedConcurrentExecutions"] == 2
    (statement,) = json.loads(functions.get_policy(FunctionName=ids["Function"])["Policy"])["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    answer = functions.invoke(FunctionName=ids["Function"], Payload=json.dumps({"n": 21}))
    assert json.loads(answer["Payload"].read()) == {"twice": 42}


@pytest.mark.parametrize(
    ("module", "there"),
    [
        ("boto3", True),
        ("cfnresponse", True),
        ("json", True),
        ("local_aws", False),
        ("pydantic", False),
        ("pytest", False),
    ],
)
def test_a_function_imports_what_lambda_has_and_nothing_of_this_machine(cloud: Cloud, module: str, there: bool) -> None:
    code = (
        "import importlib.util\ndef handler(event, context):\n    return importlib.util.find_spec(event) is not None\n"
    )
    properties = {**RESOURCES["Function"]["Properties"], "Code": {"ZipFile": code}}
    bare = {name: properties[name] for name in ("Runtime", "Handler", "Role", "Code")}
    if cloud.status("imports") != "CREATE_COMPLETE":
        cloud.deploy("imports", {"Role": RESOURCES["Role"], "F": {"Type": "AWS::Lambda::Function", "Properties": bare}})
    (resource,) = cloud.client("cloudformation").describe_stack_resources(StackName="imports", LogicalResourceId="F")[
        "StackResources"
    ]
    answer = cloud.client("lambda").invoke(FunctionName=resource["PhysicalResourceId"], Payload=json.dumps(module))
    assert json.loads(answer["Payload"].read()) is there


def test_a_parameter_an_alarm_and_a_rule(cloud: Cloud, ids: dict[str, str]) -> None:
    parameter = cloud.client("ssm").get_parameter(Name=ids["Parameter"])["Parameter"]
    assert (parameter["Value"], parameter["Type"]) == ("high", "String")
    (alarm,) = cloud.client("cloudwatch").describe_alarms(AlarmNames=["space"])["MetricAlarms"]
    assert (alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"], alarm["TreatMissingData"]) == (
        10.5,
        300,
        2,
        "breaching",
    )
    assert (alarm["AlarmActions"], alarm["OKActions"]) == ([ids["Topic"]], [ids["Topic"]])
    assert alarm["Dimensions"] == [{"Name": "DBInstanceIdentifier", "Value": "database"}]
    events = cloud.client("events")
    rule = events.describe_rule(Name=ids["Rule"])
    assert (json.loads(rule["EventPattern"]), rule["State"]) == ({"source": ["aws.rds"]}, "ENABLED")
    assert [target["Arn"] for target in events.list_targets_by_rule(Rule=ids["Rule"])["Targets"]] == [ids["Topic"]]
