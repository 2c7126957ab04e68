"""Databases that encrypt only if they are told to, or that somebody told not to.

What encrypts by itself stands in `nexis.facts.encryption_defaults`; RDS and Aurora have a rule of their own.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.facts.encryption_defaults import ENCRYPTED_BY_DEFAULT
from nexis.rules.model import Problem, Rule
from nexis.rules.requirements import Requirement
from nexis.rules.storage._at_rest import AS_OF, CLAIMS, at_rest, controls, switched_on
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

DOCDB: Final = ("AWS::DocDB::DBCluster", "AWS::DocDB::GlobalCluster")
NEPTUNE: Final = ("AWS::Neptune::DBCluster", "AWS::Neptune::GlobalCluster")

#: Properties that make a cluster a copy of a running one, and those that restore it from a snapshot.
#: Source: CloudFormation reference, DBCluster and GlobalCluster of DocDB and Neptune, 2026-11-23.
COPIES: Final = ("SourceDBClusterIdentifier",)
RESTORES: Final = ("SnapshotIdentifier",)

SWITCH: Final = "StorageEncrypted"


def _cluster(cluster: View, kinds: tuple[str, str]) -> Iterator[Problem]:
    """Ask for encryption, stated or taken from a source in the same assembly."""
    if not isinstance(cluster.get(SWITCH), Absent):
        yield from _switch(cluster)
        return
    for name in COPIES:
        if not isinstance(cluster.get(name), Absent):
            yield from _copy(cluster, name, kinds[0])
            return
    for name in RESTORES:
        if not isinstance(cluster.get(name), Absent):
            raise Undetermined(
                place(SWITCH), f"it follows the snapshot in {name}; state {SWITCH}: true if the snapshot is encrypted"
            )
    yield from _switch(cluster)


def _copy(cluster: View, name: str, kind: str) -> Iterator[Problem]:
    original = cluster.target(name, types=(kind,))
    if original is None or not original.exists:
        raise Undetermined(place(name), f"{str(cluster.get(name))!r} is in none of the templates judged here")
    try:
        problems = list(_switch(original))
    except Undetermined as opened:
        raise Undetermined(place(name), f"{original.logical_id}.{opened.path}: {opened.reason}") from opened
    for problem in problems:
        yield Problem(place(name), f"is a copy of {original.logical_id}, whose {SWITCH} {problem.message}")


def _switch(cluster: View) -> Iterator[Problem]:
    yield from switched_on(
        cluster.type,
        SWITCH,
        absent="the service then leaves the cluster's storage unencrypted",
        source=f"CloudFormation reference, {cluster.type} {SWITCH}",
    ).problems(cluster)


def _clusters(rule_id: str, kinds: tuple[str, str], *, service: str, cdk: str, source: str, fsbp: str) -> Rule:
    return Rule(
        id=rule_id,
        severity="error",
        title=f"{service} clusters encrypt their storage",
        why="Data, backups, replicas and snapshots of an unencrypted cluster lie readable on AWS's disks, and it "
        "cannot be encrypted later.",
        fix=f"set {SWITCH}: true (CDK: storage_encrypted=True); an existing cluster is encrypted by restoring "
        "a snapshot",
        types=kinds,
        check=partial(_cluster, kinds=kinds),
        claims=CLAIMS,
        controls=controls(fsbp),
        source=source,
        cdk=cdk,
        example={kinds[0].split("::")[1]: {"Type": kinds[0], "Properties": {SWITCH: True}}},
    )


def _is_older_than(version: object, minor: int) -> bool:
    """Whether it is a Kubernetes version 1.x below one; absent is EKS's own default, a current one."""
    major, _, found = str(version).partition(".")
    # EKS began with 1.10, so 1.3 is 1.30 that YAML read as a number.
    return isinstance(version, str | float) and major == "1" and found.isdecimal() and 10 <= int(found) < minor


def _is_valkey(group: View) -> bool:
    return not _is_member(group) and str(group.peek("Engine")).lower() == "valkey"


def _is_redis(group: View) -> bool:
    return not _is_member(group) and not _is_valkey(group)


def _is_member(group: View) -> bool:
    """Whether it belongs to a global datastore, so that it has its primary's encryption."""
    return not isinstance(group.peek("GlobalReplicationGroupId"), Absent)


RULES: Final = (
    _clusters(
        "storage.docdb-encrypted",
        DOCDB,
        service="DocumentDB",
        cdk='docdb.CfnDBCluster(self, "Documents", storage_encrypted=True)',
        source="DocumentDB Developer Guide, Encrypting Amazon DocumentDB data at rest",
        fsbp="DocumentDB.1",
    ),
    _clusters(
        "storage.neptune-encrypted",
        NEPTUNE,
        service="Neptune",
        cdk='neptune.CfnDBCluster(self, "Graph", storage_encrypted=True)',
        source="Neptune User Guide, Encrypting data at rest in your Amazon Neptune database",
        fsbp="Neptune.1",
    ),
    at_rest(
        "storage.redshift-encrypted",
        # New clusters are encrypted by default since 2025-01-10.
        switched_on(
            "AWS::Redshift::Cluster",
            "Encrypted",
            absent="",
            source=ENCRYPTED_BY_DEFAULT["AWS::Redshift::Cluster"].source,
        ),
        title="Redshift clusters encrypt their data",
        why="Redshift encrypts new clusters by itself; one that was told not to keeps tables and snapshots readable.",
        fix="set Encrypted: true, or leave it out for Redshift's own key (CDK: encrypted=True)",
        cdk='redshift.CfnCluster(self, "Warehouse", cluster_type="multi-node", db_name="dev", encrypted=True,\n'
        '    manage_master_password=True, master_username="owner", node_type="ra3.large")',
        source="Amazon Redshift Management Guide, Amazon Redshift database encryption",
        fsbp=("Redshift.10",),
    ),
    at_rest(
        "storage.opensearch-encrypted",
        *(
            switched_on(
                kind,
                "EncryptionAtRestOptions",
                "Enabled",
                absent="the domain then stores its indexes unencrypted",
                source=f"CloudFormation reference, {kind} EncryptionAtRestOptions",
            )
            for kind in ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")
        ),
        title="OpenSearch and Elasticsearch domains encrypt their data",
        why="Indexes, logs, swap files and automated snapshots of an unencrypted domain lie readable on AWS's disks.",
        fix="set EncryptionAtRestOptions: {Enabled: true} (CDK: encryption_at_rest=…)",
        cdk='opensearch.Domain(self, "Search", version=opensearch.EngineVersion.OPENSEARCH_2_17,\n'
        "    encryption_at_rest=opensearch.EncryptionAtRestOptions(enabled=True))",
        source="OpenSearch Service Developer Guide, Encryption of data at rest for Amazon OpenSearch Service",
        fsbp=("Opensearch.1", "ES.1"),
    ),
    at_rest(
        "storage.dax-encrypted",
        switched_on(
            "AWS::DAX::Cluster",
            "SSESpecification",
            "SSEEnabled",
            absent="DAX then writes the cache's data unencrypted",
            source="CloudFormation reference, AWS::DAX::Cluster SSESpecification",
        ),
        title="DAX clusters encrypt what they cache",
        why="DAX writes table data to disk while it propagates changes; the table's own encryption ends there.",
        fix="set SSESpecification: {SSEEnabled: true} (CDK: sse_specification=…)",
        cdk='dax.CfnCluster(self, "Cache", iam_role_arn=role.role_arn, node_type="dax.r5.large",\n'
        "    replication_factor=3,\n"
        "    sse_specification=dax.CfnCluster.SSESpecificationProperty(sse_enabled=True))",
        source="DynamoDB Developer Guide, DAX encryption at rest",
        fsbp=("DynamoDB.3",),
    ),
    at_rest(
        "storage.elasticache-encrypted",
        *(
            switched_on(
                "AWS::ElastiCache::ReplicationGroup",
                "AtRestEncryptionEnabled",
                absent=absent,
                source="ElastiCache API Reference, CreateReplicationGroup (default: true with Valkey only)",
                when=when,
            )
            for absent, when in (
                ("ElastiCache then leaves swap, sync files and backups unencrypted", _is_redis),
                ("", _is_valkey),
            )
        ),
        title="ElastiCache replication groups encrypt what they write to disk",
        why="Sync and swap files and backups hold what the cache holds, sessions and tokens among it.",
        fix="set AtRestEncryptionEnabled: true (CDK: at_rest_encryption_enabled=True); it is set when a group is made",
        cdk='elasticache.CfnReplicationGroup(self, "Cache", replication_group_description="sessions",\n'
        "    at_rest_encryption_enabled=True, transit_encryption_enabled=True)",
        source="ElastiCache User Guide, At-Rest Encryption in ElastiCache",
        fsbp=("ElastiCache.4",),
    ),
    at_rest(
        "storage.appsync-cache-encrypted",
        # AppSync encrypts all caches, old and new; Security Hub retired its control (AppSync.1) on 2026-03-09.
        switched_on(
            "AWS::AppSync::ApiCache",
            "AtRestEncryptionEnabled",
            absent="",
            source=ENCRYPTED_BY_DEFAULT["AWS::AppSync::ApiCache"].source,
        ),
        title="AppSync caches are not told to stay unencrypted",
        why="A cache holds the answers of the API, private ones too; false asks AppSync to keep them readable.",
        fix="set AtRestEncryptionEnabled: true, or leave it out (CDK: at_rest_encryption_enabled=True)",
        cdk='appsync.CfnApiCache(self, "Cache", api_caching_behavior="FULL_REQUEST_CACHING", api_id=api.api_id,\n'
        '    ttl=300, type="SMALL", at_rest_encryption_enabled=True, transit_encryption_enabled=True)',
        source="AppSync Developer Guide, Configuring server-side caching: cache encryption",
    ),
    at_rest(
        "storage.athena-workgroup-enforced",
        # Athena enforces a workgroup's settings unless it is told not to.
        switched_on(
            "AWS::Athena::WorkGroup",
            "WorkGroupConfiguration",
            "EnforceWorkGroupConfiguration",
            absent="",
            source="Athena API Reference, WorkGroupConfiguration (EnforceWorkGroupConfiguration)",
        ),
        title="Athena workgroups enforce their encryption on every client",
        why="Otherwise each client chooses where its results go and how they are encrypted.",
        fix="set EnforceWorkGroupConfiguration: true, or leave it out (CDK: enforce_work_group_configuration=True)",
        cdk='athena.CfnWorkGroup(self, "Reports", name="reports",\n'
        "    work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(\n"
        "        enforce_work_group_configuration=True))",
        source="Athena User Guide, Override client-side settings",
    ),
    at_rest(
        "storage.eks-secrets-encrypted",
        Requirement(
            type="AWS::EKS::Cluster",
            path=("EncryptionConfig", "*", "Provider", "KeyArn"),
            accepts=None,
            expected="a KMS key for the Kubernetes secrets",
            absent="the secrets then lie in etcd in plain text above the disk",
            source="EKS User Guide, Default envelope encryption for all Kubernetes API Data (1.28 and later)",
            as_of=AS_OF,
            when=lambda cluster: _is_older_than(cluster.peek("Version"), 28),
            empty="before Kubernetes 1.28 the secrets then lie in etcd in plain text above the disk",
        ),
        title="EKS clusters encrypt Kubernetes secrets",
        why="From Kubernetes 1.28 on, EKS encrypts all API data in an envelope by itself; before, only with a key.",
        fix="move to Kubernetes 1.28 or later, or set EncryptionConfig with a key for the resource secrets",
        cdk='eks.CfnCluster(self, "Cluster", role_arn=role.role_arn, version="1.33",\n'
        "    resources_vpc_config=eks.CfnCluster.ResourcesVpcConfigProperty(subnet_ids=subnets))",
        source="EKS User Guide, Default envelope encryption for all Kubernetes API Data",
        fsbp=("EKS.3",),
        example={
            "Cluster": {
                "Type": "AWS::EKS::Cluster",
                "Properties": {
                    "Version": "1.27",
                    "EncryptionConfig": [
                        {"Resources": ["secrets"], "Provider": {"KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}}
                    ],
                },
            },
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}},
        },
    ),
)
