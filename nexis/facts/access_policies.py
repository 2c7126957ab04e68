"""Where each resource type holds the policy that says who may use it, and what such a policy guards.

Keys, buckets, roles, VPC endpoints and REST APIs have rules of their own (who a key policy lets in is asked of both).
Left out on purpose: policies of which an open one is the service's ordinary use (MediaPackage origin endpoints,
MediaTailor channels and CloudWatch RUM monitors, which are made to be called by browsers), session policies, which can
only take away, and the policies of AWS Organizations, which allow nothing by themselves.

Source: AWS CloudFormation Template Reference, the property of each type; IAM User Guide, "AWS services that work with
IAM" (resource-based policies).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF: Final = "2026-11-23"


@record
class ResourcePolicy:
    """A policy of a resource.

    Attributes:
        type: The resource type.
        path: Of the policy document, from `Properties` down; `*` stands for every item of a list.
        guards: What it gives access to, in the plural.
    """

    type: str
    path: tuple[str, ...]
    guards: str


RESOURCE_POLICIES: Final = (
    ResourcePolicy("AWS::AIOps::InvestigationGroup", ("InvestigationGroupPolicy",), "investigations"),
    ResourcePolicy("AWS::APS::ResourcePolicy", ("PolicyDocument",), "metrics"),
    ResourcePolicy("AWS::Backup::BackupVault", ("AccessPolicy",), "backups"),
    ResourcePolicy("AWS::Backup::LogicallyAirGappedBackupVault", ("AccessPolicy",), "backups"),
    ResourcePolicy("AWS::Bedrock::KnowledgeBasePolicy", ("PolicyDocument",), "knowledge bases"),
    ResourcePolicy("AWS::Bedrock::ResourcePolicy", ("PolicyDocument",), "models"),
    ResourcePolicy("AWS::BedrockAgentCore::ResourcePolicy", ("Policy",), "agents"),
    ResourcePolicy("AWS::CloudTrail::ResourcePolicy", ("ResourcePolicy",), "trails of events"),
    ResourcePolicy("AWS::CodeArtifact::Domain", ("PermissionsPolicyDocument",), "packages"),
    ResourcePolicy("AWS::CodeArtifact::Repository", ("PermissionsPolicyDocument",), "packages"),
    ResourcePolicy("AWS::Comprehend::DocumentClassifier", ("ModelPolicy",), "models"),
    ResourcePolicy("AWS::Comprehend::EntityRecognizer", ("ModelPolicy",), "models"),
    ResourcePolicy("AWS::DSQL::Cluster", ("PolicyDocument",), "databases"),
    ResourcePolicy("AWS::DynamoDB::GlobalTable", ("Replicas", "*", "ResourcePolicy", "PolicyDocument"), "tables"),
    ResourcePolicy(
        "AWS::DynamoDB::GlobalTable",
        ("Replicas", "*", "ReplicaStreamSpecification", "ResourcePolicy", "PolicyDocument"),
        "streams of changes",
    ),
    ResourcePolicy("AWS::DynamoDB::Table", ("ResourcePolicy", "PolicyDocument"), "tables"),
    ResourcePolicy(
        "AWS::DynamoDB::Table", ("StreamSpecification", "ResourcePolicy", "PolicyDocument"), "streams of changes"
    ),
    ResourcePolicy("AWS::ECR::PublicRepository", ("RepositoryPolicyText",), "the right to push images"),
    ResourcePolicy("AWS::ECR::RegistryPolicy", ("PolicyText",), "registries"),
    ResourcePolicy("AWS::ECR::Repository", ("RepositoryPolicyText",), "images"),
    ResourcePolicy("AWS::ECR::RepositoryCreationTemplate", ("RepositoryPolicy",), "images"),
    ResourcePolicy("AWS::EFS::FileSystem", ("FileSystemPolicy",), "files"),
    ResourcePolicy("AWS::Elasticsearch::Domain", ("AccessPolicies",), "search indexes"),
    ResourcePolicy("AWS::EventSchemas::RegistryPolicy", ("Policy",), "schemas"),
    ResourcePolicy("AWS::Events::EventBus", ("Policy",), "event buses"),
    ResourcePolicy("AWS::EventsV2::ResourcePolicy", ("PolicyDocument",), "event buses"),
    ResourcePolicy("AWS::FSx::S3AccessPointAttachment", ("S3AccessPoint", "Policy"), "files"),
    ResourcePolicy("AWS::Kinesis::ResourcePolicy", ("ResourcePolicy",), "streams"),
    ResourcePolicy("AWS::Lambda::ResourcePolicy", ("PolicyDocument",), "functions"),
    ResourcePolicy("AWS::Lex::ResourcePolicy", ("Policy",), "bots"),
    ResourcePolicy("AWS::Logs::Destination", ("DestinationPolicy",), "log destinations"),
    ResourcePolicy("AWS::Logs::LogGroup", ("ResourcePolicyDocument",), "logs"),
    ResourcePolicy("AWS::Logs::ResourcePolicy", ("PolicyDocument",), "logs"),
    ResourcePolicy("AWS::MSK::ClusterPolicy", ("Policy",), "Kafka clusters"),
    ResourcePolicy("AWS::MediaPackageV2::ChannelPolicy", ("Policy",), "channels"),
    ResourcePolicy("AWS::MediaStore::Container", ("Policy",), "media"),
    ResourcePolicy("AWS::OSIS::Pipeline", ("ResourcePolicy", "Policy"), "ingestion pipelines"),
    ResourcePolicy("AWS::Oam::Sink", ("Policy",), "monitoring sinks"),
    ResourcePolicy("AWS::Omics::SequenceStore", ("S3AccessPolicy",), "sequences"),
    ResourcePolicy("AWS::OpenSearchService::Domain", ("AccessPolicies",), "search indexes"),
    ResourcePolicy("AWS::Organizations::ResourcePolicy", ("Content",), "the organisation"),
    ResourcePolicy("AWS::PaymentCryptography::Key", ("Policy",), "payment keys"),
    ResourcePolicy("AWS::Redshift::Cluster", ("NamespaceResourcePolicy",), "warehouses"),
    ResourcePolicy("AWS::RedshiftServerless::Namespace", ("NamespaceResourcePolicy",), "warehouses"),
    ResourcePolicy("AWS::S3Files::FileSystemPolicy", ("Policy",), "files"),
    ResourcePolicy("AWS::S3Tables::TableBucketPolicy", ("ResourcePolicy",), "tables"),
    ResourcePolicy("AWS::S3Tables::TablePolicy", ("ResourcePolicy",), "tables"),
    ResourcePolicy("AWS::S3Vectors::VectorBucketPolicy", ("Policy",), "vectors"),
    ResourcePolicy("AWS::SMSVOICE::ResourcePolicy", ("PolicyDocument",), "phone numbers"),
    ResourcePolicy("AWS::SNS::TopicInlinePolicy", ("PolicyDocument",), "messages"),
    ResourcePolicy("AWS::SNS::TopicPolicy", ("PolicyDocument",), "messages"),
    ResourcePolicy("AWS::SQS::QueueInlinePolicy", ("PolicyDocument",), "messages"),
    ResourcePolicy("AWS::SQS::QueuePolicy", ("PolicyDocument",), "messages"),
    ResourcePolicy("AWS::SSM::ResourcePolicy", ("Policy",), "parameters"),
    ResourcePolicy("AWS::SageMaker::ModelPackageGroup", ("ModelPackageGroupPolicy",), "models"),
    ResourcePolicy("AWS::SecretsManager::ResourcePolicy", ("ResourcePolicy",), "secrets"),
    ResourcePolicy("AWS::VpcLattice::AuthPolicy", ("Policy",), "services"),
    ResourcePolicy("AWS::VpcLattice::ResourcePolicy", ("Policy",), "services"),
    ResourcePolicy("AWS::XRay::ResourcePolicy", ("PolicyDocument",), "traces"),
)

#: The policies of S3's buckets and access points, judged by access.bucket-private.
BUCKET_POLICIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AWS::S3::AccessPoint": "Policy",
        "AWS::S3::AccessPointPolicy": "Policy",
        "AWS::S3::BucketPolicy": "PolicyDocument",
        "AWS::S3::MultiRegionAccessPointPolicy": "Policy",
        "AWS::S3Express::AccessPoint": "Policy",
        "AWS::S3Express::BucketPolicy": "PolicyDocument",
        "AWS::S3ObjectLambda::AccessPointPolicy": "PolicyDocument",
        "AWS::S3Outposts::AccessPoint": "Policy",
        "AWS::S3Outposts::BucketPolicy": "PolicyDocument",
    }
)

#: Condition keys of a service with which a policy for everyone lets in only some, by type; in lower case.
#: Sources: Amazon EFS User Guide, "Using IAM to control file system data access" (what makes a policy not public);
#: VPC Lattice User Guide, "Auth policies: condition keys".
NARROWED_BY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AWS::EFS::FileSystem": ("elasticfilesystem:accessedviamounttarget", "elasticfilesystem:accesspointarn"),
        "AWS::VpcLattice::AuthPolicy": ("vpc-lattice-svcs:sourcevpc", "vpc-lattice-svcs:sourcevpcowneraccount"),
    }
)
