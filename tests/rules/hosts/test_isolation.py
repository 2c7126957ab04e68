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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, defaulted, either, opened

TASK = "AWS::ECS::TaskDefinition"
JOB = "AWS::Batch::JobDefinition"
NOTEBOOK = "AWS::SageMaker::NotebookInstance"
BUILD = "AWS::CodeBuild::Project"
WHERE = "AWS::ImageBuilder::InfrastructureConfiguration"
NODES = "AWS::EKS::Nodegroup"
PRIVILEGED = ("Properties.ContainerDefinitions.0.Privileged",)
READ_ONLY = ("Properties.ContainerDefinitions.0.ReadonlyRootFilesystem",)
VERSION = ("Properties.InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion",)
TOKENS = ("Properties.InstanceMetadataOptions.HttpTokens",)
MODE = ("Properties.Environment.PrivilegedMode",)
EMR = "AWS::EMR::SecurityConfiguration"
EMR_VERSION = (
    "Properties.SecurityConfiguration.InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion",
)
HOPS = ("Properties.MetadataOptions.HttpPutResponseHopLimit",)


def task(**container: Any) -> dict[str, Any]:
    return resource(TASK, ContainerDefinitions=[{"Name": "app", "Image": "app", **container}])


def job(**container: Any) -> dict[str, Any]:
    return resource(JOB, Type="container", ContainerProperties={"Image": "app", **container})


def notebook(version: Any) -> dict[str, Any]:
    return resource(NOTEBOOK, InstanceMetadataServiceConfiguration={"MinimumInstanceMetadataServiceVersion": version})


def emr(version: Any) -> dict[str, Any]:
    settings = {"InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": version}}
    return resource(EMR, SecurityConfiguration=settings)


def hops(limit: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Instance", MetadataOptions={"HttpPutResponseHopLimit": limit})


CASES = (
    RuleCases(
        "hosts.ecs-not-privileged",
        (
            good("nothing said", resources(It=task())),
            good("turned off", resources(It=task(Privileged=False))),
            bad("privileged", resources(It=task(Privileged=True)), at=PRIVILEGED),
            bad("a parameter's default", defaulted("true", It=task(Privileged=OPEN)), at=PRIVILEGED),
            unknown("a parameter without default", opened(It=task(Privileged=OPEN)), at=PRIVILEGED),
            not_applicable("a service", resources(It=resource("AWS::ECS::Service"))),
        ),
    ),
    RuleCases(
        "hosts.batch-not-privileged",
        (
            good("nothing said", resources(It=job())),
            bad("privileged", resources(It=job(Privileged=True)), at=("Properties.ContainerProperties.Privileged",)),
            bad(
                "the nodes of a job",
                resources(
                    It=resource(JOB, NodeProperties={"NodeRangeProperties": [{"Container": {"Privileged": "true"}}]})
                ),
                at=("Properties.NodeProperties.NodeRangeProperties.0.Container.Privileged",),
            ),
            unknown(
                "a parameter without default",
                opened(It=job(Privileged=OPEN)),
                at=("Properties.ContainerProperties.Privileged",),
            ),
            not_applicable("a queue", resources(It=resource("AWS::Batch::JobQueue"))),
        ),
    ),
    RuleCases(
        "hosts.ecs-pid-mode",
        (
            good("nothing said", resources(It=task())),
            good("the task's", resources(It=resource(TASK, PidMode="task"))),
            bad("the host's", resources(It=resource(TASK, PidMode="host")), at=("Properties.PidMode",)),
            unknown("a parameter without default", opened(It=resource(TASK, PidMode=OPEN)), at=("Properties.PidMode",)),
            not_applicable("a service", resources(It=resource("AWS::ECS::Service"))),
        ),
    ),
    RuleCases(
        "hosts.ecs-read-only-root",
        (
            good("read only", resources(It=task(ReadonlyRootFilesystem=True))),
            good("nothing said", resources(It=task())),
            bad("written to", resources(It=task(ReadonlyRootFilesystem=False)), at=READ_ONLY),
            unknown("a parameter without default", opened(It=task(ReadonlyRootFilesystem=OPEN)), at=READ_ONLY),
            not_applicable("a service", resources(It=resource("AWS::ECS::Service"))),
        ),
    ),
    RuleCases(
        "hosts.codebuild-not-privileged",
        (
            good("nothing said", resources(It=resource(BUILD, Environment={"Type": "LINUX_CONTAINER"}))),
            bad("privileged", resources(It=resource(BUILD, Environment={"PrivilegedMode": True})), at=MODE),
            unknown(
                "a parameter without default", opened(It=resource(BUILD, Environment={"PrivilegedMode": OPEN})), at=MODE
            ),
            not_applicable("a source credential", resources(It=resource("AWS::CodeBuild::SourceCredential"))),
        ),
    ),
    RuleCases(
        "hosts.notebook-no-root",
        (
            good("disabled", resources(It=resource(NOTEBOOK, RootAccess="Disabled"))),
            bad("absent", resources(It=resource(NOTEBOOK, InstanceType="ml.t3.medium")), at=("Properties.RootAccess",)),
            bad("enabled", resources(It=resource(NOTEBOOK, RootAccess="Enabled")), at=("Properties.RootAccess",)),
            unknown(
                "a parameter without default",
                opened(It=resource(NOTEBOOK, RootAccess=OPEN)),
                at=("Properties.RootAccess",),
            ),
            not_applicable("a domain", resources(It=resource("AWS::SageMaker::Domain"))),
        ),
    ),
    RuleCases(
        "hosts.notebook-imdsv2",
        (
            good("two", resources(It=notebook("2"))),
            good("a number", resources(It=notebook(2))),
            good("nothing said", resources(It=resource(NOTEBOOK, RootAccess="Disabled"))),
            bad("one", resources(It=notebook("1")), at=VERSION),
            unknown("a parameter without default", opened(It=notebook(OPEN)), at=VERSION),
            not_applicable("a domain", resources(It=resource("AWS::SageMaker::Domain"))),
        ),
    ),
    RuleCases(
        "hosts.image-builder-imdsv2",
        (
            good("required", resources(It=resource(WHERE, InstanceMetadataOptions={"HttpTokens": "required"}))),
            good("nothing said", resources(It=resource(WHERE, Name="where"))),
            bad(
                "optional", resources(It=resource(WHERE, InstanceMetadataOptions={"HttpTokens": "optional"})), at=TOKENS
            ),
            unknown(
                "a parameter without default",
                opened(It=resource(WHERE, InstanceMetadataOptions={"HttpTokens": OPEN})),
                at=TOKENS,
            ),
            not_applicable("a recipe", resources(It=resource("AWS::ImageBuilder::ImageRecipe"))),
        ),
    ),
    RuleCases(
        "hosts.ecs-ipc-mode",
        (
            good("nothing said", resources(It=task())),
            good("a namespace of the task", resources(It=resource(TASK, IpcMode="task"))),
            bad("the host's", resources(It=resource(TASK, IpcMode="host")), at=("Properties.IpcMode",)),
            bad(
                "a parameter's default", defaulted("host", It=resource(TASK, IpcMode=OPEN)), at=("Properties.IpcMode",)
            ),
            unknown("a parameter without default", opened(It=resource(TASK, IpcMode=OPEN)), at=("Properties.IpcMode",)),
            not_applicable("a service", resources(It=resource("AWS::ECS::Service"))),
        ),
    ),
    RuleCases(
        "hosts.emr-imdsv2",
        (
            good("two", resources(It=emr(2))),
            good("text", resources(It=emr("2"))),
            good("nothing said", resources(It=resource(EMR, SecurityConfiguration={"EncryptionConfiguration": {}}))),
            bad("one", resources(It=emr(1)), at=EMR_VERSION),
            bad("a parameter's default", defaulted("1", It=emr(OPEN)), at=EMR_VERSION),
            unknown("a parameter without default", opened(It=emr(OPEN)), at=EMR_VERSION),
            not_applicable("a cluster", resources(It=resource("AWS::EMR::Cluster"))),
        ),
    ),
    RuleCases(
        "hosts.imds-hops",
        (
            good("one", resources(It=hops(1))),
            good("two, for containers", resources(It=hops("2"))),
            good("nothing said", resources(It=resource("AWS::EC2::Instance", ImageId="ami-1"))),
            bad("many", resources(It=hops(64)), at=HOPS),
            bad(
                "of a launch template",
                resources(
                    It=resource(
                        "AWS::EC2::LaunchTemplate",
                        LaunchTemplateData={"MetadataOptions": {"HttpPutResponseHopLimit": 3}},
                    )
                ),
                at=("Properties.LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",),
            ),
            unknown("a parameter without default", opened(It=hops(OPEN)), at=HOPS),
            not_applicable(
                "no metadata service",
                resources(
                    It=resource(
                        "AWS::EC2::Instance",
                        MetadataOptions={"HttpEndpoint": "disabled", "HttpPutResponseHopLimit": 64},
                    )
                ),
            ),
        ),
    ),
    RuleCases(
        "hosts.eks-remote-access",
        (
            good(
                "from one group",
                opened(It=resource(NODES, RemoteAccess={"Ec2SshKey": OPEN, "SourceSecurityGroups": [OPEN]})),
                strict=True,
            ),
            bad(
                "from everywhere",
                resources(It=resource(NODES, RemoteAccess={"Ec2SshKey": "key"})),
                at=("Properties.RemoteAccess.SourceSecurityGroups",),
            ),
            unknown(
                "in one of two cases",
                conditional(
                    It=resource(
                        NODES,
                        RemoteAccess={"Ec2SshKey": "key", "SourceSecurityGroups": either(["sg-1"], NO_VALUE)},
                    )
                ),
                at=("Properties.RemoteAccess.SourceSecurityGroups",),
            ),
            not_applicable("no access", resources(It=resource(NODES, ClusterName="app"))),
        ),
    ),
)


@each_of(CASES)
def test_programs_stay_where_they_are(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
