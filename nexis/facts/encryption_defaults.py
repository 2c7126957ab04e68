"""Which stores of data AWS encrypts at rest by itself, so that a template need not ask for it.

A resource of one of these types passes without a word about encryption: AWS then uses a key of its own. Where it can be
switched off, a rule of the theme `storage` finds that. Customer keys are another matter (`keys.customer-key`).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF: Final = "2026-11-23"


@record
class EncryptedByDefault:
    """That AWS encrypts a store of data by itself.

    Attributes:
        source: the AWS page that says so.
        since: from when on, ISO date; empty where it holds for everything there is.
        switched_off_by: the property that would switch it off, from `Properties` down; empty where nothing can.
    """

    source: str
    since: str = ""
    switched_off_by: str = ""


def _always(source: str, *types: str) -> dict[str, EncryptedByDefault]:
    return {kind: EncryptedByDefault(source) for kind in types}


#: By resource type.
ENCRYPTED_BY_DEFAULT: Final[Mapping[str, EncryptedByDefault]] = MappingProxyType(
    {
        # ---- objects and files ----
        "AWS::S3::Bucket": EncryptedByDefault("S3 User Guide, Default encryption FAQ", since="2023-01-05"),
        **_always(
            "S3 User Guide, Setting and monitoring default encryption for directory buckets",
            "AWS::S3Express::DirectoryBucket",
        ),
        **_always("S3 User Guide, Protecting S3 table data with encryption", "AWS::S3Tables::TableBucket"),
        **_always(
            "S3 User Guide, Data protection and encryption in S3 Vectors",
            "AWS::S3Vectors::Index",
            "AWS::S3Vectors::VectorBucket",
        ),
        **_always("FSx User Guides, Encryption of data at rest", "AWS::FSx::FileCache", "AWS::FSx::FileSystem"),
        **_always("ECR User Guide, Encryption at rest", "AWS::ECR::Repository"),
        **_always("CodeArtifact User Guide, Data protection in AWS CodeArtifact", "AWS::CodeArtifact::Domain"),
        **_always("CodeCommit User Guide, AWS KMS and encryption for repositories", "AWS::CodeCommit::Repository"),
        **_always("Lightsail User Guide, Data protection in Amazon Lightsail", "AWS::Lightsail::Disk"),
        # ---- databases ----
        **_always(
            "DynamoDB Developer Guide, DynamoDB encryption at rest",
            "AWS::DynamoDB::GlobalTable",
            "AWS::DynamoDB::Table",
        ),
        "AWS::Redshift::Cluster": EncryptedByDefault(
            "Amazon Redshift Management Guide, Amazon Redshift database encryption",
            since="2025-01-10",
            switched_off_by="Encrypted",
        ),
        **_always(
            "Amazon Redshift Management Guide, Amazon Redshift Serverless: data encryption",
            "AWS::RedshiftServerless::Namespace",
        ),
        **_always("Aurora DSQL User Guide, Data encryption for Amazon Aurora DSQL", "AWS::DSQL::Cluster"),
        **_always(
            "DocumentDB Developer Guide, Data encryption at rest for elastic clusters", "AWS::DocDBElastic::Cluster"
        ),
        **_always("Neptune Analytics User Guide, Data protection", "AWS::NeptuneGraph::Graph"),
        **_always("Keyspaces Developer Guide, Encryption at rest in Amazon Keyspaces", "AWS::Cassandra::Table"),
        **_always(
            "Timestream Developer Guide, Encryption at rest",
            "AWS::Timestream::Database",
            "AWS::Timestream::InfluxDBInstance",
            "AWS::Timestream::Table",
        ),
        **_always("QLDB Developer Guide, Encryption at rest in Amazon QLDB", "AWS::QLDB::Ledger"),
        **_always(
            "DMS User Guide, Setting an encryption key", "AWS::DMS::ReplicationConfig", "AWS::DMS::ReplicationInstance"
        ),
        # ---- caches and search ----
        **_always("MemoryDB Developer Guide, At-rest encryption in MemoryDB", "AWS::MemoryDB::Cluster"),
        **_always("ElastiCache User Guide, At-Rest Encryption in ElastiCache", "AWS::ElastiCache::ServerlessCache"),
        "AWS::AppSync::ApiCache": EncryptedByDefault(
            "AWS Security Hub, change log for controls (AppSync.1 retired 2026-03-09)",
            switched_off_by="AtRestEncryptionEnabled",
        ),
        **_always(
            "OpenSearch Service Developer Guide, Encryption in Amazon OpenSearch Serverless",
            "AWS::OpenSearchServerless::Collection",
        ),
        **_always("OpenSearch Service Developer Guide, Encryption of data at rest (pipelines)", "AWS::OSIS::Pipeline"),
        **_always("Kendra Developer Guide, Data protection in Amazon Kendra: encryption at rest", "AWS::Kendra::Index"),
        # ---- streams, queues, messages ----
        "AWS::SQS::Queue": EncryptedByDefault(
            "CloudFormation reference, AWS::SQS::Queue SqsManagedSseEnabled",
            since="2022-10-04",
            switched_off_by="SqsManagedSseEnabled",
        ),
        **_always(
            "MSK Developer Guide, Amazon MSK encryption at rest", "AWS::MSK::Cluster", "AWS::MSK::ServerlessCluster"
        ),
        **_always("Amazon MQ Developer Guide, Encryption at rest", "AWS::AmazonMQ::Broker"),
        **_always("Kinesis Video Streams Developer Guide, Data protection", "AWS::KinesisVideo::Stream"),
        **_always(
            "EventBridge User Guide, Data protection: encryption at rest",
            "AWS::Events::Archive",
            "AWS::Events::EventBus",
        ),
        # ---- logs, secrets, settings ----
        **_always("CloudWatch Logs User Guide, Encrypt log data using AWS KMS", "AWS::Logs::LogGroup"),
        **_always(
            "CloudTrail User Guide, Encrypting CloudTrail log files with AWS KMS keys (SSE-KMS)",
            "AWS::CloudTrail::EventDataStore",
            "AWS::CloudTrail::Trail",
        ),
        **_always("Secrets Manager User Guide, Secret encryption and decryption", "AWS::SecretsManager::Secret"),
        **_always("Lambda Developer Guide, Securing environment variables", "AWS::Lambda::Function"),
        **_always("Step Functions Developer Guide, Data at rest encryption", "AWS::StepFunctions::StateMachine"),
        "AWS::EKS::Cluster": EncryptedByDefault(
            "EKS User Guide, Default envelope encryption for all Kubernetes API Data (1.28 and later)",
            since="2025-03-05",
        ),
        # ---- analysis and machine learning ----
        **_always(
            "SageMaker Developer Guide, Protect data at rest using encryption", "AWS::SageMaker::NotebookInstance"
        ),
        **_always("SageMaker Developer Guide, Protect data at rest using encryption", "AWS::SageMaker::EndpointConfig"),
        **_always("SageMaker Developer Guide, Protect data at rest using encryption", "AWS::SageMaker::Domain"),
        **_always("EMR Serverless User Guide, Encryption at rest", "AWS::EMRServerless::Application"),
        **_always("Amazon MWAA User Guide, Encryption on Amazon MWAA", "AWS::MWAA::Environment"),
        **_always("Bedrock User Guide, Data encryption", "AWS::Bedrock::Agent", "AWS::Bedrock::KnowledgeBase"),
        **_always("HealthLake Developer Guide, Encryption at rest", "AWS::HealthLake::FHIRDatastore"),
        **_always("AppFlow User Guide, Data protection: encryption at rest", "AWS::AppFlow::Flow"),
        # ---- backups ----
        **_always("AWS Backup Developer Guide, Encryption for backups", "AWS::Backup::BackupVault"),
        **_always(
            "AWS Backup Developer Guide, Logically air-gapped vault", "AWS::Backup::LogicallyAirGappedBackupVault"
        ),
    }
)
