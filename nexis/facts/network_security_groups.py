"""Where resources name their security groups, by type and property.

Derived from the CloudFormation resource schemas: every property whose name says security group and that holds ids or
names. Left out are the rules of groups (a peer, not a user), outputs, and properties that only sound alike.

Source: CloudFormation resource provider schemas, read 2026-11-23; AWS::EC2::SpotFleet from its reference page.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Day on which the schemas were read.
AS_OF: Final = "2026-11-23"

#: Property paths by resource type; `*` stands for every item of a list.
SECURITY_GROUP_PATHS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AWS::APS::Scraper": (
            "Source.EksConfiguration.SecurityGroupIds",
            "Source.VpcConfiguration.SecurityGroupIds",
        ),
        "AWS::AmazonMQ::Broker": ("SecurityGroups",),
        "AWS::ApiGatewayV2::VpcLink": ("SecurityGroupIds",),
        "AWS::AppRunner::VpcConnector": ("SecurityGroups",),
        "AWS::AppStream::AppBlockBuilder": ("VpcConfig.SecurityGroupIds",),
        "AWS::AppStream::Fleet": ("VpcConfig.SecurityGroupIds",),
        "AWS::AppStream::ImageBuilder": ("VpcConfig.SecurityGroupIds",),
        "AWS::AutoScaling::LaunchConfiguration": ("SecurityGroups",),
        "AWS::Batch::ComputeEnvironment": (
            "ComputeResources.ManagedInstancesProvider.InstanceLaunchTemplate.NetworkConfiguration.SecurityGroups",
            "ComputeResources.SecurityGroupIds",
        ),
        "AWS::BedrockAgentCore::BrowserCustom": ("NetworkConfiguration.VpcConfig.SecurityGroups",),
        "AWS::BedrockAgentCore::CapacityProvider": (
            "ComputeConfiguration.Ec2Configuration.VpcConfiguration.SecurityGroups",
        ),
        "AWS::BedrockAgentCore::CodeInterpreterCustom": ("NetworkConfiguration.VpcConfig.SecurityGroups",),
        "AWS::BedrockAgentCore::Gateway": (
            "AuthorizerConfiguration.CustomJWTAuthorizer.PrivateEndpoint.ManagedVpcResource.SecurityGroupIds",
        ),
        "AWS::BedrockAgentCore::GatewayTarget": ("PrivateEndpoint.ManagedVpcResource.SecurityGroupIds",),
        "AWS::BedrockAgentCore::Harness": (
            "AuthorizerConfiguration.CustomJWTAuthorizer.PrivateEndpoint.ManagedVpcResource.SecurityGroupIds",
            "AuthorizerConfiguration.CustomJWTAuthorizer.PrivateEndpointOverrides.*.PrivateEndpoint.ManagedVpcResource.SecurityGroupIds",
            "Environment.AgentCoreRuntimeEnvironment.NetworkConfiguration.NetworkModeConfig.SecurityGroups",
        ),
        "AWS::BedrockAgentCore::OAuth2CredentialProvider": (
            "Oauth2ProviderConfigInput.CustomOauth2ProviderConfig.PrivateEndpoint.ManagedVpcResource.SecurityGroupIds",
            "Oauth2ProviderConfigInput.CustomOauth2ProviderConfig.PrivateEndpointOverrides.*.PrivateEndpoint.ManagedVpcResource.SecurityGroupIds",
        ),
        "AWS::BedrockAgentCore::Runtime": (
            "AuthorizerConfiguration.CustomJWTAuthorizer.PrivateEndpoint.ManagedVpcResource.SecurityGroupIds",
            "AuthorizerConfiguration.CustomJWTAuthorizer.PrivateEndpointOverrides.*.PrivateEndpoint.ManagedVpcResource.SecurityGroupIds",
            "NetworkConfiguration.NetworkModeConfig.SecurityGroups",
        ),
        "AWS::CloudHSM::Cluster": ("SecurityGroup",),
        "AWS::CodeBuild::Fleet": ("FleetVpcConfig.SecurityGroupIds",),
        "AWS::CodeBuild::Project": (
            "Environment.DockerServer.SecurityGroupIds",
            "VpcConfig.SecurityGroupIds",
        ),
        "AWS::CodeConnections::Host": ("VpcConfiguration.SecurityGroupIds",),
        "AWS::Comprehend::DocumentClassifier": ("VpcConfig.SecurityGroupIds",),
        "AWS::Comprehend::EntityRecognizer": ("VpcConfig.SecurityGroupIds",),
        "AWS::Comprehend::Flywheel": ("DataSecurityConfig.VpcConfig.SecurityGroupIds",),
        "AWS::DAX::Cluster": ("SecurityGroupIds",),
        "AWS::DMS::InstanceProfile": ("VpcSecurityGroups",),
        "AWS::DMS::ReplicationConfig": ("ComputeConfig.VpcSecurityGroupIds",),
        "AWS::DMS::ReplicationInstance": ("VpcSecurityGroupIds",),
        "AWS::DRS::ReplicationConfigurationTemplate": ("ReplicationServersSecurityGroupsIDs",),
        "AWS::DataZone::Connection": (
            "Props.GlueProperties.GlueConnectionInput.PhysicalConnectionRequirements.SecurityGroupIdList",
        ),
        "AWS::Deadline::LicenseEndpoint": ("SecurityGroupIds",),
        "AWS::DevOpsAgent::PrivateConnection": ("ConnectionConfiguration.ServiceManaged.SecurityGroupIds",),
        "AWS::DeviceFarm::Project": ("VpcConfig.SecurityGroupIds",),
        "AWS::DeviceFarm::TestGridProject": ("VpcConfig.SecurityGroupIds",),
        "AWS::DocDB::DBCluster": ("VpcSecurityGroupIds",),
        "AWS::DocDBElastic::Cluster": ("VpcSecurityGroupIds",),
        "AWS::EC2::ClientVpnEndpoint": ("SecurityGroupIds",),
        "AWS::EC2::EC2Fleet": ("LaunchTemplateConfigs.*.Overrides.*.NetworkInterfaces.*.Groups",),
        "AWS::EC2::Instance": (
            "NetworkInterfaces.*.GroupSet",
            "SecurityGroupIds",
            "SecurityGroups",
        ),
        "AWS::EC2::InstanceConnectEndpoint": ("SecurityGroupIds",),
        "AWS::EC2::LaunchTemplate": (
            "LaunchTemplateData.NetworkInterfaces.*.Groups",
            "LaunchTemplateData.SecurityGroupIds",
            "LaunchTemplateData.SecurityGroups",
        ),
        "AWS::EC2::NetworkInterface": ("GroupSet",),
        "AWS::EC2::SpotFleet": (
            "SpotFleetRequestConfigData.LaunchSpecifications.*.NetworkInterfaces.*.Groups",
            "SpotFleetRequestConfigData.LaunchSpecifications.*.SecurityGroups.*.GroupId",
        ),
        "AWS::EC2::VPCEndpoint": ("SecurityGroupIds",),
        "AWS::EC2::VerifiedAccessEndpoint": ("SecurityGroupIds",),
        "AWS::ECS::CapacityProvider": (
            "ManagedInstancesProvider.InstanceLaunchTemplate.NetworkConfiguration.SecurityGroups",
        ),
        "AWS::ECS::ExpressGatewayService": ("NetworkConfiguration.SecurityGroups",),
        "AWS::ECS::Gateway": ("Configuration.HostSharedAlb.NetworkConfiguration.InboundSecurityGroup",),
        "AWS::ECS::Service": ("NetworkConfiguration.AwsvpcConfiguration.SecurityGroups",),
        "AWS::ECS::TaskSet": ("NetworkConfiguration.AwsVpcConfiguration.SecurityGroups",),
        "AWS::EFS::MountTarget": ("SecurityGroups",),
        "AWS::EKS::Cluster": ("ResourcesVpcConfig.SecurityGroupIds",),
        "AWS::EKS::Nodegroup": ("RemoteAccess.SourceSecurityGroups",),
        "AWS::EMR::Cluster": (
            "Instances.AdditionalMasterSecurityGroups",
            "Instances.AdditionalSlaveSecurityGroups",
            "Instances.EmrManagedMasterSecurityGroup",
            "Instances.EmrManagedSlaveSecurityGroup",
            "Instances.ServiceAccessSecurityGroup",
        ),
        "AWS::EMR::Studio": (
            "EngineSecurityGroupId",
            "WorkspaceSecurityGroupId",
        ),
        "AWS::EMRContainers::Endpoint": ("SecurityGroup",),
        "AWS::EMRServerless::Application": ("NetworkConfiguration.SecurityGroupIds",),
        "AWS::ElastiCache::CacheCluster": ("VpcSecurityGroupIds",),
        "AWS::ElastiCache::ReplicationGroup": ("SecurityGroupIds",),
        "AWS::ElastiCache::ServerlessCache": ("SecurityGroupIds",),
        "AWS::ElasticLoadBalancing::LoadBalancer": ("SecurityGroups",),
        "AWS::ElasticLoadBalancingV2::LoadBalancer": ("SecurityGroups",),
        "AWS::Elasticsearch::Domain": ("VPCOptions.SecurityGroupIds",),
        "AWS::Events::Rule": ("Targets.*.EcsParameters.NetworkConfiguration.AwsVpcConfiguration.SecurityGroups",),
        "AWS::FSx::FileCache": ("SecurityGroupIds",),
        "AWS::FSx::FileSystem": ("SecurityGroupIds",),
        "AWS::Glue::Connection": ("ConnectionInput.PhysicalConnectionRequirements.SecurityGroupIdList",),
        "AWS::Glue::DevEndpoint": ("SecurityGroupIds",),
        "AWS::Grafana::Workspace": ("VpcConfiguration.SecurityGroupIds",),
        "AWS::GroundStation::DataflowEndpointGroup": ("EndpointDetails.*.SecurityDetails.SecurityGroupIds",),
        "AWS::ImageBuilder::InfrastructureConfiguration": ("SecurityGroupIds",),
        "AWS::IoT::TopicRuleDestination": ("VpcProperties.SecurityGroups",),
        "AWS::KafkaConnect::Connector": ("KafkaCluster.ApacheKafkaCluster.Vpc.SecurityGroups",),
        "AWS::Kendra::DataSource": (
            "DataSourceConfiguration.ConfluenceConfiguration.VpcConfiguration.SecurityGroupIds",
            "DataSourceConfiguration.DatabaseConfiguration.VpcConfiguration.SecurityGroupIds",
            "DataSourceConfiguration.SharePointConfiguration.VpcConfiguration.SecurityGroupIds",
        ),
        "AWS::KinesisAnalyticsV2::Application": ("ApplicationConfiguration.VpcConfigurations.*.SecurityGroupIds",),
        "AWS::KinesisFirehose::DeliveryStream": (
            "AmazonOpenSearchServerlessDestinationConfiguration.VpcConfiguration.SecurityGroupIds",
            "AmazonopensearchserviceDestinationConfiguration.VpcConfiguration.SecurityGroupIds",
            "ElasticsearchDestinationConfiguration.VpcConfiguration.SecurityGroupIds",
        ),
        "AWS::Lambda::CapacityProvider": ("VpcConfig.SecurityGroupIds",),
        "AWS::Lambda::Function": ("VpcConfig.SecurityGroupIds",),
        "AWS::Lambda::NetworkConnector": ("Configuration.VpcEgressConfiguration.SecurityGroupIds",),
        "AWS::M2::Environment": ("SecurityGroupIds",),
        "AWS::MSK::Cluster": ("BrokerNodeGroupInfo.SecurityGroups",),
        "AWS::MSK::Replicator": ("KafkaClusters.*.VpcConfig.SecurityGroupIds",),
        "AWS::MSK::ServerlessCluster": ("VpcConfigs.*.SecurityGroups",),
        "AWS::MSK::VpcConnection": ("SecurityGroups",),
        "AWS::MWAA::Environment": ("NetworkConfiguration.SecurityGroupIds",),
        "AWS::MWAAServerless::Workflow": ("NetworkConfiguration.SecurityGroupIds",),
        "AWS::MediaConnect::Flow": ("VpcInterfaces.*.SecurityGroupIds",),
        "AWS::MediaConnect::FlowVpcInterface": ("SecurityGroupIds",),
        "AWS::MediaConnect::RouterNetworkInterface": ("Configuration.Vpc.SecurityGroupIds",),
        "AWS::MediaLive::Channel": ("Vpc.SecurityGroupIds",),
        "AWS::MediaLive::Input": ("Vpc.SecurityGroupIds",),
        "AWS::MemoryDB::Cluster": ("SecurityGroupIds",),
        "AWS::Neptune::DBCluster": ("VpcSecurityGroupIds",),
        "AWS::NeptuneGraph::PrivateGraphEndpoint": ("SecurityGroupIds",),
        "AWS::OSIS::Pipeline": (
            "VpcEndpoints.*.VpcOptions.SecurityGroupIds",
            "VpcOptions.SecurityGroupIds",
        ),
        "AWS::Omics::Configuration": ("RunConfigurations.VpcConfig.SecurityGroupIds",),
        "AWS::OpenSearchServerless::VpcEndpoint": ("SecurityGroupIds",),
        "AWS::OpenSearchService::Domain": ("VPCOptions.SecurityGroupIds",),
        "AWS::PCAConnectorAD::Connector": ("VpcInformation.SecurityGroupIds",),
        "AWS::PCS::Cluster": ("Networking.SecurityGroupIds",),
        "AWS::Pipes::Pipe": (
            "SourceParameters.SelfManagedKafkaParameters.Vpc.SecurityGroup",
            "TargetParameters.EcsTaskParameters.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups",
        ),
        "AWS::QBusiness::DataSource": ("VpcConfiguration.SecurityGroupIds",),
        "AWS::QuickSight::VPCConnection": ("SecurityGroupIds",),
        "AWS::RDS::DBCluster": ("VpcSecurityGroupIds",),
        "AWS::RDS::DBInstance": ("VPCSecurityGroups",),
        "AWS::RDS::DBProxy": ("VpcSecurityGroupIds",),
        "AWS::RDS::DBProxyEndpoint": ("VpcSecurityGroupIds",),
        "AWS::RTBFabric::RequesterGateway": ("SecurityGroupIds",),
        "AWS::RTBFabric::ResponderGateway": ("SecurityGroupIds",),
        "AWS::Redshift::Cluster": ("VpcSecurityGroupIds",),
        "AWS::Redshift::EndpointAccess": ("VpcSecurityGroupIds",),
        "AWS::RedshiftServerless::Workgroup": ("SecurityGroupIds",),
        "AWS::Route53Resolver::ResolverEndpoint": ("SecurityGroupIds",),
        "AWS::S3Files::MountTarget": ("SecurityGroups",),
        "AWS::S3Outposts::Endpoint": ("SecurityGroupId",),
        "AWS::SageMaker::Cluster": (
            "InstanceGroups.*.OverrideVpcConfig.SecurityGroupIds",
            "RestrictedInstanceGroups.*.OverrideVpcConfig.SecurityGroupIds",
            "VpcConfig.SecurityGroupIds",
        ),
        "AWS::SageMaker::DataQualityJobDefinition": ("NetworkConfig.VpcConfig.SecurityGroupIds",),
        "AWS::SageMaker::Domain": (
            "DefaultSpaceSettings.SecurityGroups",
            "DefaultUserSettings.SecurityGroups",
            "DomainSettings.SecurityGroupIds",
        ),
        "AWS::SageMaker::EndpointConfig": ("VpcConfig.SecurityGroupIds",),
        "AWS::SageMaker::Model": ("VpcConfig.SecurityGroupIds",),
        "AWS::SageMaker::ModelBiasJobDefinition": ("NetworkConfig.VpcConfig.SecurityGroupIds",),
        "AWS::SageMaker::ModelExplainabilityJobDefinition": ("NetworkConfig.VpcConfig.SecurityGroupIds",),
        "AWS::SageMaker::ModelQualityJobDefinition": ("NetworkConfig.VpcConfig.SecurityGroupIds",),
        "AWS::SageMaker::MonitoringSchedule": (
            "MonitoringScheduleConfig.MonitoringJobDefinition.NetworkConfig.VpcConfig.SecurityGroupIds",
        ),
        "AWS::SageMaker::NotebookInstance": ("SecurityGroupIds",),
        "AWS::SageMaker::ProcessingJob": ("NetworkConfig.VpcConfig.SecurityGroupIds",),
        "AWS::SageMaker::UserProfile": ("UserSettings.SecurityGroups",),
        "AWS::SageMaker::Workforce": ("WorkforceVpcConfig.SecurityGroupIds",),
        "AWS::Scheduler::Schedule": ("Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups",),
        "AWS::SecretsManager::RotationSchedule": ("HostedRotationLambda.VpcSecurityGroupIds",),
        "AWS::Synthetics::Canary": (
            "Replicas.*.VpcConfig.SecurityGroupIds",
            "VPCConfig.SecurityGroupIds",
        ),
        "AWS::Timestream::InfluxDBCluster": ("VpcSecurityGroupIds",),
        "AWS::Timestream::InfluxDBInstance": ("VpcSecurityGroupIds",),
        "AWS::Transfer::Server": ("EndpointDetails.SecurityGroupIds",),
        "AWS::Transfer::WebApp": ("EndpointDetails.Vpc.SecurityGroupIds",),
        "AWS::VpcLattice::ResourceGateway": ("SecurityGroupIds",),
        "AWS::VpcLattice::ServiceNetworkVpcAssociation": ("SecurityGroupIds",),
        "AWS::WorkSpaces::Directory": ("WorkspaceCreationProperties.CustomSecurityGroupId",),
        "AWS::WorkSpacesWeb::NetworkSettings": ("SecurityGroupIds",),
        "AWS::WorkspacesInstances::WorkspaceInstance": ("ManagedInstance.NetworkInterfaces.*.Groups",),
    }
)
