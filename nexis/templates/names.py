"""The property that names a resource, for links that are written as plain names, ARNs with a name in them, or aliases.

Source: CloudFormation resource reference, the "Ref" return value of each type; AWS service authorization reference,
"Resource types" (the form of each ARN). As of 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMED_BY: Final[Mapping[str, str]] = {
    "AWS::ApiGateway::DomainName": "DomainName",
    "AWS::ApiGatewayV2::DomainName": "DomainName",
    "AWS::Athena::WorkGroup": "Name",
    "AWS::AutoScaling::AutoScalingGroup": "AutoScalingGroupName",
    "AWS::AutoScaling::LaunchConfiguration": "LaunchConfigurationName",
    "AWS::Backup::BackupVault": "BackupVaultName",
    "AWS::CloudTrail::Trail": "TrailName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CodeBuild::Project": "Name",
    "AWS::CodeCommit::Repository": "RepositoryName",
    "AWS::CodePipeline::Pipeline": "Name",
    "AWS::Config::ConfigurationRecorder": "Name",
    "AWS::DAX::Cluster": "ClusterName",
    "AWS::DAX::ParameterGroup": "ParameterGroupName",
    "AWS::DAX::SubnetGroup": "SubnetGroupName",
    "AWS::DMS::ReplicationSubnetGroup": "ReplicationSubnetGroupIdentifier",
    "AWS::DocDB::DBCluster": "DBClusterIdentifier",
    "AWS::DocDB::DBClusterParameterGroup": "Name",
    "AWS::DocDB::DBInstance": "DBInstanceIdentifier",
    "AWS::DocDB::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::EC2::KeyPair": "KeyName",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateName",
    "AWS::EC2::SecurityGroup": "GroupName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECS::CapacityProvider": "Name",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ECS::Service": "ServiceName",
    "AWS::ECS::TaskDefinition": "Family",
    "AWS::EKS::Cluster": "Name",
    "AWS::EMR::SecurityConfiguration": "Name",
    "AWS::ElastiCache::CacheCluster": "ClusterName",
    "AWS::ElastiCache::ReplicationGroup": "ReplicationGroupId",
    "AWS::ElastiCache::ServerlessCache": "ServerlessCacheName",
    "AWS::ElastiCache::SubnetGroup": "CacheSubnetGroupName",
    "AWS::ElastiCache::User": "UserId",
    "AWS::ElastiCache::UserGroup": "UserGroupId",
    "AWS::ElasticBeanstalk::Application": "ApplicationName",
    "AWS::ElasticBeanstalk::Environment": "EnvironmentName",
    "AWS::ElasticLoadBalancing::LoadBalancer": "LoadBalancerName",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "Name",
    "AWS::Elasticsearch::Domain": "DomainName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::Glue::Crawler": "Name",
    "AWS::Glue::Job": "Name",
    "AWS::Glue::SecurityConfiguration": "Name",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ServerCertificate": "ServerCertificateName",
    "AWS::IAM::User": "UserName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::MSK::Cluster": "ClusterName",
    "AWS::MSK::Configuration": "Name",
    "AWS::MSK::ServerlessCluster": "ClusterName",
    "AWS::MWAA::Environment": "Name",
    "AWS::MemoryDB::ACL": "ACLName",
    "AWS::MemoryDB::Cluster": "ClusterName",
    "AWS::MemoryDB::ParameterGroup": "ParameterGroupName",
    "AWS::MemoryDB::SubnetGroup": "SubnetGroupName",
    "AWS::MemoryDB::User": "UserName",
    "AWS::Neptune::DBCluster": "DBClusterIdentifier",
    "AWS::Neptune::DBClusterParameterGroup": "Name",
    "AWS::Neptune::DBInstance": "DBInstanceIdentifier",
    "AWS::Neptune::DBParameterGroup": "Name",
    "AWS::Neptune::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::OpenSearchService::Domain": "DomainName",
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::RDS::DBClusterParameterGroup": "DBClusterParameterGroupName",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::RDS::DBParameterGroup": "DBParameterGroupName",
    "AWS::RDS::DBProxy": "DBProxyName",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::RDS::GlobalCluster": "GlobalClusterIdentifier",
    "AWS::RDS::OptionGroup": "OptionGroupName",
    "AWS::Redshift::Cluster": "ClusterIdentifier",
    "AWS::Redshift::ClusterParameterGroup": "ParameterGroupName",
    "AWS::RedshiftServerless::Namespace": "NamespaceName",
    "AWS::RedshiftServerless::Workgroup": "WorkgroupName",
    "AWS::S3::AccessPoint": "Name",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Document": "Name",
    "AWS::SSM::Parameter": "Name",
    "AWS::SageMaker::EndpointConfig": "EndpointConfigName",
    "AWS::SageMaker::Model": "ModelName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
    "AWS::Synthetics::Canary": "Name",
    "AWS::Timestream::Database": "DatabaseName",
}

#: What stands for another resource: the property that leads to it.
STANDS_FOR: Final[Mapping[str, str]] = {
    "AWS::KMS::Alias": "TargetKeyId",
    "AWS::Lambda::Alias": "FunctionName",
    "AWS::Lambda::Version": "FunctionName",
}

#: The service in the ARNs of a type, where it is not the type's second word in lower case.
ARN_SERVICE: Final[Mapping[str, str]] = {
    "ApiGateway": "apigateway",
    "ApiGatewayV2": "apigateway",
    "AutoScaling": "autoscaling",
    "DocDB": "rds",
    "ElasticLoadBalancingV2": "elasticloadbalancing",
    "Elasticsearch": "es",
    "EMR": "elasticmapreduce",
    "KinesisFirehose": "firehose",
    "MSK": "kafka",
    "MWAA": "airflow",
    "Neptune": "rds",
    "OpenSearchService": "es",
    "RedshiftServerless": "redshift-serverless",
    "StepFunctions": "states",
}
#: What stands before the name in an ARN: `role/`, `function:`, `log-group:`.
_KINDS: Final = pattern(r"^[a-z][A-Za-z-]*[/:]")
_SECRET_SUFFIX: Final = pattern(r"-[A-Za-z0-9]{6}$")


def names_in(text: str, resource_type: str) -> tuple[str, ...]:
    """Give the names that a text may mean by a type of resource: itself, and those in an ARN of the type's service.

    Args:
        text: a name, or an ARN; references in it read as anything without a colon.
        resource_type: such as `AWS::S3::Bucket`.
    """
    if resource_type == "AWS::SQS::Queue" and text.startswith("https://"):
        return (text.rpartition("/")[2],)  # its URL, which is what Ref of a queue gives
    if not text.startswith("arn:"):
        return (text,)
    fields = text.split(":", 5)
    service = resource_type.split("::")[1]
    if len(fields) < 6 or fields[2] != ARN_SERVICE.get(service, service.lower()):
        return ()
    named = fields[5]
    if resource_type == "AWS::S3::Bucket":
        return (named.partition("/")[0],)
    if resource_type == "AWS::KMS::Alias":
        return (named,)
    kind = _KINDS.match(named)
    rest = named[kind.end() :] if kind else named
    names = [named, rest]
    if service == "IAM":  # a path may stand before the name
        names.append(rest.rpartition("/")[2])
    elif service in ("Lambda", "Logs", "ECS", "MSK", "DynamoDB", "ElasticLoadBalancingV2", "AutoScaling"):
        # A version, a stream, an index or an identity may stand after it.
        names += [rest.partition(":")[0], rest.partition("/")[0]]
        if service == "ECS":
            names.append(rest.rpartition("/")[2])
        if service == "Logs":
            names.append(rest.removesuffix(":*"))
    elif service == "SecretsManager":
        names.append(_SECRET_SUFFIX.sub("", rest))
    return tuple(dict.fromkeys(names))
