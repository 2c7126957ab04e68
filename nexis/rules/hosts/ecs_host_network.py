"""A container in the host's network does not run as root.

A privileged container is what `hosts.ecs-not-privileged` is about.

Source: AWS Security Hub User Guide, ECS.1; CloudFormation resource reference, AWS::ECS::TaskDefinition NetworkMode and
User; read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import Absent, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

TASK: Final = "AWS::ECS::TaskDefinition"
ROOT: Final = frozenset({"", "root", "0"})


def applies(task: View) -> bool:
    """Only a task in the host's network."""
    return task.literal("NetworkMode") == "host"


def check(task: View) -> Iterator[Problem]:
    """Judge the user of each container."""
    positions = range(len(task.items("ContainerDefinitions")))
    yield from parts(*(partial(_user, task, position) for position in positions))


def _user(task: View, position: int) -> Iterator[Problem]:
    container = ("ContainerDefinitions", position)
    if task.flag(*container, "Privileged", default=False):
        return
    user = task.literal(*container, "User")
    if isinstance(user, Absent):
        yield Problem(place(*container, "User"), "is absent, and the image's user is root unless it says otherwise")
    elif user.partition(":")[0] in ROOT:
        yield Problem(place(*container, "User"), f"found {user!r}, expected another user than root")


RULE = Rule(
    id="hosts.ecs-host-network",
    severity="error",
    title="A container in the host's network does not run as root",
    why="As root in the host's network a container listens to the traffic of every other container.",
    fix="set NetworkMode: awsvpc, or a User other than root in each container definition",
    types=(TASK,),
    check=check,
    applies=applies,
    controls={"SOC 2": ("CC6.1", "CC6.6"), "AWS FSBP": ("ECS.1",), "NIST 800-53 r5": ("AC-6",)},
    source="AWS Security Hub User Guide, controls for ECS",
    cdk='ecs.Ec2TaskDefinition(self, "Task", network_mode=ecs.NetworkMode.AWS_VPC)',
    example={
        "Task": {
            "Type": TASK,
            "Properties": {
                "NetworkMode": "host",
                "ContainerDefinitions": [{"Name": "app", "Image": "app", "User": "1000"}],
            },
        }
    },
)
