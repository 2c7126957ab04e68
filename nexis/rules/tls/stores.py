"""Databases, caches, streams and search domains encrypt what travels to, from and within them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.tls_policies import OPENSEARCH
from nexis.rules.requirements import Requirement, is_true, one_of, property_rule, row
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from collections.abc import Callable

    from nexis.templates.views import View

_AS_OF: Final = "2026-11-23"
_READABLE: Final = "On the way between client and server everything is readable and can be changed, passwords included."


def _decides_for_itself(group: View) -> bool:
    """A member of a global datastore takes the setting from its primary."""
    return isinstance(group.peek("GlobalReplicationGroupId"), Absent) or not isinstance(
        group.peek("TransitEncryptionEnabled"), Absent
    )


def _domain(
    path: tuple[str, ...],
    absent: str,
    expected: str,
    accepts: Callable[[str], bool] = is_true,
    example: bool | str = True,
) -> tuple[Requirement, ...]:
    """Ask the same of domains of OpenSearch and of its predecessor, which have the same properties."""
    return tuple(
        row(kind, *path, as_of=_AS_OF, accepts=accepts, expected=expected, absent=absent, example=example)
        for kind in ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")
    )


RULES = (
    property_rule(
        rule_id="tls.rds-proxy",
        title="RDS proxies accept nothing but TLS",
        why="A proxy without it lets an application log in over plain text, whatever the database behind it demands.",
        requirements=(
            Requirement(
                type="AWS::RDS::DBProxy",
                path=("RequireTLS",),
                accepts=is_true,
                expected="true",
                absent="RDS's default is false",
                source="RDS API, CreateDBProxy RequireTLS",
                as_of=_AS_OF,
                example=True,
            ),
        ),
        fix="set RequireTLS: true (CDK: require_tls=True)",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("RDS.43",), "NIST 800-53 r5": ("SC-8",)},
        source="RDS User Guide, Using TLS/SSL with RDS Proxy",
        cdk="rds.DatabaseProxy(self, 'Proxy', proxy_target=target, secrets=[secret], vpc=vpc, require_tls=True)",
    ),
    property_rule(
        rule_id="tls.elasticache-replication-group",
        title="ElastiCache replication groups encrypt what travels and answer nothing else",
        why=_READABLE,
        requirements=(
            Requirement(
                type="AWS::ElastiCache::ReplicationGroup",
                path=("TransitEncryptionEnabled",),
                accepts=is_true,
                expected="true",
                absent="ElastiCache's default is false",
                source="ElastiCache API, CreateReplicationGroup TransitEncryptionEnabled",
                as_of=_AS_OF,
                example=True,
                when=_decides_for_itself,
            ),
            Requirement(
                type="AWS::ElastiCache::ReplicationGroup",
                path=("TransitEncryptionMode",),
                accepts=lambda mode: mode.lower() == "required",
                expected="required; with preferred the group also answers plain text",
                absent="",  # required where encryption is on
                source="ElastiCache API, CreateReplicationGroup TransitEncryptionMode",
                as_of=_AS_OF,
                example="required",
            ),
        ),
        fix="set TransitEncryptionEnabled: true and leave TransitEncryptionMode out or at required",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("ElastiCache.5",), "NIST 800-53 r5": ("SC-8",)},
        source="ElastiCache User Guide, In-transit encryption (TLS)",
        cdk="""\
elasticache.CfnReplicationGroup(
    self, "Cache", replication_group_description="sessions", transit_encryption_enabled=True
)
""",
    ),
    property_rule(
        rule_id="tls.elasticache-cluster",
        title="ElastiCache clusters encrypt what travels",
        why=_READABLE,
        requirements=(
            Requirement(
                type="AWS::ElastiCache::CacheCluster",
                path=("TransitEncryptionEnabled",),
                accepts=is_true,
                expected="true",
                # Memcached from 1.6.12 on can have it here; Redis and Valkey have it in a replication group.
                absent="ElastiCache's default is false",
                source="ElastiCache API, CreateCacheCluster TransitEncryptionEnabled",
                as_of=_AS_OF,
                example=True,
            ),
        ),
        fix="set TransitEncryptionEnabled: true (Memcached from 1.6.12 on; Redis and Valkey: in an "
        "AWS::ElastiCache::ReplicationGroup), or use an AWS::ElastiCache::ServerlessCache, which always encrypts",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="ElastiCache User Guide, In-transit encryption (TLS)",
        cdk="""\
elasticache.CfnCacheCluster(
    self, "Cache", engine="memcached", cache_node_type="cache.t4g.small", num_cache_nodes=1,
    transit_encryption_enabled=True,
)
""",
    ),
    property_rule(
        rule_id="tls.memorydb",
        title="MemoryDB clusters answer nothing but TLS",
        why=_READABLE,
        requirements=tuple(
            Requirement(
                type=kind,
                path=("TLSEnabled",),
                accepts=is_true,
                expected="true or nothing",
                absent="",  # on by default
                source="MemoryDB Developer Guide, In-transit encryption (TLS) in MemoryDB",
                as_of=_AS_OF,
                example=True,
            )
            for kind in ("AWS::MemoryDB::Cluster", "AWS::MemoryDB::MultiRegionCluster")
        ),
        fix="leave TLSEnabled out or set it to true",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "NIST 800-53 r5": ("SC-8",)},
        source="MemoryDB Developer Guide, In-transit encryption (TLS) in MemoryDB",
        cdk="""\
memorydb.CfnCluster(
    self, "Store", acl_name="application", cluster_name="store", node_type="db.r7g.large", tls_enabled=True
)
""",
    ),
    property_rule(
        rule_id="tls.dax",
        title="DAX clusters encrypt their endpoint",
        why=_READABLE,
        requirements=(
            Requirement(
                type="AWS::DAX::Cluster",
                path=("ClusterEndpointEncryptionType",),
                accepts=one_of("TLS"),
                expected="'TLS'",
                absent="DAX's default is NONE",
                source="DAX API, CreateCluster ClusterEndpointEncryptionType",
                as_of=_AS_OF,
                example="TLS",
            ),
        ),
        fix="set ClusterEndpointEncryptionType: TLS",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("DynamoDB.7",), "NIST 800-53 r5": ("SC-8",)},
        source="DynamoDB Developer Guide, DAX encryption in transit",
        cdk="""\
dax.CfnCluster(
    self, "Dax", iam_role_arn=role.role_arn, node_type="dax.r5.large", replication_factor=3,
    cluster_endpoint_encryption_type="TLS",
)
""",
    ),
    property_rule(
        rule_id="tls.msk",
        title="MSK clusters encrypt what travels between clients and brokers, and between brokers",
        why=_READABLE,
        requirements=(
            Requirement(
                type="AWS::MSK::Cluster",
                path=("EncryptionInfo",),
                accepts=None,
                expected="EncryptionInTransit with ClientBroker TLS and InCluster true",
                absent="MSK's default then also answers plain text",
                source="MSK API, EncryptionInfo",
                as_of=_AS_OF,
            ),
            Requirement(
                type="AWS::MSK::Cluster",
                path=("EncryptionInfo", "EncryptionInTransit", "ClientBroker"),
                accepts=one_of("TLS"),
                expected="'TLS'",
                absent="",
                source="MSK API, EncryptionInTransit",
                as_of=_AS_OF,
                example="TLS",
            ),
            Requirement(
                type="AWS::MSK::Cluster",
                path=("EncryptionInfo", "EncryptionInTransit", "InCluster"),
                accepts=is_true,
                expected="true or nothing",
                absent="",  # true by default
                source="MSK API, EncryptionInTransit",
                as_of=_AS_OF,
                example=True,
            ),
        ),
        fix="set EncryptionInfo.EncryptionInTransit to ClientBroker: TLS and InCluster: true",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("MSK.1",), "NIST 800-53 r5": ("SC-8",)},
        source="MSK Developer Guide, Amazon MSK encryption in transit",
        cdk="""\
in_transit = msk.CfnCluster.EncryptionInTransitProperty(client_broker="TLS", in_cluster=True)
msk.CfnCluster(
    self, "Events", broker_node_group_info=nodes, cluster_name="events", kafka_version="3.8.x",
    number_of_broker_nodes=3, encryption_info=msk.CfnCluster.EncryptionInfoProperty(encryption_in_transit=in_transit),
)
""",
    ),
    property_rule(
        rule_id="tls.msk-connect",
        title="MSK connectors and replicators speak TLS to their clusters",
        why=_READABLE,
        requirements=(
            Requirement(
                type="AWS::KafkaConnect::Connector",
                path=("KafkaClusterEncryptionInTransit", "EncryptionType"),
                accepts=one_of("TLS"),
                expected="'TLS'",
                absent="",
                source="MSK Connect API, KafkaClusterEncryptionInTransit",
                as_of=_AS_OF,
                example="TLS",
            ),
            Requirement(
                type="AWS::MSK::Replicator",
                path=("KafkaClusters", "*", "EncryptionInTransit", "EncryptionType"),
                accepts=one_of("TLS"),
                expected="'TLS'",
                absent="",
                source="CloudFormation reference, AWS::MSK::Replicator KafkaClusterEncryptionInTransit",
                as_of=_AS_OF,
                example="TLS",
            ),
        ),
        fix="set EncryptionType: TLS in the encryption in transit of the cluster",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("MSK.3",), "NIST 800-53 r5": ("SC-8",)},
        source="MSK Developer Guide, MSK Connect encryption in transit",
        cdk="""\
in_transit = kafkaconnect.CfnConnector.KafkaClusterEncryptionInTransitProperty(encryption_type="TLS")
""",
    ),
    property_rule(
        rule_id="tls.opensearch-https",
        title="OpenSearch domains answer nothing but HTTPS",
        why="Queries, documents and session cookies are readable on the way where the domain also answers plain HTTP.",
        requirements=_domain(
            ("DomainEndpointOptions", "EnforceHTTPS"), "the domain then also answers plain HTTP", "true"
        ),
        fix="set DomainEndpointOptions.EnforceHTTPS: true (CDK: enforce_https=True)",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("ES.8", "Opensearch.8"), "NIST 800-53 r5": ("SC-8",)},
        source="OpenSearch Service Developer Guide, Infrastructure security: require HTTPS",
        cdk="""\
opensearch.Domain(self, "Search", version=opensearch.EngineVersion.OPENSEARCH_2_19, enforce_https=True)
""",
    ),
    property_rule(
        rule_id="tls.opensearch-node-to-node",
        title="OpenSearch domains encrypt what travels between their nodes",
        why="Replicas and query results cross the network between the nodes; without it in plain text.",
        requirements=_domain(
            ("NodeToNodeEncryptionOptions", "Enabled"), "traffic between nodes is not encrypted by default", "true"
        ),
        fix="set NodeToNodeEncryptionOptions.Enabled: true (CDK: node_to_node_encryption=True)",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("ES.3", "Opensearch.3"), "NIST 800-53 r5": ("SC-8",)},
        source="OpenSearch Service Developer Guide, Node-to-node encryption",
        cdk="""\
opensearch.Domain(self, "Search", version=opensearch.EngineVersion.OPENSEARCH_2_19, node_to_node_encryption=True)
""",
    ),
    property_rule(
        rule_id="tls.opensearch-policy",
        title="OpenSearch domains accept no TLS version below 1.2",
        why="TLS 1.0 and 1.1 are withdrawn; an attacker on the way can push a connection down to them.",
        requirements=_domain(
            ("DomainEndpointOptions", "TLSSecurityPolicy"),
            "without it a domain may accept TLS 1.0",
            f"a policy with TLS 1.2 or later, such as {OPENSEARCH.recommended}",
            accepts=OPENSEARCH.is_current,
            example=OPENSEARCH.recommended,
        ),
        fix=f"set DomainEndpointOptions.TLSSecurityPolicy: {OPENSEARCH.recommended} "
        "(CDK: tls_security_policy=opensearch.TLSSecurityPolicy.TLS_1_2_PFS)",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("ES.8", "Opensearch.8"), "NIST 800-53 r5": ("SC-8",)},
        source=OPENSEARCH.source,
        cdk="""\
opensearch.Domain(
    self, "Search", version=opensearch.EngineVersion.OPENSEARCH_2_19,
    tls_security_policy=opensearch.TLSSecurityPolicy.TLS_1_2_PFS,
)
""",
    ),
    property_rule(
        rule_id="tls.appsync-cache",
        title="AppSync caches encrypt what travels to and from them",
        why="Answers of the API travel to the cache and back; without it in plain text.",
        requirements=(
            Requirement(
                type="AWS::AppSync::ApiCache",
                path=("TransitEncryptionEnabled",),
                accepts=is_true,
                expected="true",
                absent="AppSync's default is false",
                source="AppSync API, CreateApiCache transitEncryptionEnabled",
                as_of=_AS_OF,
                example=True,
            ),
        ),
        fix="set TransitEncryptionEnabled: true",
        claims=("connections.tls",),
        controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("AppSync.6",), "NIST 800-53 r5": ("SC-8",)},
        source="AppSync Developer Guide, Configuring server-side caching: cache encryption",
        cdk="""\
appsync.CfnApiCache(
    self, "Cache", api_id=api.api_id, api_caching_behavior="FULL_REQUEST_CACHING", ttl=60, type="SMALL",
    transit_encryption_enabled=True,
)
""",
    ),
)
