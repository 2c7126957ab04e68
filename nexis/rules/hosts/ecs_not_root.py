"""No container is told to run as root.

A container that names no user is left to its image. A log router (FireLens) has to run as root, and what runs in the
host's network is judged by `hosts.ecs-host-network`.

Source: CloudFormation resource reference, AWS::ECS::TaskDefinition ContainerDefinition User; Amazon ECS Developer
Guide, "Example Amazon ECS task definition: Route logs to FireLens"; read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.rules.hosts.ecs_host_network import ROOT, TASK
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(task: View) -> Iterator[Problem]:
    """Judge the user of each container."""
    positions = range(len(task.items("ContainerDefinitions")))
    yield from parts(*(partial(_user, task, position) for position in positions))


def _user(task: View, position: int) -> Iterator[Problem]:
    container = ("ContainerDefinitions", position)
    if not isinstance(task.peek(*container, "FirelensConfiguration"), (Absent, Unknown)):
        return
    user = task.literal(*container, "User")
    if not isinstance(user, Absent) and user and user.partition(":")[0] in ROOT:
        yield Problem(place(*container, "User"), f"found {user!r}, expected another user than root")


RULE = Rule(
    id="hosts.ecs-not-root",
    severity="error",
    title="No container is told to run as root",
    why="What breaks out of a container is on the host whoever it was inside; as root it owns the host.",
    fix="leave User out and set one in the image, or set User to another than root (FireLens routers may stay root)",
    types=(TASK,),
    check=check,
    applies=lambda task: task.peek("NetworkMode") != "host",
    controls={"SOC 2": ("CC6.1", "CC6.8"), "NIST 800-53 r5": ("AC-6",)},
    source="CloudFormation resource reference, AWS::ECS::TaskDefinition ContainerDefinition",
    cdk='task.add_container("app", image=image, user="1000")',
    example={
        "Task": {
            "Type": TASK,
            "Properties": {"ContainerDefinitions": [{"Name": "app", "Image": "app", "User": "1000"}]},
        }
    },
)
