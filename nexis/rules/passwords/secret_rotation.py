"""A login that stands in a template as a secret is rotated.

A login is a secret with the name of a user in it, or one that a database or its proxy takes. Other secrets (a key that
signs cookies, a token of a service elsewhere) have nobody who could be told the new one, and may stay.

A rotation schedule names its secret itself, or by the attachment that ties the secret to a database (its `Ref` is the
secret's ARN). The admin secrets that RDS and Redshift make are no resources of the template; their services rotate
them.

Source: Secrets Manager User Guide, "Rotate AWS Secrets Manager secrets"; CloudFormation resource reference,
AWS::SecretsManager::SecretTargetAttachment, "Ref"; read 2026-11-23.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from nexis.patterns import pattern
from nexis.rules.model import Problem, Rule
from nexis.rules.passwords._written import Writing, text_of
from nexis.templates.views import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nexis.templates.views import View

STORED: Final = "AWS::SecretsManager::Secret"
SCHEDULE: Final = "AWS::SecretsManager::RotationSchedule"
ATTACHMENT: Final = "AWS::SecretsManager::SecretTargetAttachment"
PROXY: Final = "AWS::RDS::DBProxy"

#: Databases for which Secrets Manager has a program that rotates, and where they take the password of their admin.
#: Source: Secrets Manager User Guide, "AWS Secrets Manager rotation function templates".
DATABASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AWS::RDS::DBInstance": "MasterUserPassword",
        "AWS::RDS::DBCluster": "MasterUserPassword",
        "AWS::DocDB::DBCluster": "MasterUserPassword",
        "AWS::Redshift::Cluster": "MasterUserPassword",
        "AWS::RedshiftServerless::Namespace": "AdminUserPassword",
    }
)
_USER: Final = pattern(r"[\"']user_?(?:name)?[\"']\s*:", re.IGNORECASE)


def is_login(secret: View) -> bool:
    """Whether a secret is the login of a user."""
    raw = secret.resource.properties.get("GenerateSecretString")
    template = raw.get("SecretStringTemplate") if isinstance(raw, dict) else None
    if template is not None and _USER.search(text_of(Writing(secret).pieces(secret.template, template))):
        return True
    return any(True for _ in secret.referrers(ATTACHMENT, "SecretId")) or _is_taken(secret)


def _is_taken(secret: View) -> bool:
    """Whether a database takes its admin's password from the secret, or a proxy takes a login from it."""
    for database in secret.scene.views(*DATABASES):
        written = database.resource.properties.get(DATABASES[database.type])
        for piece in Writing(database).pieces(database.template, written):
            if piece.reference is not None and secret.is_named_by(piece.reference):
                return True
    return any(
        secret.is_named_by(value) for proxy in secret.scene.views(PROXY) for _, value in walk(proxy.peek("Auth"))
    )


def check(secret: View) -> Iterator[Problem]:
    """Look for a schedule that names the secret, or an attachment of it."""
    if any(True for _ in secret.referrers(SCHEDULE, "SecretId")):
        return
    for attachment in secret.referrers(ATTACHMENT, "SecretId"):
        if any(True for _ in attachment.referrers(SCHEDULE, "SecretId")):
            return
    yield Problem(
        "Properties", "is named by no AWS::SecretsManager::RotationSchedule; expected one with 90 days or fewer"
    )


RULE = Rule(
    id="passwords.secret-rotation",
    severity="error",
    title="A login that stands in a template as a secret is rotated",
    why="A password that nobody changes is known to everyone who has ever seen it.",
    fix="add an AWS::SecretsManager::RotationSchedule whose SecretId is the secret "
    "(CDK: secret.add_rotation_schedule), or let the service manage the password (ManageMasterUserPassword)",
    types=(STORED,),
    check=check,
    applies=is_login,
    controls={"SOC 2": ("CC6.1",), "AWS FSBP": ("SecretsManager.1",), "NIST 800-53 r5": ("IA-5",)},
    source="Secrets Manager User Guide, Rotate AWS Secrets Manager secrets",
    cdk='secret = secretsmanager.Secret(self, "AppPassword")\n'
    'secret.add_rotation_schedule("Rotation", rotation_lambda=function, automatically_after=Duration.days(30))',
    example={
        "Password": {
            "Type": STORED,
            "Properties": {
                "GenerateSecretString": {
                    "SecretStringTemplate": '{"username": "app"}',
                    "GenerateStringKey": "password",
                    "PasswordLength": 32,
                }
            },
        },
        "Rotation": {
            "Type": SCHEDULE,
            "Properties": {
                "SecretId": {"Ref": "Password"},
                "RotationLambdaARN": "arn:aws:lambda:eu-central-1:111111111111:function:rotate",
                "RotationRules": {"AutomaticallyAfterDays": 30},
            },
        },
    },
)
