"""What keeps a program inside its container or notebook: properties that must be so.

Sources: CloudFormation resource reference of each type (the defaults); AWS Security Hub User Guide, the controls named;
read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.hosts.imdsv2 import OPTIONS
from nexis.rules.requirements import Requirement, is_false, is_true, one_of, property_rule, row
from nexis.templates.views import Absent, as_number

if TYPE_CHECKING:
    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
_TASK: Final = "AWS::ECS::TaskDefinition"
_JOB: Final = "AWS::Batch::JobDefinition"
_NOTEBOOK: Final = "AWS::SageMaker::NotebookInstance"
_EMR: Final = "AWS::EMR::SecurityConfiguration"
_EMR_METADATA: Final = ("SecurityConfiguration", "InstanceMetadataServiceConfiguration")
_CONTAINERS: Final = ("ContainerDefinitions", "*")


#: The default of each is false.
_not = partial(row, as_of=AS_OF, accepts=is_false, expected="false, or nothing", example=False)


def _hops(kind: str) -> Requirement:
    return row(
        kind,
        *OPTIONS[kind],
        "HttpPutResponseHopLimit",
        as_of=AS_OF,
        accepts=_at_most_two,
        expected="1 or 2",
        example=1,  # the default too, unless the account says otherwise
        when=lambda host: host.peek(*OPTIONS[kind], "HttpEndpoint") != "disabled",
    )


def _at_most_two(text: str) -> bool:
    number = as_number(text)
    return number is not None and number <= 2


def _with_ssh_key(group: View) -> bool:
    return not isinstance(group.peek("RemoteAccess", "Ec2SshKey"), Absent)


RULES = (
    property_rule(
        rule_id="hosts.ecs-not-privileged",
        title="No container has the rights of the root user on its host",
        why="A privileged container reaches every device of the host, and with it every other container.",
        requirements=(_not(_TASK, *_CONTAINERS, "Privileged"),),
        fix="leave Privileged out of the container definitions",
        cdk='task.add_container("app", image=image)',
        controls={"SOC 2": ("CC6.1", "CC6.8"), "AWS FSBP": ("ECS.4",), "NIST 800-53 r5": ("AC-6",)},
        source="AWS Security Hub User Guide, controls for ECS",
    ),
    property_rule(
        rule_id="hosts.batch-not-privileged",
        title="No container of a batch job has the rights of the root user on its host",
        why="A privileged container reaches every device of the host, and with it every other container.",
        requirements=(
            _not(_JOB, "ContainerProperties", "Privileged"),
            _not(_JOB, "NodeProperties", "NodeRangeProperties", "*", "Container", "Privileged"),
            _not(_JOB, "EcsProperties", "TaskProperties", "*", "Containers", "*", "Privileged"),
            _not(_JOB, "EksProperties", "PodProperties", "Containers", "*", "SecurityContext", "Privileged"),
        ),
        fix="leave Privileged out of the container properties",
        cdk='batch.EcsEc2ContainerDefinition(self, "Container", image=image, cpu=1, memory=Size.mebibytes(512))',
        example={
            "Job": {
                "Type": _JOB,
                "Properties": {"Type": "container", "ContainerProperties": {"Image": "app", "Privileged": False}},
            }
        },
        controls={"SOC 2": ("CC6.1", "CC6.8"), "NIST 800-53 r5": ("AC-6",)},
        source="AWS Batch User Guide, Job definition parameters",
    ),
    property_rule(
        rule_id="hosts.ecs-pid-mode",
        title="The containers of a task see their own processes only",
        why="In the host's process namespace a container sees the environment of every other one, and may end it.",
        requirements=(
            Requirement(
                type=_TASK,
                path=("PidMode",),
                accepts=lambda text: text.lower() != "host",
                expected="'task', or nothing",
                absent="",  # each container has a namespace of its own
                source="CloudFormation resource reference, AWS::ECS::TaskDefinition PidMode",
                as_of=AS_OF,
                example="task",
            ),
        ),
        fix="leave PidMode out, or set it to task",
        cdk='ecs.Ec2TaskDefinition(self, "Task", pid_mode=ecs.PidMode.TASK)',
        controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("ECS.3",), "NIST 800-53 r5": ("AC-6",)},
        source="AWS Security Hub User Guide, controls for ECS",
    ),
    property_rule(
        rule_id="hosts.ecs-ipc-mode",
        title="The containers of a task share no memory with the host",
        why="In the host's IPC namespace a container reads and writes the shared memory of every other program.",
        requirements=(
            Requirement(
                type=_TASK,
                path=("IpcMode",),
                accepts=lambda text: text.lower() != "host",
                expected="'task', 'none', or nothing",
                absent="",  # Docker's default is a namespace of each container's own
                source="CloudFormation resource reference, AWS::ECS::TaskDefinition IpcMode",
                as_of=AS_OF,
                example="task",
            ),
        ),
        fix="leave IpcMode out, or set it to task or none",
        cdk='ecs.Ec2TaskDefinition(self, "Task", ipc_mode=ecs.IpcMode.TASK)',
        controls={"SOC 2": ("CC6.1",), "NIST 800-53 r5": ("AC-6",)},
        source="CloudFormation resource reference, AWS::ECS::TaskDefinition IpcMode",
    ),
    property_rule(
        rule_id="hosts.ecs-read-only-root",
        title="No container asks for a root file system it can write to",
        why="What breaks into a container leaves its tools in the file system and comes back with them.",
        requirements=(
            Requirement(
                type=_TASK,
                path=(*_CONTAINERS, "ReadonlyRootFilesystem"),
                accepts=is_true,
                expected="true",
                absent="",  # a container that says nothing is left to its image; only a plain `false` is a decision
                source="CloudFormation resource reference, AWS::ECS::TaskDefinition ReadonlyRootFilesystem",
                as_of=AS_OF,
                example=True,
            ),
        ),
        fix="set ReadonlyRootFilesystem: true and mount a volume where the program writes",
        cdk='task.add_container("app", image=image, readonly_root_filesystem=True)',
        controls={"SOC 2": ("CC6.8",), "AWS FSBP": ("ECS.5",)},
        source="AWS Security Hub User Guide, controls for ECS",
    ),
    property_rule(
        rule_id="hosts.codebuild-not-privileged",
        title="No build has the rights of the root user on its host",
        why="A build runs what its sources bring along; with these rights it also runs the host.",
        requirements=(_not("AWS::CodeBuild::Project", "Environment", "PrivilegedMode"),),
        fix="leave PrivilegedMode out; build images with a tool that needs no daemon",
        cdk='codebuild.Project(self, "Build", environment=codebuild.BuildEnvironment(privileged=False))',
        controls={"SOC 2": ("CC6.1", "CC6.8"), "NIST 800-53 r5": ("AC-6",)},
        source="AWS CodeBuild User Guide, Create a build project: privileged",
    ),
    property_rule(
        rule_id="hosts.notebook-no-root",
        title="Users of a notebook instance are not its root user",
        why="As root a user installs anything and turns off what protects the instance.",
        requirements=(
            Requirement(
                type=_NOTEBOOK,
                path=("RootAccess",),
                accepts=one_of("Disabled"),
                expected="'Disabled'",
                absent="AWS's default is Enabled",
                source="CloudFormation resource reference, AWS::SageMaker::NotebookInstance RootAccess",
                as_of=AS_OF,
                example="Disabled",
            ),
        ),
        fix="set RootAccess: Disabled",
        cdk='sagemaker.CfnNotebookInstance(self, "Notebook", instance_type="ml.t3.medium", role_arn=role.role_arn,\n'
        '                               root_access="Disabled")',
        controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("SageMaker.3",), "NIST 800-53 r5": ("AC-6",)},
        source="AWS Security Hub User Guide, controls for SageMaker AI",
    ),
    property_rule(
        rule_id="hosts.notebook-imdsv2",
        title="Notebook instances answer metadata requests only with a session token",
        why="Without tokens any program that can be made to fetch a URL hands out the credentials of the notebook.",
        requirements=(
            Requirement(
                type=_NOTEBOOK,
                path=("InstanceMetadataServiceConfiguration", "MinimumInstanceMetadataServiceVersion"),
                accepts=one_of("2"),
                expected="'2'",
                absent="",  # the default differs by image and region, and no benchmark asks; a plain '1' is a decision
                source="SageMaker API reference, InstanceMetadataServiceConfiguration",
                as_of=AS_OF,
                example="2",
            ),
        ),
        fix="set InstanceMetadataServiceConfiguration: {MinimumInstanceMetadataServiceVersion: '2'}",
        cdk='sagemaker.CfnNotebookInstance(self, "Notebook", instance_type="ml.t3.medium", role_arn=role.role_arn,\n'
        "    instance_metadata_service_configuration=sagemaker.CfnNotebookInstance"
        '.InstanceMetadataServiceConfigurationProperty(minimum_instance_metadata_service_version="2"))',
        controls={"SOC 2": ("CC6.1",)},
        source="Amazon SageMaker AI Developer Guide, Notebook instances: IMDSv2",
    ),
    property_rule(
        rule_id="hosts.image-builder-imdsv2",
        title="Hosts that build images answer metadata requests only with a session token",
        why="What is installed into the image runs on them with the credentials of their role.",
        requirements=(
            Requirement(
                type="AWS::ImageBuilder::InfrastructureConfiguration",
                path=("InstanceMetadataOptions", "HttpTokens"),
                accepts=one_of("required"),
                expected="'required'",
                absent="",  # the image's own setting holds, and Amazon Linux 2023 asks for tokens
                source="Image Builder API reference, InstanceMetadataOptions",
                as_of=AS_OF,
                example="required",
            ),
        ),
        fix="set InstanceMetadataOptions: {HttpTokens: required}",
        cdk='imagebuilder.CfnInfrastructureConfiguration(self, "Where", name="where",\n'
        '    instance_profile_name="build", instance_metadata_options={"httpTokens": "required"})',
        controls={"SOC 2": ("CC6.1",)},
        source="EC2 Image Builder User Guide, Manage infrastructure configurations",
    ),
    property_rule(
        rule_id="hosts.emr-imdsv2",
        title="The hosts of an EMR cluster answer metadata requests only with a session token",
        why="Jobs run what others wrote; without tokens it gets the credentials of the hosts' role with one request.",
        requirements=(
            Requirement(
                type=_EMR,
                path=(*_EMR_METADATA, "MinimumInstanceMetadataServiceVersion"),
                accepts=one_of("2"),
                expected="2",
                absent="",  # EMR then takes what the account and the release say; a plain 1 is a decision
                source="Amazon EMR Management Guide, Create a security configuration: IMDS",
                as_of=AS_OF,
                example=2,
                when=lambda security: isinstance(security.peek("SecurityConfiguration"), dict),
            ),
        ),
        fix="set InstanceMetadataServiceConfiguration: {MinimumInstanceMetadataServiceVersion: 2}",
        cdk='emr.CfnSecurityConfiguration(self, "Secure", security_configuration={\n'
        '    "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": 2}})',
        controls={"SOC 2": ("CC6.1",)},
        source="Amazon EMR Management Guide, Create a security configuration: IMDS",
    ),
    property_rule(
        rule_id="hosts.imds-hops",
        title="The answers of the metadata service go no further than a container on the host",
        why="With more than two hops a proxy or another machine behind the host gets the credentials of its role.",
        requirements=tuple(map(_hops, OPTIONS)),
        fix="set MetadataOptions.HttpPutResponseHopLimit to 1, or to 2 where programs in containers need it",
        cdk='ec2.LaunchTemplate(self, "Host", require_imdsv2=True, http_put_response_hop_limit=2)',
        controls={"SOC 2": ("CC6.1",)},
        source="EC2 User Guide, Use the Instance Metadata Service to access instance metadata",
    ),
    property_rule(
        rule_id="hosts.eks-remote-access",
        title="The nodes of a cluster do not let the whole internet log in",
        why="With a key and without security groups EKS opens port 22 of every node to 0.0.0.0/0.",
        requirements=(
            Requirement(
                type="AWS::EKS::Nodegroup",
                path=("RemoteAccess", "SourceSecurityGroups"),
                accepts=None,
                expected="the security groups that may log in",
                absent="port 22 is then open to everyone",
                source="CloudFormation resource reference, AWS::EKS::Nodegroup RemoteAccess",
                as_of=AS_OF,
                example=["sg-0123456789abcdef0"],
                when=_with_ssh_key,
            ),
        ),
        fix="leave RemoteAccess out and log in with Session Manager, or name SourceSecurityGroups",
        cdk='cluster.add_nodegroup_capacity("Nodes", min_size=1)',
        example={
            "Nodes": {
                "Type": "AWS::EKS::Nodegroup",
                "Properties": {
                    "ClusterName": "app",
                    "RemoteAccess": {"Ec2SshKey": "key", "SourceSecurityGroups": ["sg-0123456789abcdef0"]},
                },
            }
        },
        controls={"SOC 2": ("CC6.6",), "NIST 800-53 r5": ("SC-7",)},
        source="CloudFormation resource reference, AWS::EKS::Nodegroup RemoteAccess",
    ),
)
