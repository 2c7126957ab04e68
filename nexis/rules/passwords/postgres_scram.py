"""PostgreSQL on RDS keeps and accepts SCRAM verifiers only."""

from __future__ import annotations

from nexis.rules._postgres_parameters import GROUP_TYPES, checks_group, judges_group
from nexis.rules.model import Rule

ID = "passwords.postgres-scram"

RULE = Rule(
    id=ID,
    severity="fatal",
    title="PostgreSQL keeps and accepts SCRAM verifiers only",
    why="An md5 verifier is a password by itself: whoever reads it logs in with it, and it is quick to guess.",
    fix="set password_encryption to scram-sha-256 and rds.accepted_password_auth_method to scram in Parameters of the "
    "group (CDK: TlsOnlyParameterGroup, or parameters={…})",
    types=GROUP_TYPES,
    check=checks_group(ID),
    applies=judges_group(ID),
    claims=("passwords.60-bits",),
    controls={"SOC 2": ("CC6.1",)},
    source="RDS User Guide, Using SCRAM for PostgreSQL password encryption; PostgreSQL manual, Password Authentication",
    scope="baseline",  # what RDS does without is safe enough elsewhere; md5 is `passwords.postgres-md5`
    cdk='TlsOnlyParameterGroup(self, "Parameters")',
    example={
        "Group": {
            "Type": "AWS::RDS::DBParameterGroup",
            "Properties": {
                "Description": "SCRAM only",
                "Family": "postgres17",
                "Parameters": {
                    "password_encryption": "scram-sha-256",
                    "rds.accepted_password_auth_method": "scram",
                },
            },
        }
    },
)
