"""Hosts are measured every minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.rules._launch import INSTANCE, LAUNCH_TEMPLATE
from nexis.rules._launches import HOST_TYPES, has_launch_template, is_completed_by_instances
from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, is_true, requiring
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules.model import Problem
    from nexis.templates.views import View

BASIC = "EC2 then measures every five minutes only"

REQUIREMENTS = (
    Requirement(
        type="AWS::EC2::Instance",
        path=("Monitoring",),
        accepts=is_true,
        expected="true",
        absent=BASIC,
        source="CloudFormation resource reference, AWS::EC2::Instance Monitoring",
        as_of="2026-11-23",
    ),
    Requirement(
        type="AWS::EC2::LaunchTemplate",
        path=("LaunchTemplateData", "Monitoring", "Enabled"),
        accepts=is_true,
        expected="true",
        absent=BASIC,
        source="CloudFormation resource reference, AWS::EC2::LaunchTemplate Monitoring",
        as_of="2026-11-23",
    ),
    Requirement(
        type="AWS::AutoScaling::LaunchConfiguration",
        path=("InstanceMonitoring",),
        accepts=is_true,
        expected="true, or nothing",
        absent="",  # the documented default is true: detailed monitoring
        source="Auto Scaling API reference, CreateLaunchConfiguration InstanceMonitoring",
        as_of="2026-11-23",
    ),
)


def check(host: View) -> Iterator[Problem]:
    """Judge a host; what an instance leaves out comes from its launch template, which is judged by itself."""
    if host.type == INSTANCE and not _says(host) and has_launch_template(host):
        return
    left_out = isinstance(host.get("LaunchTemplateData", "Monitoring", "Enabled"), Absent)
    if host.type == LAUNCH_TEMPLATE and left_out and is_completed_by_instances(host, _says):
        return
    yield from requiring(*REQUIREMENTS)(host)


def _says(instance: View) -> bool:
    return not isinstance(instance.get("Monitoring"), Absent)


RULE = Rule(
    id="hosts.detailed-monitoring",
    severity="error",
    title="Hosts are measured every minute",
    why="An alarm on five-minute figures comes too late for a failover that takes one minute.",
    fix="set Monitoring: true, in a launch template Monitoring: {Enabled: true} (CDK: detailed_monitoring=True)",
    types=HOST_TYPES,
    check=check,
    controls={"SOC 2": ("CC7.2",)},
    source="CloudWatch User Guide, Manage detailed monitoring for your EC2 instances",
    scope="baseline",  # it costs, and five minutes will do where nothing fails over
    cdk='ec2.LaunchTemplate(self, "Host", detailed_monitoring=True)',
    example={
        "Host": {"Type": LAUNCH_TEMPLATE, "Properties": {"LaunchTemplateData": {"Monitoring": {"Enabled": True}}}}
    },
)
