"""Databases, warehouses, brokers and search domains have no public address.

One rule for each service, each a property that must be so. RDS is judged by rules of its own, since there absence is
decided by the network. DocumentDB, ElastiCache, MemoryDB, DAX and serverless MSK cannot have a public address at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nexis.rules.requirements import Requirement, is_false, one_of, property_rule
from nexis.templates.values import Unknown

if TYPE_CHECKING:
    from nexis.rules.model import Rule, Severity
    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
PUBLIC: Final = "PubliclyAccessible"
WHY: Final = "With a public address it is one security group or one password away from everyone who scans the internet."


def _reference(type_: str) -> str:
    return f"CloudFormation resource reference, {type_}"


def _switch(type_: str, path: str = PUBLIC, absent: str = "") -> Requirement:
    """Require that a switch is off."""
    return Requirement(
        type=type_,
        path=tuple(path.split(".")),
        accepts=is_false,
        expected="false" if absent else "false, or nothing",
        absent=absent,
        source=f"{_reference(type_)} {path}",
        as_of=AS_OF,
        example=False,
    )


def _rule(
    name: str,
    title: str,
    cdk: str,
    fix: str,
    *requirements: Requirement,
    controls: dict[str, tuple[str, ...]] | None = None,
    severity: Severity = "fatal",
    why: str = WHY,
    example: dict[str, Any] | None = None,
) -> Rule:
    return property_rule(
        rule_id=f"network.{name}",
        title=title,
        why=why,
        requirements=requirements,
        fix=fix,
        cdk=cdk,
        source=_reference(requirements[0].type),
        severity=severity,
        claims=("touchpoints.network",),
        controls={"SOC 2": ("CC6.6",), "NIST 800-53 r5": ("SC-7",), **(controls or {})},
        example=example,
    )


# Absence: Redshift makes new clusters private since January 2025 (Redshift Management Guide, "Behavior changes").
REDSHIFT: Final = _switch("AWS::Redshift::Cluster")

# Absence: DMS makes a replication instance public (DMS API reference, CreateReplicationInstance: "default is true").
DMS: Final = _switch("AWS::DMS::ReplicationInstance", absent="DMS then gives the instance a public address")


def _is_to_be_told(domain: View) -> bool:
    """Whether it is not known that subnets are named: which ones they are does not matter."""
    return not isinstance(domain.peek("VPCOptions"), dict) or not isinstance(
        domain.peek("VPCOptions", "SubnetIds"), Unknown
    )


_DOMAINS: Final = tuple(
    Requirement(
        type=type_,
        path=("VPCOptions", "SubnetIds"),
        accepts=None,
        expected="the subnets it stands in",
        absent="the domain then has an endpoint on the internet",
        source=f"{_reference(type_)} VPCOptions",
        as_of=AS_OF,
        example=["subnet-0123456789abcdef0"],
        when=_is_to_be_told,
    )
    for type_ in ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")
)

RULES: Final[tuple[Rule, ...]] = (
    _rule(
        "redshift-not-public",
        "Redshift clusters have no public address",
        'redshift.CfnCluster(self, "Warehouse", publicly_accessible=False, **settings)',
        "set PubliclyAccessible: false or leave it out (CDK: publicly_accessible=False)",
        REDSHIFT,
        controls={"AWS FSBP": ("Redshift.1",)},
    ),
    _rule(
        "redshift-serverless-not-public",
        "Redshift Serverless workgroups have no public address",
        'redshiftserverless.CfnWorkgroup(self, "Warehouse", workgroup_name="warehouse", publicly_accessible=False)',
        "set PubliclyAccessible: false or leave it out (CDK: publicly_accessible=False)",
        _switch("AWS::RedshiftServerless::Workgroup"),  # the schema's default is false
        controls={"AWS FSBP": ("RedshiftServerless.3",)},
    ),
    _rule(
        "neptune-not-public",
        "Neptune instances have no public address",
        'neptune.CfnDBInstance(self, "Graph", db_instance_class="db.r6g.large", publicly_accessible=False)',
        "set PubliclyAccessible: false or leave it out (CDK: publicly_accessible=False)",
        _switch("AWS::Neptune::DBInstance"),  # private unless asked for: Neptune User Guide, "Public endpoints"
        _switch("AWS::NeptuneGraph::Graph", "PublicConnectivity"),
    ),
    _rule(
        "dms-not-public",
        "DMS replication instances have no public address",
        'dms.CfnReplicationInstance(self, "Copy", replication_instance_class="dms.t3.medium",\n'
        "                           publicly_accessible=False)",
        "set PubliclyAccessible: false; without it DMS gives a public address (CDK: publicly_accessible=False)",
        DMS,
        controls={"AWS FSBP": ("DMS.1",)},
    ),
    _rule(
        "mq-not-public",
        "MQ brokers have no public address",
        'amazonmq.CfnBroker(self, "Broker", publicly_accessible=False, **settings)',
        "set PubliclyAccessible: false (CDK: publicly_accessible=False)",
        _switch("AWS::AmazonMQ::Broker"),  # private unless asked for: MQ API reference, Brokers publiclyAccessible
    ),
    _rule(
        "timestream-not-public",
        "Timestream for InfluxDB instances and clusters have no public address",
        'timestream.CfnInfluxDBInstance(self, "Metrics", publicly_accessible=False)',
        "set PubliclyAccessible: false or leave it out (CDK: publicly_accessible=False)",
        _switch("AWS::Timestream::InfluxDBInstance"),  # the schema's default is false
        _switch("AWS::Timestream::InfluxDBCluster"),
    ),
    _rule(
        "lightsail-database-not-public",
        "Lightsail databases have no public address",
        'lightsail.CfnDatabase(self, "Orders", publicly_accessible=False, **settings)',
        "set PubliclyAccessible: false or leave it out (CDK: publicly_accessible=False)",
        _switch("AWS::Lightsail::Database"),  # public mode is off by default: Lightsail User Guide, "Public mode"
    ),
    _rule(
        "msk-not-public",
        "MSK brokers have no public addresses",
        'msk.CfnCluster(self, "Events", broker_node_group_info=brokers, **settings)',
        "set BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type: DISABLED or leave it out",
        Requirement(
            type="AWS::MSK::Cluster",
            path=("BrokerNodeGroupInfo", "ConnectivityInfo", "PublicAccess", "Type"),
            accepts=one_of("DISABLED"),
            expected="DISABLED, or nothing",
            absent="",  # off unless asked for: MSK API reference, PublicAccess
            source="CloudFormation resource reference, AWS::MSK::Cluster PublicAccess",
            as_of=AS_OF,
            example="DISABLED",
        ),
        controls={"AWS FSBP": ("MSK.4",)},
    ),
    _rule(
        "opensearch-in-vpc",
        "OpenSearch and Elasticsearch domains stand in a VPC",
        'opensearch.Domain(self, "Search", version=version, vpc=vpc)',
        "set VPCOptions with SubnetIds and SecurityGroupIds (CDK: vpc=vpc); a domain cannot be moved later",
        *_DOMAINS,
        controls={"AWS FSBP": ("Opensearch.2", "ES.2")},
        severity="error",
        why="A domain outside a VPC has an endpoint on the internet that only its access policy protects.",
    ),
)
