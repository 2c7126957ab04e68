"""What must go on when a zone is lost stands in more than one.

A list of subnets or zones is counted where the template writes it out; one that is handed in is for whoever hands it
in. Subnets that stand in the template, all in the same zone, count as one.

Source: CloudFormation resource reference of each type, and the AWS Security Hub controls named by each rule, read
2026-11-23.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.tags import CLUSTER_TAG
from nexis.rules._tags import has_tag
from nexis.rules.model import Problem, Rule
from nexis.rules.requirements import Requirement, at_least, is_true, one_of, property_rule, row
from nexis.templates.values import Unknown
from nexis.templates.views import Absent, Undetermined, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nexis.templates.views import View

AS_OF: Final = "2026-11-23"
CLAIMS: Final = ("touchpoints.backups",)
ONE_ZONE: Final = "it then stands in one zone only"
GROUP: Final = "AWS::AutoScaling::AutoScalingGroup"
SUBNET: Final = "AWS::EC2::Subnet"
OPENSEARCH: Final = "AWS::OpenSearchService::Domain"
ELASTICSEARCH: Final = "AWS::Elasticsearch::Domain"
FSX: Final = "AWS::FSx::FileSystem"

#: Lists of the zones or subnets a resource stands in, of which the longest counts.
SPREADS: Final = {
    GROUP: (("VPCZoneIdentifier",), ("AvailabilityZones",)),
    "AWS::ElasticLoadBalancing::LoadBalancer": (("Subnets",), ("AvailabilityZones",)),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (("Subnets",), ("SubnetMappings",)),
    "AWS::Lambda::Function": (("VpcConfig", "SubnetIds"),),
    "AWS::Serverless::Function": (("VpcConfig", "SubnetIds"),),
    "AWS::NetworkFirewall::Firewall": (("SubnetMappings",),),
}


#: Parameter types that hold one subnet or zone. Source: CloudFormation User Guide, "AWS-specific parameter types".
SINGLE: Final = ("AWS::EC2::Subnet::Id", "AWS::EC2::AvailabilityZone::Name")


def written_lists(resource: View) -> list[tuple[tuple[str, ...], int]]:
    """Give the lists of zones that a template writes out, with their lengths; none when one is handed in.

    Args:
        resource: a resource of a type in `SPREADS`.
    """
    found = []
    for path in SPREADS.get(resource.type, ()):
        value = resource.peek(*path)
        if isinstance(value, Absent) or value == []:
            continue
        count = _count(resource, path, value)
        if count is None:
            return []
        found.append((path, count))
    return found


def _count(resource: View, path: tuple[str, ...], value: Any) -> int | None:
    """Count the zones of a list; None for a parameter, an import, or all zones of the region."""
    if not isinstance(value, list):
        return None
    if len(value) == 1 and isinstance(value[0], Unknown):
        return 1 if _is_one_subnet(resource, path) else None
    texts = {part for item in value if not isinstance(item, Unknown) for part in str(item).split(",")}
    return len(texts) + sum(isinstance(item, Unknown) for item in value)


def _is_one_subnet(resource: View, path: tuple[str, ...]) -> bool:
    """Whether the only item of a list is a parameter that can name one subnet or zone, and no list of them."""
    here: Any = resource.resource.properties
    for part in path:
        here = here.get(part) if isinstance(here, dict) else None
    item = here[0] if isinstance(here, list) and here else None
    name = item.get("Ref") if isinstance(item, dict) else None
    parameter = resource.template.parameters.get(name) if isinstance(name, str) else None
    return isinstance(parameter, dict) and parameter.get("Type") in SINGLE


def _check_spread(resource: View) -> Iterator[Problem]:
    lists = written_lists(resource)
    if not lists:
        return
    path, _ = lists[0]
    if all(count < 2 for _, count in lists):
        yield Problem(place(*path), "names one zone or subnet only; expected two or more, in different zones")
    elif all(_stands_in_one_zone(resource, path) for path, count in lists if count > 1):
        yield Problem(place(*path), "names subnets of one zone only; expected two or more zones")


def _stands_in_one_zone(resource: View, path: tuple[str, ...]) -> bool:
    """Whether every subnet of a list stands in the templates, and all of them in one zone."""
    zones = set()
    for item in resource.items(*path):
        named = item.get("SubnetId") if isinstance(item, dict) else item
        subnet = resource.named(named, SUBNET)
        if subnet is None:
            return False
        zones.add(_zone_of(subnet))
    return len(zones) == 1 and None not in zones


def _zone_of(subnet: View) -> str | None:
    """Give what tells the zone of a subnet from another's, as its template writes it; None when AWS chooses one."""
    for name in ("AvailabilityZone", "AvailabilityZoneId"):
        zone = subnet.peek(name)
        if isinstance(zone, Absent):
            continue
        if isinstance(zone, str) and not is_deferred(zone):
            return str(zone)
        return json.dumps([subnet.template.key, subnet.resource.properties.get(name)], sort_keys=True, default=str)
    return None


def is_spread(resource: View) -> bool:
    """Whether a resource says where it stands, so that its zones can be counted."""
    if resource.type == GROUP and _is_one_of_several(resource):
        return False
    return bool(written_lists(resource)) or _is_open(resource)


def _is_one_of_several(group: View) -> bool:
    """Whether a group keeps one host of a cluster whose other hosts stand in groups of their own."""
    if str(group.peek("MaxSize")) != "1":
        return False
    return has_tag(group, CLUSTER_TAG) or any(
        str(other.peek("MaxSize")) == "1" for other in group.scene.declared(GROUP) if not other.is_same(group)
    )


def _is_open(resource: View) -> bool:
    """Raise where a choice of the template decides between a list and none."""
    for path in SPREADS.get(resource.type, ()):
        value = resource.peek(*path[:-1]) if len(path) > 1 else None
        if isinstance(value, Unknown):
            raise Undetermined(place(*path[:-1]), value.reason)
    return False


def _spread(
    rule_id: str, types: tuple[str, ...], title: str, why: str, fix: str, cdk: str, source: str, fsbp: str
) -> Rule:
    path = SPREADS[types[0]][0]
    value: object = ["subnet-11111111", "subnet-22222222"]
    if path[-1] == "SubnetMappings":
        value = [{"SubnetId": "subnet-11111111"}, {"SubnetId": "subnet-22222222"}]
    for name in reversed(path):
        value = {name: value}
    return Rule(
        id=rule_id,
        severity="error",
        title=title,
        why=why,
        fix=fix,
        types=types,
        applies=is_spread,
        check=_check_spread,
        claims=CLAIMS,
        controls={"SOC 2": ("A1.2",), "NIST 800-53 r5": ("CP-10",), **({"AWS FSBP": (fsbp,)} if fsbp else {})},
        source=source,
        cdk=cdk,
        example={"It": {"Type": types[0], "Properties": value}},
    )


GROUPS = _spread(
    "recovery.asg-zones",
    (GROUP,),
    "Auto Scaling groups stand in two zones or more",
    "A group in one zone cannot start instances anywhere else when that zone is lost.",
    "name subnets of two zones or more in VPCZoneIdentifier",
    'autoscaling.AutoScalingGroup(self, "Web", vpc=vpc, launch_template=template, min_capacity=2, max_capacity=4)',
    "Amazon EC2 Auto Scaling User Guide, Distribute instances across Availability Zones",
    "AutoScaling.2",
)

CLASSIC = _spread(
    "recovery.elb-zones",
    ("AWS::ElasticLoadBalancing::LoadBalancer",),
    "Classic load balancers stand in two zones or more",
    "A load balancer in one zone is gone with it, however many servers stand elsewhere.",
    "name subnets of two zones or more in Subnets",
    'elb.LoadBalancer(self, "Balancer", vpc=vpc, cross_zone=True)',
    "Classic Load Balancers, Add or remove subnets",
    "ELB.10",
)

BALANCERS = _spread(
    "recovery.elbv2-zones",
    ("AWS::ElasticLoadBalancingV2::LoadBalancer",),
    "Load balancers stand in two zones or more",
    "A load balancer in one zone is gone with it, however many servers stand elsewhere.",
    "name subnets of two zones or more in Subnets or SubnetMappings",
    'elbv2.ApplicationLoadBalancer(self, "Balancer", vpc=vpc)',
    "Elastic Load Balancing User Guide, Availability Zones and load balancer nodes",
    "ELB.13",
)

FUNCTIONS = _spread(
    "recovery.lambda-zones",
    ("AWS::Lambda::Function", "AWS::Serverless::Function"),
    "Functions in a VPC can run in two zones or more",
    "A function with one subnet stops when the zone of that subnet does.",
    "name subnets of two zones or more in VpcConfig.SubnetIds",
    'function = lambda_.Function(self, "Work", runtime=runtime, handler="index.main", code=code, vpc=vpc)',
    "AWS Lambda Developer Guide, Giving Lambda functions access to resources in an Amazon VPC",
    "Lambda.5",
)

FIREWALLS = _spread(
    "recovery.network-firewall-zones",
    ("AWS::NetworkFirewall::Firewall",),
    "Network firewalls stand in two zones or more",
    "Traffic that must pass a firewall in a lost zone passes nowhere.",
    "name subnets of two zones or more in SubnetMappings",
    """
networkfirewall.CfnFirewall(
    self, "Firewall", firewall_name="edge", firewall_policy_arn=policy, vpc_id=vpc.vpc_id,
    subnet_mappings=[{"subnetId": subnet} for subnet in subnets],
)
""",
    "AWS Network Firewall Developer Guide, Creating a firewall",
    "",
)


def has_a_balancer(group: View) -> bool:
    """Whether an Auto Scaling group stands behind a load balancer."""
    return any(
        not isinstance(group.get(name), Absent) and group.items(name)
        for name in ("TargetGroupARNs", "LoadBalancerNames")
    )


HEALTH_CHECK = property_rule(
    rule_id="recovery.asg-health-check",
    title="Auto Scaling groups behind a load balancer replace what it finds ill",
    why="A server that runs but no longer answers stays in service until somebody looks.",
    requirements=(
        Requirement(
            type=GROUP,
            path=("HealthCheckType",),
            accepts=lambda text: "ELB" in [part.strip() for part in text.split(",")],
            expected="ELB",
            absent="only instances that stop are replaced then",
            source="CloudFormation resource reference, AWS::AutoScaling::AutoScalingGroup HealthCheckType",
            as_of=AS_OF,
            example="ELB",
            when=has_a_balancer,
        ),
    ),
    fix="set HealthCheckType: ELB with a HealthCheckGracePeriod",
    cdk="""
autoscaling.AutoScalingGroup(
    self, "Web", vpc=vpc, launch_template=template,
    health_checks=autoscaling.HealthChecks.with_additional_checks(
        additional_types=[autoscaling.AdditionalHealthCheckType.ELB]
    ),
)
""",
    source="Amazon EC2 Auto Scaling User Guide, Health checks for instances in an Auto Scaling group",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("AutoScaling.1",)},
    example={
        "Web": {
            "Type": GROUP,
            "Properties": {
                "MinSize": "2",
                "MaxSize": "4",
                "TargetGroupARNs": ["arn:aws:elasticloadbalancing:eu-central-1:111111111111:targetgroup/web/1"],
                "HealthCheckType": "ELB",
            },
        }
    },
)


_row = partial(row, as_of=AS_OF, absent=ONE_ZONE)


CROSS_ZONE = property_rule(
    rule_id="recovery.elb-cross-zone",
    title="Classic load balancers send requests to every zone",
    why="Without it a zone with one server left gets as many requests as a zone with ten.",
    requirements=(
        _row(
            "AWS::ElasticLoadBalancing::LoadBalancer",
            "CrossZone",
            absent="each node then sends to its own zone only",
        ),
    ),
    fix="set CrossZone: true (CDK: cross_zone=True, the default)",
    cdk='elb.LoadBalancer(self, "Balancer", vpc=vpc, cross_zone=True)',
    source="Classic Load Balancers, Configure cross-zone load balancing",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("ELB.9",)},
)

ELASTICACHE_FAILOVER = property_rule(
    rule_id="recovery.elasticache-failover",
    title="Redis and Valkey groups fail over by themselves",
    why="Without it a lost primary stays lost until somebody promotes a replica by hand.",
    requirements=(
        _row(
            "AWS::ElastiCache::ReplicationGroup",
            "AutomaticFailoverEnabled",
            absent="somebody must then promote a replica by hand",
        ),
    ),
    fix="set AutomaticFailoverEnabled: true with two nodes or more",
    cdk="""
elasticache.CfnReplicationGroup(
    self, "Cache", replication_group_description="sessions", num_cache_clusters=2,
    automatic_failover_enabled=True, multi_az_enabled=True,
)
""",
    source="Amazon ElastiCache User Guide, Minimizing downtime in ElastiCache by using Multi-AZ",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("ElastiCache.3",)},
)


def has_several_memcached_nodes(cluster: View) -> bool:
    """Whether a cache cluster has nodes to spread: Memcached with two or more."""
    nodes = cluster.number("NumCacheNodes")
    return cluster.literal("Engine") == "memcached" and not isinstance(nodes, Absent) and nodes > 1


ELASTICACHE_ZONES = property_rule(
    rule_id="recovery.elasticache-multi-az",
    title="Caches stand in more than one zone",
    why="With its only zone the cache is gone, and its database gets every request at once.",
    requirements=(
        _row("AWS::ElastiCache::ReplicationGroup", "MultiAZEnabled"),
        _row(
            "AWS::ElastiCache::CacheCluster",
            "AZMode",
            accepts=lambda text: text.lower() == "cross-az",
            expected="cross-az",
            example=None,
            when=has_several_memcached_nodes,
        ),
    ),
    fix="set MultiAZEnabled: true (Memcached: AZMode cross-az)",
    cdk="""
elasticache.CfnReplicationGroup(
    self, "Cache", replication_group_description="sessions", num_cache_clusters=2,
    automatic_failover_enabled=True, multi_az_enabled=True,
)
""",
    source="Amazon ElastiCache User Guide, Minimizing downtime in ElastiCache by using Multi-AZ",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "NIST 800-53 r5": ("CP-10",)},
)

MEMORYDB = property_rule(
    rule_id="recovery.memorydb-replicas",
    title="MemoryDB shards have a replica",
    why="A shard without a replica is away for as long as its node is.",
    requirements=(
        _row(
            "AWS::MemoryDB::Cluster",
            "NumReplicasPerShard",
            accepts=at_least(1),
            expected="1 or more",
            absent="",  # one replica
            example=1,
        ),
    ),
    fix="set NumReplicasPerShard to 1 or more, or leave it out",
    cdk='memorydb.CfnCluster(self, "Store", acl_name=acl, node_type="db.r7g.large", num_replicas_per_shard=1)',
    source="CloudFormation resource reference, AWS::MemoryDB::Cluster NumReplicasPerShard",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",)},
)


def _without_standby(domain: View) -> bool:
    """Whether a domain is not deployed "Multi-AZ with Standby", which has three zones and dedicated masters."""
    return not domain.flag("ClusterConfig", "MultiAZWithStandbyEnabled", default=False)


def _with_masters(domain: View) -> bool:
    return _without_standby(domain) and domain.flag(_cluster(domain), "DedicatedMasterEnabled", default=False)


def _cluster(domain: View) -> str:
    return "ClusterConfig" if domain.type == OPENSEARCH else "ElasticsearchClusterConfig"


def _domains(
    name: str,
    accepts: Callable[[str], bool],
    expected: str,
    absent: str,
    example: object,
    when: Callable[[View], bool],
) -> tuple[Requirement, ...]:
    return tuple(
        _row(type_, config, name, accepts=accepts, expected=expected, absent=absent, example=example, when=when)
        for type_, config in ((OPENSEARCH, "ClusterConfig"), (ELASTICSEARCH, "ElasticsearchClusterConfig"))
    )


SEARCH_ZONES = property_rule(
    rule_id="recovery.opensearch-zones",
    title="OpenSearch domains have three data nodes in more than one zone",
    why="With one node, or one zone, the index is gone when that is.",
    requirements=(
        *_domains("ZoneAwarenessEnabled", is_true, "true", ONE_ZONE, True, _without_standby),
        *_domains("InstanceCount", at_least(3), "3 or more", "it then has one data node", 3, _without_standby),
    ),
    fix="set ZoneAwarenessEnabled: true and InstanceCount to 3 or more",
    cdk="""
opensearch.Domain(
    self, "Search", version=opensearch.EngineVersion.OPENSEARCH_2_19,
    zone_awareness=opensearch.ZoneAwarenessConfig(enabled=True, availability_zone_count=3),
    capacity=opensearch.CapacityConfig(data_nodes=3, master_nodes=3),
)
""",
    source="Amazon OpenSearch Service Developer Guide, Configuring a multi-AZ domain",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("ES.6", "Opensearch.6")},
)

SEARCH_MASTERS = property_rule(
    rule_id="recovery.opensearch-masters",
    title="OpenSearch domains have three dedicated master nodes",
    why="With fewer than three masters the loss of one leaves nobody who may decide.",
    requirements=(
        *_domains(
            "DedicatedMasterEnabled",
            is_true,
            "true",
            "the data nodes then elect among themselves",
            True,
            _without_standby,
        ),
        *_domains("DedicatedMasterCount", at_least(3), "3 or more", "", 3, _with_masters),
    ),
    fix="set DedicatedMasterEnabled: true and DedicatedMasterCount: 3",
    cdk="""
opensearch.Domain(
    self, "Search", version=opensearch.EngineVersion.OPENSEARCH_2_19,
    capacity=opensearch.CapacityConfig(data_nodes=3, master_nodes=3),
)
""",
    source="Amazon OpenSearch Service Developer Guide, Dedicated master nodes in Amazon OpenSearch Service",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("ES.7",)},
)

SERVERLESS_SEARCH = property_rule(
    rule_id="recovery.opensearch-serverless-standby",
    title="OpenSearch Serverless collections keep standby replicas",
    why="Without standby replicas a collection is away for as long as its zone is.",
    requirements=(
        _row(
            "AWS::OpenSearchServerless::Collection",
            "StandbyReplicas",
            accepts=one_of("ENABLED"),
            expected="ENABLED",
            absent="",  # ENABLED
            example="ENABLED",
        ),
    ),
    fix="set StandbyReplicas: ENABLED, or leave it out",
    cdk='opensearchserverless.CfnCollection(self, "Search", name="search", standby_replicas="ENABLED")',
    source="Amazon OpenSearch Service Developer Guide, Managing Amazon OpenSearch Serverless collections",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",)},
)

MQ = property_rule(
    rule_id="recovery.mq-zones",
    title="Message brokers stand in more than one zone",
    why="A single broker is away whenever its zone, or its maintenance window, takes it.",
    requirements=(
        _row(
            "AWS::AmazonMQ::Broker",
            "DeploymentMode",
            accepts=one_of("ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ"),
            expected="ACTIVE_STANDBY_MULTI_AZ, or CLUSTER_MULTI_AZ for RabbitMQ",
            absent="the property is required",
            example="ACTIVE_STANDBY_MULTI_AZ",
        ),
    ),
    fix="set DeploymentMode to ACTIVE_STANDBY_MULTI_AZ (ActiveMQ) or CLUSTER_MULTI_AZ (RabbitMQ)",
    cdk="""
amazonmq.CfnBroker(
    self, "Broker", broker_name="orders", engine_type="ACTIVEMQ", host_instance_type="mq.m5.large",
    deployment_mode="ACTIVE_STANDBY_MULTI_AZ", publicly_accessible=False, users=[],
)
""",
    source="Amazon MQ Developer Guide, Deployment options",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "NIST 800-53 r5": ("CP-10",)},
)

DMS = property_rule(
    rule_id="recovery.dms-multi-az",
    title="Replication instances survive the loss of a zone",
    why="A migration that stops half-way leaves two databases that disagree.",
    requirements=(_row("AWS::DMS::ReplicationInstance", "MultiAZ"),),
    fix="set MultiAZ: true",
    cdk='dms.CfnReplicationInstance(self, "Copy", replication_instance_class="dms.r6i.large", multi_az=True)',
    source="AWS Database Migration Service User Guide, Working with an AWS DMS replication instance",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("DMS.13",)},
)


def _has(name: str) -> Callable[[View], bool]:
    return lambda system: not isinstance(system.get(name), Absent)


FSX_ZONES = property_rule(
    rule_id="recovery.fsx-zones",
    title="Windows, ONTAP and OpenZFS file systems stand in two zones",
    why="A file system in one zone is away, with everything mounted from it, when the zone is.",
    requirements=tuple(
        _row(
            FSX,
            name,
            "DeploymentType",
            accepts=one_of("MULTI_AZ_1", "MULTI_AZ_2"),
            expected="MULTI_AZ_1 or MULTI_AZ_2",
            when=_has(name),
        )
        for name in ("WindowsConfiguration", "OntapConfiguration", "OpenZFSConfiguration")
    ),
    fix="set DeploymentType to MULTI_AZ_1",
    cdk="""
fsx.CfnFileSystem(
    self, "Files", file_system_type="WINDOWS", subnet_ids=subnets,
    windows_configuration={
        "deploymentType": "MULTI_AZ_1", "throughputCapacity": 32, "preferredSubnetId": subnets[0],
    },
)
""",
    source="Amazon FSx for Windows File Server User Guide, Availability and durability",
    claims=CLAIMS,
    controls={"SOC 2": ("A1.2",), "AWS FSBP": ("FSx.3", "FSx.4", "FSx.5")},
    example={
        "Files": {
            "Type": FSX,
            "Properties": {"FileSystemType": "WINDOWS", "WindowsConfiguration": {"DeploymentType": "MULTI_AZ_1"}},
        }
    },
)


def _members(cluster: View) -> list[View]:
    kind = cluster.type.replace("DBCluster", "DBInstance")
    return [
        instance
        for instance in cluster.scene.declared(kind)
        if isinstance(instance.peek("DBClusterIdentifier"), Unknown)
        or cluster.is_named_by(instance.peek("DBClusterIdentifier"))
    ]


def _check_members(cluster: View) -> Iterator[Problem]:
    kind = cluster.type.replace("DBCluster", "DBInstance")
    sure = list(cluster.referrers(kind, "DBClusterIdentifier"))
    if len(sure) >= 2:
        return
    for instance in _members(cluster):
        link = instance.peek("DBClusterIdentifier")
        if isinstance(link, Unknown):
            raise Undetermined(place(), f"{instance.logical_id} may be one of its instances: {link.reason}")
    yield Problem(place(), "has fewer than two instances in these templates; expected two or more, in two zones")


def _clusters(rule_id: str, service: str, title: str, source: str, *, everywhere: bool) -> Rule:
    cluster, instance = f"AWS::{service}::DBCluster", f"AWS::{service}::DBInstance"
    member = {"Type": instance, "Properties": {"DBClusterIdentifier": {"Ref": "Cluster"}}}
    return Rule(
        id=rule_id,
        severity="error",
        title=title,
        why="With one instance the data survives the loss of its zone, and nobody can read it.",
        fix=f"add a second {instance} to the cluster",
        types=(cluster,),
        applies=lambda view: bool(_members(view)),
        check=_check_members,
        claims=CLAIMS,
        controls={"SOC 2": ("A1.2",), "NIST 800-53 r5": ("CP-10",)},
        source=source,
        cdk=f'{service.lower()}.CfnDBInstance(self, "Second", db_cluster_identifier=cluster.ref, '
        'db_instance_class="db.r6g.large")',
        example={"Cluster": {"Type": cluster}, "First": member, "Second": member},
        scope="everywhere" if everywhere else "baseline",
    )


NEPTUNE = _clusters(
    "recovery.neptune-multi-az",
    "Neptune",
    "Neptune clusters have instances in two zones",
    "Amazon Neptune User Guide, High availability for Neptune",
    everywhere=True,
)
DOCDB = _clusters(
    "recovery.docdb-multi-az",
    "DocDB",
    "DocumentDB clusters have instances in two zones",
    "Amazon DocumentDB Developer Guide, Understanding Amazon DocumentDB cluster fault tolerance",
    everywhere=False,
)

RULES: tuple[Rule, ...] = (
    GROUPS,
    CLASSIC,
    BALANCERS,
    FUNCTIONS,
    FIREWALLS,
    HEALTH_CHECK,
    CROSS_ZONE,
    ELASTICACHE_FAILOVER,
    ELASTICACHE_ZONES,
    MEMORYDB,
    SEARCH_ZONES,
    SEARCH_MASTERS,
    SERVERLESS_SEARCH,
    MQ,
    DMS,
    FSX_ZONES,
    NEPTUNE,
    DOCDB,
)
