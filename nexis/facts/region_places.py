"""Properties that say in which region something is: where it stands, where it is copied to, or where it comes from.

Left out is what only looks at other regions without keeping anything there (aggregators of findings that stay, health
checks, alarms), and what AWS keeps in every region anyway (IAM, CloudFront, Route 53 records).

Source: CloudFormation resource schemas of each type, read 2026-11-23.
"""

from __future__ import annotations

from typing import Final, Literal

AS_OF: Final = "2026-11-23"

#: How a property says it: the region's name, a zone, an ARN, a name or ARN (a plain name is of the stack's own region),
#: or the name of an endpoint service.
Kind = Literal["region", "zone", "arn", "name-or-arn", "service"]

#: By resource type: path, `*` for every item of a list, and kind.
PLACES: Final[dict[str, tuple[tuple[str, Kind], ...]]] = {
    "AWS::AutoScaling::AutoScalingGroup": (("AvailabilityZones.*", "zone"),),
    "AWS::Backup::BackupPlan": (("BackupPlan.BackupPlanRule.*.CopyActions.*.DestinationBackupVaultArn", "arn"),),
    "AWS::CUR::ReportDefinition": (("S3Region", "region"),),
    "AWS::Cassandra::Keyspace": (("ReplicationSpecification.RegionList.*", "region"),),
    "AWS::Cassandra::Table": (("ReplicaSpecifications.*.Region", "region"),),
    "AWS::CloudFormation::StackSet": (("StackInstancesGroup.*.Regions.*", "region"),),
    "AWS::CodePipeline::Pipeline": (
        ("ArtifactStores.*.Region", "region"),
        ("Stages.*.Actions.*.Region", "region"),
    ),
    "AWS::Config::AggregationAuthorization": (("AuthorizedAwsRegion", "region"),),
    "AWS::DAX::Cluster": (("AvailabilityZones.*", "zone"),),
    "AWS::DLM::LifecyclePolicy": (
        ("CrossRegionCopyTargets.*.TargetRegion", "region"),
        ("PolicyDetails.Actions.*.CrossRegionCopy.*.Target", "region"),
        ("PolicyDetails.CrossRegionCopyTargets.*.TargetRegion", "region"),
        ("PolicyDetails.Schedules.*.CrossRegionCopyRules.*.Target", "region"),
        ("PolicyDetails.Schedules.*.CrossRegionCopyRules.*.TargetRegion", "region"),
    ),
    "AWS::DMS::ReplicationConfig": (("ComputeConfig.AvailabilityZone", "zone"),),
    "AWS::DMS::ReplicationInstance": (("AvailabilityZone", "zone"),),
    "AWS::DSQL::Cluster": (
        ("MultiRegionProperties.Clusters.*", "arn"),
        ("MultiRegionProperties.WitnessRegion", "region"),
    ),
    "AWS::DocDB::DBCluster": (("AvailabilityZones.*", "zone"),),
    "AWS::DocDB::DBInstance": (("AvailabilityZone", "zone"),),
    "AWS::DocDB::GlobalCluster": (("SourceDBClusterIdentifier", "name-or-arn"),),
    "AWS::DynamoDB::GlobalTable": (
        ("GlobalTableWitnesses.*.Region", "region"),
        ("Replicas.*.Region", "region"),
    ),
    "AWS::EC2::CapacityReservation": (("AvailabilityZone", "zone"),),
    "AWS::EC2::EC2Fleet": (("LaunchTemplateConfigs.*.Overrides.*.AvailabilityZone", "zone"),),
    "AWS::EC2::Host": (("AvailabilityZone", "zone"),),
    "AWS::EC2::Instance": (("AvailabilityZone", "zone"),),
    "AWS::EC2::LaunchTemplate": (("LaunchTemplateData.Placement.AvailabilityZone", "zone"),),
    "AWS::EC2::Subnet": (("AvailabilityZone", "zone"),),
    "AWS::EC2::TransitGatewayPeeringAttachment": (("PeerRegion", "region"),),
    "AWS::EC2::VPCEndpoint": (
        ("ServiceRegion", "region"),
        ("ServiceName", "service"),
    ),
    "AWS::EC2::VPCEndpointService": (("SupportedRegions.*", "region"),),
    "AWS::EC2::VPCPeeringConnection": (("PeerRegion", "region"),),
    "AWS::EC2::Volume": (("AvailabilityZone", "zone"),),
    "AWS::ECR::ReplicationConfiguration": (("ReplicationConfiguration.Rules.*.Destinations.*.Region", "region"),),
    "AWS::EFS::FileSystem": (
        ("ReplicationConfiguration.Destinations.*.Region", "region"),
        ("AvailabilityZoneName", "zone"),
        ("ReplicationConfiguration.Destinations.*.AvailabilityZoneName", "zone"),
    ),
    "AWS::EMR::Cluster": (("Instances.Placement.AvailabilityZone", "zone"),),
    "AWS::ElastiCache::CacheCluster": (
        ("PreferredAvailabilityZone", "zone"),
        ("PreferredAvailabilityZones.*", "zone"),
    ),
    "AWS::ElastiCache::GlobalReplicationGroup": (
        ("Members.*.ReplicationGroupRegion", "region"),
        ("RegionalConfigurations.*.ReplicationGroupRegion", "region"),
    ),
    "AWS::ElastiCache::ReplicationGroup": (
        ("NodeGroupConfiguration.*.PrimaryAvailabilityZone", "zone"),
        ("NodeGroupConfiguration.*.ReplicaAvailabilityZones.*", "zone"),
        ("PreferredCacheClusterAZs.*", "zone"),
    ),
    "AWS::ElasticLoadBalancing::LoadBalancer": (("AvailabilityZones.*", "zone"),),
    "AWS::Events::Endpoint": (
        ("EventBuses.*.EventBusArn", "arn"),
        ("RoutingConfig.FailoverConfig.Secondary.Route", "region"),
    ),
    "AWS::GlobalAccelerator::EndpointGroup": (("EndpointGroupRegion", "region"),),
    "AWS::Glue::Connection": (("ConnectionInput.PhysicalConnectionRequirements.AvailabilityZone", "zone"),),
    "AWS::Glue::Database": (("DatabaseInput.TargetDatabase.Region", "region"),),
    "AWS::ImageBuilder::DistributionConfiguration": (("Distributions.*.Region", "region"),),
    "AWS::KMS::ReplicaKey": (("PrimaryKeyArn", "arn"),),
    "AWS::KinesisFirehose::DeliveryStream": (
        ("ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.SchemaConfiguration.Region", "region"),
    ),
    "AWS::Lex::Bot": (("Replication.ReplicaRegions.*", "region"),),
    "AWS::Lightsail::Database": (("AvailabilityZone", "zone"),),
    "AWS::Lightsail::Disk": (("AvailabilityZone", "zone"),),
    "AWS::Lightsail::Instance": (("AvailabilityZone", "zone"),),
    "AWS::MSK::Replicator": (("KafkaClusters.*.AmazonMskCluster.MskClusterArn", "arn"),),
    "AWS::Neptune::DBCluster": (("AvailabilityZones.*", "zone"),),
    "AWS::Neptune::DBInstance": (("AvailabilityZone", "zone"),),
    "AWS::Neptune::GlobalCluster": (("SourceDBClusterIdentifier", "name-or-arn"),),
    "AWS::NetworkFirewall::Firewall": (("AvailabilityZoneMappings.*.AvailabilityZone", "zone"),),
    "AWS::ObservabilityAdmin::OrganizationCentralizationRule": (("Rule.Destination.Region", "region"),),
    "AWS::PaymentCryptography::Key": (("ReplicationRegions.*", "region"),),
    "AWS::RDS::DBCluster": (
        ("ReplicationSourceIdentifier", "name-or-arn"),
        ("SourceRegion", "region"),
        ("AvailabilityZones.*", "zone"),
    ),
    "AWS::RDS::DBInstance": (
        ("SourceDBInstanceIdentifier", "name-or-arn"),
        ("AutomaticBackupReplicationRegion", "region"),
        ("SourceRegion", "region"),
        ("AvailabilityZone", "zone"),
    ),
    "AWS::RDS::GlobalCluster": (("SourceDBClusterIdentifier", "name-or-arn"),),
    "AWS::Redshift::Cluster": (
        ("DestinationRegion", "region"),
        ("AvailabilityZone", "zone"),
    ),
    "AWS::RedshiftServerless::Namespace": (("SnapshotCopyConfigurations.*.DestinationRegion", "region"),),
    "AWS::Route53::HostedZone": (("VPCs.*.VPCRegion", "region"),),
    "AWS::S3::Bucket": (
        ("ReplicationConfiguration.Rules.*.Destination.EncryptionConfiguration.ReplicaKmsKeyID", "name-or-arn"),
    ),
    "AWS::SES::MultiRegionEndpoint": (("Details.RouteDetails.*.Region", "region"),),
    "AWS::SSM::ResourceDataSync": (
        ("BucketRegion", "region"),
        ("S3Destination.BucketRegion", "region"),
    ),
    "AWS::SSMIncidents::ReplicationSet": (("Regions.*.RegionName", "region"),),
    "AWS::SecretsManager::Secret": (("ReplicaRegions.*.Region", "region"),),
    "AWS::SecurityHub::FindingAggregator": (("Regions.*", "region"),),
    "AWS::SecurityLake::DataLake": (("ReplicationConfiguration.Regions.*", "region"),),
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct": (("ProvisioningPreferences.StackSetRegions.*", "region"),),
    "AWS::StorageGateway::NFSFileShare": (("BucketRegion", "region"),),
    "AWS::StorageGateway::SMBFileShare": (("BucketRegion", "region"),),
}
