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


ENCRYPTED = disk(Encrypted=True)
USES = {"LaunchTemplateId": {"Ref": "Template"}, "Version": "1"}

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
        good(
            "an instance whose launch template has the root volume",
            resources(It=resource(INSTANCE, LaunchTemplate=USES), Template=template(ENCRYPTED)),
        ),
        good(
            "a launch template that only adds metadata options to an instance with the root volume",
            resources(
                It=template(),
                Host=resource(
                    INSTANCE,
                    LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}, "Version": "1"},
                    BlockDeviceMappings=[ENCRYPTED],
                ),
            ),
        ),
        bad(
            "such a launch template that a group uses too",
            resources(
                It=template(),
                Host=resource(
                    INSTANCE,
                    LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}, "Version": "1"},
                    BlockDeviceMappings=[ENCRYPTED],
                ),
                Group=resource(
                    "AWS::AutoScaling::AutoScalingGroup",
                    LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}, "Version": "1"},
                ),
            ),
            at=("Properties.LaunchTemplateData.BlockDeviceMappings",),
        ),
        bad(
            "a launch template whose instance has no root volume either",
            resources(
                It=template(),
                Host=resource(INSTANCE, LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}, "Version": "1"}),
            ),
            at=("Properties.LaunchTemplateData.BlockDeviceMappings",),
        ),
        good("one mapping, not a list", resources(It=resource(INSTANCE, BlockDeviceMappings=ENCRYPTED))),
        bad("an instance without mappings", resources(It=resource(INSTANCE)), at=(MAPPINGS,)),
        bad(
            "a launch template without mappings",
            resources(It=resource(TEMPLATE, LaunchTemplateData={"InstanceType": "i4i.large"})),
            at=("Properties.LaunchTemplateData.BlockDeviceMappings",),
        ),
        bad("a launch configuration without mappings", resources(It=resource(CONFIGURATION)), at=(MAPPINGS,)),
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
        bad(
            "a data volume only: the root is as the image has it",
            resources(It=resource(INSTANCE, BlockDeviceMappings=[disk("/dev/sdf", Encrypted=True)])),
            at=(MAPPINGS,),
        ),
        bad(
            "an instance whose launch template has no root volume",
            resources(It=resource(INSTANCE, LaunchTemplate=USES), Template=template()),
            at=(MAPPINGS,),
        ),
        bad("a volume without", resources(It=resource(VOLUME, SnapshotId="snap-1")), at=("Properties.Encrypted",)),
        bad("a volume with false", resources(It=resource(VOLUME, Encrypted="false")), at=("Properties.Encrypted",)),
        bad(
            "settings that are no map",
            resources(It=resource(INSTANCE, BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": "gp3"}])),
            at=(f"{MAPPINGS}.0.Ebs",),
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
            "the device is a parameter",
            {
                "Parameters": {"Device": {"Type": "String"}},
                **resources(It=resource(INSTANCE, BlockDeviceMappings=[disk({"Ref": "Device"}, Encrypted=True)])),
            },
            at=(f"{MAPPINGS}.0.DeviceName",),
        ),
        unknown(
            "a launch template of another template",
            resources(It=resource(INSTANCE, LaunchTemplate={"LaunchTemplateId": "lt-1"})),
            at=("Properties.LaunchTemplate.LaunchTemplateId",),
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
