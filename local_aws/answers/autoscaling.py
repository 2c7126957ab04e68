"""Auto Scaling: zones that follow the subnets, group metrics, notifications.

Source: Auto Scaling API Reference, EnableMetricsCollection, PutNotificationConfiguration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id
from ministack.services import autoscaling, ec2

from local_aws.faults import AwsError

if TYPE_CHECKING:
    from local_aws.mends import Answer, Call

Record = dict[str, Any]
# Source: EnableMetricsCollection, "If you specify Granularity and don't specify any metrics, all metrics are enabled."
GROUP_METRICS = (
    "GroupMinSize",
    "GroupMaxSize",
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
    "GroupInServiceCapacity",
    "GroupPendingCapacity",
    "GroupStandbyCapacity",
    "GroupTerminatingCapacity",
    "GroupTotalCapacity",
    "WarmPoolDesiredCapacity",
    "WarmPoolWarmedCapacity",
    "WarmPoolPendingCapacity",
    "WarmPoolTerminatingCapacity",
    "WarmPoolTotalCapacity",
    "GroupAndWarmPoolDesiredCapacity",
    "GroupAndWarmPoolTotalCapacity",
)


def set_zones(record: Record) -> None:
    """A group's zones are its subnets' zones.

    Args:
        record: The stored group.
    """
    subnets = (ec2._subnets.get(subnet.strip()) for subnet in str(record.get("VPCZoneIdentifier") or "").split(","))
    zones = [subnet["AvailabilityZone"] for subnet in subnets if subnet]
    record["AvailabilityZones"] = list(dict.fromkeys(zones)) or record["AvailabilityZones"]


def _record(name: str) -> Record:
    record: Record | None = autoscaling._asgs.get(name)
    if record is None:
        raise AwsError("ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    return record


def describe(call: Call) -> dict[str, Any]:
    """DescribeAutoScalingGroups: metrics and the rest."""
    answer = call.stock()
    for group in answer.get("AutoScalingGroups", []):
        record = autoscaling._asgs[group["AutoScalingGroupName"]]
        group |= record.get("_Shown", {})
        group["EnabledMetrics"] = [
            {"Metric": metric, "Granularity": granularity} for metric, granularity in record.get("_Metrics", {}).items()
        ]
        group.setdefault(
            "ServiceLinkedRoleARN",
            f"arn:aws:iam::{get_account_id()}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
        )
    return answer


def create(call: Call) -> dict[str, Any]:
    """CreateAutoScalingGroup: with zones."""
    answer = call.stock()
    set_zones(_record(call.parameters["AutoScalingGroupName"]))
    return answer


def update(call: Call) -> dict[str, Any]:
    """UpdateAutoScalingGroup: what MiniStack passes over, and zones that follow."""
    record = _record(call.parameters["AutoScalingGroupName"])
    answer = call.stock()
    asked = call.parameters
    if "VPCZoneIdentifier" in asked:
        record["VPCZoneIdentifier"] = asked["VPCZoneIdentifier"]
        set_zones(record)
    for name in (
        "MinSize",
        "MaxSize",
        "DesiredCapacity",
        "DefaultCooldown",
        "HealthCheckType",
        "HealthCheckGracePeriod",
        "TerminationPolicies",
        "NewInstancesProtectedFromScaleIn",
    ):
        if name in asked:
            record[name] = asked[name]
    if "LaunchTemplate" in asked:
        record["LaunchTemplate"] = _launch_template(asked["LaunchTemplate"])
    for name in ("MaxInstanceLifetime", "DefaultInstanceWarmup", "CapacityRebalance"):
        if name in asked:
            record.setdefault("_Shown", {})[name] = asked[name]
    return answer


def _launch_template(asked: Record) -> Record:
    identity, name = asked.get("LaunchTemplateId"), asked.get("LaunchTemplateName")
    for template in ec2._launch_templates.values():
        if identity == template["LaunchTemplateId"] or (name and name == template["LaunchTemplateName"]):
            return {
                "LaunchTemplateId": template["LaunchTemplateId"],
                "LaunchTemplateName": template["LaunchTemplateName"],
                "Version": str(asked.get("Version") or "$Default"),
            }
    raise AwsError(
        "ValidationError", f"You must use a valid fully-formed launch template. {identity or name} does not exist"
    )


def enable_metrics(call: Call) -> dict[str, Any]:
    """EnableMetricsCollection."""
    metrics = _record(call.parameters["AutoScalingGroupName"]).setdefault("_Metrics", {})
    for metric in call.parameters.get("Metrics") or GROUP_METRICS:
        metrics[metric] = call.parameters["Granularity"]
    return {}


def disable_metrics(call: Call) -> dict[str, Any]:
    """DisableMetricsCollection."""
    metrics = _record(call.parameters["AutoScalingGroupName"]).setdefault("_Metrics", {})
    for metric in call.parameters.get("Metrics") or list(metrics):
        metrics.pop(metric, None)
    return {}


def describe_notifications(call: Call) -> dict[str, Any]:
    """DescribeNotificationConfigurations."""
    wanted = call.parameters.get("AutoScalingGroupNames")
    configurations = [
        {"AutoScalingGroupName": name, **notification}
        for name, record in autoscaling._asgs.items()
        if not wanted or name in wanted
        for notification in record.get("_Notifications", [])
    ]
    return {"NotificationConfigurations": configurations}


def put_notifications(call: Call) -> dict[str, Any]:
    """PutNotificationConfiguration: replaces what the topic was told of before."""
    record = _record(call.parameters["AutoScalingGroupName"])
    topic = call.parameters["TopicARN"]
    others = [n for n in record.get("_Notifications", []) if n["TopicARN"] != topic]
    kinds = call.parameters.get("NotificationTypes") or []
    record["_Notifications"] = others + [{"TopicARN": topic, "NotificationType": kind} for kind in kinds]
    return {}


def delete_notifications(call: Call) -> dict[str, Any]:
    """DeleteNotificationConfiguration."""
    record = _record(call.parameters["AutoScalingGroupName"])
    record["_Notifications"] = [
        n for n in record.get("_Notifications", []) if n["TopicARN"] != call.parameters["TopicARN"]
    ]
    return {}


ANSWERS: dict[tuple[str, str], Answer] = {
    ("autoscaling", "DescribeAutoScalingGroups"): describe,
    ("autoscaling", "CreateAutoScalingGroup"): create,
    ("autoscaling", "UpdateAutoScalingGroup"): update,
    ("autoscaling", "EnableMetricsCollection"): enable_metrics,
    ("autoscaling", "DisableMetricsCollection"): disable_metrics,
    ("autoscaling", "DescribeNotificationConfigurations"): describe_notifications,
    ("autoscaling", "PutNotificationConfiguration"): put_notifications,
    ("autoscaling", "DeleteNotificationConfiguration"): delete_notifications,
}
