"""Launch templates, Auto Scaling groups and instance types: read back as deployed, and drifting as on AWS."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.cloud import REGION, Cloud, allow, att, error_code, ref

pytestmark = pytest.mark.real

HOSTS: dict[str, Any] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.30.0.0/16"}},
    "SubnetA": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": ref("Vpc"), "CidrBlock": "10.30.0.0/24", "AvailabilityZone": f"{REGION}a"},
    },
    "SubnetC": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": ref("Vpc"), "CidrBlock": "10.30.2.0/24", "AvailabilityZone": f"{REGION}c"},
    },
    "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "hosts", "VpcId": ref("Vpc")}},
    "Key": {
        "Type": "AWS::KMS::Key",
        "Properties": {"EnableKeyRotation": True, "KeyPolicy": {"Version": "2012-10-17", "Statement": []}},
    },
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": allow("ec2.amazonaws.com")}},
    "Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [ref("Role")]}},
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
    "Template": {
        "Type": "AWS::EC2::LaunchTemplate",
        "Properties": {
            "LaunchTemplateData": {
                "ImageId": "ami-0123456789abcdef0",
                "InstanceType": "m6gd.large",
                "IamInstanceProfile": {"Arn": att("Profile", "Arn")},
                "BlockDeviceMappings": [
                    {
                        "DeviceName": "/dev/xvda",
                        "Ebs": {
                            "Encrypted": True,
                            "KmsKeyId": att("Key", "Arn"),
                            "VolumeSize": 20,
                            "VolumeType": "gp3",
                            "DeleteOnTermination": True,
                        },
                    }
                ],
                "MetadataOptions": {
                    "HttpEndpoint": "enabled",
                    "HttpTokens": "required",
                    "HttpPutResponseHopLimit": 1,
                    "InstanceMetadataTags": "enabled",
                },
                "Monitoring": {"Enabled": True},
                "NetworkInterfaces": [
                    {"DeviceIndex": 0, "AssociatePublicIpAddress": False, "Groups": [att("Group", "GroupId")]}
                ],
                "KeyName": "none",
                "InstanceInitiatedShutdownBehavior": "terminate",
                "TagSpecifications": [
                    {"ResourceType": kind, "Tags": [{"Key": "Name", "Value": "host"}]}
                    for kind in ("instance", "volume")
                ],
                "UserData": {"Fn::Base64": "#!/bin/sh\necho <&> hello\n"},
            }
        },
    },
    "Hosts": {
        "Type": "AWS::AutoScaling::AutoScalingGroup",
        "Properties": {
            "MinSize": "1",
            "MaxSize": "2",
            "DesiredCapacity": "1",
            "HealthCheckGracePeriod": 120,
            "LaunchTemplate": {"LaunchTemplateId": ref("Template"), "Version": att("Template", "LatestVersionNumber")},
            "VPCZoneIdentifier": [ref("SubnetA"), ref("SubnetC")],
            "NotificationConfigurations": [
                {
                    "TopicARN": ref("Topic"),
                    "NotificationTypes": [
                        "autoscaling:EC2_INSTANCE_LAUNCH",
                        "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
                    ],
                }
            ],
            "MetricsCollection": [{"Granularity": "1Minute", "Metrics": ["GroupMinSize", "GroupInServiceInstances"]}],
            "Tags": [{"Key": "Name", "Value": "host", "PropagateAtLaunch": True}],
        },
    },
}


@pytest.fixture(scope="module")
def ids(cloud: Cloud) -> dict[str, str]:
    return cloud.deploy("hosts", HOSTS)


def data(cloud: Cloud, template: str, version: str = "$Latest") -> dict[str, Any]:
    shown = cloud.client("ec2").describe_launch_template_versions(LaunchTemplateId=template, Versions=[version])
    found: dict[str, Any] = shown["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    return found


def test_a_launch_template_loses_nothing(cloud: Cloud, ids: dict[str, str]) -> None:
    key = cloud.client("kms").describe_key(KeyId=ids["Key"])["KeyMetadata"]["Arn"]
    shown = data(cloud, ids["Template"])
    assert base64.b64decode(shown.pop("UserData")).decode() == "#!/bin/sh\necho <&> hello\n"
    assert shown == {
        "ImageId": "ami-0123456789abcdef0",
        "InstanceType": "m6gd.large",
        "IamInstanceProfile": {"Arn": f"arn:aws:iam::{cloud.account}:instance-profile/{ids['Profile']}"},
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {
                    "Encrypted": True,
                    "KmsKeyId": key,
                    "VolumeSize": 20,
                    "VolumeType": "gp3",
                    "DeleteOnTermination": True,
                },
            }
        ],
        "MetadataOptions": {
            "State": "applied",
            "HttpEndpoint": "enabled",
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 1,
            "InstanceMetadataTags": "enabled",
        },
        "Monitoring": {"Enabled": True},
        "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False, "Groups": [ids["Group"]]}],
        "KeyName": "none",
        "InstanceInitiatedShutdownBehavior": "terminate",
        "TagSpecifications": [
            {"ResourceType": kind, "Tags": [{"Key": "Name", "Value": "host"}]} for kind in ("instance", "volume")
        ],
    }


def test_a_version_made_by_hand_drifts_the_default(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    identity = ec2.create_launch_template(LaunchTemplateName="by-hand", LaunchTemplateData=weak("optional"))[
        "LaunchTemplate"
    ]["LaunchTemplateId"]
    made = ec2.create_launch_template_version(
        LaunchTemplateId=identity, SourceVersion="1", LaunchTemplateData={"InstanceType": "m5.large"}
    )
    assert made["LaunchTemplateVersion"]["LaunchTemplateData"]["MetadataOptions"]["HttpTokens"] == "optional", (
        "the rest comes from the source"
    )
    ec2.modify_launch_template(LaunchTemplateId=identity, DefaultVersion="2")
    template = ec2.describe_launch_templates(LaunchTemplateIds=[identity])["LaunchTemplates"][0]
    assert (template["DefaultVersionNumber"], template["LatestVersionNumber"]) == (2, 2)
    assert data(cloud, identity, "$Default") == {**shown_weak("optional"), "InstanceType": "m5.large"}
    versions = ec2.describe_launch_template_versions(LaunchTemplateId=identity)["LaunchTemplateVersions"]
    assert {v["VersionNumber"]: v["DefaultVersion"] for v in versions} == {1: False, 2: True}


def test_versions_of_every_template_are_answered_where_none_is_named(cloud: Cloud, ids: dict[str, str]) -> None:
    ec2 = cloud.client("ec2")
    ec2.create_launch_template(LaunchTemplateName="second", LaunchTemplateData=weak("required"))
    ec2.create_launch_template_version(LaunchTemplateName="second", LaunchTemplateData=weak("optional"))
    shown = ec2.describe_launch_template_versions(Versions=["$Latest", "$Default"])["LaunchTemplateVersions"]
    found = {(v["LaunchTemplateName"], v["VersionNumber"], v["DefaultVersion"]) for v in shown}
    assert {("second", 1, True), ("second", 2, False)} <= found
    assert [v["VersionNumber"] for v in shown if v["LaunchTemplateId"] == ids["Template"]] == [1], (
        "the latest is the default one: it is answered once"
    )
    latest = ec2.describe_launch_template_versions(Versions=["$Latest"])["LaunchTemplateVersions"]
    assert [v["VersionNumber"] for v in latest if v["LaunchTemplateName"] == "second"] == [2]
    with pytest.raises(ClientError) as numbered:
        ec2.describe_launch_template_versions(Versions=["1"])
    assert error_code(numbered) == "InvalidParameterCombination"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({"LaunchTemplateId": "lt-0123456789abcdef0"}, "InvalidLaunchTemplateId.NotFound"),
        ({"LaunchTemplateName": "no-such"}, "InvalidLaunchTemplateName.NotFoundException"),
        ({"LaunchTemplateId": "the template's", "Versions": ["7"]}, "InvalidLaunchTemplateId.VersionNotFound"),
    ],
)
def test_unknown_templates_and_versions_are_aws_own_errors(
    cloud: Cloud, ids: dict[str, str], named: dict[str, Any], code: str
) -> None:
    known = {"LaunchTemplateId": ids["Template"]} if "Versions" in named else {}
    with pytest.raises(ClientError) as unknown:
        cloud.client("ec2").describe_launch_template_versions(**{**named, **known})
    assert error_code(unknown) == code


def test_a_deleted_version_is_gone_and_its_number_too(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    name = {"LaunchTemplateName": "shrinking"}
    ec2.create_launch_template(**name, LaunchTemplateData=weak("required"))
    for tokens in ("optional", "required"):
        ec2.create_launch_template_version(**name, LaunchTemplateData=weak(tokens))
    ended = ec2.delete_launch_template_versions(**name, Versions=["1", "3", "9"])
    assert [v["VersionNumber"] for v in ended["SuccessfullyDeletedLaunchTemplateVersions"]] == [3]
    kept = {
        v["VersionNumber"]: v["ResponseError"]["Code"] for v in ended["UnsuccessfullyDeletedLaunchTemplateVersions"]
    }
    assert kept == {1: "unexpectedError", 9: "launchTemplateVersionDoesNotExist"}, "1 is the default version"
    (latest,) = ec2.describe_launch_template_versions(**name, Versions=["$Latest"])["LaunchTemplateVersions"]
    assert latest["VersionNumber"] == 2
    made = ec2.create_launch_template_version(**name, LaunchTemplateData=weak("optional"))["LaunchTemplateVersion"]
    assert made["VersionNumber"] == 4, "a number is never given twice"


def weak(tokens: str) -> dict[str, Any]:
    volume = {"Encrypted": False, "KmsKeyId": "alias/x"}
    return {
        "MetadataOptions": {"HttpTokens": tokens},
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": volume}],
    }


def shown_weak(tokens: str) -> dict[str, Any]:
    return {**weak(tokens), "MetadataOptions": {"State": "applied", "HttpTokens": tokens}}


def test_a_changed_template_makes_a_version_that_the_group_follows(cloud: Cloud) -> None:
    changed = {**HOSTS["Template"]["Properties"]["LaunchTemplateData"], "InstanceType": "m6gd.xlarge"}
    before = cloud.deploy("following", HOSTS)
    after = cloud.deploy(
        "following", {**HOSTS, "Template": {**HOSTS["Template"], "Properties": {"LaunchTemplateData": changed}}}
    )
    assert after == before, "a new version needs no new resource"
    (group,) = cloud.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[after["Hosts"]])[
        "AutoScalingGroups"
    ]
    assert group["LaunchTemplate"]["Version"] == "2"
    assert data(cloud, after["Template"])["InstanceType"] == "m6gd.xlarge"


def asg(cloud: Cloud, name: str) -> dict[str, Any]:
    (found,) = cloud.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])[
        "AutoScalingGroups"
    ]
    shown: dict[str, Any] = found
    return shown


def test_a_group_shows_template_zones_metrics_and_tags(cloud: Cloud, ids: dict[str, str]) -> None:
    group = asg(cloud, ids["Hosts"])
    assert (group["MinSize"], group["MaxSize"], group["DesiredCapacity"], group["HealthCheckGracePeriod"]) == (
        1,
        2,
        1,
        120,
    )
    assert (group["LaunchTemplate"]["LaunchTemplateId"], group["LaunchTemplate"]["Version"]) == (ids["Template"], "1")
    assert group["VPCZoneIdentifier"].split(",") == [ids["SubnetA"], ids["SubnetC"]]
    assert group["AvailabilityZones"] == [f"{REGION}a", f"{REGION}c"], "the zones follow the subnets"
    assert {m["Metric"]: m["Granularity"] for m in group["EnabledMetrics"]} == {
        "GroupMinSize": "1Minute",
        "GroupInServiceInstances": "1Minute",
    }
    own = [tag for tag in group["Tags"] if tag["Key"] == "Name"]
    assert [(tag["Value"], tag["PropagateAtLaunch"], tag["ResourceId"]) for tag in own] == [
        ("host", True, ids["Hosts"])
    ]


def test_notifications_show_and_drift(cloud: Cloud, ids: dict[str, str]) -> None:
    scaling = cloud.client("autoscaling")

    def kinds() -> set[tuple[str, str]]:
        shown = scaling.describe_notification_configurations(AutoScalingGroupNames=[ids["Hosts"]])
        return {(n["TopicARN"], n["NotificationType"]) for n in shown["NotificationConfigurations"]}

    launch, failed = "autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_TERMINATE_ERROR"
    assert kinds() == {(ids["Topic"], launch), (ids["Topic"], failed)}
    scaling.put_notification_configuration(
        AutoScalingGroupName=ids["Hosts"], TopicARN=ids["Topic"], NotificationTypes=[launch]
    )
    assert kinds() == {(ids["Topic"], launch)}
    scaling.delete_notification_configuration(AutoScalingGroupName=ids["Hosts"], TopicARN=ids["Topic"])
    assert kinds() == set()


def test_a_group_changed_by_hand_shows_it(cloud: Cloud) -> None:
    ids = cloud.deploy("drifting", HOSTS)
    scaling = cloud.client("autoscaling")
    scaling.update_auto_scaling_group(
        AutoScalingGroupName=ids["Hosts"], MinSize=0, MaxSize=9, DesiredCapacity=0, VPCZoneIdentifier=ids["SubnetA"],
        LaunchTemplate={"LaunchTemplateId": ids["Template"], "Version": "$Latest"},
    )  # fmt: skip
    scaling.disable_metrics_collection(AutoScalingGroupName=ids["Hosts"])
    group = asg(cloud, ids["Hosts"])
    assert (group["MinSize"], group["MaxSize"], group["DesiredCapacity"]) == (0, 9, 0)
    assert (group["AvailabilityZones"], group["LaunchTemplate"]["Version"], group["EnabledMetrics"]) == (
        [f"{REGION}a"],
        "$Latest",
        [],
    )
    assert cloud.delete("drifting") == "DELETE_COMPLETE"


def test_instance_types_are_those_of_ec2(cloud: Cloud) -> None:
    shown = cloud.client("ec2").describe_instance_types(InstanceTypes=["m6gd.large", "m5.large"])["InstanceTypes"]
    by_name = {description["InstanceType"]: description for description in shown}
    storage = by_name["m6gd.large"]["InstanceStorageInfo"]
    assert (storage["NvmeSupport"], storage["EncryptionSupport"], storage["TotalSizeInGB"]) == (
        "required",
        "required",
        118,
    )
    assert storage["Disks"] == [{"SizeInGB": 118, "Count": 1, "Type": "ssd"}]
    assert by_name["m6gd.large"]["ProcessorInfo"]["SupportedArchitectures"] == ["arm64"]
    assert by_name["m6gd.large"]["MemoryInfo"]["SizeInMiB"] == 8192
    assert by_name["m5.large"]["InstanceStorageSupported"] is False
    assert "InstanceStorageInfo" not in by_name["m5.large"]


def test_instance_types_come_in_pages_and_filtered(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    first = ec2.describe_instance_types(MaxResults=5)
    assert (len(first["InstanceTypes"]), bool(first["NextToken"])) == (5, True)
    pages = ec2.get_paginator("describe_instance_types").paginate(
        Filters=[{"Name": "instance-storage-supported", "Values": ["true"]}]
    )
    names = [d["InstanceType"] for page in pages for d in page["InstanceTypes"]]
    assert "i4i.large" in names
    assert "m5.large" not in names, "it has no disks of its own"
    assert len(names) == len(set(names)), "no type comes twice"


def test_an_unknown_instance_type_or_filter_is_an_error(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    with pytest.raises(ClientError) as unknown:
        ec2.describe_instance_types(InstanceTypes=["m99.huge"])
    assert error_code(unknown) == "InvalidInstanceType"
    with pytest.raises(ClientError) as wrong:
        ec2.describe_instance_types(Filters=[{"Name": "no-such-filter", "Values": ["x"]}])
    assert error_code(wrong) == "InvalidParameterValue"


def test_offerings_follow_the_region(cloud: Cloud) -> None:
    ec2 = cloud.client("ec2")
    pages = ec2.get_paginator("describe_instance_type_offerings").paginate(
        LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": ["m6gd.large"]}]
    )
    offers = [offer for page in pages for offer in page["InstanceTypeOfferings"]]
    assert offers, "eu-central-1 offers m6gd.large"
    assert {offer["Location"][:-1] for offer in offers} == {REGION}
    assert {offer["LocationType"] for offer in offers} == {"availability-zone"}
