"""RDS sends its logs to CloudWatch Logs, those that tell who did what.

The instances of a cluster send theirs by the cluster's setting, so the cluster is judged. By default nothing is
exported, whatever the engine. Which logs are asked of which engine stands in `nexis.facts.logging_exports`.

Source: RDS User Guide, "Publishing database logs to Amazon CloudWatch Logs"; Aurora User Guide, "Publishing Aurora
PostgreSQL logs to Amazon CloudWatch Logs". Read 2026-11-23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.facts.logging_exports import BY_ENGINE, ENOUGH_ANYWHERE
from nexis.rules._listed import held
from nexis.rules._rds import CLUSTER, INSTANCE, engine_of, is_cluster_member
from nexis.rules.model import Problem, Rule
from nexis.templates.views import Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

EXPORTS: Final = "EnableCloudwatchLogsExports"
NOTHING: Final = "the log then stays on the instance and goes with it"


def applies(database: View) -> bool:
    """Judge instances that belong to no cluster, and clusters, of the engines that can export logs."""
    if is_cluster_member(database):
        return False
    try:
        return engine_of(database) in BY_ENGINE
    except Undetermined:
        return True


def check(database: View) -> Iterator[Problem]:
    """Judge an instance or a cluster."""
    try:
        exports = BY_ENGINE[engine_of(database)]
    except Undetermined:
        # Whatever the engine, nothing is too little, and some logs are enough.
        found = database.items(EXPORTS)
        if not found:
            yield Problem(place(EXPORTS), f"is empty or absent, and {NOTHING}; expected the logs of the engine")
            return
        if any(isinstance(name, str) and name.lower() in ENOUGH_ANYWHERE for name in found):
            return
        raise
    yield from held(database, (EXPORTS,), exports.names, one_is_enough=exports.one_is_enough, absent=NOTHING)


RULE = Rule(
    id="logging.rds-exports",
    severity="error",
    title="RDS sends the logs that tell who did what to CloudWatch Logs",
    why="On the instance the log is kept for days and goes with it; in CloudWatch Logs it is encrypted and kept.",
    fix="add the engine's log to EnableCloudwatchLogsExports: postgresql; audit for Aurora MySQL; audit or error for "
    "MySQL and MariaDB; alert, audit or listener for Oracle; error for SQL Server (CDK: cloudwatch_logs_exports=[...])",
    types=(INSTANCE, CLUSTER),
    applies=applies,
    check=check,
    claims=("touchpoints.logs",),
    controls={
        "SOC 2": ("CC7.2",),
        "AWS FSBP": ("RDS.9", "RDS.34", "RDS.36", "RDS.37", "RDS.40"),
        "NIST 800-53 r5": ("AU-2", "AU-12"),
    },
    source="RDS User Guide, Publishing database logs to Amazon CloudWatch Logs",
    cdk="""
rds.DatabaseInstance(
    self, "Database", vpc=vpc,
    engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17),
    cloudwatch_logs_exports=["postgresql"],
)
""",
    example={
        "Database": {
            "Type": INSTANCE,
            "Properties": {"Engine": "postgres", EXPORTS: ["postgresql"]},
        }
    },
)
