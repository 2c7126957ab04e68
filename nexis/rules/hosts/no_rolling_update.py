"""No deployment replaces a running database host by itself.

`UpdatePolicy` is an attribute of the resource, not a property: CloudFormation follows it when the group's launch
template changes. Without one running hosts stay until somebody replaces them.

Source: CloudFormation User Guide, "UpdatePolicy attribute", read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.facts.tags import CLUSTER_TAG
from nexis.rules._database_hosts import belongs_to_cluster
from nexis.rules._launch import AUTO_SCALING_GROUP
from nexis.rules.model import Problem, Rule
from nexis.templates.resolver import scalar_text
from nexis.templates.values import NO_VALUE, Unknown
from nexis.templates.views import ABSENT, Absent, Undetermined, is_deferred, step_down

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

ROLLING: Final = "AutoScalingRollingUpdate"
REPLACING: Final = "AutoScalingReplacingUpdate"


def check(group: View) -> Iterator[Problem]:
    """Judge a group of database hosts."""
    if not isinstance(_policy(group, ROLLING), Absent):
        yield Problem(f"UpdatePolicy.{ROLLING}", "found a rolling update, which replaces running hosts; expected none")
    will_replace = _policy(group, REPLACING, "WillReplace")
    if not isinstance(will_replace, Absent) and scalar_text(will_replace).lower() != "false":
        yield Problem(
            f"UpdatePolicy.{REPLACING}.WillReplace", f"found {scalar_text(will_replace)!r}, expected false or nothing"
        )


def _policy(group: View, *path: str) -> Any:
    whole = group.scene.resolver.resolve(group.template, group.resource.update_policy)
    found = ABSENT if whole is NO_VALUE or whole is None else step_down(whole, path)
    if isinstance(found, Unknown) or is_deferred(found):
        raise Undetermined(".".join(("UpdatePolicy", *path)), getattr(found, "reason", f"{found} is not known"))
    return found


RULE = Rule(
    id="hosts.no-rolling-update",
    severity="error",
    title="No deployment replaces a running database host by itself",
    why="CloudFormation updates several groups at once: one changed line could replace every replica, and the NVMe "
    "disks of all of them would be gone before the first one is back.",
    fix="remove UpdatePolicy from the group (CDK: no update_policy, no rolling update) and replace hosts one by one",
    types=(AUTO_SCALING_GROUP,),
    applies=belongs_to_cluster,
    check=check,
    claims=("storage.nvme", "touchpoints.changes"),
    controls={"SOC 2": ("CC8.1", "A1.2")},
    source="CloudFormation User Guide, UpdatePolicy attribute",
    cdk='autoscaling.AutoScalingGroup(self, "Host", vpc=vpc, launch_template=template, min_capacity=1, max_capacity=1)',
    example={
        "Host": {
            "Type": AUTO_SCALING_GROUP,
            "Properties": {
                "MinSize": "1",
                "MaxSize": "1",
                "Tags": [{"Key": CLUSTER_TAG, "Value": "main", "PropagateAtLaunch": True}],
            },
        }
    },
)
