"""A database host that shuts itself down is terminated, not stopped.

A stopped host has lost its NVMe data and stands in the way of its Auto Scaling group; a terminated one is replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.tags import CLUSTER_TAG
from nexis.rules._database_hosts import belongs_to_cluster
from nexis.rules._launch import INSTANCE, LAUNCH_TEMPLATE
from nexis.rules._launches import has_launch_template, is_completed_by_instances
from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, one_of, requiring, types_of
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules.model import Problem
    from nexis.templates.views import View

PROPERTY = "InstanceInitiatedShutdownBehavior"

REQUIREMENTS = (
    Requirement(
        type="AWS::EC2::Instance",
        path=(PROPERTY,),
        accepts=one_of("terminate"),
        expected="'terminate'",
        absent="EC2 then stops the host",
        source="CloudFormation resource reference, AWS::EC2::Instance InstanceInitiatedShutdownBehavior",
        as_of="2026-11-23",
    ),
    Requirement(
        type="AWS::EC2::LaunchTemplate",
        path=("LaunchTemplateData", PROPERTY),
        accepts=one_of("terminate"),
        expected="'terminate'",
        absent="EC2 then stops the host",
        source="CloudFormation resource reference, AWS::EC2::LaunchTemplate LaunchTemplateData",
        as_of="2026-11-23",
    ),
)


def check(host: View) -> Iterator[Problem]:
    """Judge a host; what an instance leaves out comes from its launch template, which is judged by itself."""
    if host.type == INSTANCE and not _says(host) and has_launch_template(host):
        return
    left_out = isinstance(host.get("LaunchTemplateData", PROPERTY), Absent)
    if host.type == LAUNCH_TEMPLATE and left_out and is_completed_by_instances(host, _says):
        return
    yield from requiring(*REQUIREMENTS)(host)


def _says(instance: View) -> bool:
    return not isinstance(instance.get(PROPERTY), Absent)


RULE = Rule(
    id="hosts.shutdown-terminate",
    severity="error",
    title="A database host that shuts itself down is terminated, not stopped",
    why="A stopped host has lost its NVMe data and still holds its place; only a terminated one is replaced.",
    fix="set InstanceInitiatedShutdownBehavior: terminate in the launch template "
    "(CDK: instance_initiated_shutdown_behavior=InstanceInitiatedShutdownBehavior.TERMINATE)",
    types=types_of(*REQUIREMENTS),
    applies=belongs_to_cluster,
    check=check,
    claims=("storage.nvme",),
    controls={"SOC 2": ("A1.2",)},
    source="EC2 User Guide, Change instance initiated shutdown behavior; Data persistence for instance store volumes",
    cdk="behavior = ec2.InstanceInitiatedShutdownBehavior.TERMINATE\n"
    'ec2.LaunchTemplate(self, "Host", instance_initiated_shutdown_behavior=behavior)',
    example={
        "Host": {
            "Type": LAUNCH_TEMPLATE,
            "Properties": {
                "LaunchTemplateData": {
                    PROPERTY: "terminate",
                    "TagSpecifications": [
                        {"ResourceType": "instance", "Tags": [{"Key": CLUSTER_TAG, "Value": "main"}]}
                    ],
                }
            },
        }
    },
)
