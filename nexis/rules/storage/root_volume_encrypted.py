"""EBS volumes of hosts are encrypted, whichever device they are.

A host that names no volume has the volumes of its image, and the account's default decides; our own baseline does not
leave that open (`storage.root-volume-named`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules._launch import LAUNCH_TEMPLATE, MACHINE
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.storage._mappings import unencrypted, unencrypted_mappings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

Path = tuple[str | int, ...]

VOLUME: Final = "AWS::EC2::Volume"
DESKTOP_VOLUME: Final = "AWS::WorkspacesInstances::Volume"
SPOT_FLEET: Final = "AWS::EC2::SpotFleet"
EC2_FLEET: Final = "AWS::EC2::EC2Fleet"

#: Where each type names volumes; `*` stands for every item of a list.
MAPPINGS: Final[dict[str, Path]] = {
    **{kind: (*path, "BlockDeviceMappings") for kind, path in MACHINE.items()},
    SPOT_FLEET: ("SpotFleetRequestConfigData", "LaunchSpecifications", "*", "BlockDeviceMappings"),
    EC2_FLEET: ("LaunchTemplateConfigs", "*", "Overrides", "*", "BlockDeviceMappings"),
    "AWS::WorkspacesInstances::WorkspaceInstance": ("ManagedInstance", "BlockDeviceMappings"),
}


def check(resource: View) -> Iterator[Problem]:
    """Judge a volume, or every volume that a machine or a fleet names."""
    if resource.type in (VOLUME, DESKTOP_VOLUME):
        yield from unencrypted(resource, ())
    else:
        yield from _below(resource, (), MAPPINGS[resource.type])


def _below(resource: View, done: Path, left: Path) -> Iterator[Problem]:
    if "*" not in left:
        yield from unencrypted_mappings(resource, (*done, *left))
        return
    star = left.index("*")
    here = (*done, *left[:star])
    count = len(resource.items(*here))
    yield from parts(*(partial(_below, resource, (*here, position), left[star + 1 :]) for position in range(count)))


RULE = Rule(
    id="storage.root-volume-encrypted",
    severity="fatal",
    title="EBS volumes of hosts are encrypted, the root volume above all",
    why="Logs, configuration, swap and core dumps lie on the root volume, and its snapshots can be read elsewhere.",
    fix="set Ebs.Encrypted: true on every entry of BlockDeviceMappings "
    "(CDK: BlockDeviceVolume.ebs(…, encrypted=True)); volumes: Encrypted: true",
    types=(VOLUME, DESKTOP_VOLUME, *MAPPINGS),
    check=check,
    claims=("storage.at-rest",),
    controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("EC2.3",), "NIST 800-53 r5": ("SC-28",)},
    source="EBS User Guide, Amazon EBS encryption; CloudFormation reference, BlockDeviceMapping of each type",
    cdk='ec2.Volume(self, "Data", availability_zone="eu-central-1a", size=Size.gibibytes(100), encrypted=True)\n'
    'disk = ec2.BlockDevice(device_name="/dev/xvda", volume=ec2.BlockDeviceVolume.ebs(20, encrypted=True))',
    example={
        "Data": {
            "Type": VOLUME,
            "Properties": {"AvailabilityZone": "eu-central-1a", "Size": 100, "Encrypted": True},
        },
        "Launch": {
            "Type": LAUNCH_TEMPLATE,
            "Properties": {
                "LaunchTemplateData": {
                    "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True}}],
                }
            },
        },
    },
)
