"""File systems, desktops, and block devices of services that start machines for you.

The volumes of EC2 hosts have a rule of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules.model import Rule
from nexis.rules.requirements import Requirement, one_of
from nexis.rules.storage._at_rest import AS_OF, CLAIMS, at_rest, controls, switched_on
from nexis.rules.storage._mappings import BY_DEFAULT, unencrypted_mappings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules.model import Problem
    from nexis.templates.views import View

RECIPES: Final = {
    "AWS::ImageBuilder::ImageRecipe": ("BlockDeviceMappings",),
    "AWS::ImageBuilder::ContainerRecipe": ("InstanceConfiguration", "BlockDeviceMappings"),
}

AGENT_VOLUMES: Final = ("ComputeConfiguration", "Ec2Configuration")


def _recipe(recipe: View) -> Iterator[Problem]:
    yield from unencrypted_mappings(recipe, RECIPES[recipe.type])


RULES: Final = (
    at_rest(
        "storage.efs-encrypted",
        switched_on(
            "AWS::EFS::FileSystem",
            "Encrypted",
            # Only the console encrypts by default, not the API that CloudFormation calls.
            absent="EFS then makes an unencrypted file system",
            source="EFS User Guide, Encrypting data at rest",
        ),
        title="EFS file systems are encrypted",
        why="Files of an unencrypted file system lie readable on AWS's disks, and it cannot be encrypted later.",
        fix="set Encrypted: true (CDK: encrypted=True)",
        cdk='efs.FileSystem(self, "Files", vpc=vpc, encrypted=True)',
        source="EFS User Guide, Encrypting data at rest; CloudFormation reference, AWS::EFS::FileSystem",
        fsbp=("EFS.1", "EFS.8"),
    ),
    at_rest(
        "storage.workspace-encrypted",
        *(
            switched_on(
                "AWS::WorkSpaces::Workspace",
                name,
                absent="WorkSpaces then leaves the volume unencrypted",
                source=f"CloudFormation reference, AWS::WorkSpaces::Workspace {name}",
            )
            for name in ("RootVolumeEncryptionEnabled", "UserVolumeEncryptionEnabled")
        ),
        title="WorkSpaces encrypt their root and user volumes",
        why="A desktop's volumes and their snapshots hold documents, mail and browser profiles.",
        fix="set RootVolumeEncryptionEnabled and UserVolumeEncryptionEnabled: true, with VolumeEncryptionKey",
        cdk='workspaces.CfnWorkspace(self, "Desktop", bundle_id=bundle, directory_id=directory, user_name="ada",\n'
        "    root_volume_encryption_enabled=True, user_volume_encryption_enabled=True,\n"
        "    volume_encryption_key=key.key_arn)",
        source="WorkSpaces Administration Guide, Encrypted WorkSpaces",
        fsbp=("WorkSpaces.1", "WorkSpaces.2"),
    ),
    at_rest(
        "storage.ecs-volume-encrypted",
        switched_on(
            "AWS::ECS::Service",
            "VolumeConfigurations",
            "*",
            "ManagedEBSVolume",
            "Encrypted",
            absent=BY_DEFAULT,
            source="CloudFormation reference, AWS::ECS::Service ServiceManagedEBSVolumeConfiguration",
        ),
        title="EBS volumes of ECS tasks are encrypted",
        why="A task's volume and its snapshots lie readable on AWS's disks otherwise.",
        fix="set ManagedEBSVolume: {Encrypted: true} (CDK: ServiceManagedEBSVolumeConfiguration(encrypted=True))",
        cdk='volume = ecs.ServiceManagedVolume(self, "Volume", name="data",\n'
        "    managed_ebs_volume=ecs.ServiceManagedEBSVolumeConfiguration(size=Size.gibibytes(20), encrypted=True))",
        source="ECS Developer Guide, Use Amazon EBS volumes with Amazon ECS: encryption",
    ),
    at_rest(
        "storage.agent-volume-encrypted",
        switched_on(
            "AWS::BedrockAgentCore::CapacityProvider",
            *AGENT_VOLUMES,
            "RootVolume",
            "Encrypted",
            absent="",
            source="CloudFormation reference, AWS::BedrockAgentCore::CapacityProvider RootVolume",
        ),
        switched_on(
            "AWS::BedrockAgentCore::CapacityProvider",
            *AGENT_VOLUMES,
            "Volumes",
            "*",
            "EbsConfiguration",
            "Encrypted",
            absent="",  # the documented default is true
            source="CloudFormation reference, AWS::BedrockAgentCore::CapacityProvider EbsConfiguration",
        ),
        title="Volumes of AgentCore capacity providers are not left unencrypted",
        why="What agents write to disk, prompts and answers among it, lies readable on AWS's disks otherwise.",
        fix="set Encrypted: true on RootVolume and EbsConfiguration, or leave it out",
        cdk='CfnResource(self, "Agents", type="AWS::BedrockAgentCore::CapacityProvider", properties={\n'
        '    "ComputeConfiguration": {"Ec2Configuration": {"RootVolume": {"Encrypted": True}}}})',
        source="CloudFormation reference, AWS::BedrockAgentCore::CapacityProvider",
    ),
    Rule(
        id="storage.image-recipe-encrypted",
        severity="error",
        title="EC2 Image Builder recipes encrypt the volumes they name",
        why="The snapshots of an image hold what its build left behind, and every host started from it copies them.",
        fix="set Ebs.Encrypted: true in BlockDeviceMappings (CDK: EbsInstanceBlockDeviceSpecificationProperty)",
        types=tuple(RECIPES),
        check=_recipe,
        claims=CLAIMS,
        controls=controls(),
        source="CloudFormation reference, AWS::ImageBuilder::ImageRecipe and ContainerRecipe",
        cdk="ebs = imagebuilder.CfnImageRecipe.EbsInstanceBlockDeviceSpecificationProperty(encrypted=True)\n"
        "disk = imagebuilder.CfnImageRecipe.InstanceBlockDeviceMappingProperty(\n"
        '    device_name="/dev/xvda", ebs=ebs)',
        example={
            "Recipe": {
                "Type": "AWS::ImageBuilder::ImageRecipe",
                "Properties": {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True}}]},
            }
        },
    ),
    at_rest(
        "storage.snapshot-copy-encrypted",
        switched_on(
            "AWS::DLM::LifecyclePolicy",
            "PolicyDetails",
            "Schedules",
            "*",
            "CrossRegionCopyRules",
            "*",
            "Encrypted",
            absent="a copy of an unencrypted snapshot then stays unencrypted",
            source="CloudFormation reference, AWS::DLM::LifecyclePolicy CrossRegionCopyRule",
        ),
        switched_on(
            "AWS::DLM::LifecyclePolicy",
            "PolicyDetails",
            "Actions",
            "*",
            "CrossRegionCopy",
            "*",
            "EncryptionConfiguration",
            "Encrypted",
            absent="a copy of an unencrypted snapshot then stays unencrypted",
            source="CloudFormation reference, AWS::DLM::LifecyclePolicy EncryptionConfiguration",
        ),
        title="Snapshots that a lifecycle policy copies to another region are encrypted",
        why="A copy of an unencrypted snapshot is one more readable copy of the volume, in another region.",
        fix="set Encrypted: true in CrossRegionCopyRules and CrossRegionCopy",
        cdk="dlm.CfnLifecyclePolicy.CrossRegionCopyRuleProperty(\n"
        '    encrypted=True, target="eu-west-1", cmk_arn=key.key_arn)',
        source="EBS User Guide, Amazon Data Lifecycle Manager: cross-Region snapshot copies",
    ),
    at_rest(
        "storage.recovery-volume-encrypted",
        Requirement(
            type="AWS::DRS::ReplicationConfigurationTemplate",
            path=("EbsEncryption",),
            accepts=one_of("DEFAULT", "CUSTOM"),
            expected="DEFAULT or CUSTOM",
            absent="",  # required; DEFAULT in the console
            source="CloudFormation reference, AWS::DRS::ReplicationConfigurationTemplate EbsEncryption",
            as_of=AS_OF,
            example="DEFAULT",
        ),
        title="Elastic Disaster Recovery encrypts the volumes it replicates to",
        why="A replica holds every block of the machine it stands in for.",
        fix="set EbsEncryption: DEFAULT, or CUSTOM with EbsEncryptionKeyArn",
        cdk='CfnResource(self, "Replication", type="AWS::DRS::ReplicationConfigurationTemplate",\n'
        '    properties={"EbsEncryption": "DEFAULT"})',
        source="Elastic Disaster Recovery User Guide, Volumes: EBS encryption",
    ),
)
