"""PostgreSQL on RDS and Aurora answers nothing but TLS."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nexis.rules import _rds
from nexis.rules._postgres_parameters import (
    CLUSTER_GROUP,
    GROUP_TYPES,
    INSTANCE_GROUP,
    is_postgresql_group,
    judges_group,
    setting_problems,
    settings_of,
)
from nexis.rules.model import Problem, Rule, parts
from nexis.rules.tls._postgres_groups import is_set_right
from nexis.templates.values import Reference
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

ID = "tls.postgres-force-ssl"
SETTING = "rds.force_ssl"

#: The property that names the parameter group in which rds.force_ssl takes effect, and the group's type.
GROUP_OF = {
    _rds.INSTANCE: ("DBParameterGroupName", INSTANCE_GROUP),
    _rds.CLUSTER: ("DBClusterParameterGroupName", CLUSTER_GROUP),
}
SOURCE = "SourceDBInstanceIdentifier"
MOST_COPIES = 3
ARN_FIELDS = 7
_judges_group = judges_group(ID)


def applies(resource: View) -> bool:
    """Judge PostgreSQL's parameter groups, instances and clusters; not the groups of Aurora instances."""
    if resource.type in GROUP_TYPES:
        try:
            return _judges_group(resource)
        except Undetermined:
            if is_set_right(resource, SETTING):
                return False  # whatever its family is
            raise
    try:
        return _rds.is_postgresql(_rds.engine_of(resource))
    except Undetermined:
        if _rds.is_cluster_member(resource):
            return applies(_rds.cluster_of(resource))
        # A group of ours tells the engine too.
        name, kind = GROUP_OF[resource.type]
        group = resource.target(name, types=(kind,))
        if group is None or not group.exists:
            raise
        return is_postgresql_group(group)


def check(resource: View) -> Iterator[Problem]:
    """Give what is wrong with a group, or with the group that an instance or a cluster names."""
    if resource.type in GROUP_TYPES:
        yield from _group_problems(resource)
    elif _rds.is_cluster_member(resource):
        cluster = _rds.cluster_of(resource)
        yield from _through(resource, ("DBClusterIdentifier",), cluster, "its cluster")
    else:
        yield from _database_problems(resource)


def _group_problems(group: View) -> Iterator[Problem]:
    yield from parts(*(partial(setting_problems, group, setting) for setting in settings_of(ID)))


def _database_problems(database: View, copies: int = 0) -> Iterator[Problem]:
    name, kind = GROUP_OF[database.type]
    found = database.get(name)
    if isinstance(found, Absent):
        if database.type == _rds.INSTANCE and _rds.is_aurora(_rds.engine_of(database)):
            yield Problem(
                place("DBClusterIdentifier"), "is absent; expected the Aurora cluster, whose parameter group decides"
            )
            return
        if database.type == _rds.INSTANCE and _rds.is_replica(database):
            source = _source_nearby(database, copies)
            if source is not None:
                yield from _through(database, (SOURCE,), source, "its source", copies + 1)
                return
        yield Problem(
            place(name),
            "is absent, so AWS's default group decides, which demands TLS in newer versions alone and can change; "
            f"expected an {kind} of these templates with rds.force_ssl 1",
        )
        return
    group = database.named(found, kind)
    if group is not None and group.exists:
        yield from _through(database, (name,), group, "its parameter group")
    elif isinstance(found, str) and not isinstance(found, Reference) and found.lower().startswith("default."):
        yield Problem(
            place(name),
            f"found AWS's default group {str(found)!r}, which cannot be changed; expected an {kind} with "
            "rds.force_ssl 1",
        )
    elif group is not None:
        yield Problem(place(name), f"names {group.logical_id}, which is not created; expected an {kind}")
    else:
        raise Undetermined(place(name), f"{str(found)!r} is no {kind} in the templates judged here")


def _source_nearby(replica: View, copies: int) -> View | None:
    """Give the source whose parameter group a read replica without one of its own takes; None in another region.

    Source: RDS API reference, CreateDBInstanceReadReplica DBParameterGroupName, read 2026-11-23: the source's group for
    a replica in the same region, the default group for one in another.
    """
    link = replica.get(SOURCE)
    if isinstance(link, Absent):
        return None  # a replica of a cluster has none to take over
    if copies > MOST_COPIES:
        raise Undetermined(place(SOURCE), "it is a copy of a copy of a copy; name the parameter group")
    fields = str(link).split(":")
    own = replica.template.region
    if len(fields) == ARN_FIELDS and own is not None and fields[3] != own and "$" not in fields[3]:
        return None
    source = _rds.source_of(replica, SOURCE)
    far = own is not None and source.template.region is not None and source.template.region != own
    return None if far else source


def _through(database: View, path: tuple[str, ...], other: View, what: str, copies: int = 0) -> Iterator[Problem]:
    """Say of a database what is wrong with the group, cluster or source that decides for it."""
    judge = partial(_group_problems, other) if other.type in GROUP_TYPES else partial(_database_problems, other, copies)
    for problem in parts(judge):
        yield Problem(
            place(*path),
            f"{what} {other.logical_id}: {problem.property.removeprefix('Properties.')} {problem.message}",
            problem.verdict,
        )


RULE = Rule(
    id=ID,
    severity="fatal",
    title="PostgreSQL on RDS and Aurora answers nothing but TLS",
    why="Without rds.force_ssl the server also answers in plain text: passwords and rows are readable on the way.",
    fix="set rds.force_ssl to 1 in the Parameters of an AWS::RDS::DBParameterGroup (Aurora and Multi-AZ clusters: "
    "AWS::RDS::DBClusterParameterGroup) and name that group (CDK: TlsOnlyParameterGroup; parameter_group=…)",
    types=(*GROUP_TYPES, *GROUP_OF),
    check=check,
    applies=applies,
    claims=("connections.tls",),
    controls={"SOC 2": ("CC6.7",), "AWS FSBP": ("RDS.38",)},
    source="RDS User Guide, Using SSL with a PostgreSQL DB instance; Aurora User Guide, Securing Aurora PostgreSQL "
    "data with SSL/TLS",
    cdk="""\
group = TlsOnlyParameterGroup(self, "TlsOnly")
# or, with aws-cdk-lib alone:
engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17)
tls_only = rds.ParameterGroup(self, "ForceSsl", engine=engine, parameters={"rds.force_ssl": "1"})
rds.DatabaseInstance(self, "Database", engine=engine, vpc=vpc, parameter_group=tls_only)
""",
    example={
        "TlsOnly": {
            "Type": "AWS::RDS::DBParameterGroup",
            "Properties": {
                "Description": "TLS only",
                "Family": "postgres17",
                "Parameters": {"rds.force_ssl": "1"},
            },
        },
        "Database": {
            "Type": "AWS::RDS::DBInstance",
            "Properties": {"Engine": "postgres", "DBParameterGroupName": {"Ref": "TlsOnly"}},
        },
    },
)
