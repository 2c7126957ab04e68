"""Auto Scaling groups.

Source: EC2 Auto Scaling API Reference, DescribeAutoScalingGroups, DescribeNotificationConfigurations;
CloudFormation resource reference, AWS::AutoScaling::AutoScalingGroup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.audit.model import Live
from nexis.audit.shapes import chunks, same, texts, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nexis.audit.model import Aws, Wanted

GROUP: Final = "AWS::AutoScaling::AutoScalingGroup"
TYPES: Final = (GROUP,)

MOST_NAMES: Final = 50
"""Source: DescribeAutoScalingGroups, AutoScalingGroupNames: by default up to 50 items."""


def fetch(aws: Aws, wanted: Wanted) -> list[Live]:
    """Read groups by name, and those that launch into the wanted networks.

    Args:
        aws: who is asked.
        wanted: resources by id, and VPCs of which everything inside is wanted.
    """
    answers: dict[str, dict[str, Any]] = {}
    if wanted.everything or wanted.vpcs:
        inside = _subnets(aws, wanted)
        for answer in aws.pages("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"):
            name = answer["AutoScalingGroupName"]
            if wanted.has(GROUP, name) or inside & set(_split(answer)):
                answers[name] = answer
    else:
        for some in chunks(wanted.of(GROUP), MOST_NAMES):
            for answer in aws.pages(
                "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", AutoScalingGroupNames=some
            ):
                answers[answer["AutoScalingGroupName"]] = answer
    notifications: list[dict[str, Any]] = [
        notification
        for some in chunks(answers, MOST_NAMES)
        for notification in aws.pages(
            "autoscaling",
            "describe_notification_configurations",
            "NotificationConfigurations",
            AutoScalingGroupNames=some,
        )
    ]
    return [
        auto_scaling_group(answer, [n for n in notifications if n["AutoScalingGroupName"] == name])
        for name, answer in answers.items()
        if not answer.get("Status")  # "Delete in progress" is the only status there is
    ]


def _subnets(aws: Aws, wanted: Wanted) -> set[str]:
    return {
        subnet["SubnetId"]
        for some in chunks(wanted.vpcs, MOST_NAMES)
        for subnet in aws.pages("ec2", "describe_subnets", "Subnets", Filters=[{"Name": "vpc-id", "Values": some}])
    }


def _split(answer: Mapping[str, Any]) -> list[str]:
    return [part.strip() for part in str(answer.get("VPCZoneIdentifier") or "").split(",") if part.strip()]


def auto_scaling_group(answer: Mapping[str, Any], notifications: Iterable[Mapping[str, Any]]) -> Live:
    """Read a group as DescribeAutoScalingGroups answers it.

    Args:
        answer: of the API.
        notifications: its part of DescribeNotificationConfigurations.
    """
    name = answer["AutoScalingGroupName"]
    properties = same(
        answer,
        "MinSize",
        "MaxSize",
        "DesiredCapacity",
        "HealthCheckType",
        "HealthCheckGracePeriod",
        "LaunchConfigurationName",
        "MaxInstanceLifetime",
        "NewInstancesProtectedFromScaleIn",
        "CapacityRebalance",
        "TerminationPolicies",
    )
    if answer.get("DefaultCooldown") is not None:
        properties["Cooldown"] = answer["DefaultCooldown"]
    properties = texts(properties, "MinSize", "MaxSize", "DesiredCapacity", "Cooldown")
    properties["VPCZoneIdentifier"] = _split(answer)
    if answer.get("LaunchTemplate"):
        properties["LaunchTemplate"] = specification(answer["LaunchTemplate"])
    if answer.get("MixedInstancesPolicy"):
        properties["MixedInstancesPolicy"] = mixed_policy(answer["MixedInstancesPolicy"])
    granularities: dict[str, list[str]] = {}
    for metric in answer.get("EnabledMetrics") or ():
        granularities.setdefault(metric["Granularity"], []).append(metric["Metric"])
    properties["MetricsCollection"] = [
        {"Granularity": granularity, "Metrics": sorted(metrics)} for granularity, metrics in granularities.items()
    ]
    topics: dict[str, list[str]] = {}
    for notification in notifications:
        topics.setdefault(notification["TopicARN"], []).append(notification["NotificationType"])
    properties["NotificationConfigurations"] = [
        {"TopicARN": topic, "NotificationTypes": sorted(kinds)} for topic, kinds in topics.items()
    ]
    properties["Tags"] = [
        same(tag, "Key", "Value", "PropagateAtLaunch")
        for tag in answer.get("Tags") or ()
        if not tag["Key"].startswith("aws:")
    ]
    return Live(type=GROUP, identity=name, properties=without_empty(properties))


def specification(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Read which version of which launch template is launched; without a version it is the default one.

    `LaunchTemplateId` names the version too (`lt-1:3`), so that the link leads to exactly what is launched.
    """
    version = str(answer.get("Version") or "$Default")
    return {"LaunchTemplateId": f"{answer['LaunchTemplateId']}:{version}", "Version": version}


def mixed_policy(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Read a mixed instances policy."""
    template = answer.get("LaunchTemplate") or {}
    shaped: dict[str, Any] = {}
    if template.get("LaunchTemplateSpecification"):
        shaped["LaunchTemplateSpecification"] = specification(template["LaunchTemplateSpecification"])
    shaped["Overrides"] = [
        {
            key: specification(value) if key == "LaunchTemplateSpecification" else value
            for key, value in override.items()
        }
        for override in template.get("Overrides") or ()
    ]
    return {
        "LaunchTemplate": without_empty(shaped),
        **same(answer, "InstancesDistribution"),
    }
