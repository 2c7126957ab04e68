from __future__ import annotations

from typing import Any

import pytest

from nexis.audit.links import Linker, logical_ids, named_by
from nexis.audit.model import AWS_MANAGED_KEY, Live
from tests.unit.audit.fake import ACCOUNT, REGION

KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k-1"
LOG_ARN = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/app"


def live(kind: str, identity: str, properties: dict[str, Any] | None = None, **more: Any) -> Live:
    return Live(type=kind, identity=identity, properties=properties or {}, **more)


RESOURCES = [
    live("AWS::KMS::Key", "k-1", attributes={"k-1": "", KEY_ARN: "Arn"}),
    live("AWS::S3::Bucket", "logs", attributes={"arn:aws:s3:::logs": "Arn"}),
    live("AWS::Logs::LogGroup", "/app", attributes={LOG_ARN: "Arn", f"{LOG_ARN}:*": "Arn"}),
    live("AWS::EC2::VPC", "vpc-1", attributes={"vpc-1": ""}),
    live("AWS::RDS::DBParameterGroup", "tls", name="pg:tls"),
    live(AWS_MANAGED_KEY, "aws-1", {"AliasName": "alias/aws/rds"}, attributes={"arn:aws-1": ""}),
]


def linked(kind: str, **properties: Any) -> dict[str, Any]:
    it = live(kind, "it", properties)
    everything = [*RESOURCES, it]
    return Linker(everything, logical_ids(everything)).properties(it)


def test_ids_and_arns_become_links() -> None:
    assert linked("AWS::EC2::Subnet", VpcId="vpc-1", KmsKeyId=KEY_ARN, Keys=["k-1"]) == {
        "VpcId": {"Ref": "vpc-1"},
        "KmsKeyId": {"Fn::GetAtt": ["k-1", "Arn"]},
        "Keys": [{"Ref": "k-1"}],
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arn:aws:s3:::logs", {"Fn::GetAtt": ["logs", "Arn"]}),
        ("arn:aws:s3:::logs/*", {"Fn::Join": ["", [{"Fn::GetAtt": ["logs", "Arn"]}, "/*"]]}),
        ("arn:aws:s3:::logs*", "arn:aws:s3:::logs*"),
        ("arn:aws:s3:::logs-two/*", "arn:aws:s3:::logs-two/*"),
        (f"{LOG_ARN}:*", {"Fn::GetAtt": ["/app", "Arn"]}),
        (f"{LOG_ARN}:log-stream:a", {"Fn::Join": ["", [{"Fn::GetAtt": ["/app", "Arn"]}, ":log-stream:a"]]}),
        ("logs", "logs"),
        ("*", "*"),
    ],
)
def test_an_arn_below_a_resource_is_a_link_with_a_rest(text: str, expected: Any) -> None:
    statement = {"Effect": "Allow", "Resource": [text]}
    document = linked("AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": [statement]})["PolicyDocument"]
    assert document["Statement"][0]["Resource"] == [expected]


def test_a_plain_name_is_a_link_only_where_it_names_something() -> None:
    assert linked("AWS::RDS::DBInstance", DBParameterGroupName="tls", DBName="tls") == {
        "DBParameterGroupName": {"Ref": "pg:tls"},
        "DBName": "tls",
    }
    assert linked("AWS::S3::Bucket", BucketName="logs", Tags=[{"Key": "logs", "Value": "logs"}]) == {
        "BucketName": "logs",
        "Tags": [{"Key": "logs", "Value": "logs"}],
    }


def test_awss_own_key_is_written_as_a_template_would() -> None:
    assert linked("AWS::RDS::DBInstance", KmsKeyId="arn:aws-1") == {"KmsKeyId": "alias/aws/rds"}


def test_two_resources_of_one_id_get_two_names() -> None:
    names = logical_ids(
        [live("AWS::Backup::BackupVault", "x"), live("AWS::RDS::DBInstance", "x"), live("AWS::A::B", "y")]
    )
    assert set(names.values()) == {"x (BackupVault)", "x (DBInstance)", "y"}


def followed(kind: str, **properties: Any) -> set[tuple[str, str]]:
    return set(named_by(live(kind, "it", properties), region=REGION, account=ACCOUNT))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vpc-0a1b", ("AWS::EC2::VPC", "vpc-0a1b")),
        ("lt-0a1b:$Latest", ("AWS::EC2::LaunchTemplate", "lt-0a1b:$Latest")),
        (KEY_ARN, ("AWS::KMS::Key", "k-1")),
        ("alias/mine", ("AWS::KMS::Key", "alias/mine")),
        (f"arn:aws:iam::{ACCOUNT}:role/path/host", ("AWS::IAM::Role", "host")),
        (f"arn:aws:iam::{ACCOUNT}:policy/p", ("AWS::IAM::ManagedPolicy", f"arn:aws:iam::{ACCOUNT}:policy/p")),
        (f"{LOG_ARN}:*", ("AWS::Logs::LogGroup", "/app")),
        ("arn:aws:s3:::logs", ("AWS::S3::Bucket", "logs")),
        # What is of another account or region, or AWS's own, cannot be read or is nobody's.
        (f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k-1", None),
        (f"arn:aws:kms:{REGION}:999999999999:key/k-1", None),
        ("arn:aws:iam::aws:policy/AdministratorAccess", None),
        (f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS", None),
        ("nexis_admin", None),
    ],
)
def test_what_a_property_names_is_followed(text: str, expected: tuple[str, str] | None) -> None:
    assert followed("AWS::Any::Type", Property=[text]) == ({expected} if expected else set())


def test_what_policies_mention_is_not_followed() -> None:
    statement = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"}, "Resource": KEY_ARN}
    assert followed("AWS::KMS::Key", KeyPolicy={"Statement": [statement]}) == set()
    assert followed("AWS::RDS::DBInstance", MasterUserSecret={"SecretArn": "arn:x", "KmsKeyId": KEY_ARN}) == {
        ("AWS::KMS::Key", "k-1")
    }


def test_names_are_followed_where_they_name_something() -> None:
    assert followed("AWS::IAM::InstanceProfile", Roles=["host"]) == {("AWS::IAM::Role", "host")}
    assert followed("AWS::Any::Type", Roles=["host"]) == set()
