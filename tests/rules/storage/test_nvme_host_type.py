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
GROUP = "AWS::AutoScaling::AutoScalingGroup"
GOOD = "i4i.large"
POOR = "m7g.large"
RANGE = {"VCpuCount": {"Min": 2}, "MemoryMiB": {"Min": 4096}}


def template(**data: Any) -> dict[str, Any]:
    return resource(TEMPLATE, LaunchTemplateData=data)


def mixed(*overrides: Any, names: Any = None) -> dict[str, Any]:
    specification = {"LaunchTemplateId": names or {"Ref": "Template"}, "Version": "1"}
    policy = {"LaunchTemplate": {"LaunchTemplateSpecification": specification, "Overrides": list(overrides)}}
    return resource(GROUP, MixedInstancesPolicy=policy)


def fleet(*overrides: Any, names: Any = None) -> dict[str, Any]:
    specification = {"LaunchTemplateId": names or {"Ref": "Template"}, "Version": "1"}
    configs = [{"LaunchTemplateSpecification": specification, "Overrides": list(overrides)}]
    return resource("AWS::EC2::EC2Fleet", LaunchTemplateConfigs=configs)


def spot(*machines: Any) -> dict[str, Any]:
    return resource("AWS::EC2::SpotFleet", SpotFleetRequestConfigData={"LaunchSpecifications": list(machines)})


SPOT = "Properties.SpotFleetRequestConfigData.LaunchSpecifications"
USES = {"LaunchTemplateId": {"Ref": "Template"}, "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]}}
MIXED = "Properties.MixedInstancesPolicy.LaunchTemplate"

CASES = RuleCases(
    "storage.nvme-host-type",
    (
        good("an instance", resources(It=resource(INSTANCE, InstanceType=GOOD))),
        good("Graviton with d", resources(It=resource(INSTANCE, InstanceType="m7gd.large"))),
        good("a launch template", resources(It=template(InstanceType=GOOD))),
        good("a launch configuration", resources(It=resource(CONFIGURATION, InstanceType=GOOD))),
        good(
            "an instance that takes its type from a launch template",
            resources(It=resource(INSTANCE, LaunchTemplate=USES), Template=template(InstanceType=GOOD)),
        ),
        good(
            "an instance's own type goes before the template's",
            resources(
                It=resource(INSTANCE, InstanceType=GOOD, LaunchTemplate=USES), Template=template(InstanceType=POOR)
            ),
        ),
        good(
            "a group through its launch template",
            resources(It=resource(GROUP, LaunchTemplate=USES), Template=template(InstanceType=GOOD)),
        ),
        good(
            "a group through a launch template by name",
            resources(
                It=resource(GROUP, LaunchTemplate={"LaunchTemplateName": "hosts", "Version": "1"}),
                Template=resource(TEMPLATE, LaunchTemplateName="hosts", LaunchTemplateData={"InstanceType": GOOD}),
            ),
        ),
        good(
            "a group through its launch configuration",
            resources(
                It=resource(GROUP, LaunchConfigurationName={"Ref": "Old"}),
                Old=resource(CONFIGURATION, InstanceType=GOOD),
            ),
        ),
        good(
            "every override",
            resources(It=mixed({"InstanceType": GOOD}, {"InstanceType": "m7gd.large"}), Template=template()),
        ),
        good("a mixed group without overrides", resources(It=mixed(), Template=template(InstanceType=GOOD))),
        good(
            "an override with a launch template of its own",
            resources(
                It=mixed({"LaunchTemplateSpecification": {"LaunchTemplateId": {"Ref": "Other"}, "Version": "1"}}),
                Template=template(),
                Other=template(InstanceType=GOOD),
            ),
        ),
        good(
            "a launch template without type that a group completes",
            resources(Template=mixed({"InstanceType": GOOD}, names={"Ref": "It"}), It=template()),
        ),
        good(
            "a launch template without type that an instance completes",
            resources(
                Host=resource(INSTANCE, InstanceType=GOOD, LaunchTemplate={"LaunchTemplateId": {"Ref": "It"}}),
                It=template(),
            ),
        ),
        good(
            "allowed values that all have it",
            {
                "Parameters": {"Size": {"Type": "String", "AllowedValues": [GOOD, "i4i.xlarge"]}},
                **resources(It=resource(INSTANCE, InstanceType={"Ref": "Size"})),
            },
        ),
        bad(
            "an instance without disks",
            resources(It=resource(INSTANCE, InstanceType=POOR)),
            at=("Properties.InstanceType",),
        ),
        bad(
            "disks that are HDDs",
            resources(It=resource(INSTANCE, InstanceType="d3.xlarge")),
            at=("Properties.InstanceType",),
        ),
        bad(
            "SSDs that are not NVMe",
            resources(It=resource(INSTANCE, InstanceType="i2.xlarge")),
            at=("Properties.InstanceType",),
        ),
        bad("no such type", resources(It=resource(INSTANCE, InstanceType="i9.huge")), at=("Properties.InstanceType",)),
        bad("EC2's default", resources(It=resource(INSTANCE)), at=("Properties.InstanceType",)),
        bad(
            "a launch template",
            resources(It=template(InstanceType=POOR)),
            at=("Properties.LaunchTemplateData.InstanceType",),
        ),
        bad(
            "a launch template that lets EC2 choose",
            resources(It=template(InstanceRequirements=RANGE)),
            at=("Properties.LaunchTemplateData.InstanceRequirements",),
        ),
        good(
            "a launch template that lets EC2 choose among types with NVMe",
            resources(It=template(InstanceRequirements={**RANGE, "AllowedInstanceTypes": ["m6gd.*", GOOD]})),
        ),
        *(
            bad(
                f"a launch template that allows {name}",
                resources(It=template(InstanceRequirements={**RANGE, "AllowedInstanceTypes": [GOOD, name]})),
                at=("Properties.LaunchTemplateData.InstanceRequirements.AllowedInstanceTypes",),
            )
            for name in ("m6g.*", POOR, "m6*", "*")
        ),
        good(
            "a launch template without type for nodes, which have a type of their own",
            resources(
                It=template(),
                Nodes=resource("AWS::EKS::Nodegroup", LaunchTemplate={"Id": {"Ref": "It"}, "Version": "1"}),
            ),
        ),
        bad(
            "a launch template without type that nobody completes",
            resources(It=template()),
            at=("Properties.LaunchTemplateData.InstanceType",),
        ),
        bad(
            "a launch template without data",
            resources(It=resource(TEMPLATE)),
            at=("Properties.LaunchTemplateData.InstanceType",),
        ),
        bad(
            "a launch configuration",
            resources(It=resource(CONFIGURATION, InstanceType=POOR)),
            at=("Properties.InstanceType",),
        ),
        bad("a launch configuration without", resources(It=resource(CONFIGURATION)), at=("Properties.InstanceType",)),
        bad(
            "an instance through its launch template",
            resources(It=resource(INSTANCE, LaunchTemplate=USES), Template=template(InstanceType=POOR)),
            at=("Properties.LaunchTemplate",),
        ),
        bad(
            "an instance whose launch template names no type",
            resources(It=resource(INSTANCE, LaunchTemplate=USES), Template=template()),
            at=("Properties.LaunchTemplate",),
        ),
        bad(
            "a group through its launch template",
            resources(It=resource(GROUP, LaunchTemplate=USES), Template=template(InstanceType=POOR)),
            at=("Properties.LaunchTemplate",),
        ),
        bad(
            "a group whose launch template lets EC2 choose",
            resources(It=resource(GROUP, LaunchTemplate=USES), Template=template(InstanceRequirements=RANGE)),
            at=("Properties.LaunchTemplate",),
        ),
        bad(
            "a group through its launch configuration",
            resources(
                It=resource(GROUP, LaunchConfigurationName={"Ref": "Old"}),
                Old=resource(CONFIGURATION, InstanceType=POOR),
            ),
            at=("Properties.LaunchConfigurationName",),
        ),
        bad(
            "one override of two",
            resources(It=mixed({"InstanceType": GOOD}, {"InstanceType": POOR}), Template=template(InstanceType=GOOD)),
            at=(f"{MIXED}.Overrides.1.InstanceType",),
        ),
        bad(
            "an override that lets EC2 choose",
            resources(It=mixed({"InstanceRequirements": RANGE}), Template=template(InstanceType=GOOD)),
            at=(f"{MIXED}.Overrides.0.InstanceRequirements",),
        ),
        bad(
            "an override that leaves the type to a poor template",
            resources(It=mixed({"WeightedCapacity": "1"}), Template=template(InstanceType=POOR)),
            at=(f"{MIXED}.LaunchTemplateSpecification",),
        ),
        good("a fleet", resources(It=fleet({"InstanceType": GOOD}), Template=template())),
        good("a fleet through its launch template", resources(It=fleet(), Template=template(InstanceType=GOOD))),
        good("a Spot fleet that describes its machines", resources(It=spot({"InstanceType": GOOD}))),
        good(
            "a launch template without type that a fleet completes",
            resources(Fleet=fleet({"InstanceType": GOOD}, names={"Ref": "It"}), It=template()),
        ),
        good(
            "a launch template without type for the nodes of a cluster",
            resources(
                Nodes=resource(
                    "AWS::EKS::Nodegroup", InstanceTypes=["m7g.large"], LaunchTemplate={"Id": {"Ref": "It"}}
                ),
                It=template(),
            ),
        ),
        good(
            "a launch template without type for jobs",
            resources(
                Jobs=resource(
                    "AWS::Batch::ComputeEnvironment",
                    ComputeResources={
                        "InstanceTypes": ["optimal"],
                        "LaunchTemplate": {"LaunchTemplateId": {"Ref": "It"}},
                    },
                ),
                It=template(),
            ),
        ),
        bad(
            "a fleet's second override",
            resources(It=fleet({"InstanceType": GOOD}, {"InstanceType": POOR}), Template=template()),
            at=("Properties.LaunchTemplateConfigs.0.Overrides.1.InstanceType",),
        ),
        bad(
            "a fleet that lets EC2 choose",
            resources(It=fleet({"InstanceRequirements": RANGE}), Template=template()),
            at=("Properties.LaunchTemplateConfigs.0.Overrides.0.InstanceRequirements",),
        ),
        bad(
            "a fleet through its launch template",
            resources(It=fleet(), Template=template(InstanceType=POOR)),
            at=("Properties.LaunchTemplateConfigs.0.LaunchTemplateSpecification",),
        ),
        bad(
            "a Spot fleet's second machine",
            resources(It=spot({"InstanceType": GOOD}, {"InstanceType": POOR})),
            at=(f"{SPOT}.1.InstanceType",),
        ),
        bad("a Spot fleet's machine without", resources(It=spot({})), at=(f"{SPOT}.0.InstanceType",)),
        bad(
            "a Spot fleet that lets EC2 choose",
            resources(It=spot({"InstanceRequirements": RANGE})),
            at=(f"{SPOT}.0.InstanceRequirements",),
        ),
        not_applicable("the nodes of a cluster", resources(It=resource("AWS::EKS::Nodegroup"))),
        not_applicable("no host", resources(It=resource("AWS::EC2::VPC"))),
        unknown(
            "a parameter without default",
            {
                "Parameters": {"Size": {"Type": "String"}},
                **resources(It=resource(INSTANCE, InstanceType={"Ref": "Size"})),
            },
            at=("Properties.InstanceType",),
        ),
        unknown(
            "a launch template of another template",
            resources(It=resource(INSTANCE, LaunchTemplate={"LaunchTemplateId": "lt-0123456789abcdef0"})),
            at=("Properties.LaunchTemplate.LaunchTemplateId",),
        ),
        unknown(
            "a group's launch template of another template",
            resources(It=resource(GROUP, LaunchTemplate={"LaunchTemplateId": "lt-0123456789abcdef0"})),
            at=("Properties.LaunchTemplate.LaunchTemplateId",),
        ),
        unknown("a group that names nothing", resources(It=resource(GROUP)), at=("Properties.LaunchTemplate",)),
        unknown(
            "a launch configuration from an instance",
            resources(It=resource(CONFIGURATION, InstanceId="i-0123456789abcdef0")),
            at=("Properties.InstanceType",),
        ),
        unknown(
            "only one branch has it",
            resources(It=template(InstanceType={"Fn::If": ["Big", GOOD, POOR]})),
            at=("Properties.LaunchTemplateData.InstanceType",),
        ),
        unknown(
            "a list of types", resources(It=resource(INSTANCE, InstanceType=[GOOD])), at=("Properties.InstanceType",)
        ),
        unknown(
            "a specification that is a text",
            resources(It=resource(INSTANCE, LaunchTemplate="hosts")),
            at=("Properties.LaunchTemplate",),
        ),
    ),
)


@each(CASES)
def test_nvme_host_type(case: Case) -> None:
    hold(CASES, case)
