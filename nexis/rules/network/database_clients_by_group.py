"""PostgreSQL is reached only by clients that are named by their security group.

A rule counts when it lets through port 5432, or the port of an RDS PostgreSQL database that uses the group. Any range
fails, a single address (/32) too: an address says nothing of who holds it tomorrow. A prefix list is a set of ranges.
Rules for every port of every protocol count only on the groups of databases: elsewhere they are about something else.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nexis.facts.rds_limits import POSTGRESQL_PORT
from nexis.facts.tags import CLUSTER_TAG
from nexis.rules._tags import has_tag
from nexis.rules.model import Problem, Rule
from nexis.rules.network._security_rules import GROUP, INGRESS, group_of, inline_rules, separate_rule
from nexis.templates.values import Reference, Unknown
from nexis.templates.views import Absent, is_deferred, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.rules.network._security_rules import SecurityRule
    from nexis.templates.views import Scene, View


#: Where databases name their security groups.
DATABASE_GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("AWS::RDS::DBInstance", ("VPCSecurityGroups",)),
    ("AWS::RDS::DBCluster", ("VpcSecurityGroupIds",)),
    ("AWS::RDS::DBProxy", ("VpcSecurityGroupIds",)),
)

#: Where hosts name their security groups.
HOST_GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("AWS::EC2::Instance", ("SecurityGroupIds",)),
    ("AWS::EC2::Instance", ("NetworkInterfaces", "*", "GroupSet")),
    ("AWS::EC2::LaunchTemplate", ("LaunchTemplateData", "SecurityGroupIds")),
    ("AWS::EC2::LaunchTemplate", ("LaunchTemplateData", "NetworkInterfaces", "*", "Groups")),
)


def check(resource: View) -> Iterator[Problem]:
    """Judge a group's inline rules, or a separate rule."""
    if resource.type == GROUP:
        group: View | None = resource
        rules = list(inline_rules(resource, INGRESS))
    else:
        group = group_of(resource)
        rules = [separate_rule(resource, INGRESS)]
    users = [] if group is None else list(_users(group))
    ports = {POSTGRESQL_PORT, *(port for user in users if (port := port_of(user)) is not None)}
    for rule in rules:
        yield from _judge(rule, ports, users)


def _judge(rule: SecurityRule, ports: set[int], users: list[View]) -> Iterator[Problem]:
    if rule.is_everything and not users:
        return
    source = rule.port_source
    own_port = None if source is None or not _is_postgresql(source) else port_of(source)
    hit = sorted(port for port in ports if rule.includes("tcp", port))
    maybe = not hit and any(rule.may_include("tcp", port) for port in ports) and not (source and own_port is None)
    if any(port_of(user) is None for user in users):
        maybe = maybe or rule.protocol in (None, "tcp")
    if own_port is not None:
        hit, maybe = [own_port], False
    for peer in rule.peers:
        if peer.kind != "unreadable" and hit:
            yield Problem(
                place(*peer.path),
                f"found {'an address range' if peer.kind == 'range' else 'a prefix list'} that reaches PostgreSQL on "
                f"port {hit[0]}; expected the security group of the clients",
            )
        elif peer.kind != "unreadable" and maybe:
            yield Problem(
                place(*peer.path), "cannot be known here: the rule's or the database's port is not known", "unknown"
            )
        elif peer.kind == "unreadable":
            yield Problem(place(*peer.path), f"cannot be known here: {peer.open}", "unknown")


def _users(group: View) -> Iterator[View]:
    for user, groups in group.scene.once(_databases, partial(_databases, group.scene)):
        if any(group.is_named_by(value) for value in groups):
            yield user


def _databases(scene: Scene) -> list[tuple[View, list[Any]]]:
    """Give every database that may be PostgreSQL, and every host of a cluster, with the groups that each is in."""
    return [
        (user, [*_values(user.peek(path[0]), path[1:])])
        for places, is_database in ((DATABASE_GROUPS, _is_postgresql), (HOST_GROUPS, _is_host_of_a_cluster))
        for resource_type, path in places
        for user in scene.views(resource_type)
        if is_database(user)
    ]


def _is_host_of_a_cluster(user: View) -> bool:
    return has_tag(user, CLUSTER_TAG)


def _values(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Give what stands at the end of a path, `*` standing for every item of a list."""
    if path and path[0] != "*":
        if isinstance(value, dict):
            yield from _values(value.get(path[0]), path[1:])
        return
    for item in value if isinstance(value, list) else [value]:
        if path:
            yield from _values(item, path[1:])
        elif isinstance(item, str):
            yield item


def _is_postgresql(user: View) -> bool:
    engine = user.peek("EngineFamily" if user.type == "AWS::RDS::DBProxy" else "Engine")
    if isinstance(engine, (Unknown, Absent, Reference)):
        return True  # it may be
    return "postgres" in str(engine).lower()


def port_of(user: View) -> int | None:
    """Give the port a database listens on; None if it is not known.

    Args:
        user: an RDS instance, cluster or proxy, or a host.

    Source: RDS API reference, CreateDBInstance and CreateDBCluster, Port: 5432 by default for PostgreSQL.
    """
    port = user.peek("Port")
    if isinstance(port, Absent) or user.type not in ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"):
        return POSTGRESQL_PORT
    if isinstance(port, Unknown) or is_deferred(port):
        return None
    try:
        return int(float(port))
    except (TypeError, ValueError, OverflowError):
        return None


RULE = Rule(
    id="network.database-clients-by-group",
    severity="error",
    title="PostgreSQL is reached only from named security groups",
    why="An address range lets in whatever is started in it next; a group only what was made a client on purpose.",
    fix="set SourceSecurityGroupId to the clients' group instead of CidrIp, CidrIpv6 or SourcePrefixListId "
    "(CDK: client_group.connections.allow_to, or clients={...} of ManagedDatabase and DatabaseCluster)",
    types=(GROUP, INGRESS.separate),
    check=check,
    claims=("touchpoints.network",),
    controls={"SOC 2": ("CC6.6",)},
    source="Amazon VPC User Guide, Security group referencing",
    cdk="database_group.add_ingress_rule(client_group, ec2.Port.tcp(5432))",
    example={
        "Databases": {
            "Type": GROUP,
            "Properties": {
                "GroupDescription": "Databases",
                "SecurityGroupIngress": [
                    {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "SourceSecurityGroupId": "sg-1"},
                ],
            },
        },
    },
    scope="baseline",
)
