from __future__ import annotations

from tests.rules.tls._rows import cases_of
from tests.support.rule_cases import Case, RuleCases, bad, each_of, good, hold, resource, resources
from tests.support.rule_templates import NO_VALUE, OPEN, either

GROUP = "AWS::ElastiCache::ReplicationGroup"
OPENSEARCH = "AWS::OpenSearchService::Domain"
ELASTICSEARCH = "AWS::Elasticsearch::Domain"
HTTPS = "Properties.DomainEndpointOptions.EnforceHTTPS"
POLICY = "Properties.DomainEndpointOptions.TLSSecurityPolicy"
NODES = "Properties.NodeToNodeEncryptionOptions.Enabled"
CLIENTS = "Properties.EncryptionInfo.EncryptionInTransit.ClientBroker"
BROKERS = "Properties.EncryptionInfo.EncryptionInTransit.InCluster"


def in_transit(client: object, brokers: object = True) -> dict[str, object]:
    return {"EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": client, "InCluster": brokers}}}


CASES = (
    cases_of(
        "tls.rds-proxy",
        "AWS::RDS::DBProxy",
        fine={"required": {"RequireTLS": True}, "as text": {"RequireTLS": "true"}},
        wrong={
            "not required": ({"RequireTLS": False}, "Properties.RequireTLS"),
            "absent": ({}, "Properties.RequireTLS"),
        },
        weak=({"RequireTLS": OPEN}, "false", "Properties.RequireTLS"),
        either=({"RequireTLS": either(True, NO_VALUE)}, "Properties.RequireTLS"),
        open_=({"RequireTLS": OPEN}, "Properties.RequireTLS"),
    ),
    cases_of(
        "tls.elasticache-replication-group",
        GROUP,
        fine={
            "on": {"TransitEncryptionEnabled": True},
            "on and required": {"TransitEncryptionEnabled": "true", "TransitEncryptionMode": "required"},
            "its primary decides": {"GlobalReplicationGroupId": "ldgnf-x"},
        },
        wrong={
            "absent": ({}, "Properties.TransitEncryptionEnabled"),
            "off": ({"TransitEncryptionEnabled": "false"}, "Properties.TransitEncryptionEnabled"),
            "off in a member": (
                {"TransitEncryptionEnabled": False, "GlobalReplicationGroupId": "ldgnf-x"},
                "Properties.TransitEncryptionEnabled",
            ),
            "plain text too": (
                {"TransitEncryptionEnabled": True, "TransitEncryptionMode": "preferred"},
                "Properties.TransitEncryptionMode",
            ),
        },
        weak=({"TransitEncryptionEnabled": OPEN}, "false", "Properties.TransitEncryptionEnabled"),
        open_=({"TransitEncryptionEnabled": OPEN}, "Properties.TransitEncryptionEnabled"),
    ),
    cases_of(
        "tls.elasticache-cluster",
        "AWS::ElastiCache::CacheCluster",
        fine={"on": {"Engine": "memcached", "TransitEncryptionEnabled": True}},
        wrong={
            "off": ({"TransitEncryptionEnabled": False}, "Properties.TransitEncryptionEnabled"),
            "nothing said": ({"Engine": "memcached"}, "Properties.TransitEncryptionEnabled"),
            "Redis without a replication group": ({"Engine": "redis"}, "Properties.TransitEncryptionEnabled"),
        },
        weak=({"TransitEncryptionEnabled": OPEN}, "false", "Properties.TransitEncryptionEnabled"),
        open_=({"TransitEncryptionEnabled": OPEN}, "Properties.TransitEncryptionEnabled"),
    ),
    cases_of(
        "tls.memorydb",
        "AWS::MemoryDB::Cluster",
        fine={"on by default": {}, "on": {"TLSEnabled": True}},
        wrong={"off": ({"TLSEnabled": "false"}, "Properties.TLSEnabled")},
        weak=({"TLSEnabled": OPEN}, "false", "Properties.TLSEnabled"),
        open_=({"TLSEnabled": OPEN}, "Properties.TLSEnabled"),
        more=(
            bad(
                "a multi-region cluster",
                resources(It=resource("AWS::MemoryDB::MultiRegionCluster", TLSEnabled=False)),
                at=("Properties.TLSEnabled",),
            ),
        ),
    ),
    cases_of(
        "tls.dax",
        "AWS::DAX::Cluster",
        fine={"TLS": {"ClusterEndpointEncryptionType": "TLS"}},
        wrong={
            "none": ({"ClusterEndpointEncryptionType": "NONE"}, "Properties.ClusterEndpointEncryptionType"),
            "absent": ({}, "Properties.ClusterEndpointEncryptionType"),
        },
        weak=({"ClusterEndpointEncryptionType": OPEN}, "NONE", "Properties.ClusterEndpointEncryptionType"),
        open_=({"ClusterEndpointEncryptionType": OPEN}, "Properties.ClusterEndpointEncryptionType"),
    ),
    cases_of(
        "tls.msk",
        "AWS::MSK::Cluster",
        fine={
            "both": in_transit("TLS"),
            "brokers by default": {"EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": "TLS"}}},
            "only at rest is written": {"EncryptionInfo": {"EncryptionAtRest": {"DataVolumeKMSKeyId": "key"}}},
        },
        wrong={
            "nothing": ({}, "Properties.EncryptionInfo"),
            "either": (in_transit("TLS_PLAINTEXT"), CLIENTS),
            "none": (in_transit("PLAINTEXT"), CLIENTS),
            "between brokers": (in_transit("TLS", brokers=False), BROKERS),
        },
        weak=(in_transit(OPEN), "PLAINTEXT", CLIENTS),
        open_=(in_transit(OPEN), CLIENTS),
    ),
    cases_of(
        "tls.msk-connect",
        "AWS::KafkaConnect::Connector",
        fine={"TLS": {"KafkaClusterEncryptionInTransit": {"EncryptionType": "TLS"}}},
        wrong={
            "plain": (
                {"KafkaClusterEncryptionInTransit": {"EncryptionType": "PLAINTEXT"}},
                "Properties.KafkaClusterEncryptionInTransit.EncryptionType",
            )
        },
        open_=(
            {"KafkaClusterEncryptionInTransit": {"EncryptionType": OPEN}},
            "Properties.KafkaClusterEncryptionInTransit.EncryptionType",
        ),
        more=(
            bad(
                "a replicator",
                resources(
                    It=resource(
                        "AWS::MSK::Replicator",
                        KafkaClusters=[{}, {"EncryptionInTransit": {"EncryptionType": "PLAINTEXT"}}],
                    )
                ),
                at=("Properties.KafkaClusters.1.EncryptionInTransit.EncryptionType",),
            ),
        ),
    ),
    cases_of(
        "tls.opensearch-https",
        OPENSEARCH,
        fine={"enforced": {"DomainEndpointOptions": {"EnforceHTTPS": True}}},
        wrong={
            "absent": ({}, HTTPS),
            "off": ({"DomainEndpointOptions": {"EnforceHTTPS": "false"}}, HTTPS),
        },
        weak=({"DomainEndpointOptions": {"EnforceHTTPS": OPEN}}, "false", HTTPS),
        either=({"DomainEndpointOptions": either({"EnforceHTTPS": True}, NO_VALUE)}, HTTPS),
        open_=({"DomainEndpointOptions": {"EnforceHTTPS": OPEN}}, HTTPS),
        more=(bad("the old type", resources(It=resource(ELASTICSEARCH)), at=(HTTPS,)),),
    ),
    cases_of(
        "tls.opensearch-node-to-node",
        OPENSEARCH,
        fine={"on": {"NodeToNodeEncryptionOptions": {"Enabled": True}}},
        wrong={"absent": ({}, NODES), "off": ({"NodeToNodeEncryptionOptions": {"Enabled": False}}, NODES)},
        weak=({"NodeToNodeEncryptionOptions": {"Enabled": OPEN}}, "false", NODES),
        open_=({"NodeToNodeEncryptionOptions": {"Enabled": OPEN}}, NODES),
        more=(
            good(
                "the old type",
                resources(It=resource(ELASTICSEARCH, NodeToNodeEncryptionOptions={"Enabled": "true"})),
            ),
        ),
    ),
    cases_of(
        "tls.opensearch-policy",
        OPENSEARCH,
        fine={
            "TLS 1.2": {"DomainEndpointOptions": {"TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"}},
            "newer than our table": {"DomainEndpointOptions": {"TLSSecurityPolicy": "Policy-Min-TLS-1-3-2030-01"}},
        },
        wrong={
            "absent": ({"DomainEndpointOptions": {"EnforceHTTPS": True}}, POLICY),
            "TLS 1.0": ({"DomainEndpointOptions": {"TLSSecurityPolicy": "Policy-Min-TLS-1-0-2019-07"}}, POLICY),
            "no policy at all": ({"DomainEndpointOptions": {"TLSSecurityPolicy": "modern"}}, POLICY),
        },
        open_=({"DomainEndpointOptions": {"TLSSecurityPolicy": OPEN}}, POLICY),
    ),
    cases_of(
        "tls.appsync-cache",
        "AWS::AppSync::ApiCache",
        fine={"on": {"TransitEncryptionEnabled": True}},
        wrong={
            "absent": ({}, "Properties.TransitEncryptionEnabled"),
            "off": ({"TransitEncryptionEnabled": False}, "Properties.TransitEncryptionEnabled"),
        },
        open_=({"TransitEncryptionEnabled": OPEN}, "Properties.TransitEncryptionEnabled"),
    ),
)


@each_of(CASES)
def test_stores(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
