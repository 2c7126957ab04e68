from __future__ import annotations

from typing import Any

from nexis.audit import autoscaling, ec2_hosts
from nexis.audit.model import Wanted
from tests.unit.audit.fake import FakeAws, Refused

TEMPLATE = "AWS::EC2::LaunchTemplate"


def version(number: int, *, default: int = 1, **data: Any) -> dict[str, Any]:
    return {
        "LaunchTemplateId": "lt-1",
        "LaunchTemplateName": "host",
        "VersionNumber": number,
        "DefaultVersion": number == default,
        "LaunchTemplateData": data,
    }


def versions(*all_of_them: dict[str, Any], default: int = 1) -> Any:
    latest = max(v["VersionNumber"] for v in all_of_them)

    def answer(*, Versions: list[str], LaunchTemplateId: str = "lt-1") -> Any:  # noqa: N803  AWS's names
        numbers = [{"$Default": str(default), "$Latest": str(latest)}.get(v, v) for v in Versions]
        found = [v for v in all_of_them if str(v["VersionNumber"]) in numbers and LaunchTemplateId == "lt-1"]
        return found or Refused("InvalidLaunchTemplateId.NotFound")

    return {("ec2", "describe_launch_template_versions"): answer}


def read(answers: dict[tuple[str, str], Any], *wanted: str) -> dict[str, Any]:
    found = ec2_hosts.fetch(FakeAws(answers), Wanted(ids={TEMPLATE: wanted}))
    return {live.identity: live for live in found}


def test_the_version_in_use_is_the_template_and_the_others_stand_beside_it() -> None:
    answers = versions(version(1, ImageId="ami-1"), version(2, ImageId="ami-2"), version(3, ImageId="ami-3"))
    found = read(answers, "lt-1", "lt-1:2")
    assert {name: live.properties["LaunchTemplateData"]["ImageId"] for name, live in found.items()} == {
        "lt-1:1": "ami-1",
        "lt-1": "ami-2",
        "lt-1:3": "ami-3",
    }
    assert set(found["lt-1"].attributes) == {"lt-1", "lt-1:2"}
    assert set(found["lt-1:3"].attributes) == {"lt-1:3", "lt-1:$Latest"}


def test_a_template_that_nobody_uses_is_its_default_version() -> None:
    found = read(versions(version(1), version(2), default=2), "lt-1")
    assert set(found) == {"lt-1"}
    assert set(found["lt-1"].attributes) == {"lt-1", "lt-1:2", "lt-1:$Default", "lt-1:$Latest"}


def test_a_template_that_is_gone_is_not_there() -> None:
    assert read(versions(version(1)), "lt-2") == {}


def test_templates_of_a_network_are_found_by_their_groups_and_subnets() -> None:
    answers = {
        ("ec2", "describe_security_groups"): [{"GroupId": "sg-1"}],
        ("ec2", "describe_subnets"): [{"SubnetId": "subnet-1"}],
        **versions(version(1, NetworkInterfaces=[{"DeviceIndex": 0, "Groups": ["sg-1"]}])),
    }
    found = ec2_hosts.fetch(FakeAws(answers), Wanted(vpcs=["vpc-1"]))
    assert [live.identity for live in found] == ["lt-1"]
    elsewhere = {**answers, **versions(version(1, SecurityGroupIds=["sg-9"]))}
    assert ec2_hosts.fetch(FakeAws(elsewhere), Wanted(vpcs=["vpc-1"])) == []


def test_launch_template_data_is_written_as_cloudformation_does() -> None:
    data = {
        "MetadataOptions": {"State": "applied", "HttpTokens": "required"},
        "SecurityGroupIds": [],
        "ImageId": "ami-1",
    }
    assert ec2_hosts.template_data(data) == {"MetadataOptions": {"HttpTokens": "required"}, "ImageId": "ami-1"}


INSTANCE = {
    "InstanceId": "i-1",
    "ImageId": "ami-1",
    "InstanceType": "m6gd.medium",
    "SubnetId": "subnet-1",
    "EbsOptimized": True,
    "IamInstanceProfile": {"Arn": "arn:aws:iam::111122223333:instance-profile/path/host", "Id": "AIPA"},
    "Monitoring": {"State": "enabled"},
    "MetadataOptions": {"State": "applied", "HttpTokens": "required", "HttpPutResponseHopLimit": 1},
    "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "hosts"}],
    "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-1", "DeleteOnTermination": True}}],
    "State": {"Name": "running"},
}
VOLUME = {"VolumeId": "vol-1", "Encrypted": True, "KmsKeyId": "arn:key", "VolumeType": "gp3", "Size": 30}


def test_an_instance_has_the_encryption_of_its_volumes() -> None:
    live = ec2_hosts.instance(INSTANCE, {"vol-1": VOLUME}, "c2VjcmV0")
    assert live.properties == {
        "ImageId": "ami-1",
        "InstanceType": "m6gd.medium",
        "SubnetId": "subnet-1",
        "EbsOptimized": True,
        "IamInstanceProfile": "host",
        "Monitoring": True,
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "UserData": "c2VjcmV0",
        "SecurityGroupIds": ["sg-1"],
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {"DeleteOnTermination": True, "Encrypted": True, "KmsKeyId": "arn:key", "VolumeType": "gp3"},
            }
        ],
    }


def test_a_public_address_shows_as_a_template_would_ask_for_it() -> None:
    live = ec2_hosts.instance({**INSTANCE, "PublicIpAddress": "203.0.113.5"}, {}, "")
    [interface] = live.properties["NetworkInterfaces"]
    assert interface == {
        "DeviceIndex": "0",
        "AssociatePublicIpAddress": True,
        "GroupSet": ["sg-1"],
        "SubnetId": "subnet-1",
    }
    assert "SubnetId" not in live.properties


def test_instances_of_a_network_bring_their_volumes_and_terminated_ones_are_gone() -> None:
    answers = {
        ("ec2", "describe_instances"): [
            {"Instances": [INSTANCE, {**INSTANCE, "InstanceId": "i-2", "State": {"Name": "terminated"}}]}
        ],
        ("ec2", "describe_volumes"): [VOLUME],
        ("ec2", "describe_instance_attribute"): {"UserData": {}},
    }
    found = ec2_hosts.fetch(FakeAws(answers), Wanted(vpcs=["vpc-1"]))
    assert {live.key for live in found} == {("AWS::EC2::Instance", "i-1"), ("AWS::EC2::Volume", "vol-1")}


GROUP = {
    "AutoScalingGroupName": "host-1",
    "MinSize": 1,
    "MaxSize": 2,
    "DesiredCapacity": 1,
    "DefaultCooldown": 300,
    "HealthCheckType": "EC2",
    "VPCZoneIdentifier": "subnet-1, subnet-2",
    "LaunchTemplate": {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "host", "Version": "3"},
    "EnabledMetrics": [{"Metric": "B", "Granularity": "1Minute"}, {"Metric": "A", "Granularity": "1Minute"}],
    "Tags": [
        {"Key": "nexis:program", "Value": "placeholder", "PropagateAtLaunch": True, "ResourceId": "host-1"},
        {"Key": "aws:cloudformation:stack-name", "Value": "x", "PropagateAtLaunch": True},
    ],
}


def test_an_auto_scaling_group_names_the_version_it_launches() -> None:
    told = [{"TopicARN": "arn:t", "NotificationType": kind, "AutoScalingGroupName": "host-1"} for kind in ("b", "a")]
    assert autoscaling.auto_scaling_group(GROUP, told).properties == {
        "MinSize": "1",
        "MaxSize": "2",
        "DesiredCapacity": "1",
        "Cooldown": "300",
        "HealthCheckType": "EC2",
        "VPCZoneIdentifier": ["subnet-1", "subnet-2"],
        "LaunchTemplate": {"LaunchTemplateId": "lt-1:3", "Version": "3"},
        "MetricsCollection": [{"Granularity": "1Minute", "Metrics": ["A", "B"]}],
        "NotificationConfigurations": [{"TopicARN": "arn:t", "NotificationTypes": ["a", "b"]}],
        "Tags": [{"Key": "nexis:program", "Value": "placeholder", "PropagateAtLaunch": True}],
    }


def test_a_mixed_policy_names_every_template() -> None:
    policy = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "Version": "$Latest"},
            "Overrides": [
                {"InstanceType": "i4i.large"},
                {"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-2"}},
            ],
        },
        "InstancesDistribution": {"OnDemandBaseCapacity": 1},
    }
    assert autoscaling.mixed_policy(policy) == {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1:$Latest", "Version": "$Latest"},
            "Overrides": [
                {"InstanceType": "i4i.large"},
                {"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-2:$Default", "Version": "$Default"}},
            ],
        },
        "InstancesDistribution": {"OnDemandBaseCapacity": 1},
    }


def test_groups_are_found_by_name_and_by_network() -> None:
    other = {**GROUP, "AutoScalingGroupName": "other", "VPCZoneIdentifier": "subnet-9"}
    dying = {**GROUP, "AutoScalingGroupName": "dying", "Status": "Delete in progress"}

    def named(*, AutoScalingGroupNames: list[str] | None = None) -> list[Any]:  # noqa: N803  AWS's name
        groups = (GROUP, other, dying)
        return [g for g in groups if not AutoScalingGroupNames or g["AutoScalingGroupName"] in AutoScalingGroupNames]

    aws = FakeAws(
        {
            ("autoscaling", "describe_auto_scaling_groups"): named,
            ("ec2", "describe_subnets"): [{"SubnetId": "subnet-1"}],
        }
    )
    kind = "AWS::AutoScaling::AutoScalingGroup"
    inside = autoscaling.fetch(aws, Wanted(vpcs=["vpc-1"]))
    by_name = autoscaling.fetch(aws, Wanted(ids={kind: ["other", "dying"]}))
    assert [live.identity for live in inside] == ["host-1"]
    assert [live.identity for live in by_name] == ["other"]
