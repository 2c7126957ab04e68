"""No parameter group asks PostgreSQL for md5 verifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.postgres_settings import PARAMETERS
from nexis.rules._postgres_parameters import GROUP_TYPES, is_postgresql_group, setting_problems
from nexis.rules.model import Rule
from nexis.templates.views import Absent

if TYPE_CHECKING:
    from nexis.templates.views import View

SETTING = "password_encryption"


def applies(group: View) -> bool:
    """Leave out groups that say nothing about it: SCRAM has been RDS's default since PostgreSQL 14."""
    return not isinstance(group.peek("Parameters", SETTING), Absent) and is_postgresql_group(group)


RULE = Rule(
    id="passwords.postgres-md5",
    severity="fatal",
    title="No parameter group asks PostgreSQL for md5 verifiers",
    why="An md5 verifier is a password by itself: whoever reads it logs in with it, and it is quick to guess.",
    fix="set password_encryption to scram-sha-256 in Parameters of the group, or leave it out "
    "(CDK: TlsOnlyParameterGroup)",
    types=GROUP_TYPES,
    check=lambda group: setting_problems(group, PARAMETERS[SETTING]),
    applies=applies,
    claims=("passwords.60-bits",),
    controls={"SOC 2": ("CC6.1",)},
    source="RDS User Guide, Using SCRAM for PostgreSQL password encryption",
    cdk='TlsOnlyParameterGroup(self, "Parameters")',
    example={
        "Group": {
            "Type": "AWS::RDS::DBParameterGroup",
            "Properties": {
                "Description": "SCRAM",
                "Family": "postgres17",
                "Parameters": {"password_encryption": "scram-sha-256"},
            },
        }
    },
)
