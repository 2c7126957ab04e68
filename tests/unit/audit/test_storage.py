from __future__ import annotations

from typing import Any

import pytest

from nexis.audit import backup, cloudtrail, logs, rds, route53, s3, sns, sqs
from nexis.audit.model import Wanted
from tests.unit.audit.fake import FakeAws, Refused

BLOCK = {"BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}


def test_a_bucket_in_cloudformations_shape() -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:key"}
    live = s3.bucket(
        "logs",
        {
            "versioning": {"Status": "Enabled", "ResponseMetadata": {}},
            "encryption": {"Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]},
            "block": BLOCK,
            "logging": {"TargetBucket": "access", "TargetPrefix": "logs/"},
            "lifecycle": [{"ID": "expire", "Status": "Enabled", "Expiration": {"Days": 365}, "Filter": {}}],
            "ownership": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "policy": None,
            "lock": None,
            "acl": {"Grants": [{"Grantee": {"Type": "CanonicalUser", "ID": "1"}, "Permission": "FULL_CONTROL"}]},
        },
    )
    assert live.properties == {
        "BucketName": "logs",
        "PublicAccessBlockConfiguration": BLOCK,
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "VersioningConfiguration": {"Status": "Enabled"},
        "AccessControl": "Private",
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
        },
        "LoggingConfiguration": {"DestinationBucketName": "access", "LogFilePrefix": "logs/"},
        "LifecycleConfiguration": {"Rules": [{"Id": "expire", "Status": "Enabled", "ExpirationInDays": 365}]},
    }


def test_what_was_removed_from_a_bucket_is_written_out() -> None:
    """A template that is silent means the defaults of a new bucket; a live bucket without a block has none."""
    properties = s3.bucket("logs", {}).properties
    assert properties["PublicAccessBlockConfiguration"] == dict.fromkeys(BLOCK, False)
    assert properties["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    assert "VersioningConfiguration" not in properties


@pytest.mark.parametrize(
    ("grants", "acl"),
    [
        ([], "Private"),
        ([(s3.ALL_USERS, "READ")], "PublicRead"),
        ([(s3.ALL_USERS, "READ"), (s3.ALL_USERS, "WRITE")], "PublicReadWrite"),
        ([(s3.AUTHENTICATED, "READ")], "AuthenticatedRead"),
        ([(s3.LOG_DELIVERY, "WRITE")], "LogDeliveryWrite"),
        ([(s3.LOG_DELIVERY, "WRITE"), (s3.ALL_USERS, "READ_ACP")], "PublicRead"),
    ],
)
def test_grants_are_named_by_the_widest_list_they_amount_to(grants: list[tuple[str, str]], acl: str) -> None:
    answer = {"Grants": [{"Grantee": {"Type": "Group", "URI": uri}, "Permission": what} for uri, what in grants]}
    assert s3.canned_acl(answer) == acl


def test_a_lifecycle_rule_is_written_flat() -> None:
    rule = {
        "ID": "archive",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "wal/", "Tags": [{"Key": "a", "Value": "b"}]}},
        "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
        "NoncurrentVersionTransitions": [{"NoncurrentDays": 7, "StorageClass": "GLACIER"}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
    }
    assert s3.lifecycle_rule(rule) == {
        "Id": "archive",
        "Status": "Enabled",
        "Prefix": "wal/",
        "TagFilters": [{"Key": "a", "Value": "b"}],
        "Transitions": [{"TransitionInDays": 30, "StorageClass": "GLACIER"}],
        "NoncurrentVersionTransitions": [{"TransitionInDays": 7, "StorageClass": "GLACIER"}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        "ExpiredObjectDeleteMarker": True,
    }


def bucket_answers() -> dict[tuple[str, str], Any]:
    answers: dict[tuple[str, str], Any] = {
        ("s3", operation): Refused(absent[0]) if absent else {} for operation, _, absent in s3.PARTS.values()
    }
    listed = [{"Name": "logs"}]
    return {**answers, ("s3", "list_buckets"): listed, ("s3", "get_bucket_versioning"): {}}


def test_a_bucket_without_policy_has_none_and_with_one_it_is_a_resource() -> None:
    wanted = Wanted(ids={"AWS::S3::Bucket": ["logs"]})
    found = s3.fetch(FakeAws(bucket_answers()), wanted)
    assert [live.type for live in found] == ["AWS::S3::Bucket"]
    answers = bucket_answers() | {("s3", "get_bucket_policy"): {"Policy": '{"Statement": []}'}}
    found = s3.fetch(FakeAws(answers), wanted)
    assert [(live.type, live.name) for live in found][1:] == [("AWS::S3::BucketPolicy", "logs/policy")]
    assert found[1].properties == {"Bucket": "logs", "PolicyDocument": {"Statement": []}}


def test_a_bucket_of_somebody_else_is_not_asked_about() -> None:
    aws = FakeAws(bucket_answers())
    assert s3.fetch(aws, Wanted(ids={"AWS::S3::Bucket": ["central-logs"]})) == []
    assert [operation for _, operation, _ in aws.calls] == ["list_buckets"]


INSTANCE = {
    "DBInstanceIdentifier": "db",
    "DBInstanceArn": "arn:aws:rds:eu-central-1:111122223333:db:db",
    "DBInstanceClass": "db.m6gd.large",
    "Engine": "postgres",
    "EngineVersion": "17.11",
    "AllocatedStorage": 20,
    "MultiAZ": True,
    "AvailabilityZone": "eu-central-1a",
    "Endpoint": {"Address": "db.x", "Port": 6432},
    "StorageEncrypted": True,
    "KmsKeyId": "arn:key",
    "PubliclyAccessible": False,
    "IAMDatabaseAuthenticationEnabled": True,
    "EnabledCloudwatchLogsExports": ["postgresql"],
    "VpcSecurityGroups": [
        {"VpcSecurityGroupId": "sg-1", "Status": "active"},
        {"VpcSecurityGroupId": "sg-2", "Status": "removing"},
    ],
    "DBSubnetGroup": {"DBSubnetGroupName": "isolated", "VpcId": "vpc-1"},
    "DBParameterGroups": [{"DBParameterGroupName": "tls", "ParameterApplyStatus": "in-sync"}],
    "MasterUserSecret": {"SecretArn": "arn:secret", "SecretStatus": "active", "KmsKeyId": "arn:admin"},
    "TagList": [{"Key": "project", "Value": "x"}],
}


def test_a_database_in_cloudformations_shape() -> None:
    assert rds.db_instance(INSTANCE).properties == {
        "DBInstanceIdentifier": "db",
        "DBInstanceClass": "db.m6gd.large",
        "Engine": "postgres",
        "EngineVersion": "17.11",
        "AllocatedStorage": "20",
        "MultiAZ": True,
        "Port": "6432",
        "StorageEncrypted": True,
        "KmsKeyId": "arn:key",
        "PubliclyAccessible": False,
        "EnableIAMDatabaseAuthentication": True,
        "EnableCloudwatchLogsExports": ["postgresql"],
        "VPCSecurityGroups": ["sg-1"],
        "DBSubnetGroupName": "isolated",
        "DBParameterGroupName": "tls",
        "ManageMasterUserPassword": True,
        "MasterUserSecret": {"SecretArn": "arn:secret", "KmsKeyId": "arn:admin"},
        "Tags": [{"Key": "project", "Value": "x"}],
    }


def test_a_group_that_waits_for_a_reboot_is_trouble() -> None:
    waits = {"DBParameterGroups": [{"DBParameterGroupName": "tls", "ParameterApplyStatus": "pending-reboot"}]}
    assert rds.db_instance(INSTANCE).trouble == ""
    assert "parameter group tls" in rds.db_instance({**INSTANCE, **waits}).trouble
    members = [{"DBClusterParameterGroupStatus": "in-sync"}, {"DBClusterParameterGroupStatus": "pending-reboot"}]
    cluster = {"DBClusterIdentifier": "c", "DBClusterArn": "arn:c", "DBClusterParameterGroup": "tls"}
    assert rds.db_cluster(cluster).trouble == ""
    assert "parameter group tls" in rds.db_cluster({**cluster, "DBClusterMembers": members}).trouble


def test_a_cluster_in_cloudformations_shape() -> None:
    live = rds.db_cluster(
        {
            "DBClusterIdentifier": "c",
            "DBClusterArn": "arn:c",
            "Engine": "aurora-postgresql",
            "DBClusterParameterGroup": "tls",
            "DBSubnetGroup": "isolated",
            "Port": 6432,
            "StorageEncrypted": True,
            "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
        }
    )
    assert live.properties == {
        "DBClusterIdentifier": "c",
        "Engine": "aurora-postgresql",
        "DBClusterParameterGroupName": "tls",
        "DBSubnetGroupName": "isolated",
        "Port": 6432,
        "StorageEncrypted": True,
        "VpcSecurityGroupIds": ["sg-1"],
    }


def test_only_parameters_that_somebody_set_are_there() -> None:
    group = {
        "DBParameterGroupName": "tls",
        "DBParameterGroupFamily": "postgres17",
        "Description": "TLS only",
        "DBParameterGroupArn": "arn:pg",
    }
    parameters = [
        {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "Source": "user"},
        {"ParameterName": "log_statement", "Source": "user"},
        {"ParameterName": "max_connections", "ParameterValue": "100", "Source": "engine-default"},
    ]
    live = rds.parameter_group(group, parameters, rds.PARAMETER_GROUP, "DBParameterGroup")
    assert live.properties["Parameters"] == {"rds.force_ssl": "1"}
    assert live.properties["Family"] == "postgres17"
    assert live.name == "pg:tls"


def test_databases_are_found_by_name_and_by_network_and_bring_their_cluster() -> None:
    member = {**INSTANCE, "DBInstanceIdentifier": "member", "DBClusterIdentifier": "c"}
    outside = {**INSTANCE, "DBInstanceIdentifier": "outside", "DBSubnetGroup": {"VpcId": "vpc-9"}}
    clusters = [{"DBClusterIdentifier": name, "DBClusterArn": f"arn:{name}"} for name in ("c", "d")]
    aws = FakeAws({("rds", "describe_db_instances"): [member, outside], ("rds", "describe_db_clusters"): clusters})
    assert {live.identity for live in rds.fetch(aws, Wanted(vpcs=["vpc-1"]))} == {"member", "c"}
    assert {live.identity for live in rds.fetch(aws, Wanted(ids={rds.INSTANCE: ["Outside"]}))} == {"outside"}
    aws.calls.clear()
    assert rds.fetch(aws, Wanted()) == []
    assert aws.calls == []


def test_awss_default_groups_are_left_to_aws() -> None:
    groups = [
        {"DBParameterGroupName": name, "DBParameterGroupFamily": "postgres17"} for name in ("default.postgres17", "tls")
    ]
    aws = FakeAws({("rds", "describe_db_parameter_groups"): groups})
    wanted = Wanted(ids={rds.PARAMETER_GROUP: ["default.postgres17", "tls"]})
    assert [live.identity for live in rds.fetch(aws, wanted)] == ["tls"]


def plans(selection: dict[str, Any]) -> FakeAws:
    return FakeAws(
        {
            ("backup", "list_backup_plans"): [{"BackupPlanId": "p-1"}],
            ("backup", "list_backup_selections"): [{"SelectionId": "s-1"}],
            ("backup", "get_backup_selection"): {"BackupSelection": selection},
            ("backup", "get_backup_plan"): {
                "BackupPlanId": "p-1",
                "BackupPlanArn": "arn:p-1",
                "BackupPlan": {
                    "BackupPlanName": "daily",
                    "Rules": [
                        {
                            "RuleName": "daily",
                            "RuleId": "r-1",
                            "TargetBackupVaultName": "vault",
                            "ScheduleExpression": "cron(0 6 * * ? *)",
                            "Lifecycle": {"DeleteAfterDays": 35},
                        }
                    ],
                },
            },
        }
    )


NAMED = {"SelectionName": "db", "IamRoleArn": "arn:role", "Resources": [INSTANCE["DBInstanceArn"]], "ListOfTags": []}


@pytest.mark.parametrize("listed", ["s-1_p-1", "p-1_s-1", "s-1"])
def test_a_selection_is_found_under_either_id(listed: str) -> None:
    found = backup.fetch(plans(NAMED), Wanted(ids={backup.SELECTION: [listed]}))
    [selection] = [live for live in found if live.type == backup.SELECTION]
    assert (backup.SELECTION, listed) in {selection.key, *selection.stands_for}
    assert selection.properties == {
        "BackupPlanId": "p-1",
        "BackupSelection": {
            "SelectionName": "db",
            "IamRoleArn": "arn:role",
            "Resources": [INSTANCE["DBInstanceArn"]],
        },
    }


@pytest.mark.parametrize(
    ("selection", "protects"),
    [
        (NAMED, True),
        ({**NAMED, "Resources": ["arn:aws:rds:*:*:db:*"]}, True),
        ({"SelectionName": "tags", "ListOfTags": [{"ConditionKey": "a"}]}, True),
        ({**NAMED, "Resources": ["arn:aws:rds:eu-central-1:111122223333:db:other"]}, False),
    ],
)
def test_plans_that_protect_a_database_are_read_whoever_made_them(selection: dict[str, Any], protects: bool) -> None:
    found = backup.fetch(plans(selection), Wanted(databases=[str(INSTANCE["DBInstanceArn"])]))
    assert {live.type for live in found} == ({backup.PLAN, backup.SELECTION} if protects else set())


def test_a_plan_is_written_with_cloudformations_names() -> None:
    found = backup.fetch(plans(NAMED), Wanted(ids={backup.PLAN: ["p-1"]}))
    assert found[0].properties["BackupPlan"]["BackupPlanRule"] == [
        {
            "RuleName": "daily",
            "TargetBackupVault": "vault",
            "ScheduleExpression": "cron(0 6 * * ? *)",
            "Lifecycle": {"DeleteAfterDays": 35},
        }
    ]


def test_a_vault_has_its_key_policy_and_lock() -> None:
    aws = FakeAws(
        {
            ("backup", "list_backup_vaults"): [{"BackupVaultName": "vault"}, {"BackupVaultName": "Default"}],
            ("backup", "describe_backup_vault"): {
                "BackupVaultName": "vault",
                "BackupVaultArn": "arn:vault",
                "EncryptionKeyArn": "arn:key",
                "Locked": True,
                "MinRetentionDays": 35,
            },
            ("backup", "get_backup_vault_access_policy"): Refused("ResourceNotFoundException"),
        }
    )
    [live] = backup.fetch(aws, Wanted(ids={backup.VAULT: ["vault", "gone"]}))
    assert live.properties == {
        "BackupVaultName": "vault",
        "EncryptionKeyArn": "arn:key",
        "LockConfiguration": {"MinRetentionDays": 35},
    }


TRAIL = {
    "Name": "audit",
    "TrailARN": "arn:trail",
    "S3BucketName": "logs",
    "IncludeGlobalServiceEvents": True,
    "IsMultiRegionTrail": True,
    "LogFileValidationEnabled": True,
    "KmsKeyId": "arn:key",
    "HomeRegion": "eu-central-1",
}


def test_a_trail_is_on_when_its_status_says_so() -> None:
    selectors = {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}
    live = cloudtrail.trail(TRAIL, {"IsLogging": False}, selectors)
    assert live.properties == {
        "TrailName": "audit",
        "S3BucketName": "logs",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "EnableLogFileValidation": True,
        "KMSKeyId": "arn:key",
        "IsLogging": False,
        **selectors,
    }
    assert live.trouble == ""
    failing = cloudtrail.trail(TRAIL, {"IsLogging": True, "LatestDeliveryError": "AccessDenied"}, {})
    assert failing.trouble == "cannot deliver its logs: AccessDenied"


def test_trails_are_found_by_name() -> None:
    aws = FakeAws(
        {
            ("cloudtrail", "describe_trails"): {"trailList": [TRAIL, {**TRAIL, "Name": "other", "TrailARN": "arn:o"}]},
            ("cloudtrail", "get_trail_status"): {"IsLogging": True},
            ("cloudtrail", "get_event_selectors"): {},
        }
    )
    assert [live.identity for live in cloudtrail.fetch(aws, Wanted(ids={cloudtrail.TRAIL: ["audit"]}))] == ["audit"]


def test_a_log_group_is_matched_by_its_whole_name() -> None:
    arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/app:*"
    answers = [
        {"logGroupName": "/app", "arn": arn, "retentionInDays": 365, "kmsKeyId": "arn:key"},
        {"logGroupName": "/app-two", "arn": arn},
    ]
    found = logs.fetch(FakeAws({("logs", "describe_log_groups"): answers}), Wanted(ids={logs.LOG_GROUP: ["/app"]}))
    assert [live.properties for live in found] == [
        {"LogGroupName": "/app", "RetentionInDays": 365, "KmsKeyId": "arn:key"}
    ]
    assert found[0].attributes == {arn: "Arn", arn.removesuffix(":*"): "Arn"}


def test_a_topic_brings_its_policy() -> None:
    arn = "arn:aws:sns:eu-central-1:111122223333:alarms"
    attributes = {"TopicArn": arn, "KmsMasterKeyId": "arn:key", "DisplayName": "", "Policy": '{"Statement": []}'}
    aws = FakeAws({("sns", "get_topic_attributes"): {"Attributes": attributes}})
    topic, topic_policy = sns.fetch(aws, Wanted(ids={sns.TOPIC: [arn]}))
    assert topic.properties == {"TopicName": "alarms", "KmsMasterKeyId": "arn:key"}
    assert topic_policy.properties == {"Topics": [arn], "PolicyDocument": {"Statement": []}}
    gone = FakeAws({("sns", "get_topic_attributes"): Refused("NotFound")})
    assert sns.fetch(gone, Wanted(ids={sns.TOPIC: [arn]})) == []


def test_a_queue_brings_its_policy() -> None:
    url, arn = "https://sqs/111122223333/late", "arn:aws:sqs:eu-central-1:111122223333:late"
    redrive = '{"deadLetterTargetArn": "arn:aws:sqs:eu-central-1:111122223333:dead", "maxReceiveCount": 3}'
    attributes = {
        "QueueArn": arn,
        "SqsManagedSseEnabled": "true",
        "Policy": '{"Statement": []}',
        "RedrivePolicy": redrive,
    }
    aws = FakeAws({("sqs", "get_queue_attributes"): {"Attributes": attributes}})
    queue, queue_policy = sqs.fetch(aws, Wanted(ids={sqs.QUEUE: [url]}))
    assert queue.properties == {
        "QueueName": "late",
        "SqsManagedSseEnabled": "true",
        "RedrivePolicy": {"deadLetterTargetArn": "arn:aws:sqs:eu-central-1:111122223333:dead", "maxReceiveCount": 3},
    }
    assert queue.attributes == {url: "", arn: "Arn"}
    assert queue_policy.properties == {"Queues": [url], "PolicyDocument": {"Statement": []}}
    gone = FakeAws({("sqs", "get_queue_attributes"): Refused(sqs.GONE[0])})
    assert sqs.fetch(gone, Wanted(ids={sqs.QUEUE: [url]})) == []


def test_a_private_zone_names_its_networks() -> None:
    aws = FakeAws(
        {
            ("route53", "get_hosted_zone"): {
                "HostedZone": {"Id": "/hostedzone/Z1", "Name": "db.internal.", "Config": {"PrivateZone": True}},
                "VPCs": [{"VPCRegion": "eu-central-1", "VPCId": "vpc-1"}],
            },
            ("route53", "list_tags_for_resource"): {
                "ResourceTagSet": {"Tags": [{"Key": "nexis:cluster", "Value": "db.internal"}]}
            },
        }
    )
    [live] = route53.fetch(aws, Wanted(ids={route53.ZONE: ["Z1"]}))
    assert live.identity == "Z1"
    assert live.properties == {
        "Name": "db.internal.",
        "HostedZoneTags": [{"Key": "nexis:cluster", "Value": "db.internal"}],
        "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "eu-central-1"}],
    }
