from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)

INSTANCE = "AWS::RDS::DBInstance"
CLUSTER = "AWS::RDS::DBCluster"
SECRET = "AWS::SecretsManager::Secret"
OURS = {"Fn::GetAtt": ["Key", "Arn"]}
AT = ("Properties.KmsKeyId",)


def with_key(kind: str, **properties: Any) -> dict[str, Any]:
    return resources(It=resource(kind, **properties), Key=resource("AWS::KMS::Key"))


def template(**ebs: Any) -> dict[str, Any]:
    return {"LaunchTemplateData": {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": ebs}]}}


CASES = RuleCases(
    "keys.customer-key",
    (
        good("a database", with_key(INSTANCE, KmsKeyId=OURS)),
        good("a database by ARN", resources(It=resource(INSTANCE, KmsKeyId="arn:aws:kms:eu-central-1:1:key/2"))),
        good("a database by an alias of ours", resources(It=resource(CLUSTER, KmsKeyId="alias/database"))),
        good(
            "storage and admin password",
            with_key(INSTANCE, KmsKeyId=OURS, ManageMasterUserPassword=True, MasterUserSecret={"KmsKeyId": OURS}),
        ),
        good("a secret", with_key(SECRET, KmsKeyId=OURS)),
        good("a root volume", with_key("AWS::EC2::LaunchTemplate", **template(Encrypted=True, KmsKeyId=OURS))),
        good("a backup vault", with_key("AWS::Backup::BackupVault", EncryptionKeyArn=OURS)),
        good("a trail", with_key("AWS::CloudTrail::Trail", KMSKeyId=OURS)),
        bad("a database without", resources(It=resource(INSTANCE)), at=AT),
        bad("a cluster without", resources(It=resource(CLUSTER)), at=AT),
        bad("AWS's own key", resources(It=resource(INSTANCE, KmsKeyId="alias/aws/rds")), at=AT),
        bad(
            "AWS's own key by ARN",
            resources(It=resource(SECRET, KmsKeyId="arn:aws:kms:eu-central-1:1:alias/aws/secretsmanager")),
            at=AT,
        ),
        bad(
            "an admin password with AWS's own key",
            with_key(INSTANCE, KmsKeyId=OURS, ManageMasterUserPassword=True),
            at=("Properties.MasterUserSecret.KmsKeyId",),
        ),
        bad(
            "a restored cluster's admin password",
            with_key(CLUSTER, SnapshotIdentifier="snap", ManageMasterUserPassword=True),
            at=("Properties.MasterUserSecret.KmsKeyId",),
        ),
        bad("a secret without", resources(It=resource(SECRET)), at=AT),
        bad("a secret with an empty one", resources(It=resource(SECRET, KmsKeyId="")), at=AT),
        bad(
            "a root volume with AWS's own key",
            resources(It=resource("AWS::EC2::LaunchTemplate", **template(Encrypted=True))),
            at=("Properties.LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId",),
        ),
        bad(
            "an instance's volume",
            resources(It=resource("AWS::EC2::Instance", BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {}}])),
            at=("Properties.BlockDeviceMappings.0.Ebs.KmsKeyId",),
        ),
        bad("a vault without", resources(It=resource("AWS::Backup::BackupVault")), at=("Properties.EncryptionKeyArn",)),
        bad("a trail without", resources(It=resource("AWS::CloudTrail::Trail")), at=("Properties.KMSKeyId",)),
        bad("a map", resources(It=resource(SECRET, KmsKeyId={"a": 1, "b": 2})), at=AT),
        not_applicable("an instance of a cluster", resources(It=resource(INSTANCE, DBClusterIdentifier="main"))),
        not_applicable(
            "a replica has its source's key", resources(It=resource(INSTANCE, SourceDBInstanceIdentifier="main"))
        ),
        not_applicable(
            "a restore has the snapshot's key", resources(It=resource(INSTANCE, DBSnapshotIdentifier="snap"))
        ),
        not_applicable("a host whose volumes stand nowhere", resources(It=resource("AWS::EC2::Instance"))),
        not_applicable("a bucket: S3's own encryption is enough here", resources(It=resource("AWS::S3::Bucket"))),
        unknown(
            "a parameter without default",
            {"Parameters": {"Key": {"Type": "String"}}, **resources(It=resource(SECRET, KmsKeyId={"Ref": "Key"}))},
            at=AT,
        ),
        unknown(
            "whether RDS manages the password is open",
            {
                "Parameters": {"Managed": {"Type": "String"}},
                **resources(
                    It=resource(INSTANCE, KmsKeyId="alias/database", ManageMasterUserPassword={"Ref": "Managed"})
                ),
            },
            at=("Properties.ManageMasterUserPassword",),
        ),
    ),
)


@each(CASES)
def test_customer_key(case: Case) -> None:
    hold(CASES, case)
