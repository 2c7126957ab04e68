"""EBS volumes of hosts are encrypted, the root volume above all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.rules._launch import (
    INSTANCE,
    LAUNCH_CONFIGURATION,
    LAUNCH_TEMPLATE,
    MACHINE,
    ROOT_DEVICES,
    disks,
    launch_template_of,
)
from nexis.rules._launches import is_completed_by_instances
from nexis.rules.model import Problem, Rule, parts
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

VOLUME = "AWS::EC2::Volume"
BY_DEFAULT = "EBS then encrypts only if the account is set to, or the snapshot is encrypted"


def check(resource: View) -> Iterator[Problem]:
    """Judge a volume, or every volume of a machine, and whether its root volume is among them."""
    if resource.type == VOLUME:
        yield from _encrypted(resource, ())
        return
    volumes = list(disks(resource))
    yield from parts(*(partial(_encrypted, resource, path) for path, _ in volumes))
    yield from parts(partial(_root, resource, {device for _, device in volumes}))


def _encrypted(resource: View, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if not isinstance(resource.get(*path), dict) and path:
        yield Problem(place(*path), "found no map, expected the volume's settings with Encrypted: true")
    elif not resource.flag(*path, "Encrypted", default=False):
        yield Problem(
            place(*path, "Encrypted"),
            f"is not true: {BY_DEFAULT}; expected true",
        )


def _names_root(machine: View) -> bool:
    return bool({device for _, device in disks(machine)} & ROOT_DEVICES)


def _root(machine: View, devices: set[str | None]) -> Iterator[Problem]:
    if devices & ROOT_DEVICES:
        return
    template = launch_template_of(machine, "LaunchTemplate") if machine.type == INSTANCE else None
    if template is not None and {device for _, device in disks(template)} & ROOT_DEVICES:
        return  # the launch template is judged itself
    if is_completed_by_instances(machine, _names_root):
        return  # the instances are judged themselves
    yield Problem(
        place(*MACHINE[machine.type], "BlockDeviceMappings"),
        f"has no EBS volume for the root device ({' or '.join(sorted(ROOT_DEVICES))}): {BY_DEFAULT}; expected one "
        "with Encrypted: true",
    )


RULE = Rule(
    id="storage.root-volume-encrypted",
    severity="fatal",
    title="EBS volumes of hosts are encrypted, the root volume above all",
    why="Logs, configuration, swap and core dumps lie on the root volume, and its snapshots can be read elsewhere.",
    fix="give BlockDeviceMappings an entry for the root device with Ebs.Encrypted: true "
    "(CDK: BlockDeviceVolume.ebs(…, encrypted=True)); volumes: Encrypted: true",
    types=(INSTANCE, LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION, VOLUME),
    check=check,
    claims=("storage.at-rest",),
    controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("EC2.3",)},
    source="EBS User Guide, Amazon EBS encryption; EC2 User Guide, Device names for volumes",
)
