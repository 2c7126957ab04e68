"""AWS::AutoScaling::AutoScalingGroup: zones, group metrics, notifications."""

from __future__ import annotations

from ministack.services import autoscaling

from local_aws.answers.autoscaling import GROUP_METRICS, set_zones
from local_aws.mends import Attributes, MendedType, Properties, as_list, changed, flag


def finish_group(name: str, old: Properties, new: Properties) -> Attributes:
    """Keep what the template says and MiniStack forgets."""
    record = autoscaling._asgs[name]
    if changed(old, new, "VPCZoneIdentifier", "AvailabilityZones"):
        set_zones(record)
    if changed(old, new, "MetricsCollection"):
        record["_Metrics"] = {
            metric: collection.get("Granularity", "1Minute")
            for collection in new.get("MetricsCollection") or []
            for metric in as_list(collection.get("Metrics")) or GROUP_METRICS
        }
    if changed(old, new, "NotificationConfigurations", "NotificationConfiguration"):
        configurations = as_list(new.get("NotificationConfigurations") or new.get("NotificationConfiguration"))
        record["_Notifications"] = [
            {"TopicARN": topic, "NotificationType": kind}
            for configuration in configurations
            for topic in as_list(configuration.get("TopicARN"))
            for kind in as_list(configuration.get("NotificationTypes"))
        ]
    for member in ("MaxInstanceLifetime", "DefaultInstanceWarmup"):
        if changed(old, new, member) and new.get(member) is not None:
            record.setdefault("_Shown", {})[member] = int(new[member])
    for member in ("CapacityRebalance", "NewInstancesProtectedFromScaleIn"):
        if changed(old, new, member) and member in new:
            record.setdefault("_Shown", {})[member] = flag(new[member])
    for member in (
        "ServiceLinkedRoleARN",
        "DesiredCapacityType",
        "InstanceMaintenancePolicy",
        "AvailabilityZoneDistribution",
        "MixedInstancesPolicy",
    ):
        if changed(old, new, member) and new.get(member):
            record.setdefault("_Shown", {})[member] = new[member]
    return {}


MENDED_TYPES = {
    "AWS::AutoScaling::AutoScalingGroup": MendedType(finish_group, replaces=("AutoScalingGroupName", "InstanceId"))
}
