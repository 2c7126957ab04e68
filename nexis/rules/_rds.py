"""What RDS instances and clusters take from elsewhere: from their cluster, a source, or a snapshot.

Source: CloudFormation reference, AWS::RDS::DBInstance and AWS::RDS::DBCluster, as of 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from nexis.templates.views import View

INSTANCE: Final = "AWS::RDS::DBInstance"
CLUSTER: Final = "AWS::RDS::DBCluster"
GLOBAL_CLUSTER: Final = "AWS::RDS::GlobalCluster"

#: Properties that make an instance or a cluster a copy of a running one: a read replica, or a point in time of it.
_SOURCES: Final = {
    INSTANCE: (
        "SourceDBInstanceIdentifier",
        "SourceDbiResourceId",
        "SourceDBClusterIdentifier",
        "SourceDBInstanceAutomatedBackupsArn",
    ),
    CLUSTER: ("SourceDBClusterIdentifier", "SourceDbClusterResourceId", "ReplicationSourceIdentifier"),
    GLOBAL_CLUSTER: ("SourceDBClusterIdentifier",),
}
_SNAPSHOTS: Final = {
    INSTANCE: ("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier"),
    CLUSTER: ("SnapshotIdentifier",),
}
#: Properties that make it a read replica, which follows its source for as long as both exist.
_REPLICATION: Final = {
    INSTANCE: ("SourceDBInstanceIdentifier", "SourceDBClusterIdentifier"),
    CLUSTER: ("ReplicationSourceIdentifier",),
}


def is_cluster_member(database: View) -> bool:
    """Whether it is an instance of a cluster, so that the cluster decides on storage, backups and passwords."""
    return database.type == INSTANCE and _is_there(database, "DBClusterIdentifier")


def source_property(database: View) -> str | None:
    """Give the property that names what it is a copy of, if it is a copy."""
    return _first_there(database, _SOURCES.get(database.type, ()))


def snapshot_property(database: View) -> str | None:
    """Give the property that names the snapshot it is restored from, if it is."""
    return _first_there(database, _SNAPSHOTS.get(database.type, ()))


def is_replica(database: View) -> bool:
    """Whether it is a read replica of an instance or a cluster."""
    if database.type == INSTANCE and _is_there(database, "RestoreTime"):
        return False
    if database.type == INSTANCE and _is_there(database, "UseLatestRestorableTime"):
        return False
    return _first_there(database, _REPLICATION.get(database.type, ())) is not None


def cluster_of(instance: View) -> View:
    """Give the cluster that an instance belongs to.

    Args:
        instance: an instance with `DBClusterIdentifier`.

    Raises:
        Undetermined: the cluster stands in no template of the assembly.
    """
    return _linked(instance, "DBClusterIdentifier", CLUSTER)


def source_of(database: View, name: str) -> View:
    """Give the instance or cluster that a database copies.

    Args:
        database: an instance or a cluster.
        name: the property that names the source.

    Raises:
        Undetermined: the source stands in no template of the assembly.
    """
    return _linked(database, name, INSTANCE, CLUSTER)


def engine_of(database: View) -> str:
    """Give the engine, in lower case; a member takes it from its cluster and a copy from its source.

    Args:
        database: an instance or a cluster.

    Raises:
        Undetermined: it is open, or comes from a snapshot or a source outside the assembly.
    """
    return _engine_of(database, 0)


def _engine_of(database: View, depth: int) -> str:
    engine = database.literal("Engine")
    if not isinstance(engine, Absent):
        return engine.strip().lower()
    if depth < 3:
        if is_cluster_member(database):
            return _engine_of(cluster_of(database), depth + 1)
        source = source_property(database)
        if source is not None:
            return _engine_of(source_of(database, source), depth + 1)
    snapshot = snapshot_property(database)
    reason = "no engine is named" if snapshot is None else f"the engine is that of the snapshot in {snapshot}"
    raise Undetermined(place("Engine"), f"{reason}; name it")


def is_postgresql(engine: str) -> bool:
    """Whether an engine is PostgreSQL or Aurora PostgreSQL."""
    return engine in ("postgres", "aurora-postgresql")


def is_aurora(engine: str) -> bool:
    """Whether an engine is an Aurora one."""
    return engine == "aurora" or engine.startswith("aurora-")


def decides_for_itself(database: View) -> bool:
    """Whether it has its own backups, storage and admin password: not a member of a cluster, not a read replica."""
    return not is_cluster_member(database) and not is_replica(database)


def _is_there(database: View, name: str) -> bool:
    return not isinstance(database.peek(name), Absent)


def _first_there(database: View, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if _is_there(database, name)), None)


def _linked(database: View, name: str, *types: str) -> View:
    found = database.target(name, types=types)
    if found is None or not found.exists:
        value = database.get(name)
        raise Undetermined(place(name), f"{str(value)!r} is in none of the templates judged here")
    return found
