"""An Auto Scaling group of database hosts holds exactly one, in one zone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.facts.tags import CLUSTER_TAG
from nexis.rules._database_hosts import belongs_to_cluster
from nexis.rules._launch import AUTO_SCALING_GROUP
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.values import Reference, Unknown
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(group: View) -> Iterator[Problem]:
    """Judge a group of database hosts."""
    yield from parts(
        partial(_size, group, "MinSize"),
        partial(_size, group, "MaxSize"),
        partial(_size, group, "DesiredCapacity"),  # absent: AWS takes MinSize
        partial(_one_zone, group),
    )


def _size(group: View, name: str) -> Iterator[Problem]:
    found = group.number(name)
    if isinstance(found, Absent):
        if name != "DesiredCapacity":
            yield Problem(place(name), "is absent, expected 1")
    elif found != 1:
        yield Problem(place(name), f"found {found:g}, expected 1")


def _one_zone(group: View) -> Iterator[Problem]:
    names = [n for n in ("VPCZoneIdentifier", "AvailabilityZones") if not isinstance(group.get(n), Absent)]
    if not names:
        yield Problem(place("VPCZoneIdentifier"), "is absent, expected exactly one subnet")
    for name in names:
        found = group.items(name)
        opened = next((item for item in found if isinstance(item, Unknown)), None)
        stand = [item for item in found if not isinstance(item, Unknown) or item.stands]
        if opened is not None and len(stand) < 2:  # two are too many, whichever they are
            raise Undetermined(place(name), opened.reason)
        if len(found) == 1 and isinstance(found[0], Reference) and found[0].logical_id == "AWS::AvailabilityZones":
            yield Problem(place(name), "found every zone of the region, expected exactly one")
        elif len(found) != 1:
            yield Problem(place(name), f"found {len(found)} of them, expected exactly one")


RULE = Rule(
    id="hosts.group-of-one",
    severity="error",
    title="An Auto Scaling group of database hosts holds exactly one, in one zone",
    why="A host's name, disk and place in the cluster belong to its zone; a group that scales or rebalances would "
    "end a host, and its data, on its own.",
    fix="set MinSize, MaxSize and DesiredCapacity to 1 and VPCZoneIdentifier to one subnet; one group for each zone "
    "(CDK: DatabaseCluster makes them)",
    types=(AUTO_SCALING_GROUP,),
    applies=belongs_to_cluster,
    check=check,
    claims=("storage.nvme",),
    controls={"SOC 2": ("A1.2",)},
    source="Auto Scaling User Guide, Set scaling limits for your Auto Scaling group; Amazon EC2 Auto Scaling benefits",
    cdk='DatabaseCluster(self, "Cluster", ...)',
    example={
        "Host": {
            "Type": AUTO_SCALING_GROUP,
            "Properties": {
                "MinSize": "1",
                "MaxSize": "1",
                "DesiredCapacity": "1",
                "VPCZoneIdentifier": ["subnet-0123456789abcdef0"],
                "Tags": [{"Key": CLUSTER_TAG, "Value": "main", "PropagateAtLaunch": True}],
            },
        }
    },
)
