from __future__ import annotations

from typing import Any

from tests.support.rule_cases import (
    Case,
    RuleCases,
    bad,
    each_of,
    good,
    hold,
    not_applicable,
    resource,
    resources,
    unknown,
)
from tests.support.rule_templates import LOOKED_UP, OPEN, conditional, defaulted, either, mapped, opened

EFS = "AWS::EFS::FileSystem"
DESKTOP = "AWS::WorkSpaces::Workspace"
SERVICE = "AWS::ECS::Service"
AGENTS = "AWS::BedrockAgentCore::CapacityProvider"
RECIPE = "AWS::ImageBuilder::ImageRecipe"
CONTAINER = "AWS::ImageBuilder::ContainerRecipe"
LIFECYCLE = "AWS::DLM::LifecyclePolicy"
RECOVERY = "AWS::DRS::ReplicationConfigurationTemplate"
OTHER = resources(It=resource("AWS::S3::Bucket"))
ROOT, USER = "RootVolumeEncryptionEnabled", "UserVolumeEncryptionEnabled"


def task(*volumes: Any) -> dict[str, Any]:
    return resource(SERVICE, VolumeConfigurations=[{"Name": "data", "ManagedEBSVolume": each} for each in volumes])


def agents(**configuration: Any) -> dict[str, Any]:
    return resource(AGENTS, ComputeConfiguration={"Ec2Configuration": configuration})


def disk(**ebs: Any) -> dict[str, Any]:
    return {"DeviceName": "/dev/xvda", "Ebs": ebs}


def rules(*copies: Any) -> dict[str, Any]:
    schedules = [{"Name": "daily", "CrossRegionCopyRules": list(copies)}]
    return resource(LIFECYCLE, PolicyDetails={"Schedules": schedules})


def actions(**encryption: Any) -> dict[str, Any]:
    copies = [{"Target": "eu-west-1", "EncryptionConfiguration": encryption}]
    return resource(LIFECYCLE, PolicyDetails={"Actions": [{"Name": "copy", "CrossRegionCopy": copies}]})


VOLUME = "Properties.VolumeConfigurations"
MACHINE = "Properties.ComputeConfiguration.Ec2Configuration"
SCHEDULE = "Properties.PolicyDetails.Schedules.0.CrossRegionCopyRules"

CASES: tuple[RuleCases, ...] = (
    RuleCases(
        "storage.efs-encrypted",
        (
            good("true", resources(It=resource(EFS, Encrypted=True))),
            good("looked up by region", mapped("eu-central-1", "true", It=resource(EFS, Encrypted=LOOKED_UP))),
            bad("absent", resources(It=resource(EFS)), at=("Properties.Encrypted",)),
            bad("false", resources(It=resource(EFS, Encrypted="false")), at=("Properties.Encrypted",)),
            bad("a key alone", resources(It=resource(EFS, KmsKeyId="alias/ours")), at=("Properties.Encrypted",)),
            bad(
                "false in every branch",
                conditional(It=resource(EFS, Encrypted=either(False, "false"))),
                at=("Properties.Encrypted",),
            ),
            not_applicable("FSx is always encrypted", resources(It=resource("AWS::FSx::FileSystem"))),
            unknown("a parameter", opened(It=resource(EFS, Encrypted=OPEN)), at=("Properties.Encrypted",)),
        ),
    ),
    RuleCases(
        "storage.workspace-encrypted",
        (
            good("both", resources(It=resource(DESKTOP, **{ROOT: True, USER: "true"}))),
            bad("neither", resources(It=resource(DESKTOP)), at=(f"Properties.{ROOT}", f"Properties.{USER}")),
            bad("the root only", resources(It=resource(DESKTOP, **{ROOT: True})), at=(f"Properties.{USER}",)),
            bad(
                "the user's is false",
                resources(It=resource(DESKTOP, **{ROOT: True, USER: False})),
                at=(f"Properties.{USER}",),
            ),
            not_applicable("something else", OTHER),
            unknown(
                "a parameter", opened(It=resource(DESKTOP, **{ROOT: True, USER: OPEN})), at=(f"Properties.{USER}",)
            ),
        ),
    ),
    RuleCases(
        "storage.ecs-volume-encrypted",
        (
            good("true", resources(It=task({"Encrypted": True}))),
            good("no volumes", resources(It=resource(SERVICE))),
            bad("absent", resources(It=task({"SizeInGiB": 20})), at=(f"{VOLUME}.0.ManagedEBSVolume.Encrypted",)),
            bad(
                "the second is not",
                resources(It=task({"Encrypted": True}, {"Encrypted": False})),
                at=(f"{VOLUME}.1.ManagedEBSVolume.Encrypted",),
            ),
            not_applicable("something else", OTHER),
            unknown(
                "a parameter", opened(It=task({"Encrypted": OPEN})), at=(f"{VOLUME}.0.ManagedEBSVolume.Encrypted",)
            ),
        ),
    ),
    RuleCases(
        "storage.agent-volume-encrypted",
        (
            good("true", resources(It=agents(RootVolume={"Encrypted": True}))),
            good("left out", resources(It=agents(RootVolume={}, Volumes=[{"EbsConfiguration": {}}]))),
            bad(
                "the root volume",
                resources(It=agents(RootVolume={"Encrypted": False})),
                at=(f"{MACHINE}.RootVolume.Encrypted",),
            ),
            bad(
                "a data volume",
                resources(It=agents(Volumes=[{"EbsConfiguration": {"Encrypted": "false"}}])),
                at=(f"{MACHINE}.Volumes.0.EbsConfiguration.Encrypted",),
            ),
            not_applicable("something else", OTHER),
            unknown(
                "a parameter",
                opened(It=agents(RootVolume={"Encrypted": OPEN})),
                at=(f"{MACHINE}.RootVolume.Encrypted",),
            ),
        ),
    ),
    RuleCases(
        "storage.image-recipe-encrypted",
        (
            good("an image", resources(It=resource(RECIPE, BlockDeviceMappings=[disk(Encrypted=True)]))),
            good("no volumes named", resources(It=resource(RECIPE))),
            good(
                "a container's build",
                resources(
                    It=resource(CONTAINER, InstanceConfiguration={"BlockDeviceMappings": disk(Encrypted="true")})
                ),
            ),
            good(
                "a device left out",
                resources(It=resource(RECIPE, BlockDeviceMappings=[{"DeviceName": "/dev/sdb", "NoDevice": ""}])),
            ),
            bad(
                "left to the account",
                resources(It=resource(RECIPE, BlockDeviceMappings=[disk(VolumeSize=8)])),
                at=("Properties.BlockDeviceMappings.0.Ebs.Encrypted",),
            ),
            bad(
                "a container's build, by default of a parameter",
                defaulted(
                    "false",
                    It=resource(CONTAINER, InstanceConfiguration={"BlockDeviceMappings": [disk(Encrypted=OPEN)]}),
                ),
                at=("Properties.InstanceConfiguration.BlockDeviceMappings.0.Ebs.Encrypted",),
            ),
            bad(
                "settings that are no map",
                resources(It=resource(RECIPE, BlockDeviceMappings=[{"Ebs": "gp3"}])),
                at=("Properties.BlockDeviceMappings.0.Ebs",),
            ),
            not_applicable("something else", OTHER),
            unknown(
                "a parameter",
                opened(It=resource(RECIPE, BlockDeviceMappings=[disk(Encrypted=OPEN)])),
                at=("Properties.BlockDeviceMappings.0.Ebs.Encrypted",),
            ),
        ),
    ),
    RuleCases(
        "storage.snapshot-copy-encrypted",
        (
            good("a rule", resources(It=rules({"Encrypted": True}))),
            good("an action", resources(It=actions(Encrypted=True))),
            good("no copies", resources(It=resource(LIFECYCLE, PolicyDetails={"Schedules": [{"Name": "daily"}]}))),
            bad("absent", resources(It=rules({"Target": "eu-west-1"})), at=(f"{SCHEDULE}.0.Encrypted",)),
            bad(
                "the second rule",
                resources(It=rules({"Encrypted": True}, {"Encrypted": False})),
                at=(f"{SCHEDULE}.1.Encrypted",),
            ),
            bad(
                "an action",
                resources(It=actions(Encrypted="false")),
                at=("Properties.PolicyDetails.Actions.0.CrossRegionCopy.0.EncryptionConfiguration.Encrypted",),
            ),
            not_applicable("something else", OTHER),
            unknown("a parameter", opened(It=rules({"Encrypted": OPEN})), at=(f"{SCHEDULE}.0.Encrypted",)),
        ),
    ),
    RuleCases(
        "storage.recovery-volume-encrypted",
        (
            good("AWS's key", resources(It=resource(RECOVERY, EbsEncryption="DEFAULT"))),
            good("our own", resources(It=resource(RECOVERY, EbsEncryption="CUSTOM"))),
            bad("none", resources(It=resource(RECOVERY, EbsEncryption="NONE")), at=("Properties.EbsEncryption",)),
            not_applicable("something else", OTHER),
            unknown("a parameter", opened(It=resource(RECOVERY, EbsEncryption=OPEN)), at=("Properties.EbsEncryption",)),
        ),
    ),
)


@each_of(CASES)
def test_files_and_volumes(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
