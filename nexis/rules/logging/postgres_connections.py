"""PostgreSQL records who connects and who leaves."""

from __future__ import annotations

from typing import Final

from nexis.rules._postgres_parameters import GROUP_TYPES, checks_group, judges_group
from nexis.rules.model import Rule

ID: Final = "logging.postgres-connections"

RULE = Rule(
    id=ID,
    severity="error",
    title="PostgreSQL records who connects and who leaves",
    why="Without it nobody can say who connected, from where, over which TLS version, and for how long.",
    fix="set log_connections and log_disconnections to 1 in Parameters (CDK: TlsOnlyParameterGroup does)",
    types=GROUP_TYPES,
    applies=judges_group(ID),
    check=checks_group(ID),
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",)},
    source="PostgreSQL manual, Error Reporting and Logging: log_connections, log_disconnections",
    cdk="""
rds.ParameterGroup(
    self, "Parameters",
    engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_17),
    parameters={"log_connections": "1", "log_disconnections": "1"},
)
""",
    example={
        "Parameters": {
            "Type": "AWS::RDS::DBParameterGroup",
            "Properties": {
                "Description": "records who connects",
                "Family": "postgres17",
                "Parameters": {"log_connections": "1", "log_disconnections": "1"},
            },
        }
    },
    scope="baseline",  # no framework asks for it
)
