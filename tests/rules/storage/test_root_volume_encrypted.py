from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)

INSTANCE = "AWS::EC2::Instance"
TEMPLATE = "AWS::EC2::LaunchTemplate"
CONFIGURATION = "AWS::AutoScaling::LaunchConfiguration"
VOLUME = "AWS::EC2::Volume"
MAPPINGS = "Properties.BlockDeviceMappings"


def disk(device: Any = "/dev/xvda", **ebs: Any) -> dict[str, Any]:
    return {"DeviceName": device, "Ebs": ebs}


def template(*disks: Any) -> dict[str, Any]:
    return resource(TEMPLATE, LaunchTemplateData={"BlockDeviceMappings": list(disks)})


def spot(*machines: Any) -> dict[str, Any]:
    described = [{"BlockDeviceMappings": mappings} for mappings in machines]
    return resource("AWS::EC2::SpotFleet", SpotFleetRequestConfigData={"LaunchSpecifications": described})


def fleet(*disks: Any) -> dict[str, Any]:
    configs = [{"LaunchTemplateSpecification": {}, "Overrides": [{"BlockDeviceMappings": list(disks)}]}]
    return resource("AWS::EC2::EC2Fleet", LaunchTemplateConfigs=configs)


ENCRYPTED = disk(Encrypted=True)
FIRST = "BlockDeviceMappings.0.Ebs.Encrypted"
SPOT = "Properties.SpotFleetRequestConfigData.LaunchSpecifications"
CONFIG = "Properties.LaunchTemplateConfigs.0"

CASES = RuleCases(
    "storage.root-volume-encrypted",
    (
        good("an instance", resources(It=resource(INSTANCE, BlockDeviceMappings=[ENCRYPTED]))),
        good("a launch template", resources(It=template(disk("/dev/sda1", Encrypted="true")))),
        good("a launch configuration", resources(It=resource(CONFIGURATION, BlockDeviceMappings=[ENCRYPTED]))),
        good("a volume", resources(It=resource(VOLUME, Encrypted=True))),
        good(
            "instance store and devices left out need nothing",
            resources(
                It=template(
                    ENCRYPTED,
                    {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"},
                    {"DeviceName": "/dev/sdc", "NoDevice": ""},
                )
            ),
        ),
        good("one mapping, not a list", resources(It=resource(INSTANCE, BlockDeviceMappings=ENCRYPTED))),
        bad(
            "a root volume that leaves it to the account",
            resources(It=template(disk(VolumeType="gp3"))),
            at=("Properties.LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted",),
        ),
        bad(
            "a second volume",
            resources(It=resource(INSTANCE, BlockDeviceMappings=[ENCRYPTED, disk("/dev/sdf", Encrypted=False)])),
            at=(f"{MAPPINGS}.1.Ebs.Encrypted",),
        ),
        bad("a volume without", resources(It=resource(VOLUME, SnapshotId="snap-1")), at=("Properties.Encrypted",)),
        bad("a volume with false", resources(It=resource(VOLUME, Encrypted="false")), at=("Properties.Encrypted",)),
        bad(
            "settings that are no map",
            resources(It=resource(INSTANCE, BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": "gp3"}])),
            at=(f"{MAPPINGS}.0.Ebs",),
        ),
        bad(
            "a desktop's volume",
            resources(It=resource("AWS::WorkspacesInstances::Volume")),
            at=("Properties.Encrypted",),
        ),
        bad(
            "a desktop's mapping",
            resources(
                It=resource(
                    "AWS::WorkspacesInstances::WorkspaceInstance", ManagedInstance={"BlockDeviceMappings": [disk()]}
                )
            ),
            at=(f"Properties.ManagedInstance.{FIRST}",),
        ),
        good("an instance that names no volume", resources(It=resource(INSTANCE))),
        good(
            "whatever the device",
            {
                "Parameters": {"Device": {"Type": "String"}},
                **resources(It=resource(INSTANCE, BlockDeviceMappings=[disk({"Ref": "Device"}, Encrypted=True)])),
            },
        ),
        good("a Spot fleet", resources(It=spot([ENCRYPTED], [{"DeviceName": "/dev/sdb", "NoDevice": ""}]))),
        good("a fleet's override", resources(It=fleet(ENCRYPTED))),
        bad("a Spot fleet's second machine", resources(It=spot([ENCRYPTED], [disk()])), at=(f"{SPOT}.1.{FIRST}",)),
        bad("a fleet's overridden volume", resources(It=fleet(disk())), at=(f"{CONFIG}.Overrides.0.{FIRST}",)),
        bad(
            "the default of a parameter is false",
            {
                "Parameters": {"Encrypt": {"Type": "String", "Default": "false"}},
                **resources(It=template(disk(Encrypted={"Ref": "Encrypt"}))),
            },
            at=("Properties.LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted",),
        ),
        not_applicable("no host", resources(It=resource("AWS::RDS::DBInstance"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Encrypt": {"Type": "String"}},
                **resources(It=resource(VOLUME, Encrypted={"Ref": "Encrypt"})),
            },
            at=("Properties.Encrypted",),
        ),
        unknown(
            "a mapping that is a text",
            resources(It=resource(INSTANCE, BlockDeviceMappings=["/dev/xvda"])),
            at=(f"{MAPPINGS}.0",),
        ),
    ),
)


@each(CASES)
def test_root_volume_encrypted(case: Case) -> None:
    hold(CASES, case)
