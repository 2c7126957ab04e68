"""PostgreSQL on RDS writes no password into its logs and statistics."""

from __future__ import annotations

from nexis.rules._postgres_parameters import GROUP_TYPES, checks_group, judges_group
from nexis.rules.model import Rule

ID = "passwords.postgres-log-leak"

RULE = Rule(
    id=ID,
    severity="error",
    title="PostgreSQL writes no password into its logs and statistics",
    why="CREATE ROLE and ALTER ROLE carry the password in their text; what logs or counts them keeps it readable.",
    fix="set log_statement to none, log_min_error_statement to panic and pg_stat_statements.track_utility to 0 in "
    "Parameters of the group (CDK: TlsOnlyParameterGroup, or parameters={…})",
    types=GROUP_TYPES,
    check=checks_group(ID),
    applies=judges_group(ID),
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC6.1",)},
    source="PostgreSQL manual, Error Reporting and Logging, and pg_stat_statements",
    scope="baseline",  # benchmarks ask for logged statements
    cdk='TlsOnlyParameterGroup(self, "Parameters")',
    example={
        "Group": {
            "Type": "AWS::RDS::DBParameterGroup",
            "Properties": {
                "Description": "No password in the logs",
                "Family": "postgres17",
                "Parameters": {
                    "log_statement": "none",
                    "log_min_error_statement": "panic",
                    "pg_stat_statements.track_utility": "0",
                },
            },
        }
    },
)
