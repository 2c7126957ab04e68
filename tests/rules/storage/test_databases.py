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

SWITCH = ("Properties.StorageEncrypted",)
DOCDB = "AWS::DocDB::DBCluster"
NEPTUNE = "AWS::Neptune::DBCluster"
SEARCH = "AWS::OpenSearchService::Domain"
ELASTIC = "AWS::Elasticsearch::Domain"
GROUP = "AWS::ElastiCache::ReplicationGroup"
DAX = "AWS::DAX::Cluster"
EKS = "AWS::EKS::Cluster"
ATHENA = "AWS::Athena::WorkGroup"
OTHER = resources(It=resource("AWS::S3::Bucket"))


def clusters(rule: str, kind: str, global_kind: str) -> RuleCases:
    return RuleCases(
        rule,
        (
            good("true", resources(It=resource(kind, StorageEncrypted=True))),
            good("a global cluster, as text", resources(It=resource(global_kind, StorageEncrypted="true"))),
            good("a restore that says so", resources(It=resource(kind, SnapshotIdentifier="s", StorageEncrypted=True))),
            good(
                "a global cluster around an encrypted one",
                resources(
                    It=resource(global_kind, SourceDBClusterIdentifier={"Ref": "Source"}),
                    Source=resource(kind, StorageEncrypted=True),
                ),
            ),
            bad("absent", resources(It=resource(kind)), at=SWITCH),
            bad("a key alone encrypts nothing", resources(It=resource(kind, KmsKeyId="alias/ours")), at=SWITCH),
            bad("false", resources(It=resource(kind, StorageEncrypted=False)), at=SWITCH),
            bad(
                "a restore that says false",
                resources(It=resource(kind, SnapshotIdentifier="s", StorageEncrypted="false")),
                at=SWITCH,
            ),
            bad("a global cluster without", resources(It=resource(global_kind)), at=SWITCH),
            bad(
                "a copy of an unencrypted one",
                resources(It=resource(kind, SourceDBClusterIdentifier={"Ref": "Source"}), Source=resource(kind)),
                at=("Properties.SourceDBClusterIdentifier",),
            ),
            bad("a default of false", defaulted("false", It=resource(kind, StorageEncrypted=OPEN)), at=SWITCH),
            not_applicable("something else", OTHER),
            unknown("a parameter", opened(It=resource(kind, StorageEncrypted=OPEN)), at=SWITCH),
            unknown("as the snapshot is", resources(It=resource(kind, SnapshotIdentifier="s")), at=SWITCH),
            unknown(
                "as a cluster elsewhere is",
                resources(It=resource(kind, SourceDBClusterIdentifier="elsewhere")),
                at=("Properties.SourceDBClusterIdentifier",),
            ),
            unknown(
                "as a cluster is that depends on a parameter",
                opened(
                    It=resource(kind, SourceDBClusterIdentifier={"Ref": "Source"}),
                    Source=resource(kind, StorageEncrypted=OPEN),
                ),
                at=("Properties.SourceDBClusterIdentifier",),
            ),
            unknown(
                "only one branch is encrypted",
                conditional(It=resource(kind, StorageEncrypted=either(True, NO_VALUE))),
                at=SWITCH,
            ),
        ),
    )


def search(kind: str, value: Any) -> dict[str, Any]:
    return resource(kind, EncryptionAtRestOptions={"Enabled": value})


def kubernetes(version: Any, **properties: Any) -> dict[str, Any]:
    return resource(EKS, Version=version, **properties)


REDSHIFT = "AWS::Redshift::Cluster"
OPTIONS = ("Properties.EncryptionAtRestOptions.Enabled",)
AT_REST = ("Properties.AtRestEncryptionEnabled",)
SSE = ("Properties.SSESpecification.SSEEnabled",)
SECRETS = [{"Resources": ["secrets"], "Provider": {"KeyArn": "arn:aws:kms:eu-central-1:1:key/2"}}]
API_CACHE = "AWS::AppSync::ApiCache"
ENFORCE = ("Properties.WorkGroupConfiguration.EnforceWorkGroupConfiguration",)

CASES: tuple[RuleCases, ...] = (
    clusters("storage.docdb-encrypted", DOCDB, "AWS::DocDB::GlobalCluster"),
    clusters("storage.neptune-encrypted", NEPTUNE, "AWS::Neptune::GlobalCluster"),
    RuleCases(
        "storage.redshift-encrypted",
        (
            good("true", resources(It=resource(REDSHIFT, Encrypted="true"))),
            good("absent: Redshift encrypts since 2025-01-10", resources(It=resource(REDSHIFT))),
            bad("false", resources(It=resource(REDSHIFT, Encrypted=False)), at=("Properties.Encrypted",)),
            bad(
                "a default of false",
                defaulted("false", It=resource(REDSHIFT, Encrypted=OPEN)),
                at=("Properties.Encrypted",),
            ),
            not_applicable(
                "serverless is always encrypted", resources(It=resource("AWS::RedshiftServerless::Namespace"))
            ),
            unknown("a parameter", opened(It=resource(REDSHIFT, Encrypted=OPEN)), at=("Properties.Encrypted",)),
        ),
    ),
    RuleCases(
        "storage.opensearch-encrypted",
        (
            good("true", resources(It=search(SEARCH, True))),
            good("Elasticsearch", resources(It=search(ELASTIC, "true"))),
            bad("absent", resources(It=resource(SEARCH)), at=OPTIONS),
            bad("an Elasticsearch domain without", resources(It=resource(ELASTIC)), at=OPTIONS),
            bad("false", resources(It=search(SEARCH, False)), at=OPTIONS),
            bad(
                "a key without the switch",
                resources(It=resource(SEARCH, EncryptionAtRestOptions={"KmsKeyId": "alias/ours"})),
                at=OPTIONS,
            ),
            not_applicable(
                "serverless is always encrypted", resources(It=resource("AWS::OpenSearchServerless::Collection"))
            ),
            unknown("a parameter", opened(It=search(SEARCH, OPEN)), at=OPTIONS),
        ),
    ),
    RuleCases(
        "storage.dax-encrypted",
        (
            good("true", resources(It=resource(DAX, SSESpecification={"SSEEnabled": True}))),
            bad("absent", resources(It=resource(DAX)), at=SSE),
            bad("an empty specification", resources(It=resource(DAX, SSESpecification={})), at=SSE),
            bad("false", resources(It=resource(DAX, SSESpecification={"SSEEnabled": "false"})), at=SSE),
            not_applicable("DynamoDB encrypts every table", resources(It=resource("AWS::DynamoDB::Table"))),
            unknown("a parameter", opened(It=resource(DAX, SSESpecification={"SSEEnabled": OPEN})), at=SSE),
        ),
    ),
    RuleCases(
        "storage.elasticache-encrypted",
        (
            good("true", resources(It=resource(GROUP, AtRestEncryptionEnabled=True))),
            bad("absent", resources(It=resource(GROUP, TransitEncryptionEnabled=True)), at=AT_REST),
            bad("false", resources(It=resource(GROUP, AtRestEncryptionEnabled=False)), at=AT_REST),
            good("Valkey is encrypted by default", resources(It=resource(GROUP, Engine="valkey"))),
            bad(
                "Valkey that is told not to",
                resources(It=resource(GROUP, Engine="valkey", AtRestEncryptionEnabled=False)),
                at=AT_REST,
            ),
            bad("a key alone", resources(It=resource(GROUP, KmsKeyId="alias/ours")), at=AT_REST),
            not_applicable(
                "a member of a global datastore", resources(It=resource(GROUP, GlobalReplicationGroupId="abc-global"))
            ),
            not_applicable("serverless", resources(It=resource("AWS::ElastiCache::ServerlessCache"))),
            unknown("a parameter", opened(It=resource(GROUP, AtRestEncryptionEnabled=OPEN)), at=AT_REST),
        ),
    ),
    RuleCases(
        "storage.appsync-cache-encrypted",
        (
            good("true", resources(It=resource(API_CACHE, AtRestEncryptionEnabled=True))),
            good("absent: AppSync encrypts every cache", resources(It=resource(API_CACHE))),
            bad("false", resources(It=resource(API_CACHE, AtRestEncryptionEnabled=False)), at=AT_REST),
            not_applicable("an API without a cache", resources(It=resource("AWS::AppSync::GraphQLApi"))),
            unknown("a parameter", opened(It=resource(API_CACHE, AtRestEncryptionEnabled=OPEN)), at=AT_REST),
        ),
    ),
    RuleCases(
        "storage.athena-workgroup-enforced",
        (
            good(
                "true",
                resources(It=resource(ATHENA, WorkGroupConfiguration={"EnforceWorkGroupConfiguration": True})),
            ),
            good("absent: Athena enforces it", resources(It=resource(ATHENA))),
            bad(
                "false",
                resources(It=resource(ATHENA, WorkGroupConfiguration={"EnforceWorkGroupConfiguration": "false"})),
                at=ENFORCE,
            ),
            not_applicable("something else", OTHER),
            unknown(
                "a parameter",
                opened(It=resource(ATHENA, WorkGroupConfiguration={"EnforceWorkGroupConfiguration": OPEN})),
                at=ENFORCE,
            ),
        ),
    ),
    RuleCases(
        "storage.eks-secrets-encrypted",
        (
            good("an old version with a key", resources(It=kubernetes("1.24", EncryptionConfig=SECRETS))),
            good(
                "a key of the template",
                resources(
                    It=kubernetes("1.24", EncryptionConfig=[{"Provider": {"KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}}]),
                    Key=resource("AWS::KMS::Key"),
                ),
            ),
            bad("an old version without", resources(It=kubernetes("1.27")), at=("Properties.EncryptionConfig",)),
            bad("read as a number", resources(It=kubernetes(1.24)), at=("Properties.EncryptionConfig",)),
            bad(
                "an empty list",
                resources(It=kubernetes("1.21", EncryptionConfig=[])),
                at=("Properties.EncryptionConfig",),
            ),
            bad(
                "no key in it",
                resources(It=kubernetes("1.21", EncryptionConfig=[{"Resources": ["secrets"]}])),
                at=("Properties.EncryptionConfig.0.Provider.KeyArn",),
            ),
            not_applicable("1.28 encrypts by itself", resources(It=kubernetes("1.28"))),
            not_applicable("1.30 as YAML reads it", resources(It=kubernetes(1.3))),
            not_applicable("EKS's own default", resources(It=resource(EKS))),
            not_applicable("whichever version a parameter names", opened(It=kubernetes(OPEN))),
            unknown(
                "whether there is a key is open",
                opened(It=kubernetes("1.27", EncryptionConfig=OPEN)),
                at=("Properties.EncryptionConfig",),
            ),
        ),
    ),
)


@each_of(CASES)
def test_databases(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
