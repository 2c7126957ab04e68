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
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

BUCKET = not_applicable("a bucket", resources(It=resource("AWS::S3::Bucket")))


def service(value: Any) -> dict[str, Any]:
    network = {"AwsvpcConfiguration": {"Subnets": ["subnet-1"], "AssignPublicIp": value}}
    return resource("AWS::ECS::Service", NetworkConfiguration=network)


def scheduled(value: Any) -> dict[str, Any]:
    network = {"AwsVpcConfiguration": {"Subnets": ["subnet-1"], "AssignPublicIp": value}}
    targets = [{"Arn": "x"}, {"Arn": "y", "EcsParameters": {"NetworkConfiguration": network}}]
    return resource("AWS::Events::Rule", Targets=targets)


def job(value: Any) -> dict[str, Any]:
    network = {"NetworkConfiguration": {"AssignPublicIp": value}}
    return resource("AWS::Batch::JobDefinition", ContainerProperties=network)


def nodes(**remote: Any) -> dict[str, Any]:
    return resource("AWS::EKS::Nodegroup", RemoteAccess=remote)


def said(type_: str, name: str, value: Any) -> dict[str, Any]:
    return resource(type_, **{name: value})


def simple(rule: str, type_: str, name: str, right: Any, wrong: Any, *more: Case, absent: bool) -> RuleCases:
    """The cases of a property of the first level; `absent` says whether absence is right."""
    at = (f"Properties.{name}",)
    nothing = resources(It=resource(type_))
    return RuleCases(
        rule,
        (
            good(f"{right}", resources(It=said(type_, name, right))),
            good("nothing", nothing) if absent else bad("nothing", nothing, at=at),
            bad(f"{wrong}", resources(It=said(type_, name, wrong)), at=at),
            bad(
                "a parameter's default",
                defaulted(str(wrong).lower() if wrong in (True, False) else wrong, It=said(type_, name, OPEN)),
                at=at,
            ),
            unknown("a parameter", opened(It=said(type_, name, OPEN)), at=at),
            unknown("a condition", conditional(It=said(type_, name, either(right, wrong))), at=at),
            BUCKET,
            *more,
        ),
    )


TASK = "Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp"
FLEET = "Properties.SpotFleetRequestConfigData.LaunchSpecifications.0.NetworkInterfaces.0.AssociatePublicIpAddress"
GROUPS = ("Properties.RemoteAccess.SourceSecurityGroups",)
PUBLIC_RUNNER = ("Properties.NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible",)


def spot(value: Any) -> dict[str, Any]:
    specifications = [{"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": value}]}]
    return resource("AWS::EC2::SpotFleet", SpotFleetRequestConfigData={"LaunchSpecifications": specifications})


def runner(value: Any) -> dict[str, Any]:
    ingress = {"IngressConfiguration": {"IsPubliclyAccessible": value}}
    return resource("AWS::AppRunner::Service", NetworkConfiguration=ingress)


CASES = (
    RuleCases(
        "network.ecs-no-public-address",
        (
            good("off", resources(It=service("DISABLED"))),
            good("nothing, which is off", resources(It=resource("AWS::ECS::Service", Cluster="c"))),
            good("a scheduled task", resources(It=scheduled("DISABLED"))),
            bad("on", resources(It=service("ENABLED")), at=(TASK,)),
            bad(
                "a task set",
                resources(
                    It=resource(
                        "AWS::ECS::TaskSet",
                        NetworkConfiguration={"AwsVpcConfiguration": {"AssignPublicIp": "ENABLED"}},
                    )
                ),
                at=("Properties.NetworkConfiguration.AwsVpcConfiguration.AssignPublicIp",),
            ),
            bad(
                "a scheduled task with an address",
                resources(It=scheduled("ENABLED")),
                at=("Properties.Targets.1.EcsParameters.NetworkConfiguration.AwsVpcConfiguration.AssignPublicIp",),
            ),
            bad("a parameter's default", defaulted("ENABLED", It=service(OPEN)), at=(TASK,)),
            unknown("a parameter", opened(It=service(OPEN)), at=(TASK,)),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.batch-no-public-address",
        (
            good("off", resources(It=job("DISABLED"))),
            good("nothing", resources(It=resource("AWS::Batch::JobDefinition"))),
            bad(
                "on",
                resources(It=job("ENABLED")),
                at=("Properties.ContainerProperties.NetworkConfiguration.AssignPublicIp",),
            ),
            bad(
                "a task",
                resources(
                    It=resource(
                        "AWS::Batch::JobDefinition",
                        EcsProperties={"TaskProperties": [{"NetworkConfiguration": {"AssignPublicIp": "ENABLED"}}]},
                    )
                ),
                at=("Properties.EcsProperties.TaskProperties.0.NetworkConfiguration.AssignPublicIp",),
            ),
            unknown(
                "a parameter",
                opened(It=job(OPEN)),
                at=("Properties.ContainerProperties.NetworkConfiguration.AssignPublicIp",),
            ),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.fleet-no-public-address",
        (
            good("off", resources(It=spot(False))),
            good("nothing", resources(It=resource("AWS::EC2::EC2Fleet", LaunchTemplateConfigs=[{}]))),
            bad("on", resources(It=spot("true")), at=(FLEET,)),
            unknown("a parameter", opened(It=spot(OPEN)), at=(FLEET,)),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.eks-nodes-ssh-by-group",
        (
            good("named groups", resources(It=nodes(Ec2SshKey="k", SourceSecurityGroups=["sg-1"]))),
            bad("a key alone", resources(It=nodes(Ec2SshKey="k")), at=GROUPS),
            bad("an open key alone", opened(It=nodes(Ec2SshKey=OPEN)), at=GROUPS),
            unknown("open access", opened(It=resource("AWS::EKS::Nodegroup", RemoteAccess=OPEN)), at=GROUPS),
            not_applicable("open groups", opened(It=nodes(Ec2SshKey="k", SourceSecurityGroups=OPEN))),
            not_applicable("no key", resources(It=resource("AWS::EKS::Nodegroup"))),
        ),
    ),
    simple(
        "network.sagemaker-notebook-no-internet",
        "AWS::SageMaker::NotebookInstance",
        "DirectInternetAccess",
        "Disabled",
        "Enabled",
        absent=False,
    ),
    simple("network.sagemaker-isolated", "AWS::SageMaker::Model", "EnableNetworkIsolation", True, False, absent=False),
    simple(
        "network.sagemaker-domain-vpc-only",
        "AWS::SageMaker::Domain",
        "AppNetworkAccessType",
        "VpcOnly",
        "PublicInternetOnly",
        absent=False,
    ),
    simple(
        "network.mwaa-private",
        "AWS::MWAA::Environment",
        "WebserverAccessMode",
        "PRIVATE_ONLY",
        "PUBLIC_ONLY",
        absent=True,
    ),
    RuleCases(
        "network.apprunner-private",
        (
            good("private", resources(It=runner("false"))),
            bad("public", resources(It=runner(True)), at=PUBLIC_RUNNER),
            bad("nothing, which is public", resources(It=resource("AWS::AppRunner::Service")), at=PUBLIC_RUNNER),
            unknown("a parameter", opened(It=runner(OPEN)), at=PUBLIC_RUNNER),
            BUCKET,
        ),
    ),
    simple("network.transfer-not-public", "AWS::Transfer::Server", "EndpointType", "VPC", "PUBLIC", absent=False),
    simple(
        "network.appstream-no-internet",
        "AWS::AppStream::Fleet",
        "EnableDefaultInternetAccess",
        False,
        True,
        bad(
            "a builder of app blocks",
            resources(It=said("AWS::AppStream::AppBlockBuilder", "EnableDefaultInternetAccess", "true")),
            at=("Properties.EnableDefaultInternetAccess",),
        ),
        absent=True,
    ),
    simple(
        "network.cloud9-no-ingress",
        "AWS::Cloud9::EnvironmentEC2",
        "ConnectionType",
        "CONNECT_SSM",
        "CONNECT_SSH",
        absent=False,
    ),
    simple(
        "network.endpoint-service-acceptance",
        "AWS::EC2::VPCEndpointService",
        "AcceptanceRequired",
        True,
        False,
        absent=True,
    ),
    simple(
        "network.transit-gateway-no-auto-accept",
        "AWS::EC2::TransitGateway",
        "AutoAcceptSharedAttachments",
        "disable",
        "enable",
        absent=True,
    ),
    simple("network.source-dest-check", "AWS::EC2::NetworkInterface", "SourceDestCheck", True, False, absent=True),
    simple(
        "network.redshift-enhanced-routing",
        "AWS::Redshift::Cluster",
        "EnhancedVpcRouting",
        True,
        False,
        absent=False,
    ),
)


@each_of(CASES)
def test_services_not_public(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
