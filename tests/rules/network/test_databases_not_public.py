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
from tests.support.rule_templates import OPEN, conditional, defaulted, either, opened

AT = ("Properties.PubliclyAccessible",)
BUCKET = not_applicable("a bucket", resources(It=resource("AWS::S3::Bucket")))


def one(type_: str, value: Any) -> dict[str, Any]:
    return resource(type_, PubliclyAccessible=value)


def msk(kind: Any) -> dict[str, Any]:
    return resource(
        "AWS::MSK::Cluster",
        BrokerNodeGroupInfo={"ClientSubnets": ["a"], "ConnectivityInfo": {"PublicAccess": {"Type": kind}}},
    )


MSK = ("Properties.BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type",)
DOMAIN = "AWS::OpenSearchService::Domain"
SUBNETS = ("Properties.VPCOptions.SubnetIds",)

CASES = (
    RuleCases(
        "network.redshift-not-public",
        (
            good("false", resources(It=one("AWS::Redshift::Cluster", "false"))),
            good("nothing, which is private", resources(It=resource("AWS::Redshift::Cluster"))),
            bad("true", resources(It=one("AWS::Redshift::Cluster", True)), at=AT),
            bad("a parameter's default", defaulted("true", It=one("AWS::Redshift::Cluster", OPEN)), at=AT),
            unknown("a parameter", opened(It=one("AWS::Redshift::Cluster", OPEN)), at=AT),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.redshift-serverless-not-public",
        (
            good("false", resources(It=one("AWS::RedshiftServerless::Workgroup", False))),
            good("nothing", resources(It=resource("AWS::RedshiftServerless::Workgroup"))),
            bad("true", resources(It=one("AWS::RedshiftServerless::Workgroup", "true")), at=AT),
            unknown("a parameter", opened(It=one("AWS::RedshiftServerless::Workgroup", OPEN)), at=AT),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.neptune-not-public",
        (
            good("nothing", resources(It=resource("AWS::Neptune::DBInstance"))),
            good("a graph", resources(It=resource("AWS::NeptuneGraph::Graph", PublicConnectivity=False))),
            bad("true", resources(It=one("AWS::Neptune::DBInstance", True)), at=AT),
            bad(
                "a public graph",
                resources(It=resource("AWS::NeptuneGraph::Graph", PublicConnectivity="true")),
                at=("Properties.PublicConnectivity",),
            ),
            unknown("a parameter", opened(It=one("AWS::Neptune::DBInstance", OPEN)), at=AT),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.dms-not-public",
        (
            good("false", resources(It=one("AWS::DMS::ReplicationInstance", False))),
            good("a parameter's default", defaulted("false", It=one("AWS::DMS::ReplicationInstance", OPEN))),
            bad("true", resources(It=one("AWS::DMS::ReplicationInstance", "true")), at=AT),
            bad("nothing, which is public", resources(It=resource("AWS::DMS::ReplicationInstance")), at=AT),
            unknown("a condition", conditional(It=one("AWS::DMS::ReplicationInstance", either(True, False))), at=AT),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.mq-not-public",
        (
            good("false", resources(It=one("AWS::AmazonMQ::Broker", False))),
            bad("true", resources(It=one("AWS::AmazonMQ::Broker", True)), at=AT),
            unknown("a parameter", opened(It=one("AWS::AmazonMQ::Broker", OPEN)), at=AT),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.timestream-not-public",
        (
            good("nothing", resources(It=resource("AWS::Timestream::InfluxDBInstance"))),
            bad("true", resources(It=one("AWS::Timestream::InfluxDBInstance", True)), at=AT),
            bad("a cluster", resources(It=one("AWS::Timestream::InfluxDBCluster", "true")), at=AT),
            unknown("a parameter", opened(It=one("AWS::Timestream::InfluxDBCluster", OPEN)), at=AT),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.lightsail-database-not-public",
        (
            good("false", resources(It=one("AWS::Lightsail::Database", False))),
            bad("true", resources(It=one("AWS::Lightsail::Database", True)), at=AT),
            unknown("a parameter", opened(It=one("AWS::Lightsail::Database", OPEN)), at=AT),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.msk-not-public",
        (
            good("nothing", resources(It=resource("AWS::MSK::Cluster", BrokerNodeGroupInfo={"ClientSubnets": ["a"]}))),
            good("off", resources(It=msk("DISABLED"))),
            bad("on", resources(It=msk("SERVICE_PROVIDED_EIPS")), at=MSK),
            bad("a parameter's default", defaulted("SERVICE_PROVIDED_EIPS", It=msk(OPEN)), at=MSK),
            unknown("a parameter", opened(It=msk(OPEN)), at=MSK),
            BUCKET,
        ),
    ),
    RuleCases(
        "network.opensearch-in-vpc",
        (
            good("in subnets", resources(It=resource(DOMAIN, VPCOptions={"SubnetIds": ["subnet-1"]}))),
            good(
                "in a subnet of a parameter's",
                defaulted("subnet-1", It=resource(DOMAIN, VPCOptions={"SubnetIds": OPEN})),
            ),
            bad("nothing", resources(It=resource(DOMAIN)), at=SUBNETS),
            bad("an Elasticsearch domain", resources(It=resource("AWS::Elasticsearch::Domain")), at=SUBNETS),
            bad(
                "groups without subnets",
                resources(It=resource(DOMAIN, VPCOptions={"SecurityGroupIds": ["sg-1"]})),
                at=SUBNETS,
            ),
            unknown("a parameter", opened(It=resource(DOMAIN, VPCOptions=OPEN)), at=SUBNETS),
            BUCKET,
        ),
    ),
)


@each_of(CASES)
def test_databases_not_public(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
