"""Launch templates: what an instance or an Auto Scaling group takes from one.

Sources: CloudFormation reference, AWS::EC2::Instance LaunchTemplate, AWS::AutoScaling::AutoScalingGroup; EC2 User
Guide, "Device names for volumes on Amazon EC2 instances". As of 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

INSTANCE: Final = "AWS::EC2::Instance"
LAUNCH_TEMPLATE: Final = "AWS::EC2::LaunchTemplate"
LAUNCH_CONFIGURATION: Final = "AWS::AutoScaling::LaunchConfiguration"
AUTO_SCALING_GROUP: Final = "AWS::AutoScaling::AutoScalingGroup"

#: Where each type keeps the settings of a machine.
MACHINE: Final[dict[str, tuple[str, ...]]] = {
    INSTANCE: (),
    LAUNCH_TEMPLATE: ("LaunchTemplateData",),
    LAUNCH_CONFIGURATION: (),
}

#: Device names that EC2 keeps for the root volume; which of them it is depends on the image.
ROOT_DEVICES: Final = frozenset({"/dev/xvda", "/dev/sda1"})


def launch_template_of(resource: View, *path: str | int) -> View | None:
    """Give the launch template that a specification names.

    Args:
        resource: the instance or group.
        path: of the specification (`LaunchTemplateId` or `LaunchTemplateName` stand in it).

    Returns:
        The launch template; None when there is no specification.

    Raises:
        Undetermined: the template stands in none of the templates judged.
    """
    if isinstance(resource.get(*path), Absent):
        return None
    for name in ("LaunchTemplateId", "LaunchTemplateName"):
        value = resource.get(*path, name)
        if isinstance(value, Absent):
            continue
        found = resource.named(value, LAUNCH_TEMPLATE)
        if found is None or not found.exists:
            raise Undetermined(place(*path, name), f"{str(value)!r} is no launch template of the templates judged here")
        return found
    raise Undetermined(place(*path), "the launch template is named neither by id nor by name")


def disks(machine: View) -> Iterator[tuple[tuple[str | int, ...], str | None]]:
    """Give the EBS volumes in a machine's block device mappings.

    Args:
        machine: a resource of a type in `MACHINE`.

    Yields:
        The path of the volume's settings, and the device name.

    Raises:
        Undetermined: the mappings, or one of them, are open.
    """
    base: tuple[str | int, ...] = (*MACHINE[machine.type], "BlockDeviceMappings")
    for position in range(len(machine.items(*base))):
        here: tuple[str | int, ...] = (*base, position)
        if not isinstance(machine.get(*here), dict):
            raise Undetermined(place(*here), "found no map, expected a block device mapping")
        if isinstance(machine.get(*here, "Ebs"), Absent):
            continue  # an instance store volume, or a device that is left out
        device = machine.literal(*here, "DeviceName")
        yield (*here, "Ebs"), None if isinstance(device, Absent) else device
