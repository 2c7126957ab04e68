"""KMS keys, secrets, roles and policies: read back as deployed, drifting as on AWS."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.cloud import Cloud, allow, att, error_code, ref

pytestmark = pytest.mark.real

KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Administration",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
SECRET_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}
CODE = {"ZipFile": "def handler(event, context):\n    return {}\n"}
RESOURCES: dict[str, Any] = {
    "Key": {
        "Type": "AWS::KMS::Key",
        "Properties": {
            "Description": "secrets",
            "KeyPolicy": KEY_POLICY,
            "EnableKeyRotation": True,
            "RotationPeriodInDays": 180,
            "PendingWindowInDays": 7,
            "Tags": [{"Key": "owner", "Value": "platform"}],
        },
    },
    "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/example", "TargetKeyId": ref("Key")}},
    "Secret": {
        "Type": "AWS::SecretsManager::Secret",
        "Properties": {
            "Description": "the application's password",
            "KmsKeyId": att("Key", "Arn"),
            "GenerateSecretString": {
                "PasswordLength": 40,
                "ExcludeCharacters": "\"@/\\ '",
                "SecretStringTemplate": '{"username": "app"}',
                "GenerateStringKey": "password",
            },
        },
    },
    "Policy": {
        "Type": "AWS::SecretsManager::ResourcePolicy",
        "Properties": {"SecretId": ref("Secret"), "ResourcePolicy": SECRET_POLICY},
    },
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": allow("lambda.amazonaws.com"),
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"],
            "Tags": [{"Key": "owner", "Value": "platform"}],
        },
    },
    "Inline": {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "read-secret",
            "Roles": [ref("Role")],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": ref("Secret")}
                ],
            },
        },
    },
    "Managed": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "Roles": [ref("Role")],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}],
            },
        },
    },
    "Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [ref("Role")]}},
    "Rotator": {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Runtime": "python3.13", "Handler": "index.handler", "Role": att("Role", "Arn"), "Code": CODE},
    },
    "Schedule": {
        "Type": "AWS::SecretsManager::RotationSchedule",
        "Properties": {
            "SecretId": ref("Secret"),
            "RotationLambdaARN": att("Rotator", "Arn"),
            "RotationRules": {"AutomaticallyAfterDays": 30, "Duration": "2h"},
        },
    },
}


@pytest.fixture(scope="module")
def ids(cloud: Cloud) -> dict[str, str]:
    return cloud.deploy("secrets", RESOURCES, {"Secret": ref("Secret"), "Profile": ref("Profile")})


def test_a_key_shows_policy_rotation_alias_and_tags(cloud: Cloud, ids: dict[str, str]) -> None:
    kms = cloud.client("kms")
    key = kms.describe_key(KeyId=ids["Key"])["KeyMetadata"]
    assert (key["KeyState"], key["KeyManager"], key["Description"]) == ("Enabled", "CUSTOMER", "secrets")
    assert json.loads(kms.get_key_policy(KeyId=ids["Key"], PolicyName="default")["Policy"]) == KEY_POLICY
    rotation = kms.get_key_rotation_status(KeyId=ids["Key"])
    assert (rotation["KeyRotationEnabled"], rotation["RotationPeriodInDays"]) == (True, 180)
    assert [a["AliasName"] for a in kms.list_aliases(KeyId=ids["Key"])["Aliases"]] == ["alias/example"]
    assert {"TagKey": "owner", "TagValue": "platform"} in kms.list_resource_tags(KeyId=ids["Key"])["Tags"]


def test_a_key_without_rotation_says_so(cloud: Cloud) -> None:
    ids = cloud.deploy("plain-key", {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": KEY_POLICY}}})
    assert cloud.client("kms").get_key_rotation_status(KeyId=ids["Key"])["KeyRotationEnabled"] is False


def test_a_key_drifts_by_hand(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    ids = cloud.deploy("drifting-key", {"Key": RESOURCES["Key"]})
    kms.disable_key_rotation(KeyId=ids["Key"])
    assert kms.get_key_rotation_status(KeyId=ids["Key"])["KeyRotationEnabled"] is False
    kms.disable_key(KeyId=ids["Key"])
    assert kms.describe_key(KeyId=ids["Key"])["KeyMetadata"]["KeyState"] == "Disabled"
    open_policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}],
        }
    )
    kms.put_key_policy(KeyId=ids["Key"], PolicyName="default", Policy=open_policy)
    assert json.loads(kms.get_key_policy(KeyId=ids["Key"])["Policy"]) == json.loads(open_policy)
    kms.schedule_key_deletion(KeyId=ids["Key"], PendingWindowInDays=7)
    assert kms.describe_key(KeyId=ids["Key"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert cloud.delete("drifting-key") == "DELETE_COMPLETE", "a key that is going already counts as deleted"


def test_a_key_pending_deletion_does_not_rotate_until_that_is_cancelled(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    states = []
    for change in (kms.schedule_key_deletion, kms.cancel_key_deletion):
        change(KeyId=key)
        status = kms.get_key_rotation_status(KeyId=key)
        states.append((status["KeyRotationEnabled"], status.get("RotationPeriodInDays")))
    assert states == [(False, None), (True, 90)]


def test_an_alias_of_aws_has_its_key_when_it_is_looked_at(cloud: Cloud) -> None:
    shown = cloud.client("kms").describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]
    assert (shown["KeyManager"], shown["Enabled"]) == ("AWS", True)
    with pytest.raises(ClientError) as unknown:
        cloud.client("kms").describe_key(KeyId="alias/nobody")
    assert error_code(unknown) == "NotFoundException"


def test_a_deleted_stacks_key_waits_out_its_window(cloud: Cloud) -> None:
    ids = cloud.deploy("going", {"Key": RESOURCES["Key"]})
    assert cloud.delete("going") == "DELETE_COMPLETE"
    key = cloud.client("kms").describe_key(KeyId=ids["Key"])["KeyMetadata"]
    assert key["KeyState"] == "PendingDeletion"
    assert 6 <= (key["DeletionDate"] - key["CreationDate"]).days <= 7


def test_the_ref_of_a_secret_is_its_arn(cloud: Cloud, ids: dict[str, str]) -> None:
    described = cloud.client("secretsmanager").describe_secret(SecretId=ids["Secret"])
    assert described["ARN"] == ids["Secret"] == cloud.outputs("secrets")["Secret"]
    assert described["KmsKeyId"] == cloud.client("kms").describe_key(KeyId=ids["Key"])["KeyMetadata"]["Arn"]
    assert described["Description"] == "the application's password"


def test_a_generated_value_obeys_its_options(cloud: Cloud, ids: dict[str, str]) -> None:
    value = json.loads(cloud.client("secretsmanager").get_secret_value(SecretId=ids["Secret"])["SecretString"])
    assert (value["username"], len(value["password"])) == ("app", 40)
    assert not set(value["password"]) & set("\"@/\\ '")


PUNCTUATION = set(string.punctuation)
GENERATORS: list[tuple[dict[str, Any], set[str], int]] = [
    ({}, set(string.ascii_letters + string.digits) | PUNCTUATION, 32),
    ({"ExcludePunctuation": True, "PasswordLength": 60}, set(string.ascii_letters + string.digits), 60),
    ({"ExcludeUppercase": True, "ExcludeNumbers": True, "ExcludePunctuation": True}, set(string.ascii_lowercase), 32),
    (
        {"ExcludeLowercase": "true", "ExcludePunctuation": "true", "PasswordLength": "20"},
        set(string.ascii_uppercase + string.digits),
        20,
    ),
    (
        {"ExcludePunctuation": True, "IncludeSpace": True, "PasswordLength": 200},
        set(string.ascii_letters + string.digits + " "),
        200,
    ),
]


@pytest.mark.parametrize(
    ("options", "alphabet", "length"), GENERATORS, ids=lambda value: "+".join(value) if isinstance(value, dict) else ""
)
def test_each_option_of_a_generator_counts(
    cloud: Cloud, options: dict[str, Any], alphabet: set[str], length: int
) -> None:
    ids = cloud.deploy(
        "generated", {"S": {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": options}}}
    )
    value = cloud.client("secretsmanager").get_secret_value(SecretId=ids["S"])["SecretString"]
    assert len(value) == length
    assert set(value) <= alphabet
    for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits, " ", string.punctuation):
        if set(kind) <= alphabet:
            assert set(value) & set(kind), f"each included type occurs: none of {kind[:5]!r}…"
    assert cloud.delete("generated") == "DELETE_COMPLETE"


def test_a_changed_generator_makes_a_new_value_and_another_change_does_not(cloud: Cloud) -> None:
    def value(**properties: Any) -> str:
        resources = {"S": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "kept", **properties}}}
        identity = cloud.deploy("keeping", resources)["S"]
        return str(cloud.client("secretsmanager").get_secret_value(SecretId=identity)["SecretString"])

    first = value(GenerateSecretString={"PasswordLength": 30})
    described = value(GenerateSecretString={"PasswordLength": 30}, Description="the same value")
    longer = value(GenerateSecretString={"PasswordLength": 31}, Description="the same value")
    assert first == described
    assert (len(first), len(longer)) == (30, 31)


def test_a_secret_shows_policy_and_rotation(cloud: Cloud, ids: dict[str, str]) -> None:
    secrets = cloud.client("secretsmanager")
    assert json.loads(secrets.get_resource_policy(SecretId=ids["Secret"])["ResourcePolicy"]) == SECRET_POLICY
    described = secrets.describe_secret(SecretId=ids["Secret"])
    assert described["RotationEnabled"] is True
    assert described["RotationRules"] == {"AutomaticallyAfterDays": 30, "Duration": "2h"}
    assert described["RotationLambdaARN"].endswith(f":function:{ids['Rotator']}")
    (listed,) = [s for s in secrets.list_secrets()["SecretList"] if s["ARN"] == ids["Secret"]]
    assert (listed["KmsKeyId"], listed["RotationEnabled"]) == (described["KmsKeyId"], True)
    versions = secrets.list_secret_version_ids(SecretId=ids["Secret"])["Versions"]
    assert len(versions) == 1, "a schedule alone rotates nothing"
    secrets.cancel_rotate_secret(SecretId=ids["Secret"])
    assert secrets.describe_secret(SecretId=ids["Secret"])["RotationEnabled"] is False


def test_a_role_shows_its_policies_and_loses_them_by_hand(cloud: Cloud, ids: dict[str, str]) -> None:
    iam = cloud.client("iam")

    def attached() -> set[str]:
        return {p["PolicyArn"] for p in iam.list_attached_role_policies(RoleName=ids["Role"])["AttachedPolicies"]}

    core = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    assert attached() == {core, ids["Managed"]}
    assert iam.list_role_policies(RoleName=ids["Role"])["PolicyNames"] == ["read-secret"]
    inline = iam.get_role_policy(RoleName=ids["Role"], PolicyName="read-secret")["PolicyDocument"]
    assert inline["Statement"][0]["Resource"] == ids["Secret"]
    assert iam.get_role(RoleName=ids["Role"])["Role"]["AssumeRolePolicyDocument"] == allow("lambda.amazonaws.com")
    version = iam.get_policy(PolicyArn=ids["Managed"])["Policy"]["DefaultVersionId"]
    assert (
        iam.get_policy_version(PolicyArn=ids["Managed"], VersionId=version)["PolicyVersion"]["Document"]["Statement"][
            0
        ]["Action"]
        == "logs:PutLogEvents"
    )
    iam.detach_role_policy(RoleName=ids["Role"], PolicyArn=core)
    iam.attach_role_policy(RoleName=ids["Role"], PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    assert attached() == {ids["Managed"], "arn:aws:iam::aws:policy/AdministratorAccess"}


def test_the_ref_of_an_instance_profile_is_its_name(cloud: Cloud, ids: dict[str, str]) -> None:
    profile = cloud.client("iam").get_instance_profile(InstanceProfileName=cloud.outputs("secrets")["Profile"])[
        "InstanceProfile"
    ]
    assert (profile["InstanceProfileName"], [role["RoleName"] for role in profile["Roles"]]) == (
        ids["Profile"],
        [ids["Role"]],
    )
    cloud.deploy("profile", {"Role": RESOURCES["Role"], "Profile": RESOURCES["Profile"]})
    assert cloud.delete("profile") == "DELETE_COMPLETE"
    assert [p["InstanceProfileName"] for p in cloud.client("iam").list_instance_profiles()["InstanceProfiles"]] == [
        ids["Profile"]
    ]


def test_a_service_linked_role_exists_once(cloud: Cloud) -> None:
    iam = cloud.client("iam")
    ids = cloud.deploy(
        "linked",
        {"R": {"Type": "AWS::IAM::ServiceLinkedRole", "Properties": {"AWSServiceName": "autoscaling.amazonaws.com"}}},
    )
    role = iam.get_role(RoleName="AWSServiceRoleForAutoScaling")["Role"]
    assert (ids["R"], role["Path"]) == ("AWSServiceRoleForAutoScaling", "/aws-service-role/autoscaling.amazonaws.com/")
    with pytest.raises(ClientError) as second:
        iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    assert error_code(second) == "InvalidInput"
    assert "has been taken in this account" in str(second.value)
    assert cloud.delete("linked") == "DELETE_COMPLETE"
    iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
