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
from tests.support.rule_templates import OPEN, allowed, defaulted, opened


def stack(**properties: Any) -> dict[str, Any]:
    return resource("Nexis::Stack", **properties)


def subnet(zone: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Subnet", AvailabilityZone=zone)


def endpoint(service: Any) -> dict[str, Any]:
    return resource("AWS::EC2::VPCEndpoint", ServiceName=service, VpcId="vpc-1")


SERVICE = ("Properties.ServiceName",)
VAULT_ELSEWHERE = "arn:aws:backup:sa-east-1:111111111111:backup-vault:v"
ZONE = ("Properties.AvailabilityZone",)
REPLICA = "Properties.ReplicaRegions.0.Region"

CASES = RuleCases(
    "regions.approved",
    (
        good("a stack in an approved region", resources(It=stack(Region="eu-central-1", Account="111111111111"))),
        bad("a stack elsewhere", resources(It=stack(Region="cn-north-1")), at=("Properties.Region",)),
        bad("a stack in no region", resources(It=stack(Region="unknown-region")), at=("Properties.Region",)),
        unknown("a stack whose region is not known", resources(It=stack()), at=("Properties.Region",)),
        good("a zone", resources(It=subnet("eu-central-1a"))),
        bad("a zone elsewhere", resources(It=subnet("sa-east-1a")), at=ZONE),
        good("a Local Zone", resources(It=subnet("us-east-1-bos-1a"))),
        bad("a Local Zone elsewhere", resources(It=subnet("ap-northeast-1-tpe-1a")), at=ZONE),
        good("the first zone of the stack's region", resources(It=subnet({"Fn::Select": [0, {"Fn::GetAZs": ""}]}))),
        good("the stack's region and a letter", resources(It=subnet({"Fn::Sub": "${AWS::Region}a"}))),
        good(
            "the stack's region and a letter, not known yet",
            resources(It=subnet({"Fn::Sub": "${AWS::Region}a"})),
            region=None,
        ),
        bad(
            "the stack's region and a letter, elsewhere",
            resources(It=subnet({"Fn::Sub": "${AWS::Region}a"})),
            at=ZONE,
            region="sa-east-1",
        ),
        good("no zone of any region: AWS refuses it", resources(It=subnet("test-region-1a"))),
        good("an open zone: AWS takes none outside the stack's region", opened(It=subnet(OPEN))),
        good(
            "what the CDK writes before it has looked the zones up",
            resources(It=subnet("dummy1a"), Stack=stack(Region="eu-central-1")),
        ),
        good("the service of an endpoint", resources(It=endpoint("com.amazonaws.eu-central-1.s3"))),
        bad("the service of an endpoint elsewhere", resources(It=endpoint("com.amazonaws.sa-east-1.s3")), at=SERVICE),
        good(
            "the service of an endpoint, by reference",
            resources(It=endpoint({"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"})),
        ),
        good("somebody's service", opened(It=endpoint(OPEN)), region=None),
        bad(
            "copies of snapshots",
            resources(It=resource("AWS::Redshift::Cluster", DestinationRegion="sa-east-1")),
            at=("Properties.DestinationRegion",),
        ),
        bad(
            "copies of files",
            resources(
                It=resource(
                    "AWS::EFS::FileSystem", ReplicationConfiguration={"Destinations": [{"Region": "sa-east-1"}]}
                )
            ),
            at=("Properties.ReplicationConfiguration.Destinations.0.Region",),
        ),
        bad(
            "copies of images",
            resources(
                It=resource("AWS::ImageBuilder::DistributionConfiguration", Distributions=[{"Region": "sa-east-1"}])
            ),
            at=("Properties.Distributions.0.Region",),
        ),
        bad(
            "copies of tables",
            resources(It=resource("AWS::Cassandra::Table", ReplicaSpecifications=[{"Region": "sa-east-1"}])),
            at=("Properties.ReplicaSpecifications.0.Region",),
        ),
        bad(
            "copies of objects, by the key they are encrypted with there",
            resources(
                It=resource(
                    "AWS::S3::Bucket",
                    ReplicationConfiguration={
                        "Rules": [
                            {
                                "Destination": {
                                    "EncryptionConfiguration": {
                                        "ReplicaKmsKeyID": "arn:aws:kms:sa-east-1:111111111111:key/k"
                                    }
                                }
                            }
                        ]
                    },
                )
            ),
            at=("Properties.ReplicationConfiguration.Rules.0.Destination.EncryptionConfiguration.ReplicaKmsKeyID",),
        ),
        bad("a parameter's default", defaulted("sa-east-1b", It=subnet(OPEN)), at=ZONE),
        unknown("allowed zones that disagree", allowed("eu-central-1a", "sa-east-1a", It=subnet(OPEN)), at=ZONE),
        bad(
            "a group's zones",
            resources(
                It=resource("AWS::AutoScaling::AutoScalingGroup", AvailabilityZones=["eu-central-1a", "sa-east-1a"])
            ),
            at=("Properties.AvailabilityZones.1",),
        ),
        good(
            "all zones of the stack's region",
            resources(
                It=resource(
                    "AWS::AutoScaling::AutoScalingGroup", AvailabilityZones={"Fn::GetAZs": {"Ref": "AWS::Region"}}
                )
            ),
        ),
        bad("a volume", resources(It=resource("AWS::EC2::Volume", AvailabilityZone="sa-east-1a")), at=ZONE),
        bad("a host", resources(It=resource("AWS::EC2::Instance", AvailabilityZone="sa-east-1a")), at=ZONE),
        bad(
            "a launch template",
            resources(
                It=resource(
                    "AWS::EC2::LaunchTemplate", LaunchTemplateData={"Placement": {"AvailabilityZone": "sa-east-1a"}}
                )
            ),
            at=("Properties.LaunchTemplateData.Placement.AvailabilityZone",),
        ),
        bad(
            "a secret's copy",
            resources(It=resource("AWS::SecretsManager::Secret", ReplicaRegions=[{"Region": "sa-east-1"}])),
            at=(REPLICA,),
        ),
        good(
            "a secret's copy in an approved region",
            resources(It=resource("AWS::SecretsManager::Secret", ReplicaRegions=[{"Region": "eu-west-1"}])),
        ),
        bad(
            "a table's copy",
            resources(
                It=resource("AWS::DynamoDB::GlobalTable", Replicas=[{"Region": "eu-west-1"}, {"Region": "sa-east-1"}])
            ),
            at=("Properties.Replicas.1.Region",),
        ),
        bad(
            "copies of backups",
            resources(
                It=resource(
                    "AWS::Backup::BackupPlan",
                    BackupPlan={"BackupPlanRule": [{"CopyActions": [{"DestinationBackupVaultArn": VAULT_ELSEWHERE}]}]},
                )
            ),
            at=("Properties.BackupPlan.BackupPlanRule.0.CopyActions.0.DestinationBackupVaultArn",),
        ),
        good(
            "copies of backups in the same place",
            resources(
                It=resource(
                    "AWS::Backup::BackupPlan",
                    BackupPlan={
                        "BackupPlanRule": [
                            {"CopyActions": [{"DestinationBackupVaultArn": {"Fn::GetAtt": ["V", "Arn"]}}]}
                        ]
                    },
                ),
                V=resource("AWS::Backup::BackupVault"),
            ),
        ),
        bad(
            "a replica of a database elsewhere",
            resources(
                It=resource(
                    "AWS::RDS::DBInstance", SourceDBInstanceIdentifier="arn:aws:rds:sa-east-1:111111111111:db:main"
                )
            ),
            at=("Properties.SourceDBInstanceIdentifier",),
        ),
        good(
            "a replica of a database by name",
            resources(It=resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier="main")),
        ),
        bad(
            "a cluster's zones",
            resources(It=resource("AWS::RDS::DBCluster", AvailabilityZones=["sa-east-1a"])),
            at=("Properties.AvailabilityZones.0",),
        ),
        bad(
            "a copy of a key",
            resources(
                It=resource("AWS::KMS::ReplicaKey", PrimaryKeyArn="arn:aws:kms:sa-east-1:111111111111:key/mrk-1")
            ),
            at=("Properties.PrimaryKeyArn",),
        ),
        good(
            "a copy of a key of a region that is not known",
            resources(
                It=resource("AWS::KMS::ReplicaKey", PrimaryKeyArn={"Fn::Sub": "arn:aws:kms:${AWS::Region}:1:key/mrk-1"})
            ),
            region=None,
        ),
        not_applicable("a subnet that names no zone", resources(It=resource("AWS::EC2::Subnet"))),
        not_applicable("a queue", resources(It=resource("AWS::SQS::Queue"))),
        good(
            "a zone that a custom resource finds",
            resources(It=subnet({"Fn::GetAtt": ["Find", "Zone"]}), Find=resource("Custom::Find")),
        ),
        unknown(
            "a region that a custom resource finds",
            resources(It=stack(Region={"Fn::GetAtt": ["Find", "Region"]}), Find=resource("Custom::Find")),
            at=("Properties.Region",),
        ),
        good(
            "the zone of another subnet",
            resources(
                It=resource("AWS::EC2::Volume", AvailabilityZone={"Fn::GetAtt": ["Sub", "AvailabilityZone"]}),
                Sub=subnet("eu-central-1a"),
            ),
        ),
        unknown(
            "an account where a region is expected",
            resources(It=stack(Region={"Ref": "AWS::StackId"})),
            at=("Properties.Region",),
        ),
        good("a zone with an account's number in it", resources(It=subnet({"Fn::Sub": "${AWS::StackId}-1a"}))),
        bad(
            "a zone elsewhere with a reference at its end",
            resources(It=subnet({"Fn::Sub": "sa-east-1-${AWS::StackId}"})),
            at=ZONE,
        ),
        good(
            "a database's copies of backups in an approved region",
            resources(It=resource("AWS::RDS::DBInstance", AutomaticBackupReplicationRegion="eu-west-1")),
        ),
        good(
            "a replica of a database of the same template",
            resources(
                It=resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier={"Ref": "Main"}),
                Main=resource("AWS::RDS::DBInstance"),
            ),
        ),
        good(
            "a replica of a database that a parameter names",
            opened(It=resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier=OPEN)),
        ),
        good(
            "a replica of a database of another stack",
            resources(It=resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier={"Fn::ImportValue": "main"})),
        ),
        good(
            "a key for copies that a parameter names",
            opened(
                It=resource(
                    "AWS::S3::Bucket",
                    ReplicationConfiguration={
                        "Rules": [{"Destination": {"EncryptionConfiguration": {"ReplicaKmsKeyID": OPEN}}}]
                    },
                )
            ),
        ),
        good(
            "a group's zones, one of them open",
            opened(It=resource("AWS::AutoScaling::AutoScalingGroup", AvailabilityZones=["eu-central-1a", OPEN])),
        ),
        good(
            "a group's zones, all of them a parameter",
            opened(It=resource("AWS::AutoScaling::AutoScalingGroup", AvailabilityZones=OPEN)),
        ),
        bad(
            "a group's zones, one of them open, another elsewhere",
            opened(It=resource("AWS::AutoScaling::AutoScalingGroup", AvailabilityZones=[OPEN, "sa-east-1a"])),
            at=("Properties.AvailabilityZones.1",),
        ),
    ),
)


@each(CASES)
def test_approved(case: Case) -> None:
    hold(CASES, case)
