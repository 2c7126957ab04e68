"""Whatever stands in a template, a rule answers; it never crashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexis.check import judge_resource
from nexis.rules.registry import all_rules
from nexis.templates.model import Assembly, read_document
from nexis.templates.resolver import ParameterSource
from tests.support.examples import examples

if TYPE_CHECKING:
    from nexis.rules.model import Rule

#: Names that rules look for, so that odd values stand where they look.
NAMES = st.sampled_from(
    [
        "Ref",
        "Fn::If",
        "Fn::GetAtt",
        "Fn::Sub",
        "Statement",
        "Principal",
        "AWS",
        "Action",
        "Resource",
        "Condition",
        "Effect",
        "Ebs",
        "Encrypted",
        "DeviceName",
        "InstanceType",
        "LaunchTemplateId",
        "LaunchTemplateSpecification",
        "LaunchTemplate",
        "Overrides",
        "Key",
        "Value",
        "PasswordLength",
        "rds.force_ssl",
        "log_statement",
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 70000),
    st.sampled_from([10**4_000, -(10**4_000), 10**308, 1e400, -1e400, "9" * 5_000]),
    st.sampled_from(["", "*", "It", "Other", "true", "-1", "::/0", "10.0.0.0/99", "postgres", "postgres17", "{", "[]"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=12,
)


#: Properties by resource type, as far as any rule or case mentions them; odd values are put in each of them.
PROPERTIES: dict[str, tuple[str, ...]] = {
    "AWS::AutoScaling::AutoScalingGroup": ("LaunchTemplate", "MixedInstancesPolicy", "LaunchConfigurationName"),
    "AWS::AutoScaling::LaunchConfiguration": ("InstanceType", "BlockDeviceMappings", "UserData"),
    "AWS::Backup::BackupSelection": ("BackupSelection",),
    "AWS::EC2::Instance": ("InstanceType", "LaunchTemplate", "BlockDeviceMappings", "UserData"),
    "AWS::EC2::LaunchTemplate": ("LaunchTemplateData", "LaunchTemplateName"),
    "AWS::KMS::Key": ("KeyPolicy", "KeySpec", "EnableKeyRotation"),
    "AWS::RDS::DBCluster": ("Engine", "DBClusterParameterGroupName", "StorageEncrypted", "SnapshotIdentifier"),
    "AWS::RDS::DBClusterParameterGroup": ("Family", "Parameters"),
    "AWS::RDS::DBInstance": (
        "Engine",
        "DBParameterGroupName",
        "DBClusterIdentifier",
        "SourceDBInstanceIdentifier",
        "MasterUserPassword",
        "Tags",
        "BackupRetentionPeriod",
    ),
    "AWS::RDS::DBParameterGroup": ("Family", "Parameters"),
    "AWS::S3::Bucket": ("BucketName", "BucketEncryption", "VersioningConfiguration"),
    "AWS::S3::BucketPolicy": ("Bucket", "PolicyDocument"),
    "AWS::SNS::Topic": ("TopicName", "KmsMasterKeyId"),
    "AWS::SNS::TopicPolicy": ("Topics", "PolicyDocument"),
    "AWS::SecretsManager::Secret": ("GenerateSecretString", "SecretString", "KmsKeyId"),
}
#: What else stands in the template, because the rule for one type reads the other.
COMPANIONS = {
    "AWS::S3::Bucket": "AWS::S3::BucketPolicy",
    "AWS::SNS::Topic": "AWS::SNS::TopicPolicy",
    "AWS::EC2::Instance": "AWS::EC2::LaunchTemplate",
    "AWS::AutoScaling::AutoScalingGroup": "AWS::EC2::LaunchTemplate",
    "AWS::RDS::DBInstance": "AWS::Backup::BackupSelection",
    "AWS::RDS::DBCluster": "AWS::RDS::DBInstance",
}
LINKS = {"Bucket": {"Ref": "It"}, "Topics": [{"Ref": "It"}], "DBClusterIdentifier": {"Ref": "It"}}


def rules_for(resource_type: str) -> list[Rule]:
    return [rule for rule in all_rules() if rule.judges(resource_type)]


@pytest.mark.parametrize("resource_type", [t for t in PROPERTIES if rules_for(t)])
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_no_rule_crashes_on_odd_values(resource_type: str, data: st.DataObject) -> None:
    def properties(kind: str, **links: Any) -> dict[str, Any]:
        odd = {name: data.draw(VALUES, label=name) for name in PROPERTIES[kind]}
        return {name: value for name, value in {**odd, **links}.items() if value is not None}

    template: dict[str, Any] = {"It": {"Type": resource_type, "Properties": properties(resource_type)}}
    companion = COMPANIONS.get(resource_type)
    if companion is not None:
        links = {name: link for name, link in LINKS.items() if name in PROPERTIES[companion]}
        template["Other"] = {"Type": companion, "Properties": properties(companion, **links)}
    read = read_document({"Resources": template}, key="t", file="t.json", region="eu-central-1", account="111111111111")
    for rule in rules_for(resource_type):
        judgement = judge_resource(Assembly(templates={"t": read}), read, read.resources["It"], rule, ParameterSource())
        assert not judgement.crash, judgement.crash
