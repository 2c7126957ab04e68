"""Resource types that hold what cannot be made again, and the properties whose change replaces them.

A replaced resource is a new, empty one: CloudFormation makes it first, and then deletes the old one, or keeps it where
`UpdateReplacePolicy` says so. The properties are read from AWS's own schemas by `scripts/write_replacements.py` into
`data/replacements.json`: `always` replaces, `sometimes` replaces depending on the value or on other settings.

Sources: CloudFormation User Guide, "DeletionPolicy attribute" (which types take `Snapshot`, and the default of RDS) and
"UpdateReplacePolicy attribute"; the reference page of each type. Read 2026-11-23.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF: Final = "2026-11-23"

#: What each type holds, in words.
STATEFUL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AWS::ACMPCA::CertificateAuthority": "the authority's private key",
        "AWS::APS::Workspace": "metrics",
        "AWS::AmazonMQ::Broker": "messages",
        "AWS::Backup::BackupVault": "backups",
        "AWS::Backup::LogicallyAirGappedBackupVault": "backups",
        "AWS::Cassandra::Keyspace": "tables",
        "AWS::Cassandra::Table": "a table",
        "AWS::CloudHSM::Cluster": "keys",
        "AWS::CloudTrail::EventDataStore": "records of events",
        "AWS::CodeArtifact::Domain": "packages",
        "AWS::CodeArtifact::Repository": "packages",
        "AWS::CodeCommit::Repository": "source code",
        "AWS::Cognito::IdentityPool": "identities",
        "AWS::Cognito::UserPool": "user accounts",
        "AWS::DSQL::Cluster": "a database",
        "AWS::DocDB::DBCluster": "a database",
        "AWS::DocDBElastic::Cluster": "a database",
        "AWS::DynamoDB::GlobalTable": "a table",
        "AWS::DynamoDB::Table": "a table",
        "AWS::EC2::Volume": "a disk",
        "AWS::ECR::PublicRepository": "images",
        "AWS::ECR::Repository": "images",
        "AWS::EFS::FileSystem": "files",
        "AWS::ElastiCache::CacheCluster": "a cache",
        "AWS::ElastiCache::ReplicationGroup": "a cache",
        "AWS::ElastiCache::ServerlessCache": "a cache",
        "AWS::Elasticsearch::Domain": "a search index",
        "AWS::Events::Archive": "archived events",
        "AWS::FSx::FileSystem": "files",
        "AWS::FSx::StorageVirtualMachine": "files",
        "AWS::FSx::Volume": "files",
        "AWS::Glue::Database": "a catalogue of tables",
        "AWS::HealthLake::FHIRDatastore": "health records",
        "AWS::KMS::Key": "a key, without which what it encrypted cannot be read",
        "AWS::KMS::ReplicaKey": "a key, without which what it encrypted cannot be read",
        "AWS::Kinesis::Stream": "a stream of records",
        "AWS::KinesisVideo::Stream": "a stream of video",
        "AWS::Lightsail::Database": "a database",
        "AWS::Lightsail::Disk": "a disk",
        "AWS::Logs::LogGroup": "logs",
        "AWS::MSK::Cluster": "streams of records",
        "AWS::MSK::ServerlessCluster": "streams of records",
        "AWS::MemoryDB::Cluster": "a database",
        "AWS::Neptune::DBCluster": "a database",
        "AWS::NeptuneGraph::Graph": "a database",
        "AWS::OpenSearchServerless::Collection": "a search index",
        "AWS::OpenSearchService::Domain": "a search index",
        "AWS::QLDB::Ledger": "a ledger",
        "AWS::RDS::DBCluster": "a database",
        "AWS::RDS::DBInstance": "a database",
        "AWS::RDS::GlobalCluster": "a database",
        "AWS::Redshift::Cluster": "a warehouse",
        "AWS::RedshiftServerless::Namespace": "a warehouse",
        "AWS::Route53::HostedZone": "a zone, whose name servers a new one does not keep",
        "AWS::S3::Bucket": "objects",
        "AWS::S3Express::DirectoryBucket": "objects",
        "AWS::S3Outposts::Bucket": "objects",
        "AWS::S3Tables::Table": "a table",
        "AWS::S3Tables::TableBucket": "tables",
        "AWS::S3Vectors::VectorBucket": "vectors",
        "AWS::SDB::Domain": "a database",
        "AWS::SQS::Queue": "messages",
        "AWS::SSM::Parameter": "a stored value",
        "AWS::SecretsManager::Secret": "a secret",
        "AWS::Timestream::Database": "a database",
        "AWS::Timestream::InfluxDBCluster": "a database",
        "AWS::Timestream::InfluxDBInstance": "a database",
        "AWS::Timestream::Table": "a table",
        "AWS::WorkSpaces::Workspace": "a desktop's disks",
    }
)

#: Members of a cluster: the data stays in the cluster's volume when one is replaced.
IN_A_CLUSTER: Final[Mapping[str, str]] = MappingProxyType({"AWS::RDS::DBInstance": "DBClusterIdentifier"})

#: Machines and groups of machines; what they hold on local disks is told separately.
HOST_TYPES: Final = (
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::EC2::Instance",
    "AWS::EC2::LaunchTemplate",
)

#: Types whose last state CloudFormation saves when asked to, or by itself.
SNAPSHOT: Final = frozenset(
    {
        "AWS::DocDB::DBCluster",
        "AWS::EC2::Volume",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::Neptune::DBCluster",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
    }
)
#: Types that are saved when they are deleted, unless `DeletionPolicy` says otherwise; not when they are replaced.
SNAPSHOT_BY_DEFAULT: Final = frozenset({"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"})


#: Properties that the schema of a type lists among those that may replace, and that the service changes in place.
#: Sources: Amazon RDS API Reference, ModifyDBInstance; Amazon EC2 API Reference, ModifyInstanceAttribute (groups) and
#: ModifyPrivateDnsNameOptions. Read 2026-11-23.
CHANGED_IN_PLACE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "AWS::EC2::Instance": frozenset({"PrivateDnsNameOptions", "SecurityGroupIds"}),
        "AWS::RDS::DBInstance": frozenset(
            {
                "AutoMinorVersionUpgrade",
                "BackupRetentionPeriod",
                "DBParameterGroupName",
                "MultiAZ",
                "PreferredMaintenanceWindow",
            }
        ),
    }
)


def replacing(resource_type: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the paths whose change replaces a resource of a type, always and sometimes.

    Args:
        resource_type: one of `STATEFUL` or `HOST_TYPES`.

    Raises:
        KeyError: the table does not have the type.

    Source: CloudFormation resource provider schemas, see `table_source`.
    """
    row = _table()["types"][resource_type]
    in_place = CHANGED_IN_PLACE.get(resource_type, frozenset())
    sometimes = tuple(path for path in row.get("sometimes", "").split() if path not in in_place)
    return tuple(row.get("always", "").split()), sometimes


def table_source() -> tuple[str, str]:
    """Give the day on which the schemas were read, and what they are."""
    table = _table()
    return table["date"], table["source"]


@cache
def _table() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(
        resources.files("nexis.facts").joinpath("data/replacements.json").read_text(encoding="utf-8")
    )
    return found
