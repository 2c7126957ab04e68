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
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

SAID = {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}]}
FIRST = "NetworkInterfaces.0.AssociatePublicIpAddress"


def instance(**properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Instance", **properties)


def template(**data: Any) -> dict[str, Any]:
    return resource("AWS::EC2::LaunchTemplate", LaunchTemplateData=data)


def subnet(**properties: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Subnet", **properties)


def group(**properties: Any) -> dict[str, Any]:
    return resource("AWS::AutoScaling::AutoScalingGroup", **properties)


PRIVATE, PUBLIC = subnet(), subnet(MapPublicIpOnLaunch=True)
BY_TEMPLATE = {"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Lt"}, "Version": "1"}}
MIXED = {
    "MixedInstancesPolicy": {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateName": "quiet"},
            "Overrides": [{"LaunchTemplateSpecification": {"LaunchTemplateId": {"Ref": "Lt"}}}],
        }
    }
}
QUIET = resource("AWS::EC2::LaunchTemplate", LaunchTemplateName="quiet", LaunchTemplateData=SAID)
IN = {"SubnetId": {"Ref": "Sub"}}
ZONES = {"VPCZoneIdentifier": [{"Ref": "Sub"}]}

CASES = RuleCases(
    "network.no-public-address",
    (
        # instances
        good("an instance that says no", resources(It=instance(**SAID))),
        good(
            "an instance that says no, as text",
            resources(It=instance(NetworkInterfaces=[{"AssociatePublicIpAddress": "false"}])),
        ),
        bad(
            "an instance that says yes",
            resources(It=instance(NetworkInterfaces=[{"AssociatePublicIpAddress": True}])),
            at=(f"Properties.{FIRST}",),
        ),
        bad(
            "an interface alone, not in a list",
            resources(It=instance(NetworkInterfaces={"AssociatePublicIpAddress": True})),
            at=(f"Properties.{FIRST}",),
        ),
        good("an instance in a private subnet", resources(It=instance(**IN), Sub=PRIVATE)),
        bad("an instance in a public subnet", resources(It=instance(**IN), Sub=PUBLIC), at=("Properties.SubnetId",)),
        good(
            "an instance that says no in a public subnet",
            resources(It=instance(NetworkInterfaces=[{"AssociatePublicIpAddress": False, **IN}]), Sub=PUBLIC),
        ),
        bad(
            "an interface in a public subnet",
            resources(It=instance(NetworkInterfaces=[IN]), Sub=PUBLIC),
            at=("Properties.NetworkInterfaces.0.SubnetId",),
        ),
        good("an instance without any subnet", resources(It=instance())),
        good(
            "an instance on an interface made elsewhere",
            resources(It=instance(NetworkInterfaces=[{"DeviceIndex": "0", "NetworkInterfaceId": "eni-1"}])),
        ),
        good("an instance whose template says no", resources(It=instance(**BY_TEMPLATE), Lt=template(**SAID))),
        bad(
            "an instance whose template says nothing",
            resources(It=instance(**BY_TEMPLATE, **IN), Lt=template(), Sub=PUBLIC),
            at=("Properties.SubnetId",),
        ),
        good("an instance in a subnet from elsewhere", resources(It=instance(SubnetId="subnet-1"))),
        good("an instance in an open subnet", opened(It=instance(SubnetId=OPEN))),
        good(
            "an instance whose template is elsewhere",
            resources(It=instance(LaunchTemplate={"LaunchTemplateId": "lt-1"}, **IN), Sub=PUBLIC),
        ),
        unknown(
            "an instance that may say yes",
            conditional(It=instance(NetworkInterfaces=[{"AssociatePublicIpAddress": either(True, False)}])),
            at=(f"Properties.{FIRST}",),
        ),
        # launch templates and configurations
        good("a template that says no", resources(It=template(**SAID))),
        good("a template that says nothing, for its group to settle", resources(It=template())),
        bad(
            "a template that says yes",
            resources(It=template(NetworkInterfaces=[{"AssociatePublicIpAddress": "true"}])),
            at=(f"Properties.LaunchTemplateData.{FIRST}",),
        ),
        bad(
            "a template whose second interface says yes",
            resources(It=template(NetworkInterfaces=[{}, {"AssociatePublicIpAddress": True}])),
            at=("Properties.LaunchTemplateData.NetworkInterfaces.1.AssociatePublicIpAddress",),
        ),
        bad(
            "a template by a parameter's default",
            defaulted("true", It=template(NetworkInterfaces=[{"AssociatePublicIpAddress": OPEN}])),
            at=(f"Properties.LaunchTemplateData.{FIRST}",),
        ),
        unknown(
            "a template by a parameter",
            opened(It=template(NetworkInterfaces=[{"AssociatePublicIpAddress": OPEN}])),
            at=(f"Properties.LaunchTemplateData.{FIRST}",),
        ),
        bad(
            "a launch configuration that says yes",
            resources(It=resource("AWS::AutoScaling::LaunchConfiguration", AssociatePublicIpAddress=True)),
            at=("Properties.AssociatePublicIpAddress",),
        ),
        good(
            "a launch configuration that says no",
            resources(It=resource("AWS::AutoScaling::LaunchConfiguration", AssociatePublicIpAddress=False)),
        ),
        # Auto Scaling groups
        good(
            "a group whose template says no",
            resources(It=group(**BY_TEMPLATE, VPCZoneIdentifier=["subnet-1"]), Lt=template(**SAID)),
        ),
        good("a group in private subnets", resources(It=group(**BY_TEMPLATE, **ZONES), Lt=template(), Sub=PRIVATE)),
        bad(
            "a group in a public subnet",
            resources(It=group(**BY_TEMPLATE, **ZONES), Lt=template(), Sub=PUBLIC),
            at=("Properties.VPCZoneIdentifier.0",),
        ),
        bad(
            "a group one of whose templates says nothing, in a public subnet",
            resources(It=group(**MIXED, **ZONES), Lt=template(), Quiet=QUIET, Sub=PUBLIC),
            at=("Properties.VPCZoneIdentifier.0",),
        ),
        good(
            "a group all of whose templates say no, in a public subnet",
            resources(It=group(**MIXED, **ZONES), Lt=template(**SAID), Quiet=QUIET, Sub=PUBLIC),
        ),
        bad(
            "a group with a configuration that says nothing, in a public subnet",
            resources(
                It=group(LaunchConfigurationName={"Ref": "Lc"}, **ZONES),
                Sub=PUBLIC,
                Lc=resource("AWS::AutoScaling::LaunchConfiguration"),
            ),
            at=("Properties.VPCZoneIdentifier.0",),
        ),
        good(
            "a group without subnets",
            resources(It=group(**BY_TEMPLATE, AvailabilityZones=["eu-central-1a"]), Lt=template()),
        ),
        good(
            "a group in subnets from elsewhere",
            resources(It=group(**BY_TEMPLATE, VPCZoneIdentifier=["subnet-1"]), Lt=template()),
        ),
        bad(
            "a group in one public subnet, not in a list",
            resources(It=group(**BY_TEMPLATE, VPCZoneIdentifier={"Ref": "Sub"}), Lt=template(), Sub=PUBLIC),
            at=("Properties.VPCZoneIdentifier",),
        ),
        good("a group whose configuration is elsewhere", resources(It=group(LaunchConfigurationName="lc"))),
        # elastic addresses
        bad(
            "an elastic address on an instance",
            resources(It=resource("AWS::EC2::EIP", InstanceId={"Ref": "Host"}), Host=instance(**SAID)),
            at=("Properties.InstanceId",),
        ),
        not_applicable("an elastic address for a NAT gateway", resources(It=resource("AWS::EC2::EIP", Domain="vpc"))),
        bad(
            "an association with an instance",
            resources(It=resource("AWS::EC2::EIPAssociation", InstanceId="i-1", AllocationId="a")),
            at=("Properties.InstanceId",),
        ),
        bad(
            "an association with an instance's interface",
            resources(
                It=resource("AWS::EC2::EIPAssociation", NetworkInterfaceId={"Ref": "Ni"}),
                Ni=resource("AWS::EC2::NetworkInterface"),
                Host=instance(NetworkInterfaces=[{"NetworkInterfaceId": {"Ref": "Ni"}}]),
            ),
            at=("Properties.NetworkInterfaceId",),
        ),
        bad(
            "an association with an interface that is attached",
            resources(
                It=resource("AWS::EC2::EIPAssociation", NetworkInterfaceId={"Ref": "Ni"}),
                Ni=resource("AWS::EC2::NetworkInterface"),
                Link=resource("AWS::EC2::NetworkInterfaceAttachment", NetworkInterfaceId={"Ref": "Ni"}),
            ),
            at=("Properties.NetworkInterfaceId",),
        ),
        good(
            "an association with an interface of no host",
            resources(
                It=resource("AWS::EC2::EIPAssociation", NetworkInterfaceId={"Ref": "Ni"}),
                Ni=resource("AWS::EC2::NetworkInterface"),
            ),
        ),
        unknown(
            "an association with an interface from elsewhere",
            resources(It=resource("AWS::EC2::EIPAssociation", NetworkInterfaceId="eni-1")),
            at=("Properties.NetworkInterfaceId",),
        ),
        good(
            "a group with a configuration that says no, in a public subnet",
            resources(
                It=group(LaunchConfigurationName={"Ref": "Lc"}, **ZONES),
                Sub=PUBLIC,
                Lc=resource("AWS::AutoScaling::LaunchConfiguration", AssociatePublicIpAddress=False),
            ),
        ),
        good(
            "a launch configuration that says nothing, for its group to settle",
            resources(It=resource("AWS::AutoScaling::LaunchConfiguration")),
        ),
        good(
            "an instance whose template names an interface made elsewhere",
            resources(It=instance(**BY_TEMPLATE), Lt=template(NetworkInterfaces=[{"NetworkInterfaceId": "eni-1"}])),
        ),
        good(
            "an association with the interface of no host, beside a host with another",
            resources(
                It=resource("AWS::EC2::EIPAssociation", NetworkInterfaceId={"Ref": "Ni"}),
                Ni=resource("AWS::EC2::NetworkInterface"),
                Host=instance(NetworkInterfaces=[{"NetworkInterfaceId": "eni-2"}, "odd"]),
            ),
        ),
    ),
)


@each(CASES)
def test_no_public_address(case: Case) -> None:
    hold(CASES, case)
