"""RDS PostgreSQL sends its log to CloudWatch Logs.

The instances of a cluster send theirs by the cluster's setting, so the cluster is judged.

Source: RDS User Guide, "Publishing PostgreSQL logs to Amazon CloudWatch Logs"; Aurora User Guide, "Publishing Aurora
PostgreSQL logs to Amazon CloudWatch Logs". Read 2026-11-23. By default nothing is exported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nexis.rules._rds import CLUSTER, INSTANCE, engine_of, is_cluster_member, is_postgresql
from nexis.rules.model import Problem, Rule
from nexis.templates.values import Unknown
from nexis.templates.views import Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

EXPORTS: Final = "EnableCloudwatchLogsExports"


def applies(database: View) -> bool:
    """Judge PostgreSQL instances by themselves, and PostgreSQL clusters."""
    return not is_cluster_member(database) and is_postgresql(engine_of(database))


def check(database: View) -> Iterator[Problem]:
    """Judge an instance or a cluster."""
    found = database.items(EXPORTS)
    if "postgresql" in found:
        return
    for item in found:
        if isinstance(item, Unknown):
            raise Undetermined(place(EXPORTS), item.reason)
    yield Problem(place(EXPORTS), f"found {', '.join(map(str, found)) or 'nothing'}, expected 'postgresql'")


RULE = Rule(
    id="logging.rds-exports",
    severity="error",
    title="RDS PostgreSQL sends its log to CloudWatch Logs",
    why="On the instance the log is kept for days and goes with it; in CloudWatch Logs it is encrypted and kept.",
    fix="add postgresql to EnableCloudwatchLogsExports (CDK: cloudwatch_logs_exports=['postgresql'])",
    types=(INSTANCE, CLUSTER),
    applies=applies,
    check=check,
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("RDS.9", "RDS.36", "RDS.37")},
    source="RDS User Guide, Publishing PostgreSQL logs to Amazon CloudWatch Logs",
)
