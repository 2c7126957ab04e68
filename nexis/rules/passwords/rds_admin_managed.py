"""The admin password of an RDS database lives in Secrets Manager only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nexis.patterns import pattern
from nexis.rules import _rds
from nexis.rules.model import Problem, Rule
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

_FROM_SECRETS_MANAGER: Final = pattern(r"\{\{resolve:secretsmanager:.+\}\}", re.DOTALL)


def applies(database: View) -> bool:
    """Leave out what has its admin password from elsewhere: members, copies, and secondaries of a global database."""
    if _rds.is_cluster_member(database) or _rds.source_property(database) or _rds.snapshot_property(database):
        return False
    if database.type == _rds.CLUSTER and not isinstance(database.peek("GlobalClusterIdentifier"), Absent):
        # The primary brings the admin user with it; a secondary has neither.
        names = ("MasterUsername", "MasterUserPassword", "ManageMasterUserPassword")
        return any(not isinstance(database.peek(name), Absent) for name in names)
    return True


def check(database: View) -> Iterator[Problem]:
    """Ask for a password that RDS manages, or that CloudFormation fetches from Secrets Manager."""
    if database.flag("ManageMasterUserPassword", default=False):
        return
    try:
        password = database.get("MasterUserPassword")
    except Undetermined as opened:
        raise Undetermined(
            place("MasterUserPassword"), f"{opened.reason}; expected ManageMasterUserPassword: true"
        ) from opened
    if isinstance(password, Absent):
        yield Problem(
            place("ManageMasterUserPassword"), "is not true, and there is no MasterUserPassword; expected true"
        )
    elif not isinstance(password, str) or not _FROM_SECRETS_MANAGER.fullmatch(str(password)):
        yield Problem(
            place("MasterUserPassword"),
            "does not come from Secrets Manager; expected ManageMasterUserPassword: true, or "
            "{{resolve:secretsmanager:…}} and nothing else",
        )


RULE = Rule(
    id="passwords.rds-admin-managed",
    severity="error",
    title="The admin password of an RDS database lives in Secrets Manager only",
    why="A password that a person or a pipeline has seen is written down somewhere, and nobody rotates it.",
    fix="set ManageMasterUserPassword: true and leave MasterUserPassword out (CDK: manage_master_user_password=True "
    "on CfnDBInstance; L2: credentials=rds.Credentials.from_generated_secret(…))",
    types=(_rds.INSTANCE, _rds.CLUSTER),
    check=check,
    applies=applies,
    claims=("passwords.60-bits",),
    controls={"SOC 2": ("CC6.1",)},
    source="RDS User Guide, Password management with Amazon RDS and AWS Secrets Manager",
    scope="baseline",  # elsewhere a parameter with NoEcho will do: `passwords.no-literal-secrets`
    cdk='ManagedDatabase(self, "Database", ...)\n'
    'rds.CfnDBInstance(self, "Plain", engine="postgres", master_username="admin", manage_master_user_password=True)',
    example={
        "Database": {
            "Type": _rds.INSTANCE,
            "Properties": {"Engine": "postgres", "MasterUsername": "admin", "ManageMasterUserPassword": True},
        }
    },
)
