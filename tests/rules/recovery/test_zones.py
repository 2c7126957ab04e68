from __future__ import annotations

from typing import Any

from nexis.facts.tags import CLUSTER_TAG
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
from tests.support.rule_templates import NO_VALUE, OPEN, conditional, either, opened

OTHER = not_applicable("another type", resources(It=resource("AWS::S3::Bucket")))
GROUP = "AWS::AutoScaling::AutoScalingGroup"
CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
FUNCTION = "AWS::Lambda::Function"
FIREWALL = "AWS::NetworkFirewall::Firewall"
CACHE = "AWS::ElastiCache::ReplicationGroup"
NODES = "AWS::ElastiCache::CacheCluster"
SEARCH = "AWS::OpenSearchService::Domain"
OLD_SEARCH = "AWS::Elasticsearch::Domain"
BROKER = "AWS::AmazonMQ::Broker"
COPY = "AWS::DMS::ReplicationInstance"
FSX = "AWS::FSx::FileSystem"
STORE = "AWS::MemoryDB::Cluster"
ONE = [{"Ref": "A"}]
TWO = [{"Ref": "A"}, {"Ref": "B"}]
SUBNET = resource("AWS::EC2::Subnet")


def network(it: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    return resources(It=it, A=SUBNET, B=SUBNET, **more)


def handed_in(kind: str, it: dict[str, Any]) -> dict[str, Any]:
    return {"Parameters": {"Open": {"Type": kind}}, **resources(It=it, A=SUBNET)}


def group(**more: Any) -> dict[str, Any]:
    return resource(GROUP, MinSize="1", MaxSize="4", **more)


def function(subnets: Any) -> dict[str, Any]:
    return resource(FUNCTION, VpcConfig={"SubnetIds": subnets, "SecurityGroupIds": ["sg-1"]})


def search(kind: str = SEARCH, **config: Any) -> dict[str, Any]:
    name = "ClusterConfig" if kind == SEARCH else "ElasticsearchClusterConfig"
    return resource(kind, **{name: config})


def row(rule: str, kind: str, name: str, right: Any, wrong: Any, *, absent: str = "bad") -> RuleCases:
    at = (f"Properties.{name}",)
    nothing = resources(It=resource(kind))
    return RuleCases(
        rule,
        (
            good("so", resources(It=resource(kind, **{name: right}))),
            good("absent", nothing) if absent == "good" else bad("absent", nothing, at=at),
            bad("otherwise", resources(It=resource(kind, **{name: wrong})), at=at),
            unknown("open", opened(It=resource(kind, **{name: OPEN})), at=at),
            OTHER,
        ),
    )


def members(service: str, rule: str) -> RuleCases:
    cluster = resource(f"AWS::{service}::DBCluster")
    member = resource(f"AWS::{service}::DBInstance", DBClusterIdentifier={"Ref": "It"})
    stray = resource(f"AWS::{service}::DBInstance", DBClusterIdentifier=OPEN)
    return RuleCases(
        rule,
        (
            good("two instances", resources(It=cluster, A=member, B=member)),
            bad("one instance", resources(It=cluster, A=member), at=("Properties",)),
            not_applicable("instances elsewhere", resources(It=cluster)),
            OTHER,
            unknown("an instance of an open cluster", opened(It=cluster, A=member, B=stray), at=("Properties",)),
            unknown(
                "the second only sometimes",
                conditional(It=cluster, A=member, B={**member, "Condition": "Chosen"}),
                at=("Properties",),
            ),
        ),
    )


SINGLE = resource(GROUP, MaxSize="1", VPCZoneIdentifier=ONE)
FIRST = {"Fn::Select": [0, {"Fn::GetAZs": ""}]}


def subnet(zone: Any) -> dict[str, Any]:
    return resource("AWS::EC2::Subnet", AvailabilityZone=zone)


CASES = (
    RuleCases(
        "recovery.asg-zones",
        (
            good("two subnets", network(group(VPCZoneIdentifier=TWO))),
            good("two subnets in one text", resources(It=group(VPCZoneIdentifier=["subnet-1,subnet-2"]))),
            bad("one subnet", network(group(VPCZoneIdentifier=ONE)), at=("Properties.VPCZoneIdentifier",)),
            bad(
                "one zone",
                resources(It=group(AvailabilityZones=["eu-central-1a"])),
                at=("Properties.AvailabilityZones",),
            ),
            bad(
                "one subnet, handed in",
                handed_in("AWS::EC2::Subnet::Id", group(VPCZoneIdentifier=[OPEN])),
                at=("Properties.VPCZoneIdentifier",),
            ),
            not_applicable(
                "subnets, handed in", handed_in("List<AWS::EC2::Subnet::Id>", group(VPCZoneIdentifier=OPEN))
            ),
            not_applicable("all zones", resources(It=group(AvailabilityZones={"Fn::GetAZs": ""}))),
            bad(
                "one instance, which can start nowhere else",
                network(resource(GROUP, MaxSize=1, VPCZoneIdentifier=ONE)),
                at=("Properties.VPCZoneIdentifier",),
            ),
            not_applicable(
                "one instance of several, each in a group of its own",
                network(SINGLE, Other=resource(GROUP, MaxSize="1", VPCZoneIdentifier=TWO)),
            ),
            not_applicable(
                "the host of a cluster",
                network(
                    resource(GROUP, MaxSize=1, VPCZoneIdentifier=ONE, Tags=[{"Key": CLUSTER_TAG, "Value": "main"}])
                ),
            ),
            bad(
                "two subnets of one zone",
                resources(It=group(VPCZoneIdentifier=TWO), A=subnet("eu-central-1a"), B=subnet("eu-central-1a")),
                at=("Properties.VPCZoneIdentifier",),
            ),
            bad(
                "two subnets of the first zone",
                resources(It=group(VPCZoneIdentifier=TWO), A=subnet(FIRST), B=subnet(FIRST)),
                at=("Properties.VPCZoneIdentifier",),
            ),
            good(
                "two subnets of two zones",
                resources(It=group(VPCZoneIdentifier=TWO), A=subnet(FIRST), B=subnet("eu-central-1b")),
            ),
            good(
                "two subnets, of which one stands elsewhere",
                resources(It=group(VPCZoneIdentifier=[{"Ref": "A"}, "subnet-1"]), A=subnet(FIRST)),
            ),
            unknown(
                "one subnet sometimes",
                {**conditional(It=group(VPCZoneIdentifier=either(ONE, TWO)), A=SUBNET, B=SUBNET)},
                at=("Properties.VPCZoneIdentifier",),
            ),
        ),
    ),
    RuleCases(
        "recovery.elb-zones",
        (
            good("two subnets", network(resource(CLASSIC, Subnets=TWO))),
            bad("one subnet", network(resource(CLASSIC, Subnets=ONE)), at=("Properties.Subnets",)),
            not_applicable("zones, handed in", opened(It=resource(CLASSIC, AvailabilityZones=OPEN))),
            unknown(
                "one subnet sometimes",
                conditional(It=resource(CLASSIC, Subnets=either(ONE, TWO)), A=SUBNET, B=SUBNET),
                at=("Properties.Subnets",),
            ),
        ),
    ),
    RuleCases(
        "recovery.elbv2-zones",
        (
            good("two subnets", network(resource(BALANCER, Subnets=TWO))),
            bad("one subnet", network(resource(BALANCER, Subnets=ONE)), at=("Properties.Subnets",)),
            bad(
                "one mapping",
                network(resource(BALANCER, SubnetMappings=[{"SubnetId": {"Ref": "A"}}])),
                at=("Properties.SubnetMappings",),
            ),
            bad("the same twice", network(resource(BALANCER, Subnets=ONE * 2)), at=("Properties.Subnets",)),
            not_applicable("subnets, handed in", opened(It=resource(BALANCER, Subnets=OPEN))),
            unknown(
                "one subnet sometimes",
                conditional(It=resource(BALANCER, Subnets=either(ONE, TWO)), A=SUBNET, B=SUBNET),
                at=("Properties.Subnets",),
            ),
        ),
    ),
    RuleCases(
        "recovery.lambda-zones",
        (
            good("two subnets", network(function(TWO))),
            bad("one subnet", network(function(ONE)), at=("Properties.VpcConfig.SubnetIds",)),
            not_applicable("outside a VPC", resources(It=resource(FUNCTION))),
            not_applicable("subnets, handed in", opened(It=function(OPEN))),
            unknown(
                "an open configuration", opened(It=resource(FUNCTION, VpcConfig=OPEN)), at=("Properties.VpcConfig",)
            ),
        ),
    ),
    RuleCases(
        "recovery.network-firewall-zones",
        (
            good("two subnets", network(resource(FIREWALL, SubnetMappings=[{"SubnetId": i} for i in TWO]))),
            bad(
                "one subnet",
                network(resource(FIREWALL, SubnetMappings=[{"SubnetId": {"Ref": "A"}}])),
                at=("Properties.SubnetMappings",),
            ),
            OTHER,
            unknown(
                "one sometimes",
                conditional(It=resource(FIREWALL, SubnetMappings=either([{"SubnetId": "a"}], ["a", "b"]))),
                at=("Properties.SubnetMappings",),
            ),
        ),
    ),
    RuleCases(
        "recovery.asg-health-check",
        (
            good("the balancer's", resources(It=group(TargetGroupARNs=["t"], HealthCheckType="EC2,ELB"))),
            bad("absent", resources(It=group(TargetGroupARNs=["t"])), at=("Properties.HealthCheckType",)),
            bad(
                "its own",
                resources(It=group(LoadBalancerNames=["b"], HealthCheckType="EC2")),
                at=("Properties.HealthCheckType",),
            ),
            not_applicable("no load balancer", resources(It=group(TargetGroupARNs=NO_VALUE))),
            unknown(
                "open",
                opened(It=group(TargetGroupARNs=["t"], HealthCheckType=OPEN)),
                at=("Properties.HealthCheckType",),
            ),
        ),
    ),
    row("recovery.elb-cross-zone", CLASSIC, "CrossZone", True, False),
    row("recovery.elasticache-failover", CACHE, "AutomaticFailoverEnabled", "true", False),
    RuleCases(
        "recovery.elasticache-multi-az",
        (
            *row("recovery.elasticache-multi-az", CACHE, "MultiAZEnabled", True, False).cases,
            good("Memcached", resources(It=resource(NODES, Engine="memcached", NumCacheNodes=2, AZMode="cross-az"))),
            bad(
                "Memcached in one zone",
                resources(It=resource(NODES, Engine="memcached", NumCacheNodes=2)),
                at=("Properties.AZMode",),
            ),
            not_applicable("one node", resources(It=resource(NODES, Engine="memcached", NumCacheNodes=1))),
        ),
    ),
    row("recovery.memorydb-replicas", STORE, "NumReplicasPerShard", 1, 0, absent="good"),
    RuleCases(
        "recovery.opensearch-zones",
        (
            good("three nodes", resources(It=search(ZoneAwarenessEnabled=True, InstanceCount=3))),
            good("the older type", resources(It=search(OLD_SEARCH, ZoneAwarenessEnabled="true", InstanceCount="6"))),
            bad(
                "two nodes",
                resources(It=search(ZoneAwarenessEnabled=True, InstanceCount=2)),
                at=("Properties.ClusterConfig.InstanceCount",),
            ),
            bad(
                "nothing",
                resources(It=resource(OLD_SEARCH)),
                at=(
                    "Properties.ElasticsearchClusterConfig.InstanceCount",
                    "Properties.ElasticsearchClusterConfig.ZoneAwarenessEnabled",
                ),
            ),
            not_applicable("with standby", resources(It=search(MultiAZWithStandbyEnabled=True))),
            unknown(
                "open",
                opened(It=search(ZoneAwarenessEnabled=True, InstanceCount=OPEN)),
                at=("Properties.ClusterConfig.InstanceCount",),
            ),
        ),
    ),
    RuleCases(
        "recovery.opensearch-masters",
        (
            good("three", resources(It=search(DedicatedMasterEnabled=True, DedicatedMasterCount=3))),
            bad(
                "two",
                resources(It=search(OLD_SEARCH, DedicatedMasterEnabled=True, DedicatedMasterCount=2)),
                at=("Properties.ElasticsearchClusterConfig.DedicatedMasterCount",),
            ),
            bad("none", resources(It=search()), at=("Properties.ClusterConfig.DedicatedMasterEnabled",)),
            not_applicable("with standby", resources(It=search(MultiAZWithStandbyEnabled="true"))),
            unknown(
                "open",
                opened(It=search(DedicatedMasterEnabled=True, DedicatedMasterCount=OPEN)),
                at=("Properties.ClusterConfig.DedicatedMasterCount",),
            ),
        ),
    ),
    row(
        "recovery.opensearch-serverless-standby",
        "AWS::OpenSearchServerless::Collection",
        "StandbyReplicas",
        "ENABLED",
        "DISABLED",
        absent="good",
    ),
    row("recovery.mq-zones", BROKER, "DeploymentMode", "CLUSTER_MULTI_AZ", "SINGLE_INSTANCE"),
    row("recovery.dms-multi-az", COPY, "MultiAZ", True, False),
    RuleCases(
        "recovery.fsx-zones",
        (
            good("two zones", resources(It=resource(FSX, OntapConfiguration={"DeploymentType": "MULTI_AZ_2"}))),
            bad(
                "one zone",
                resources(It=resource(FSX, WindowsConfiguration={"DeploymentType": "SINGLE_AZ_2"})),
                at=("Properties.WindowsConfiguration.DeploymentType",),
            ),
            bad(
                "one zone, by default",
                resources(It=resource(FSX, WindowsConfiguration={"ThroughputCapacity": 32})),
                at=("Properties.WindowsConfiguration.DeploymentType",),
            ),
            not_applicable("Lustre", resources(It=resource(FSX, LustreConfiguration={}))),
            unknown(
                "open",
                opened(It=resource(FSX, OpenZFSConfiguration={"DeploymentType": OPEN})),
                at=("Properties.OpenZFSConfiguration.DeploymentType",),
            ),
        ),
    ),
    members("Neptune", "recovery.neptune-multi-az"),
    members("DocDB", "recovery.docdb-multi-az"),
)


@each_of(CASES)
def test_zones(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
