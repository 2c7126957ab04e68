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
from tests.support.rule_templates import OPEN, opened

INSTANCE = "AWS::EC2::Instance"
TEMPLATE = "AWS::EC2::LaunchTemplate"
CONFIGURATION = "AWS::AutoScaling::LaunchConfiguration"
AT = ("Properties.BlockDeviceMappings",)
AT_TEMPLATE = ("Properties.LaunchTemplateData.BlockDeviceMappings",)


def disk(device: Any = "/dev/xvda") -> dict[str, Any]:
    return {"DeviceName": device, "Ebs": {"Encrypted": True}}


def template(*disks: Any) -> dict[str, Any]:
    return resource(TEMPLATE, LaunchTemplateData={"BlockDeviceMappings": list(disks)})


def uses(name: str) -> dict[str, Any]:
    return {"LaunchTemplateId": {"Ref": name}, "Version": "1"}


CASES = RuleCases(
    "storage.root-volume-named",
    (
        good("an instance", resources(It=resource(INSTANCE, BlockDeviceMappings=[disk()]))),
        good("a launch template", resources(It=template(disk("/dev/sda1")))),
        good(
            "an instance whose launch template has the root volume",
            resources(It=resource(INSTANCE, LaunchTemplate=uses("Template")), Template=template(disk())),
        ),
        good(
            "a launch template that only adds metadata options to an instance with the root volume",
            resources(It=template(), Host=resource(INSTANCE, LaunchTemplate=uses("It"), BlockDeviceMappings=[disk()])),
        ),
        bad(
            "such a launch template that a group uses too",
            resources(
                It=template(),
                Host=resource(INSTANCE, LaunchTemplate=uses("It"), BlockDeviceMappings=[disk()]),
                Group=resource("AWS::AutoScaling::AutoScalingGroup", LaunchTemplate=uses("It")),
            ),
            at=AT_TEMPLATE,
        ),
        bad(
            "a launch template whose instance has no root volume either",
            resources(It=template(), Host=resource(INSTANCE, LaunchTemplate=uses("It"))),
            at=AT_TEMPLATE,
        ),
        bad("an instance without mappings", resources(It=resource(INSTANCE)), at=AT),
        bad("a launch template without mappings", resources(It=resource(TEMPLATE)), at=AT_TEMPLATE),
        bad("a launch configuration without mappings", resources(It=resource(CONFIGURATION)), at=AT),
        bad(
            "a data volume only: the root is as the image has it",
            resources(It=resource(INSTANCE, BlockDeviceMappings=[disk("/dev/sdf")])),
            at=AT,
        ),
        bad(
            "an instance whose launch template has no root volume",
            resources(It=resource(INSTANCE, LaunchTemplate=uses("Template")), Template=template()),
            at=AT,
        ),
        not_applicable("a volume is no host", resources(It=resource("AWS::EC2::Volume"))),
        unknown(
            "the device is a parameter",
            opened(It=resource(INSTANCE, BlockDeviceMappings=[disk(OPEN)])),
            at=("Properties.BlockDeviceMappings.0.DeviceName",),
        ),
        unknown(
            "a launch template of another template",
            resources(It=resource(INSTANCE, LaunchTemplate={"LaunchTemplateId": "lt-1"})),
            at=("Properties.LaunchTemplate.LaunchTemplateId",),
        ),
    ),
)


@each(CASES)
def test_root_volume_named(case: Case) -> None:
    hold(CASES, case)
