"""Services that run programs or take connections are not on the internet, or take only what they are given.

One rule for each service, each a property that must be so (`nexis.rules.requirements`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.rules.requirements import Requirement, is_false, is_true, one_of, property_rule, row
from nexis.templates.values import Unknown
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Callable

    from nexis.rules.model import Rule, Scope
    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
CLAIMS: Final = ("touchpoints.network",)


def _so(
    type_: str,
    path: str,
    accepts: Callable[[str], bool] | None,
    example: Any,
    *,
    absent: str = "",
    expected: str = "",
    when: Callable[[View], bool] | None = None,
) -> Requirement:
    """Require that a property, "Property.*.Property", is so."""
    written = str(example).lower() if isinstance(example, bool) else str(example)
    return row(
        type_,
        *path.split("."),
        as_of=AS_OF,
        accepts=accepts,
        expected=expected or (written if absent else f"{written}, or nothing"),
        absent=absent,
        example=example,
        when=when,
    )


def _rule(
    name: str,
    title: str,
    why: str,
    fix: str,
    cdk: str,
    *requirements: Requirement,
    fsbp: tuple[str, ...] = (),
    example: dict[str, Any] | None = None,
    scope: Scope = "everywhere",
) -> Rule:
    controls = {"SOC 2": ("CC6.6",), "NIST 800-53 r5": ("SC-7",)}
    return property_rule(
        rule_id=f"network.{name}",
        title=title,
        why=why,
        requirements=requirements,
        fix=fix,
        cdk=cdk,
        source=f"CloudFormation resource reference, {requirements[0].type}",
        claims=CLAIMS,
        controls={**controls, "AWS FSBP": fsbp} if fsbp else controls,
        example=example,
        scope=scope,
    )


_ADDRESS: Final = "A public address is a way in, and a way out, past everything that was built around the service."
_TASK: Final = "AssignPublicIp"
_OFF: Final = one_of("DISABLED")


def _task(type_: str, path: str) -> Requirement:
    """Require that a task gets no public address; ECS, EventBridge and Batch give one only when asked."""
    return _so(type_, f"{path}.{_TASK}", _OFF, "DISABLED")


def _has_remote_access(nodes: View) -> bool:
    if isinstance(nodes.peek("RemoteAccess"), dict) and isinstance(
        nodes.peek("RemoteAccess", "SourceSecurityGroups"), Unknown
    ):
        return False  # groups are named; which ones does not matter
    return not isinstance(nodes.peek("RemoteAccess", "Ec2SshKey"), Absent)


def _isolated(type_: str, path: str) -> Requirement:
    return _so(type_, path, is_true, True, absent="its containers then reach the internet")


RULES: Final[tuple[Rule, ...]] = (
    _rule(
        "ecs-no-public-address",
        "ECS tasks have no public addresses",
        _ADDRESS,
        "set AssignPublicIp: DISABLED or leave it out (CDK: assign_public_ip=False)",
        'ecs.FargateService(self, "Api", cluster=cluster, task_definition=task, assign_public_ip=False)',
        _task("AWS::ECS::Service", "NetworkConfiguration.AwsvpcConfiguration"),
        _task("AWS::ECS::TaskSet", "NetworkConfiguration.AwsVpcConfiguration"),
        _task("AWS::Events::Rule", "Targets.*.EcsParameters.NetworkConfiguration.AwsVpcConfiguration"),
        _task("AWS::Scheduler::Schedule", "Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration"),
        _task("AWS::Pipes::Pipe", "TargetParameters.EcsTaskParameters.NetworkConfiguration.AwsvpcConfiguration"),
        fsbp=("ECS.2", "ECS.16"),
    ),
    _rule(
        "batch-no-public-address",
        "Batch jobs have no public addresses",
        _ADDRESS,
        "set AssignPublicIp: DISABLED or leave it out (CDK: assign_public_ip=False)",
        'batch.EcsFargateContainerDefinition(self, "Job", image=image, cpu=1, memory=memory, assign_public_ip=False)',
        _task("AWS::Batch::JobDefinition", "ContainerProperties.NetworkConfiguration"),
        _task("AWS::Batch::JobDefinition", "EcsProperties.TaskProperties.*.NetworkConfiguration"),
        _task("AWS::Batch::JobDefinition", "NodeProperties.NodeRangeProperties.*.Container.NetworkConfiguration"),
        example={
            "Job": {
                "Type": "AWS::Batch::JobDefinition",
                "Properties": {
                    "Type": "container",
                    "ContainerProperties": {"Image": "job", "NetworkConfiguration": {"AssignPublicIp": "DISABLED"}},
                },
            },
        },
    ),
    _rule(
        "fleet-no-public-address",
        "EC2 and Spot fleets give their hosts no public addresses",
        _ADDRESS,
        "set AssociatePublicIpAddress: false or leave it out (CDK: associate_public_ip_address=False)",
        'ec2.CfnSpotFleet(self, "Workers", spot_fleet_request_config_data=request)',
        _so(
            "AWS::EC2::SpotFleet",
            "SpotFleetRequestConfigData.LaunchSpecifications.*.NetworkInterfaces.*.AssociatePublicIpAddress",
            is_false,
            False,
        ),
        _so(
            "AWS::EC2::EC2Fleet",
            "LaunchTemplateConfigs.*.Overrides.*.NetworkInterfaces.*.AssociatePublicIpAddress",
            is_false,
            False,
        ),
    ),
    _rule(
        "eks-nodes-ssh-by-group",
        "EKS nodes with an SSH key take SSH only from named security groups",
        "With a key and no source group EKS opens port 22 of every node to the whole internet.",
        "set RemoteAccess.SourceSecurityGroups, or remove RemoteAccess and use Session Manager",
        'cluster.add_nodegroup_capacity("Nodes")  # no remote_access: use Session Manager',
        _so(
            "AWS::EKS::Nodegroup",
            "RemoteAccess.SourceSecurityGroups",
            None,
            ["sg-0123456789abcdef0"],
            absent="EKS then opens port 22 of the nodes to the whole internet",
            expected="the security groups of those who may connect",
            when=_has_remote_access,
        ),
        example={
            "Nodes": {
                "Type": "AWS::EKS::Nodegroup",
                "Properties": {
                    "RemoteAccess": {"Ec2SshKey": "operators", "SourceSecurityGroups": ["sg-0123456789abcdef0"]},
                },
            },
        },
    ),
    _rule(
        "sagemaker-notebook-no-internet",
        "SageMaker notebooks have no direct way to the internet",
        "A notebook with direct internet access sends whatever it reads past the VPC's rules, endpoints and logs.",
        "set DirectInternetAccess: Disabled, with SubnetId and SecurityGroupIds",
        'sagemaker.CfnNotebookInstance(self, "Notebook", direct_internet_access="Disabled", subnet_id=subnet_id,\n'
        '                              instance_type="ml.t3.medium", role_arn=role.role_arn)',
        _so(
            "AWS::SageMaker::NotebookInstance",
            "DirectInternetAccess",
            one_of("Disabled"),
            "Disabled",
            absent="SageMaker then gives the notebook direct internet access",
        ),
        fsbp=("SageMaker.1",),
    ),
    _rule(
        "sagemaker-isolated",
        "SageMaker models and monitoring jobs run in network isolation",
        "Whoever gets code into a model's container can otherwise send the data it sees anywhere.",
        "set EnableNetworkIsolation: true",
        'sagemaker.CfnModel(self, "Model", execution_role_arn=role.role_arn, enable_network_isolation=True)',
        _isolated("AWS::SageMaker::Model", "EnableNetworkIsolation"),
        _isolated("AWS::SageMaker::DataQualityJobDefinition", "NetworkConfig.EnableNetworkIsolation"),
        _isolated("AWS::SageMaker::ModelBiasJobDefinition", "NetworkConfig.EnableNetworkIsolation"),
        fsbp=("SageMaker.5",),
    ),
    _rule(
        "sagemaker-domain-vpc-only",
        "SageMaker domains reach the network only through their VPC",
        "Studio otherwise leaves through a network of AWS, past the VPC's rules, endpoints and logs.",
        "set AppNetworkAccessType: VpcOnly",
        'sagemaker.CfnDomain(self, "Studio", app_network_access_type="VpcOnly", **settings)',
        _so(
            "AWS::SageMaker::Domain",
            "AppNetworkAccessType",
            one_of("VpcOnly"),
            "VpcOnly",
            absent="it is then PublicInternetOnly",
        ),
        scope="baseline",
    ),
    _rule(
        "mwaa-private",
        "The web server of Managed Airflow is reached only from its VPC",
        "Whoever gets into Airflow's web server runs programs with the rights of every workflow.",
        "set WebserverAccessMode: PRIVATE_ONLY or leave it out",
        'mwaa.CfnEnvironment(self, "Workflows", name="workflows", webserver_access_mode="PRIVATE_ONLY")',
        # absence: PRIVATE_ONLY is the API's default
        _so("AWS::MWAA::Environment", "WebserverAccessMode", one_of("PRIVATE_ONLY"), "PRIVATE_ONLY"),
    ),
    _rule(
        "apprunner-private",
        "App Runner services are reached only from a VPC",
        "An App Runner service otherwise has an endpoint that everyone on the internet can call.",
        "set NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible: false, with a VPC ingress connection; "
        "waive it with a reason where the internet is the client",
        'apprunner.CfnService(self, "Api", source_configuration=source, network_configuration={\n'
        '    "ingressConfiguration": {"isPubliclyAccessible": False}})',
        _so(
            "AWS::AppRunner::Service",
            "NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible",
            is_false,
            False,
            absent="App Runner then gives the service an endpoint on the internet",
        ),
    ),
    _rule(
        "transfer-not-public",
        "Transfer Family servers have an endpoint in a VPC",
        "A public endpoint takes logins from everyone; a VPC's endpoint has security groups and fixed networks.",
        "set EndpointType: VPC, with EndpointDetails",
        'transfer.CfnServer(self, "Files", endpoint_type="VPC", endpoint_details=details, protocols=["SFTP"])',
        _so(
            "AWS::Transfer::Server",
            "EndpointType",
            one_of("VPC", "VPC_ENDPOINT"),
            "VPC",
            absent="the server then has an endpoint on the internet",
        ),
    ),
    _rule(
        "appstream-no-internet",
        "AppStream fleets and builders have no internet access of their own",
        "Every streaming host otherwise gets a public address.",
        "set EnableDefaultInternetAccess: false or leave it out",
        'appstream.CfnFleet(self, "Desktops", name="desktops", instance_type="stream.standard.medium",\n'
        "                   enable_default_internet_access=False)",
        _so("AWS::AppStream::Fleet", "EnableDefaultInternetAccess", is_false, False),
        _so("AWS::AppStream::ImageBuilder", "EnableDefaultInternetAccess", is_false, False),
        _so("AWS::AppStream::AppBlockBuilder", "EnableDefaultInternetAccess", is_false, False),
    ),
    _rule(
        "cloud9-no-ingress",
        "Cloud9 environments are reached through Systems Manager",
        "Over SSH the environment needs a public address and an open port; through Systems Manager neither.",
        "set ConnectionType: CONNECT_SSM",
        'cloud9.CfnEnvironmentEC2(self, "Desk", instance_type="t3.small", image_id="amazonlinux-2023-x86_64",\n'
        '                         connection_type="CONNECT_SSM")',
        _so(
            "AWS::Cloud9::EnvironmentEC2",
            "ConnectionType",
            one_of("CONNECT_SSM"),
            "CONNECT_SSM",
            absent="Cloud9 then connects over SSH from the internet",
        ),
    ),
    _rule(
        "endpoint-service-acceptance",
        "Endpoint services accept connections one by one",
        "Every principal that may find the service could otherwise connect to it unseen.",
        "set AcceptanceRequired: true or leave it out (CDK: acceptance_required=True)",
        'ec2.VpcEndpointService(self, "Service", vpc_endpoint_service_load_balancers=[balancer],\n'
        "                       acceptance_required=True)",
        # absence: requests wait for acceptance; AWS PrivateLink Guide, "Create an endpoint service"
        _so("AWS::EC2::VPCEndpointService", "AcceptanceRequired", is_true, True),
    ),
    _rule(
        "transit-gateway-no-auto-accept",
        "Transit gateways accept shared attachments one by one",
        "Another account's network is otherwise joined to ours without anyone having looked.",
        "set AutoAcceptSharedAttachments: disable or leave it out",
        'ec2.CfnTransitGateway(self, "Gateway", auto_accept_shared_attachments="disable")',
        _so("AWS::EC2::TransitGateway", "AutoAcceptSharedAttachments", one_of("disable"), "disable"),
        fsbp=("EC2.23",),
    ),
    _rule(
        "source-dest-check",
        "Network interfaces check source and destination of what they carry",
        "Without the check a host can forward and pose as others; only a router needs that.",
        "set SourceDestCheck: true or leave it out (CDK: source_dest_check=True)",
        'ec2.Instance(self, "Host", instance_type=instance_type, machine_image=image, vpc=vpc, source_dest_check=True)',
        _so("AWS::EC2::NetworkInterface", "SourceDestCheck", is_true, True),
        _so("AWS::EC2::Instance", "SourceDestCheck", is_true, True),
        fsbp=("EC2.180",),
    ),
    _rule(
        "redshift-enhanced-routing",
        "Redshift copies data through its VPC",
        "COPY and UNLOAD otherwise go over the internet, past the VPC's rules, endpoints and logs.",
        "set EnhancedVpcRouting: true",
        'redshift.CfnCluster(self, "Warehouse", enhanced_vpc_routing=True, **settings)',
        _so(
            "AWS::Redshift::Cluster",
            "EnhancedVpcRouting",
            is_true,
            True,
            absent="COPY and UNLOAD then go over the internet",
        ),
        fsbp=("Redshift.7",),
        scope="baseline",
    ),
)
