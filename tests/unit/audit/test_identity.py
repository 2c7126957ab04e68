from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from nexis.audit import iam, kms, lambda_functions, secretsmanager
from nexis.audit.model import AWS_MANAGED_KEY, AuditError, Wanted
from tests.unit.audit.fake import FakeAws, Refused

ALLOW = {"Version": "2012-10-17", "Statement": []}
ROLE = {
    "RoleName": "host",
    "Arn": "arn:aws:iam::111122223333:role/host",
    "Path": "/",
    "AssumeRolePolicyDocument": ALLOW,
    "MaxSessionDuration": 3600,
}


def test_a_role_carries_its_inline_policies_and_names_the_attached_ones() -> None:
    attached = [{"PolicyArn": "arn:b", "PolicyName": "b"}, {"PolicyArn": "arn:a", "PolicyName": "a"}]
    inline = [{"RoleName": "host", "PolicyName": "extra", "PolicyDocument": ALLOW}]
    boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": "arn:boundary"}}
    live = iam.role({**ROLE, **boundary}, attached, inline)
    assert live.properties == {
        "RoleName": "host",
        "Path": "/",
        "MaxSessionDuration": 3600,
        "AssumeRolePolicyDocument": ALLOW,
        "ManagedPolicyArns": ["arn:a", "arn:b"],
        "Policies": [{"PolicyName": "extra", "PolicyDocument": ALLOW}],
        "PermissionsBoundary": "arn:boundary",
    }
    assert live.handles == {"Policies.0": "extra", "ManagedPolicyArns.0": "arn:a", "ManagedPolicyArns.1": "arn:b"}
    assert live.stands_for == (("AWS::IAM::Policy", "extra"),)


def test_an_identity_provider_has_its_scheme_again_and_names_no_one() -> None:
    arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    answer = {
        "Url": "token.actions.githubusercontent.com",
        "ClientIDList": ["sts.amazonaws.com"],
        "ThumbprintList": [],
        "Tags": [{"Key": "owner", "Value": "platform"}, {"Key": "aws:cloudformation:stack-name", "Value": "x"}],
    }
    live = iam.provider(arn, answer)
    assert live.properties == {
        "Url": "https://token.actions.githubusercontent.com",
        "ClientIdList": ["sts.amazonaws.com"],
        "Tags": [{"Key": "owner", "Value": "platform"}],
    }
    assert (live.identity, live.attributes) == (arn, {arn: "Arn"})


def test_a_managed_policy_is_its_default_version() -> None:
    arn = "arn:aws:iam::111122223333:policy/host"
    aws = FakeAws(
        {
            ("iam", "get_policy"): {
                "Policy": {"Arn": arn, "PolicyName": "host", "DefaultVersionId": "v3", "Path": "/"}
            },
            ("iam", "get_policy_version"): lambda **p: {"PolicyVersion": {"Document": {"version": p["VersionId"]}}},
        }
    )
    [live] = iam.fetch(aws, Wanted(ids={"AWS::IAM::ManagedPolicy": [arn]}))
    assert live.properties["PolicyDocument"] == {"version": "v3"}
    assert live.name == "policy/host"


def test_what_is_gone_is_not_there_and_what_is_denied_stops_the_audit() -> None:
    wanted = Wanted(ids={"AWS::IAM::Role": ["host"]})
    assert iam.fetch(FakeAws({("iam", "get_role"): Refused("NoSuchEntity")}), wanted) == []
    with pytest.raises(AuditError, match=r"iam get-role: AWS denies it .*; the audit needs iam:GetRole"):
        iam.fetch(FakeAws({("iam", "get_role"): Refused("AccessDenied")}), wanted)


def test_awss_own_roles_are_left_to_aws() -> None:
    own = {**ROLE, "RoleName": "AWSServiceRoleForRDS", "Path": "/aws-service-role/rds.amazonaws.com/"}
    github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    answers: dict[tuple[str, str], Any] = {
        ("iam", "list_roles"): [own, ROLE],
        ("iam", "get_role"): lambda **p: {"Role": ROLE},
        ("iam", "list_open_id_connect_providers"): {"OpenIDConnectProviderList": [{"Arn": github}]},
        ("iam", "get_open_id_connect_provider"): {"Url": "token.actions.githubusercontent.com"},
    }
    assert [live.identity for live in iam.fetch(FakeAws(answers), Wanted(everything=True))] == ["host", github]


METADATA: dict[str, Any] = {
    "KeyId": "0000-1",
    "Arn": "arn:aws:kms:eu-central-1:111122223333:key/0000-1",
    "Enabled": True,
    "KeyState": "Enabled",
    "KeyManager": "CUSTOMER",
    "KeySpec": "SYMMETRIC_DEFAULT",
    "KeyUsage": "ENCRYPT_DECRYPT",
    "Origin": "AWS_KMS",
    "MultiRegion": False,
    "Description": "volumes",
}


def test_a_key_has_policy_and_rotation() -> None:
    live = kms.key(METADATA, '{"Statement": []}', {"KeyRotationEnabled": True, "RotationPeriodInDays": 365})
    assert live.properties == {
        "Description": "volumes",
        "Enabled": True,
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "MultiRegion": False,
        "Origin": "AWS_KMS",
        "KeyPolicy": {"Statement": []},
        "EnableKeyRotation": True,
        "RotationPeriodInDays": 365,
    }
    assert live.attributes == {"0000-1": "", METADATA["Arn"]: "Arn"}
    assert live.trouble == ""


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"KeyState": "Enabled"}, ""),
        ({"KeyState": "Disabled"}, "is disabled"),
        ({"KeyState": "PendingDeletion", "DeletionDate": dt.datetime(2026, 12, 1)}, "deleted on 2026-12-01"),
        ({"KeyState": "PendingImport"}, "state PendingImport, expected Enabled"),
        ({"KeyState": "Unavailable"}, "state Unavailable, expected Enabled"),
    ],
)
def test_a_key_that_cannot_be_used_is_in_trouble(state: dict[str, Any], says: str) -> None:
    trouble = kms.state_trouble({**METADATA, **state})
    assert (says in trouble) if says else trouble == ""


def test_an_aws_managed_key_is_only_a_name() -> None:
    managed = {**METADATA, "KeyId": "aws-1", "Arn": "arn:aws-1", "KeyManager": "AWS"}
    aws = FakeAws(
        {
            ("kms", "describe_key"): {"KeyMetadata": managed},
            ("kms", "list_aliases"): [{"AliasName": "alias/aws/rds", "TargetKeyId": "aws-1"}, {"AliasName": "alias/x"}],
        }
    )
    [live] = kms.fetch(aws, Wanted(ids={"AWS::KMS::Key": ["aws-1"]}))
    assert live.type == AWS_MANAGED_KEY
    assert live.properties == {"AliasName": "alias/aws/rds"}


def test_a_key_asked_for_by_alias_is_linked_by_it() -> None:
    aws = FakeAws(
        {
            ("kms", "describe_key"): {"KeyMetadata": METADATA},
            ("kms", "get_key_policy"): {"Policy": "{}"},
            ("kms", "get_key_rotation_status"): Refused("UnsupportedOperationException"),
        }
    )
    [live] = kms.fetch(aws, Wanted(ids={"AWS::KMS::Key": ["alias/volumes"]}))
    assert live.identity == "0000-1"
    assert live.attributes["alias/volumes"] == ""
    assert live.properties["EnableKeyRotation"] is False


SECRET = {
    "ARN": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app-AbCdEf",
    "Name": "app",
    "KmsKeyId": "arn:key",
    "RotationEnabled": True,
    "RotationLambdaARN": "arn:function",
    "RotationRules": {"AutomaticallyAfterDays": 30},
    "ReplicationStatus": [{"Region": "eu-west-1", "KmsKeyId": "k", "Status": "InSync"}],
}


def test_a_secret_brings_its_policy_and_rotation_and_never_its_value() -> None:
    found = list(secretsmanager.secret(SECRET, '{"Statement": []}'))
    assert [(live.type, live.name) for live in found] == [
        ("AWS::SecretsManager::Secret", "secret:app-AbCdEf"),
        ("AWS::SecretsManager::ResourcePolicy", "secret:app-AbCdEf/policy"),
        ("AWS::SecretsManager::RotationSchedule", "secret:app-AbCdEf/rotation"),
    ]
    assert found[0].properties == {
        "Name": "app",
        "KmsKeyId": "arn:key",
        "ReplicaRegions": [{"Region": "eu-west-1", "KmsKeyId": "k"}],
    }
    assert found[2].properties == {
        "SecretId": SECRET["ARN"],
        "RotationLambdaARN": "arn:function",
        "RotationRules": {"AutomaticallyAfterDays": 30},
    }


def test_a_deleted_secret_is_in_trouble_and_its_policy_is_not_asked_for() -> None:
    gone = {**SECRET, "DeletedDate": dt.datetime(2026, 11, 1)}
    aws = FakeAws({("secretsmanager", "describe_secret"): gone})
    [live, _] = secretsmanager.fetch(aws, Wanted(ids={"AWS::SecretsManager::Secret": [str(SECRET["ARN"])]}))
    assert live.trouble.startswith("was deleted on 2026-11-01")
    assert [operation for _, operation, _ in aws.calls] == ["describe_secret"]


def test_a_secret_that_a_service_keeps_is_left_to_it() -> None:
    aws = FakeAws({("secretsmanager", "describe_secret"): {**SECRET, "OwningService": "rds"}})
    assert secretsmanager.fetch(aws, Wanted(ids={"AWS::SecretsManager::Secret": ["arn"]})) == []


def test_a_function_is_read_without_its_environment() -> None:
    live = lambda_functions.function(
        {
            "FunctionName": "close",
            "FunctionArn": "arn:f",
            "Role": "arn:role",
            "Runtime": "python3.14",
            "Environment": {"Variables": {"TOKEN": "hush"}},
            "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": [], "VpcId": ""},
            "TracingConfig": {"Mode": "PassThrough"},
            "LoggingConfig": {"LogGroup": "/close"},
        }
    )
    assert live.properties == {
        "FunctionName": "close",
        "Runtime": "python3.14",
        "Role": "arn:role",
        "LoggingConfig": {"LogGroup": "/close"},
    }
