"""Hosts name their root volume, so that its encryption does not depend on the account."""

from __future__ import annotations

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
from nexis.rules.model import Problem, Rule
from nexis.rules.storage._mappings import BY_DEFAULT
from nexis.templates.views import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View


def check(machine: View) -> Iterator[Problem]:
    """Look for the root device among the machine's volumes, or among those of its launch template."""
    if _names_root(machine):
        return
    template = launch_template_of(machine, "LaunchTemplate") if machine.type == INSTANCE else None
    if template is not None and _names_root(template):
        return  # the launch template is judged itself
    if is_completed_by_instances(machine, _names_root):
        return  # the instances are judged themselves
    yield Problem(
        place(*MACHINE[machine.type], "BlockDeviceMappings"),
        f"has no EBS volume for the root device ({' or '.join(sorted(ROOT_DEVICES))}): {BY_DEFAULT}; expected one "
        "with Encrypted: true",
    )


def _names_root(machine: View) -> bool:
    return bool({device for _, device in disks(machine)} & ROOT_DEVICES)


RULE = Rule(
    id="storage.root-volume-named",
    severity="fatal",
    title="Hosts name their root volume",
    why="A root volume that stands nowhere is as the image and the account have it, encrypted or not.",
    fix="give BlockDeviceMappings an entry for the root device with Ebs.Encrypted: true "
    "(CDK: block_devices=[BlockDevice(…)])",
    types=(INSTANCE, LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION),
    check=check,
    claims=("storage.at-rest",),
    controls={"SOC 2": ("CC6.1",), "NIST 800-53 r5": ("SC-28",)},
    source="EC2 User Guide, Device names for volumes; EBS User Guide, Amazon EBS encryption",
    cdk='disk = ec2.BlockDevice(device_name="/dev/xvda", volume=ec2.BlockDeviceVolume.ebs(20, encrypted=True))\n'
    'ec2.LaunchTemplate(self, "Launch", block_devices=[disk])',
    example={
        "Launch": {
            "Type": LAUNCH_TEMPLATE,
            "Properties": {
                "LaunchTemplateData": {
                    "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True}}],
                }
            },
        }
    },
    scope="baseline",
)
